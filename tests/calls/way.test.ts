import { RelayHttp } from '@relay/client/headless';
import { loadIdentity, proveSession } from '@relay/protocol';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { IceServer } from '../support/bare-call.ts';
import { bareCall, barePair, endBareCall } from '../support/bare-call.ts';
import { callCircle } from '../support/call-circle.ts';

const circle = callCircle(['Adelheid', 'Bartholomäus'], { pages: 1 });
let pages: [Page, Page];

/** Asks the relay for credentials, as a member's page does. */
async function credentials(number: number): Promise<IceServer> {
  const identity = await loadIdentity(circle.stack.identity(number));
  const http = new RelayHttp(circle.stack.relayUrl);
  const { nonce } = await http.challenge();
  const { token } = await http.openSession(nonce, await proveSession(identity, circle.stack.relayUrl, nonce));
  const { urls, username, credential } = await http.turnCredentials(token);
  return { urls, username, credential };
}

beforeAll(async () => {
  const open = async () => {
    const page = await (await circle.browser.newContext()).newPage();
    await page.goto(circle.url(1), { timeout: 120_000 });
    return page;
  };
  pages = [await open(), await open()];
});

describe('the way that calls take', () => {
  it('leads two browsers to each other through the TURN server alone, with what the relay gives to members', async () => {
    await bareCall(...pages, [await credentials(1)]);
    expect(await barePair(pages[0])).toEqual(['relay', 'relay']);
    expect(await barePair(pages[1])).toEqual(['relay', 'relay']);
    await Promise.all(pages.map(endBareCall));
  });

  it('is closed to made-up credentials', async () => {
    const { urls, username } = await credentials(1);
    const servers = [{ urls, username, credential: 'guessed' }];
    const attempt = bareCall(...pages, servers).then(
      () => 'connected',
      () => 'refused',
    );
    const late = new Promise((resolve) => setTimeout(resolve, 5_000, 'nothing'));
    expect(await Promise.race([attempt, late])).not.toBe('connected');
    expect(await barePair(pages[0])).toEqual([undefined, undefined]);
    expect(circle.stack.turn.log()).toContain('Cannot find credentials');
    await Promise.all(pages.map(endBareCall));
  });
});
