/** Sealed sender, with a real relay and database (SPEC.md §22). */
import { b64, decodeDraw, issueBatch, makeOprfKeyPair, ROUTES } from '@relay/protocol';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { memoryLocalStore } from '../../src/storage/local-store.ts';
import type { TestCircle } from '../support/circle.ts';
import { startCircle } from '../support/circle.ts';
import type { MemberOptions, TestMember } from '../support/member.ts';
import { closeAll, openMember } from '../support/member.ts';
import { locks } from '../support/token-edge.ts';

interface Seen {
  path: string;
  headers: Headers;
  init: RequestInit;
  status: number;
}

describe('sealed sender', () => {
  let circle: TestCircle;
  const open: TestMember[] = [];
  const seen: Seen[] = [];
  const { fetch } = globalThis;

  beforeAll(async () => {
    circle = await startCircle(inject('postgresUrl'), 4);
  });
  beforeEach(() => {
    seen.length = 0;
    vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init = {}) => {
      const response = await fetch(input, init);
      const path = new URL(String(input)).pathname;
      seen.push({ path, headers: new Headers(init.headers), init, status: response.status });
      return response;
    });
  });
  afterEach(async () => {
    await closeAll(...open.splice(0));
    vi.restoreAllMocks();
    await circle.sql('DELETE FROM blob; DELETE FROM token_draw');
  });
  afterAll(() => circle.close());

  async function enter(number: number, options: MemberOptions = {}): Promise<TestMember> {
    const member = await openMember(circle, number, options);
    open.push(member);
    await member.online();
    return member;
  }
  const requests = (path: string) => seen.filter((one) => one.path === path);
  const batches = async (number: number): Promise<number> => {
    const key = Buffer.from(circle.keyHashes[number - 1] as string, 'hex');
    const { rows } = await circle.sql('SELECT batches FROM token_draw WHERE key_hash = $1', [key]);
    return rows[0]?.batches ?? 0;
  };

  it('buys every ticket with a token and nothing that names a member, the sent log’s too', async () => {
    const [one, two] = [await enter(1, { config: { sentLogMinutes: [0, 0] } }), await enter(2)];
    const tokens = new Set<string>();
    await one.send(2, 'who sent this?');
    await two.until(() => two.texts(1).length === 1);
    await one.sent();
    await expect.poll(() => requests(ROUTES.tickets).length).toBeGreaterThan(1);
    for (const { headers, init, status } of requests(ROUTES.tickets)) {
      expect(status).toBe(200);
      expect([...headers.keys()].sort()).toEqual(['authorization', 'content-type']);
      expect(init.credentials).toBe('omit');
      expect(headers.get('authorization')).toMatch(/^Relay-Token [\w-]{134}$/);
      tokens.add(headers.get('authorization') as string);
    }
    expect(tokens.size).toBe(requests(ROUTES.tickets).length);
    const sessions = requests(ROUTES.mailbox).map(({ headers }) => headers.get('authorization'));
    for (const { headers } of [
      ...requests(ROUTES.tickets),
      ...requests(ROUTES.blobs),
      ...requests(ROUTES.tokenKeys),
    ])
      expect(sessions).not.toContain(headers.get('authorization') ?? 'none');
  });

  it('goes on after a member was removed, without a word', async () => {
    const [one, two] = [await enter(1), await enter(2)];
    await one.send(2, 'before');
    await two.until(() => two.texts(1).length === 1);
    await circle.allow(1, 2, 3);
    // What is left of a ticket outlives its buyer's tokens, for its few minutes.
    await circle.sql('DELETE FROM ticket');
    await one.send(2, 'after');
    await two.until(() => two.texts(1).length === 2);
    await two.send(1, 'indeed');
    await one.until(() => one.texts(2).length === 3);
    expect([...one.state().notices, ...two.state().notices]).toEqual([]);
    expect(requests(ROUTES.tickets).some(({ status }) => status === 401)).toBe(true);
  });

  it('never has two windows of a member spend one token', async () => {
    const [store, exclusively] = [memoryLocalStore(), locks()];
    const windows = [
      await enter(1, { store, parts: { exclusively } }),
      await enter(1, { store, parts: { exclusively } }),
    ];
    const two = await enter(2);
    for (let i = 0; i < 6; i++) {
      await Promise.all(windows.map((window, k) => window.send(2, `${k} ${i}`)));
      // A ticket that was bought and not yet used would be missed only after half a minute.
      await Promise.all(windows.map((window) => window.sent()));
      await circle.sql('DELETE FROM ticket');
    }
    await two.until(() => two.texts(1).length === 12);
    const shown = requests(ROUTES.tickets).map(({ headers }) => headers.get('authorization'));
    expect(new Set(shown).size).toBe(shown.length);
    expect(requests(ROUTES.tickets).every(({ status }) => status === 200)).toBe(true);
  });

  it('spends what an earlier page drew, after a reload', async () => {
    const [store, two] = [memoryLocalStore(), await enter(2)];
    const first = await enter(1, { store });
    await expect.poll(() => batches(1), { timeout: 15_000 }).toBe(1);
    await first.send(2, 'first');
    await two.until(() => two.texts(1).length === 1);
    await closeAll(...open.splice(open.indexOf(first), 1));
    const again = await enter(1, { store });
    await again.send(2, 'second');
    await two.until(() => two.texts(1).length === 2);
    expect(await batches(1)).toBe(1);
  });

  it('waits, and says why, when the day’s tokens are used up, and loses nothing', async () => {
    const key = Buffer.from(circle.keyHashes[0] as string, 'hex');
    const today = Math.floor(Date.now() / 86_400_000);
    await circle.sql('INSERT INTO token_draw VALUES ($1, $2, 1000000)', [key, today]);
    const [one, two] = [await enter(1), await enter(2)];
    await one.send(2, 'too much for a day');
    await one.until(() => one.messages(2)[0]?.deliveryFault !== undefined);
    expect(one.messages(2)[0]).toMatchObject({
      delivery: 'waiting',
      deliveryFault: { code: 'tokens_exhausted', message: expect.stringContaining('midnight UTC') },
    });
    await circle.sql('DELETE FROM token_draw');
    await circle.stopRelay();
    await circle.startRelay();
    await two.until(() => two.texts(1).length === 1);
    await one.sent();
  });

  it('notices a relay that gives one member another key, by what the others say, and says so plainly', async () => {
    const tagging = makeOprfKeyPair();
    const honest = vi.mocked(globalThis.fetch).getMockImplementation() as typeof fetch;
    // The relay that Member 1 dials by another name shows a key of its own, and issues with it.
    vi.mocked(globalThis.fetch).mockImplementation(async (input, init = {}) => {
      const { hostname, pathname } = new URL(String(input));
      if (hostname !== 'localhost') return honest(input, init);
      const known = await fetch(circle.url + ROUTES.tokenKeys);
      const { keys } = (await known.json()) as { keys: { epoch: number; ends: number }[] };
      const tagged = keys.map((key) => ({ ...key, publicKey: b64(tagging.publicKey) }));
      if (pathname === ROUTES.tokenKeys) return Response.json({ keys: tagged });
      if (pathname !== ROUTES.tokens) return honest(input, init);
      const { evaluated, proof } = issueBatch(tagging, decodeDraw(init.body as Uint8Array));
      return Response.json({ ...tagged[0], evaluated: b64(evaluated), proof: b64(proof) });
    });
    const apiUrl = circle.url.replace('127.0.0.1', 'localhost');
    const one = await enter(1, { config: { apiUrl } });
    await expect.poll(() => one.messenger.store.getState().notices).toEqual([]);
    const two = await enter(2);
    // What is sealed before the relay showed any key says nothing of one.
    await expect.poll(() => batches(2), { timeout: 15_000 }).toBe(1);
    await two.send(1, 'which key have you?');
    await one.until(({ notices }) => notices.length > 0);
    const [notice] = one.state().notices;
    expect(notice).toMatchObject({ fault: { code: 'issuer_differs' }, from: { number: 2 } });
    expect(notice?.fault.message).toContain('The relay showed this member another token key than you.');
    await one.until(() => one.texts(2).length === 1);
    expect(two.state().notices).toEqual([]);
  });

  it('notices a relay that changes its key and says that it is the same', async () => {
    const one = await enter(1);
    await expect.poll(() => batches(1), { timeout: 15_000 }).toBe(1);
    // The relay's hand in its own database, and a relay that remembers nothing.
    const other = makeOprfKeyPair();
    const change = 'UPDATE issuer_key SET secret = $1, public_key = $2 WHERE secret IS NOT NULL';
    await circle.sql(change, [other.secret, other.publicKey]);
    await circle.stopRelay();
    await circle.startRelay();
    await one.until(({ notices }) => notices.length > 0);
    expect(one.state().notices.map(({ fault }) => fault.code)).toEqual(['issuer_differs']);
  });
});
