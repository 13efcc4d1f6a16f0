/**
 * A browser's debugging protocol, and nothing around it: libraries that drive browsers follow every request with its body, which costs more than what is
 * measured here.
 */

/** An answer, or an event. */
interface Message {
  id?: number;
  result?: unknown;
  error?: { message: string };
}

/** A connection to a browser. */
export class DevTools {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (message: Message) => void>();
  #last = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => {
      const message = JSON.parse(String(data)) as Message;
      this.#waiting.get(message.id ?? 0)?.(message);
      this.#waiting.delete(message.id ?? 0);
    });
    socket.addEventListener('close', () => {
      for (const answer of this.#waiting.values()) answer({ error: { message: 'the browser has gone' } });
    });
  }

  /** @param url as the browser prints it: `ws://…/devtools/browser/…` */
  static async connect(url: string): Promise<DevTools> {
    const socket = new WebSocket(url);
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve);
      socket.addEventListener('error', reject);
    });
    return new DevTools(socket);
  }

  /**
   * Asks for something.
   * @param session of the page it is for; the browser itself unless given
   * @throws Error what the browser says against it
   */
  async send<T>(method: string, params: object = {}, session?: string): Promise<T> {
    const id = ++this.#last;
    const { promise, resolve } = Promise.withResolvers<Message>();
    this.#waiting.set(id, resolve);
    this.#socket.send(
      JSON.stringify({ id, method, params, ...(session === undefined ? {} : { sessionId: session }) }),
    );
    const { result, error } = await promise;
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result as T;
  }

  close(): void {
    this.#socket.close();
  }
}

/** What an evaluation gives. */
interface Evaluated {
  result: { value?: unknown };
  exceptionDetails?: { text: string; exception?: { description?: string } };
}

/** One page. */
export class BarePage {
  readonly #tools: DevTools;
  readonly #session: string;

  private constructor(tools: DevTools, session: string) {
    this.#tools = tools;
    this.#session = session;
  }

  /** Opens a page in the browser's own profile. @param first runs in it before anything else does */
  static async open(tools: DevTools, url: string, first: () => void): Promise<BarePage> {
    const { targetId } = await tools.send<{ targetId: string }>('Target.createTarget', {
      url: 'about:blank',
    });
    const how = { targetId, flatten: true };
    const { sessionId } = await tools.send<{ sessionId: string }>('Target.attachToTarget', how);
    const page = new BarePage(tools, sessionId);
    await page.#send('Page.enable');
    await page.#send('Page.addScriptToEvaluateOnNewDocument', { source: `(${first})()` });
    await page.#send('Page.navigate', { url });
    return page;
  }

  /**
   * Runs a function in the page.
   * @param argument and result pass as JSON
   * @throws Error what it throws; `navigated` when the page went while it ran
   */
  async evaluate<A, R>(run: (argument: A) => R | Promise<R>, argument: A): Promise<R> {
    const expression = `(${run})(${JSON.stringify(argument) ?? ''})`;
    const how = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails: fault } = await this.#send<Evaluated>('Runtime.evaluate', how);
    if (fault !== undefined) throw new Error(fault.exception?.description ?? fault.text);
    return result.value as R;
  }

  /** Waits until so many elements are there. */
  async waitFor(selector: string, count = 1): Promise<void> {
    await this.persistently(
      ([wanted, least]) =>
        new Promise<void>((resolve) => {
          const timer = setInterval(() => {
            if (document.querySelectorAll(wanted).length < least) return;
            clearInterval(timer);
            resolve();
          }, 20);
        }),
      [selector, count] as const,
    );
  }

  /** {@link BarePage.evaluate}, once more whenever the page goes meanwhile: the development server reloads it when it meets a package for the first time. */
  async persistently<A, R>(run: (argument: A) => R | Promise<R>, argument: A): Promise<R> {
    for (;;) {
      try {
        return await this.evaluate(run, argument);
      } catch (error) {
        if (!/context was destroyed|navigated/.test(String(error))) throw error;
      }
    }
  }

  /** Presses an element. */
  async click(selector: string): Promise<void> {
    await this.waitFor(selector);
    await this.evaluate((wanted) => document.querySelector<HTMLElement>(wanted)?.click(), selector);
  }

  /** Gives a file on disk to an input. */
  async chooseFile(selector: string, path: string): Promise<void> {
    const expression = `document.querySelector(${JSON.stringify(selector)})`;
    const { result } = await this.#send<{ result: { objectId: string } }>('Runtime.evaluate', { expression });
    await this.#send('DOM.setFileInputFiles', { files: [path], objectId: result.objectId });
  }

  /** Bytes of the JavaScript heap of the page's main thread. */
  async heapBytes(): Promise<number> {
    return (await this.#send<{ usedSize: number }>('Runtime.getHeapUsage')).usedSize;
  }

  #send<T = unknown>(method: string, params: object = {}): Promise<T> {
    return this.#tools.send<T>(method, params, this.#session);
  }
}
