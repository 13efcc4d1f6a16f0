/** What an operator gives to relay-admin, for as long as `make fuzz` says: it is taken, or refused with a code of the closed set. */
import { formatAllowlist, ROSTER_UPDATE_BYTES, randomBytes } from '@relay/protocol/wire';
import { allSettings } from '@relay/server/settings';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FUZZ_TIMEOUT_MS, fuzz } from '../../protocol/test/support/fuzz.ts';
import { checkConfig, initialConfig, parseEnvFile, showConfig } from '../src/config/index.ts';
import { parseHostFacts } from '../src/doctor/host-facts.ts';
import { parseLabels } from '../src/files/labels.ts';
import { parseFingerprint, restoreKey } from '../src/services/allowed-key.ts';
import { publishRoster } from '../src/services/publish-roster.ts';
import { seedAllowlist } from '../src/services/seed-allowlist.ts';
import { rotationPeriod, turnSchedule } from '../src/services/turn-schedule.ts';
import { anyBytes, anyText, bent, takenOrRefused } from './support/fuzz-inputs.ts';

const TIMEOUT = { timeout: FUZZ_TIMEOUT_MS };
const allowlist = formatAllowlist({
  circleId: randomBytes(32),
  keyHashes: Array.from({ length: 20 }, () => randomBytes(32)),
});
/** A store that takes what gets so far. */
const store = {
  seed: async () => ({ added: 0, unchanged: 0, removed: 0, kept: 0 }),
  listMembers: async () => [],
  publishRosterUpdate: async () => undefined,
};

test('allowlists and fingerprints', TIMEOUT, async () => {
  await fuzz('allowlist', fc.oneof(anyText, bent(allowlist), fc.json()), (text) =>
    takenOrRefused(['allowlist_invalid'], () => seedAllowlist(store, { text })),
  );
  const fingerprints = fc.oneof(anyText, bent('0123 4567 89ab cdef'));
  await fuzz('fingerprint', fingerprints, async (text) => {
    await takenOrRefused(['fingerprint_unknown'], () => parseFingerprint(text));
    await takenOrRefused(['fingerprint_unknown'], () =>
      restoreKey(store, { fingerprint: text, text: allowlist }),
    );
  });
});

test('labels, and files that are no roster update', TIMEOUT, async () => {
  const counts = fc.option(fc.integer({ min: -1, max: 100 }), { nil: undefined });
  await fuzz('labels', fc.tuple(fc.oneof(anyText, bent('Ada\nBo\nCleo\n')), counts), ([text, count]) =>
    takenOrRefused(['labels_invalid'], () => parseLabels(text, count)),
  );
  const sizes = fc.constantFrom(0, 1, ROSTER_UPDATE_BYTES - 1, ROSTER_UPDATE_BYTES, ROSTER_UPDATE_BYTES + 1);
  await fuzz(
    'roster update',
    fc.oneof(
      anyBytes,
      sizes.map((size) => new Uint8Array(size)),
    ),
    (bytes) => takenOrRefused(['roster_update_invalid'], () => publishRoster(store, new Uint8Array(bytes))),
  );
});

test('the text of a .env: findings come of it, and no secret is in them', TIMEOUT, async () => {
  const known = { version: 1, settings: allSettings(), renamed: [], added: {} };
  const answers = { existingProxy: undefined, externalIp: undefined, onion: true, mailboxBlobs: 32_768 };
  const proper = initialConfig({ ...answers, domain: 'relay.example', turnPorts: true }, 1);
  const names = fc.constantFrom(...known.settings.map(({ name }) => name), 'PORTT', '__proto__', 'toString');
  const line = fc.tuple(names, anyText).map(([name, text]) => `${name}=${text}`);
  const files = fc.oneof(
    anyText,
    bent(proper),
    fc.array(line, { maxLength: 8 }).map((all) => all.join('\n')),
  );
  await fuzz('.env', files, (text) => {
    const secret = 'postgres://relay:hunter2hunter2@localhost/relay';
    const file = parseEnvFile(`${text}\nDATABASE_URL=${secret}\n`);
    for (const { level, finding } of checkConfig(file, known)) {
      expect(['fault', 'warning', 'note']).toContain(level);
      expect(finding).not.toContain('hunter2');
    }
    expect(JSON.stringify(showConfig(file, known.settings))).not.toContain('hunter2');
  });
});

test('schedules', TIMEOUT, async () => {
  const field = fc.oneof(
    fc.constantFrom('*', '*/5', '0', '59', '31', '2', '1-5', '0-59/7', 'L', '5#2', 'MON', 'FEB', '15W', '?'),
    fc.tuple(fc.nat(), fc.nat()).map(([from, to]) => `${from}-${to}`),
    fc.tuple(fc.nat({ max: 99 }), fc.nat({ max: 99 }), fc.nat()).map(([a, b, c]) => `${a}-${b}/${c}`),
    fc.array(fc.nat({ max: 60 }), { maxLength: 5 }).map(String),
  );
  const fields = fc.array(field, { minLength: 4, maxLength: 7 }).map((all) => all.join(' '));
  await fuzz('schedule', fc.oneof(anyText, fields, bent('17 4 * * 1')), async (text) => {
    await takenOrRefused(['usage'], () => turnSchedule(text, 20));
    await rotationPeriod(text);
  });
  await takenOrRefused(['usage'], () => turnSchedule('0 0 1-1000000000 * *', 1));
});

test('what the host half of doctor says', TIMEOUT, async () => {
  const proper = [
    'relay-host-facts 1',
    'engine=27.1.1',
    'memory=2048',
    'service=relay running healthy 0 2 false',
    'disk=1024 2048 /',
    'inodes=99',
    'expected_port=relay tcp 0.0.0.0 4000',
    'listeners_seen=yes',
    'listener=udp 0.0.0.0 3478 turnserver',
    'secrets_seen=yes',
    'secret=400 10001 10001 1790000000 relay/database-url',
    'set.RELAY_DOMAIN=relay.example',
  ].join('\n');
  await fuzz('host facts', fc.oneof(anyText, bent(proper)), (text) =>
    takenOrRefused(['file_unusable'], () => {
      // Whatever it says, it moves no terminal's cursor.
      JSON.stringify(parseHostFacts(text), (_name, value: unknown) => {
        if (typeof value === 'string') expect(value).not.toMatch(/\p{Cc}/u);
        return value;
      });
    }),
  );
});
