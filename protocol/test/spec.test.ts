/** SPEC.md is the law: its figures, codes, routes and labels are those of the code. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as protocol from '../src/index.ts';
import * as wire from '../src/wire/index.ts';

const spec = readFileSync(new URL('../SPEC.md', import.meta.url), 'utf8');

/** The text of a numbered section. */
function section(number: number): string {
  const found = spec.split(/^## /m).find((part) => part.startsWith(`${number} `));
  if (found === undefined) throw new Error(`SPEC.md has no section ${number}`);
  return found;
}

/** The cells of a table's rows, its header left out. */
function rows(text: string): string[][] {
  const lines = text.split('\n').filter((line) => line.startsWith('| '));
  return lines
    .slice(2 - 1)
    .filter((line) => !/^[|\s-]*$/.test(line))
    .map((line) => line.slice(2, -2).split(' | '));
}

const numbersIn = (text: string) =>
  (text.match(/\d[\d,]*/g) ?? []).map((digits) => Number(digits.replaceAll(',', '')));
const codesIn = (text: string) => [...text.matchAll(/`([a-z_]+)`/g)].map(([, code]) => code as string);

describe('§17', () => {
  const text = section(17);
  const travelling = rows(text).map(([code]) => codesIn(code as string)[0] as string);
  const local = codesIn(text.slice(text.indexOf('Codes that never travel')));

  test('lists exactly the codes of errors.ts, in the same order', () => {
    expect(travelling.length).toBe(24);
    expect([...travelling, ...local]).toEqual(wire.ERROR_CODES);
  });

  test('codes each have a message for a person', () => {
    for (const message of Object.values(wire.ERROR_MESSAGES)) expect(message).toMatch(/^[A-Z].*\.$/s);
  });

  test('no other code is named anywhere in SPEC.md as a fault', () => {
    const faults = [...spec.matchAll(/(?:Faults?:|refused|is) \(?`([a-z]+_[a-z_]+)`/g)].map(
      ([, code]) => code,
    );
    expect(faults.length).toBeGreaterThan(5);
    for (const code of faults) expect(wire.ERROR_CODES).toContain(code);
  });
});

describe('§18', () => {
  const figures = Object.fromEntries(rows(section(18)).map(([what, figure]) => [what, figure as string]));
  const expected: { [what: string]: number[] } = {
    'blob; upload frame; blob frame; entry': [
      wire.BLOB_BYTES,
      wire.UPLOAD_FRAME_BYTES,
      wire.BLOB_FRAME_BYTES,
      wire.ENTRY_BYTES,
    ],
    'body of a message blob': [protocol.MAX_BODY_BYTES],
    chunk: [protocol.CHUNK_BYTES],
    'text inline; text at most': [protocol.MAX_INLINE_TEXT_BYTES, protocol.MAX_TEXT_BYTES],
    file: [protocol.MAX_FILE_BYTES],
    'name of a file; type of a file': [protocol.MAX_FILE_NAME_BYTES, protocol.MAX_FILE_TYPE_BYTES],
    'reaction; name of a group': [protocol.MAX_EMOJI_BYTES, protocol.MAX_GROUP_NAME_BYTES],
    'records of a `hide`': [protocol.MAX_HIDE_TARGETS],
    'conversations of a `receipt`; records of each': [
      protocol.MAX_RECEIPT_CONVERSATIONS,
      protocol.MAX_RECEIPT_RECORDS,
    ],
    'members of a circle; circle secrets that a member keeps': [
      wire.MIN_MEMBERS,
      wire.MAX_MEMBERS,
      protocol.MAX_CIRCLE_SECRETS,
    ],
    'blobs of a ticket; life of a ticket': [wire.TICKET_BLOBS, wire.TICKET_SECONDS / 60],
    'life of a nonce; of a session': [wire.CHALLENGE_SECONDS, wire.SESSION_SECONDS / 60],
    'ids in one request': [wire.MAX_IDS_PER_REQUEST],
    'seconds of `Retry-After`': [wire.MAX_RETRY_AFTER],
    'tokens of a batch; element; output; proof; token': [
      wire.TOKEN_BATCH,
      wire.TOKEN_ELEMENT_BYTES,
      wire.TOKEN_OUTPUT_BYTES,
      wire.TOKEN_PROOF_BYTES,
      wire.TOKEN_BYTES,
    ],
    'an issuer key: drawn under for; spent for, after that': [
      wire.ISSUER_KEY_HOURS,
      wire.ISSUER_OVERLAP_HOURS,
    ],
    'credentials for TURN at once; one more after': [wire.TURN_BURST, wire.TURN_REFILL_SECONDS],
    'JSON body': [wire.MAX_JSON_BYTES],
    'seat; page id': [wire.SEAT_BYTES, protocol.PAGE_ID_BYTES],
    'box of a signal': [...wire.SIGNAL_BOX_BYTES],
    'session description': [protocol.MAX_SDP_BYTES],
    'unit of signals; units of a member at once; each second': [
      wire.SIGNAL_UNIT_BYTES,
      wire.SIGNAL_BURST,
      wire.SIGNALS_PER_SECOND,
    ],
    'seats of a room; rooms of a socket': [wire.MAX_SEATS, wire.MAX_ROOMS_PER_SOCKET],
    'life of a nonce for a seat': [wire.JOIN_SECONDS],
    'life of an invitation': [wire.MAX_INVITATION_HOURS],
  };

  test.each(Object.entries(expected))('%s', (what, numbers) => {
    expect(numbersIn(figures[what] ?? '')).toEqual(numbers);
  });

  test('has no row that is not compared', () => {
    const ofTheRelay = ['mailbox', 'batches of a member in a day (UTC)'];
    expect(Object.keys(figures).toSorted()).toEqual([...Object.keys(expected), ...ofTheRelay].toSorted());
  });

  test('figures of other sections agree', () => {
    expect(numbersIn(section(15)).slice(1)).toEqual(
      expect.arrayContaining([
        wire.RETENTION_HOURS,
        wire.EXPIRY_JITTER_HOURS,
        wire.MIN_BLOB_LIFE_HOURS,
        wire.MAX_BLOB_LIFE_HOURS,
      ]),
    );
    expect(section(8)).toContain(`older than ${protocol.MAX_RECORD_AGE_HOURS} h`);
    expect(section(8)).toContain(`up to ${protocol.MAX_HEADS} `);
    expect(section(2)).toContain('= 1,280 bytes');
    expect(wire.BUNDLE_BYTES).toBe(1_280);
    expect(section(16)).toContain(wire.ROSTER_UPDATE_BYTES.toLocaleString('en'));
    expect(section(12)).toContain(`good for ${wire.CHALLENGE_SECONDS} s`);
    expect(section(13)).toContain(
      `gets ${wire.TURN_BURST} credentials at once and one more every ${wire.TURN_REFILL_SECONDS} s`,
    );
    expect(section(8)).toContain(`at most ${wire.MAX_INVITATION_HOURS} h after`);
    const rooms = section(14);
    const boxes = wire.SIGNAL_BOX_BYTES.map((size) => size.toLocaleString('en'));
    expect(rooms).toContain(`box (${boxes[0]}, ${boxes[1]} or ${boxes[2]})`);
    expect(rooms).toContain(`good for one \`join\` and ${wire.JOIN_SECONDS} s`);
    expect(rooms).toContain(`has ${wire.MAX_SEATS} seats already`);
    expect(rooms).toContain(`is in ${wire.MAX_ROOMS_PER_SOCKET} rooms already`);
    const unit = wire.SIGNAL_UNIT_BYTES.toLocaleString('en');
    const burst = wire.SIGNAL_BURST.toLocaleString('en');
    expect(rooms).toContain(
      `units of ${unit} bytes of box: ${burst} at once, and ${wire.SIGNALS_PER_SECOND} more each second`,
    );
    expect(section(21)).toContain(`${boxes[0]}, ${boxes[1]} or ${boxes[2]} bytes in all`);
    expect(section(21)).toContain(`1 to ${protocol.MAX_SDP_BYTES.toLocaleString('en')} bytes of UTF-8`);
    expect(section(21)).toContain(`\`page\` is ${protocol.PAGE_ID_BYTES} random bytes`);
    const tokens = section(22);
    expect(tokens).toContain(`for ${wire.ISSUER_KEY_HOURS} h from its epoch`);
    expect(tokens).toContain(`epoch + ${wire.ISSUER_KEY_HOURS + wire.ISSUER_OVERLAP_HOURS}`);
    expect(tokens).toContain(`A draw is always ${wire.TOKEN_BATCH}.`);
    expect(wire.PROTOCOL_VERSIONS).toContain(wire.PROTOCOL_VERSION);
    expect(section(19)).toContain(`version ${wire.PROTOCOL_VERSION}`);
  });
});

test('§13 lists exactly the routes of http.ts', () => {
  const routes = rows(section(13)).flatMap(([route]) => [
    ...(route as string).matchAll(/`(?:GET|POST) ([^`]+)`/g),
  ]);
  expect(routes.map(([, path]) => path).toSorted()).toEqual(Object.values(wire.ROUTES).toSorted());
  expect(section(13)).toContain(`\`Authorization: ${wire.SESSION_SCHEME} `);
  expect(section(13)).toContain(`\`Authorization: ${wire.TICKET_SCHEME} `);
  expect(section(13)).toContain(`\`Authorization: ${wire.TOKEN_SCHEME} `);
});

test('§14 lists exactly the events of socket.ts', () => {
  const [table] = section(14).split('### 14.1');
  const events = rows(table as string).map(([event]) => codesIn(event as string)[0]);
  expect(events.toSorted()).toEqual(Object.values(wire.EVENTS).toSorted());
});

test('§5 lists exactly the kinds of blob-id.ts', () => {
  const kinds = rows(section(5)).flatMap(([kind]) => [...(kind as string).matchAll(/^`0x([0-9a-f]{2})`$/g)]);
  expect(kinds.map(([, digits]) => Number.parseInt(digits as string, 16))).toEqual(
    Object.values(protocol.BLOB_KIND),
  );
});

test('§8 lists exactly the kinds of record-kinds.ts', () => {
  const table = rows(section(8)).slice(rows(section(8)).findIndex(([cell]) => cell === 'Kind') + 1);
  expect(table.map(([kind]) => codesIn(kind as string)[0])).toEqual(Object.keys(protocol.RECORD_BODIES));
});

test('§21.2 lists exactly the kinds of signal.ts, and what a state says', () => {
  const table = rows(section(21));
  const kinds = table.map(([kind]) => codesIn(kind as string)[0]).filter((kind) => kind !== undefined);
  expect(kinds.toSorted()).toEqual(Object.keys(protocol.SIGNAL_BODIES).toSorted());
  for (const [cell, body] of table) {
    const kind = codesIn(cell as string)[0] as protocol.SignalKind;
    const keys = (/\{(.*?)\}/.exec(body as string)?.[1] ?? '').split(', ').filter((key) => key !== '');
    expect(keys.map((key) => key.replace('?', ''))).toEqual(Object.keys(protocol.SIGNAL_BODIES[kind].shape));
  }
});

test('every label of the code is one of SPEC.md, and stands at one place', () => {
  const root = new URL('../src/', import.meta.url);
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const sources = names.map((name) => readFileSync(new URL(name, root), 'utf8')).join('\n');
  const labels = (text: string) =>
    [...text.matchAll(/['"`](relay\/1 [a-z ]+)['"`]/g)].map(([, label]) => label as string);
  const used = labels(sources);
  expect(new Set(used)).toEqual(new Set(labels(spec.replace(/\s+/g, ' '))));
  // A roster is signed and verified; every other label is written once, so it cannot have two purposes.
  const once = used.filter((label) => label !== 'relay/1 roster');
  expect(new Set(once).size).toBe(once.length);
});
