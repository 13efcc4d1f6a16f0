/** Whether two kinds of requests get the same answers in the same time, as far as whoever sends many of them can tell. */
import { Agent, request } from 'node:http';
import { b64, encodeCapabilities, ROUTES, randomBytes } from '@relay/protocol/wire';
import { compareCounts, compareRanks } from './statistics.ts';

/** A request over HTTP. */
export interface Sent {
  path: string;
  method?: 'GET' | 'POST';
  type?: string;
  body?: Uint8Array;
  headers?: Record<string, string>;
}

/** The type of binary bodies. */
export const BINARY = 'application/octet-stream';
/** A request with a JSON body. */
export const json = (path: string, value: unknown, headers?: Record<string, string>): Sent => ({
  path,
  type: 'application/json',
  body: Buffer.from(JSON.stringify(value)),
  ...(headers && { headers }),
});
/** An upload on a ticket. */
export const frameOn = (ticket: Uint8Array, body: Uint8Array): Sent => ({
  path: ROUTES.blobs,
  type: BINARY,
  body,
  headers: { Authorization: `Relay-Ticket ${b64(ticket)}` },
});
/** Capabilities for blobs, with secrets out of the blue. */
export const capabilities = (path: string, ids: readonly Uint8Array[]): Sent => ({
  path,
  type: BINARY,
  body: encodeCapabilities(ids.map((id) => ({ id: Uint8Array.from(id), secret: randomBytes(32) }))),
});

/** What came back: everything but the date. */
export interface Answer {
  said: string;
  /** From the last byte of the request to the last of the answer, in milliseconds. */
  took: number;
}

/** What an answer says, in short: status and code over HTTP, or the code that a socket was told. */
export function outcomeOf(said: string): string {
  const [status = '', ...rest] = said.split('\n');
  const [, code] = /"code":"(\w+)"/.exec(Buffer.from(rest.at(-1) ?? '', 'base64').toString()) ?? [];
  return code === undefined ? status : `${status} ${code}`;
}

/** Makes the next try of a case, ready to go; only what it returns is timed. */
export type Case = () => Promise<() => Promise<Answer>>;

/** What was found of two cases. */
export interface Verdict {
  /** The different answers of both cases together, as {@link outcomeOf} has them: one where they are the same. */
  answers: string[];
  /** Whether times tell them apart. */
  differs: boolean;
  /** What was measured, for people. */
  words: string;
}

/**
 * Two cases differ when both hold of a test: it is no chance (one in a million), and the first has so much more or less than half of the
 * fast answers, or of the faster ones in all pairs, that whoever tries a few times can tell.
 */
const CHANCE = 1e-6;
const TELLING = 0.1;
/** Parts of all answers, the fastest ones, in which each case should have half. What disturbs a machine makes slow answers slower: the fast ones tell most. */
const FASTEST = [0.1, 0.25, 0.5] as const;
const WARM_UP = 10;

/** A way to ask over HTTP. One connection for all, so that opening them is not in the times. */
export function createAsker(url: string): { ask(sent: Sent): Promise<Answer>; close(): void } {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask = ({ path, method = 'POST', type, body = new Uint8Array(), headers }: Sent) =>
    new Promise<Answer>((resolve, reject) => {
      const all = { ...(type && { 'Content-Type': type }), 'Content-Length': body.length, ...headers };
      const began = performance.now();
      const sent = request(url + path, { method, headers: all, agent }, (response) => {
        const pieces: Buffer[] = [];
        response.on('data', (piece: Buffer) => pieces.push(piece));
        response.on('error', reject).on('end', () => {
          const took = performance.now() - began;
          const names = response.rawHeaders.map((text, i) =>
            response.rawHeaders[i - (i % 2)] === 'Date' && i % 2 === 1 ? '' : text,
          );
          const said = [response.statusCode, ...names, Buffer.concat(pieces).toString('base64')].join('\n');
          resolve({ said, took });
        });
      });
      sent.on('error', reject).end(body);
    });
  return { ask, close: () => agent.destroy() };
}

/**
 * Tries two cases as often, one after the other, the order of each pair by chance.
 * @param tries of each, 100 at least
 * @param patience where more than `tries`, the cases are tried again until they differ or were tried so often
 */
export async function compareAnswers(
  one: Case,
  two: Case,
  tries: number,
  patience = tries,
): Promise<Verdict> {
  const times: [number[], number[]] = [[], []];
  const answers = new Set<string>();
  for (let i = -WARM_UP; ; i++) {
    if (i > 0 && i % tries === 0) {
      const verdict = { answers: [...answers].map(outcomeOf), ...judge(...times) };
      if (verdict.differs || i >= patience) return verdict;
    }
    const first = (randomBytes(1)[0] ?? 0) % 2;
    // Both are made before either is sent, so that making one does not disturb the other.
    const ready = [await one(), await two()] as const;
    for (const which of [first, 1 - first] as (0 | 1)[]) {
      const { said, took } = await ready[which]();
      answers.add(said);
      if (i >= 0) times[which].push(took);
    }
  }
}

/** Whether two samples of times differ, by ranks and by their shares of the fastest: no time counts as such. */
export function judge(a: readonly number[], b: readonly number[]): Omit<Verdict, 'answers'> {
  const { below, p } = compareRanks(a, b);
  const tests = [{ name: 'all pairs', share: below, p }];
  const sorted = [...a, ...b].sort((x, y) => x - y);
  for (const part of FASTEST) {
    const limit = sorted[Math.floor(sorted.length * part)] as number;
    const [inA, inB] = [a, b].map((times) => times.filter((time) => time < limit).length) as [number, number];
    const chance = compareCounts([inA, a.length - inA], [inB, b.length - inB]);
    tests.push({ name: `the fastest ${part * 100} %`, share: inA / (inA + inB), p: chance });
  }
  const differs = tests.some((one) => one.p < CHANCE && Math.abs(one.share - 0.5) > TELLING);
  const words = tests.map((one) => `${one.name}: ${one.share.toFixed(2)} (p = ${one.p.toExponential(1)})`);
  return { differs, words: `the first is faster in ${words.join(', ')}` };
}
