/** A circle whose members call each other: what a file of tests of calls starts, and ends. */
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, expect, inject } from 'vitest';
import { startCallBrowser } from './browser.ts';
import { CallWindow } from './call-window.ts';
import { PATIENT } from './patience.ts';
import { RelayProxy } from './relay-proxy.ts';
import type { Stack } from './stack.ts';
import { startStack } from './stack.ts';

/** What differs from the usual. */
export interface CallCircleOptions {
  /** How many of the members have a page, counted from the first; all of them unless it is said. */
  pages?: number;
  /** Life of credentials for the TURN server, in seconds. */
  turnTtlSeconds?: number;
  /** Whether the pages are led to the relay through a proxy. */
  isProxied?: boolean;
}

/** What runs for a file of tests; there from the first of its hooks on. */
export interface CallCircle {
  readonly browser: Browser;
  readonly stack: Stack<`${number}`>;
  /** Where one was asked for. */
  readonly proxy: RelayProxy;
  /** Address of a member's page. */
  url(number: number): string;
  /** Opens a window for each of the numbers, each with a profile of its own, and waits until all of them are connected. */
  open<const N extends readonly number[]>(...numbers: N): Promise<{ -readonly [K in keyof N]: CallWindow }>;
  /** Opens a member's window with options of its own. */
  openAs(number: number, options: BrowserContextOptions): Promise<CallWindow>;
}

/**
 * Starts a Chromium for calls, a relay and a TURN server before the tests of a file, and ends them after. To be called
 * where the file's own hooks are, and before them.
 *
 * @param labels - the circle's members
 */
export function callCircle(
  labels: readonly string[],
  { pages = labels.length, turnTtlSeconds = 600, isProxied = false }: CallCircleOptions = {},
): CallCircle {
  let browser: Browser | undefined;
  let stack: Stack<`${number}`> | undefined;
  let proxy: RelayProxy | undefined;
  beforeAll(async () => {
    if (isProxied) proxy = await RelayProxy.open();
    const numbers = labels.slice(0, pages).map((_, index) => index + 1);
    const served = Object.fromEntries(numbers.map((member) => [`${member}` as const, { member }]));
    [browser, stack] = await Promise.all([
      startCallBrowser(),
      startStack(inject('postgresUrl'), labels, served, { turnTtlSeconds, ...(proxy && { proxy }) }),
    ]);
  });
  afterAll(async () => {
    await browser?.close();
    await stack?.close();
  });

  const started = <T>(part: T | undefined): T => {
    if (part === undefined) throw new Error('this circle was not started, or without that');
    return part;
  };
  const circle: CallCircle = {
    get browser() {
      return started(browser);
    },
    get stack() {
      return started(stack);
    },
    get proxy() {
      return started(proxy);
    },
    url: (number) => started(circle.stack.pages[`${number}`]),
    open: (...numbers) =>
      // One window for each number, which the types do not see.
      Promise.all(numbers.map((number) => circle.openAs(number, {}))) as Promise<never>,
    openAs: (number, options) => CallWindow.open(circle.browser, circle.url(number), options),
  };
  return circle;
}

/**
 * Waits until everyone is shown to be connected with everyone else, and nobody else.
 *
 * @param windows - by the numbers of the members whose they are
 */
export async function allConnected(
  windows: Readonly<Record<number, CallWindow>>,
  patience = PATIENT,
): Promise<void> {
  const numbers = Object.keys(windows).map(Number);
  for (const [own, window] of Object.entries(windows)) {
    const others = numbers.filter((number) => number !== Number(own));
    await expect.poll(() => window.connected(), patience).toEqual(others);
  }
}

/** Waits until every connection of each window decodes new frames and hears new packets. */
export async function allAlive(windows: readonly CallWindow[], connections = 1): Promise<void> {
  await Promise.all(windows.map((window) => window.seesFrames(connections)));
  await Promise.all(windows.map((window) => window.hears(connections)));
}

/** Asserts that every connection of each window goes through the TURN server at both ends. */
export async function expectRelayed(windows: readonly CallWindow[], connections = 1): Promise<void> {
  const relayed = Array.from({ length: connections }, () => ['relay', 'relay']);
  for (const window of windows) expect((await window.figures()).map(({ pair }) => pair)).toEqual(relayed);
}
