import type { ErrorCode } from '@relay/protocol/wire';
import { ERROR_CODES, isRelayError, RelayError } from '@relay/protocol/wire';
import type { Request, Response } from 'express';
import { expect, test } from 'vitest';
import { databaseProblem, isDatabaseAway } from '../src/database/faults.ts';
import { createFaults } from '../src/faults.ts';
import { errorHandler, STATUS } from '../src/http/errors.ts';
import { createLogger, describeFault } from '../src/log.ts';

function withCode(code: string): Error {
  return Object.assign(new Error('relation "x", value (secret)'), { code });
}

test.each([
  ['connection refused', withCode('ECONNREFUSED')],
  ['refused on every address', new AggregateError([withCode('ECONNREFUSED'), withCode('EHOSTUNREACH')])],
  ['terminated by an administrator', withCode('57P01')],
  ['starting up', withCode('57P03')],
  ['too many connections', withCode('53300')],
  ['disk full', withCode('53100')],
  ['not migrated', withCode('42P01')],
  ['connection lost', new Error('Connection terminated unexpectedly')],
  ['pool exhausted', new Error('timeout exceeded when trying to connect')],
  ['Prisma, not reachable', withCode('P1001')],
  [
    'Prisma, wrapped',
    Object.assign(withCode('P2010'), { meta: { driverAdapterError: { cause: { originalCode: '53100' } } } }),
  ],
  ['wrapped', new Error('query failed', { cause: withCode('ECONNRESET') })],
])('the database is away: %s', (_name, error) => {
  expect(isDatabaseAway(error)).toBe(true);
});

test.each([withCode('23505'), withCode('42601'), withCode('P2025'), new TypeError('x'), 'text', null])(
  'the database is not away: %s',
  (error) => {
    expect(isDatabaseAway(error)).toBe(false);
  },
);

test.each([
  ['login', withCode('28P01')],
  ['login', withCode('P1000')],
  ['missing', withCode('3D000')],
  ['unmigrated', new Error('query failed', { cause: withCode('42P01') })],
  ['forbidden', withCode('42501')],
  ['full', withCode('53100')],
  ['crowded', withCode('53300')],
  ['away', withCode('ECONNREFUSED')],
  [
    'login',
    Object.assign(withCode('P1001'), { meta: { driverAdapterError: { cause: { originalCode: '28000' } } } }),
  ],
  ['away', 'text'],
])('what is the matter with the database: %s', (problem, error) => {
  expect(databaseProblem(error)).toBe(problem);
});

function captured() {
  const lines: string[] = [];
  const log = createLogger('relay', 'info', { write: (line) => void lines.push(line) });
  return { lines, log };
}

test('an unknown fault is internal, logged once, and its values are not', () => {
  const { lines, log } = captured();
  const error = createFaults(log, () => 0)(withCode('23514'));
  expect(error.code).toBe('internal');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('23514');
  expect(lines[0]).toContain('faults.test');
  expect(lines.join()).not.toContain('secret');
});

test('a database that is away is logged once a minute, not once a request', () => {
  const { lines, log } = captured();
  let now = 0;
  const faults = createFaults(log, () => now);
  for (let i = 0; i < 50; i++) expect(faults(withCode('ECONNREFUSED')).code).toBe('unavailable');
  expect(lines).toHaveLength(1);
  now = 60_000;
  expect(faults(withCode('ECONNREFUSED')).retryAfter).toBeGreaterThan(0);
  expect(lines).toHaveLength(2);
  expect(lines.join()).not.toContain('secret');
});

test('an error of the closed set stays what it is and is not logged', () => {
  const { lines, log } = captured();
  const error = new RelayError('blob_conflict');
  expect(createFaults(log, () => 0)(error)).toBe(error);
  expect(lines).toEqual([]);
});

test('a message of several lines does not get into the log with the frames', () => {
  const error = new Error('first\n    at secret (value)\nlast');
  expect(JSON.stringify(describeFault(error))).not.toContain('secret');
  expect(isRelayError(error)).toBe(false);
});

test('every code that travels by HTTP has its status, and no other', () => {
  const local: ErrorCode[] = ERROR_CODES.filter((code) => STATUS[code] === undefined);
  // Those of the socket alone, and the first of those that never travel.
  expect(local.slice(0, 6)).toEqual([
    'session_ended',
    'room_refused',
    'room_full',
    'seat_taken',
    'seat_unknown',
    'identity_foreign',
  ]);
  expect(Object.keys(STATUS)).toHaveLength(19);
});

/** Answers with an error; returns what was said so far, and lets what is held go. */
function answerWith(code: ErrorCode, retryAfter?: number) {
  const said: string[] = [];
  const held: (() => void)[] = [];
  const response = {
    set: (name: string, value: string) => said.push(`${name}: ${value}`),
    status: (status: number) => {
      said.push(String(status));
      return response;
    },
    type: () => response,
    send: (body: string) => said.push(body),
  };
  const handler = errorHandler((thrown) => thrown as RelayError, {
    hold: (_response, answer) => void held.push(answer),
    close: () => {},
  });
  const error = new RelayError(code, 'words', retryAfter === undefined ? undefined : { retryAfter });
  handler(error, {} as Request, response as unknown as Response, () => {});
  return { said, release: () => held.splice(0).map((answer) => answer()).length };
}

test('that there were too many is said a little later, with a code and for how long; all else at once', () => {
  const { said, release } = answerWith('rate_limited', 7);
  expect(said).toEqual(['Retry-After: 7']);
  expect(release()).toBe(1);
  expect(said).toEqual(['Retry-After: 7', '429', '{"error":{"code":"rate_limited","message":"words"}}']);
  const other = answerWith('not_found');
  expect(other.said[0]).toBe('404');
  expect(other.release()).toBe(0);
});
