/** A member's window in calls: what a person does there, what it shows, and what its connections measure. */
import type { Browser, BrowserContextOptions } from 'playwright-core';
import type { Applied, ConnectionFigures } from './call-probe.ts';
import { probeConnections, readCandidates, readDescriptions, readFigures } from './call-probe.ts';
import { PATIENT } from './patience.ts';
import { MemberWindow } from './window.ts';

const POLL_MS = 100;
/** Of one try to click what may be gone. */
const CLICK_MS = 5_000;

/** How somebody in the call is shown. */
export interface ShownTile {
  member: number;
  presence: string | null;
  muted: boolean;
  deafened: boolean;
  camera: boolean;
  screen: boolean;
}

/** One window of a member. */
export class CallWindow {
  readonly window: MemberWindow;

  private constructor(window: MemberWindow) {
    this.window = window;
  }

  /**
   * Opens a window with a fresh profile, and waits until it is connected.
   * @param identity path of an identity file that the visitor brings
   */
  static async open(
    browser: Browser,
    url: string,
    options: BrowserContextOptions = {},
    identity?: string,
  ): Promise<CallWindow> {
    const window = await MemberWindow.open(browser, url, options, [probeConnections]);
    window.context.setDefaultTimeout(PATIENT.timeout);
    if (identity !== undefined) await window.byId('identity-file').setInputFiles(identity);
    await window.online();
    return new CallWindow(window);
  }

  /** Calls whomever the open conversation is with. */
  async call(kind: 'voice' | 'video'): Promise<void> {
    await this.window.byId(`call-${kind}`).click();
    await this.enter();
  }

  /** Waits in the lobby until the relay for calls is reached, and goes in. */
  async enter(): Promise<void> {
    await this.window.page.locator('[data-testid=lobby-reach][data-phase=reached]').waitFor();
    await this.window.byId('lobby-enter').click();
    await this.window.byId('call').waitFor();
  }

  /** Waits until a call rings, and takes it. */
  async accept(camera = false): Promise<void> {
    await this.window.byId(camera ? 'ring-accept-camera' : 'ring-accept').click();
    await this.window.byId('call').waitFor();
  }

  /** Joins a call that goes on. */
  async join(): Promise<void> {
    await this.window.byId('call-join').first().click();
    const lobby = this.window.byId('lobby-enter');
    await lobby.or(this.window.byId('call')).waitFor();
    if (await lobby.isVisible()) await this.enter();
  }

  /** Clicks one of the call's buttons: `mute`, `deafen`, `camera`, `screen`, `leave`, … */
  async press(button: string): Promise<void> {
    await this.window.byId(`call-${button}`).click();
  }

  /** Leaves the call, and what is shown of it afterwards. Where the others left before, it has ended by itself. */
  async leave(): Promise<void> {
    const ended = this.window.byId('call-ended');
    const button = this.window.byId('call-leave');
    let left = false;
    while (!left) {
      await button.or(ended).first().waitFor();
      // It may end while the pointer is on its way to the button.
      left =
        (await ended.count()) > 0 ||
        (await button.click({ timeout: CLICK_MS }).then(
          () => true,
          () => false,
        ));
    }
    await this.dismiss();
  }

  /** Puts away what is left of a call, once it has ended. */
  async dismiss(): Promise<void> {
    const { window } = this;
    const call = window.byId('call').or(window.byId('call-small'));
    await this.#until(async () => (await window.byId('call-ended').count()) >= (await call.count()));
    const button = window.byId('call-dismiss');
    if ((await button.count()) > 0) await button.click();
    await call.waitFor({ state: 'detached' });
  }

  /** How a call ended, as long as that is shown. */
  async ending(): Promise<string | null> {
    const shown = this.window.byId('call-ended');
    return (await shown.count()) > 0 ? shown.first().getAttribute('data-ending') : null;
  }

  /** How the others in the call are shown, by number; own tile left out. */
  async tiles(): Promise<ShownTile[]> {
    const shown = await this.window.byId('tile').evaluateAll((all) =>
      all
        .filter((tile) => tile.getAttribute('data-self') !== 'true')
        .map((tile) => {
          const has = (name: string) => tile.getAttribute(`data-${name}`) === 'true';
          return {
            member: Number(tile.getAttribute('data-member')),
            presence: tile.getAttribute('data-presence'),
            muted: has('muted'),
            deafened: has('deafened'),
            camera: has('camera'),
            screen: has('screen'),
          };
        }),
    );
    return shown.toSorted((a, b) => a.member - b.member);
  }

  /** Numbers of those whose media are connected. */
  async connected(): Promise<number[]> {
    return (await this.tiles())
      .filter(({ presence }) => presence === 'connected')
      .map(({ member }) => member);
  }

  /** Waits until the media of so many others are connected. */
  async meets(others: number): Promise<void> {
    await this.#until(async () => (await this.connected()).length === others);
  }

  /** Outcomes of the calls in the open conversation, oldest first. */
  async outcomes(): Promise<(string | null)[]> {
    return this.window
      .byId('call-item')
      .evaluateAll((all) => all.map((item) => item.getAttribute('data-outcome')));
  }

  /** Codes of what this window refused in the call it is in, without repetition. */
  async refusals(): Promise<string[]> {
    const codes = await this.window.byId('call').getAttribute('data-refused');
    return (codes ?? '').split(' ').filter((code) => code !== '');
  }

  figures(): Promise<ConnectionFigures[]> {
    return this.window.page.evaluate(readFigures);
  }

  descriptions(): Promise<Applied[]> {
    return this.window.page.evaluate(readDescriptions);
  }

  candidates(): Promise<string[]> {
    return this.window.page.evaluate(readCandidates);
  }

  /** Waits until each of so many connections decodes new frames, on so many of its lines. */
  async seesFrames(connections: number, lines = 1): Promise<void> {
    const before = await this.figures();
    await this.#until(async () => {
      const now = await this.figures();
      const rising = now.filter(({ frames }, i) => {
        const earlier = before[i]?.frames ?? {};
        const grown = Object.entries(frames).filter(([line, count]) => count > (earlier[line] ?? 0));
        return grown.length >= lines;
      });
      return rising.length >= connections;
    });
  }

  /** Waits until each connection hears more than it did. */
  async hears(connections: number): Promise<void> {
    const before = await this.figures();
    await this.#until(async () => {
      const now = await this.figures();
      const rising = now.filter(({ heard }, i) => heard.packets > (before[i]?.heard.packets ?? 0));
      return rising.length >= connections;
    });
  }

  /** Mean sizes of sound packets, sent over the next second; one for each connection. */
  async packetSizes(): Promise<number[]> {
    const before = await this.figures();
    await this.window.page.waitForTimeout(1_000);
    const after = await this.figures();
    return after.map(({ spoken }, i) => {
      const earlier = before[i]?.spoken ?? { packets: 0, bytes: 0 };
      return (spoken.bytes - earlier.bytes) / (spoken.packets - earlier.packets);
    });
  }

  /** Closes the window. */
  close(): Promise<void> {
    return this.window.close();
  }

  /** Waits for something; the test's own limit ends it. */
  async #until(check: () => Promise<boolean>): Promise<void> {
    while (!(await check())) await this.window.page.waitForTimeout(POLL_MS);
  }
}
