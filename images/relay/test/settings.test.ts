import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { SettingInfo } from '../src/settings.ts';
import {
  ADDED,
  allSettings,
  formatEnvExample,
  formatSettingsPage,
  SETTINGS_VERSION,
} from '../src/settings.ts';

const ROOT = new URL('../../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, ROOT), 'utf8');
const overrides = readdirSync(new URL('compose/', ROOT)).filter((name) => name.endsWith('.yml'));
const composeFiles = ['docker-compose.yml', ...overrides.map((name) => `compose/${name}`)]
  .map(read)
  .join('\n');
const settings = allSettings();
const named = (name: string) => settings.find((one) => one.name === name) as SettingInfo;

test.each([
  ['.env.example', formatEnvExample],
  ['docs/settings.md', formatSettingsPage],
])('%s is what the settings say', (path, format) => {
  expect(read(path), 'run: npm run settings -w @relay/server').toBe(format());
});

test('no setting is there twice, and every default and example is one that its own schema takes', () => {
  expect(new Set(settings.map(({ name }) => name)).size).toBe(settings.length);
  for (const { name, default: fallback, example, check } of settings) {
    for (const text of [fallback, example]) if (text) expect(check(text), name).toBeUndefined();
  }
});

test('whatever was not among the first settings tells with which version it came', () => {
  const first = read('images/relay/test/golden/settings-1.txt').trim().split('\n');
  const names = settings.filter(({ fixed }) => !fixed).map(({ name }) => name);
  const later = names.filter((name) => !first.includes(name));
  expect(Object.keys(ADDED).toSorted(), 'ADDED in settings.ts, with SETTINGS_VERSION + 1').toEqual(
    later.toSorted(),
  );
  expect(SETTINGS_VERSION).toBe(Math.max(1, ...Object.values(ADDED)));
});

test('what the compose files ask for is a setting, and the defaults are the same', () => {
  const asked = [...composeFiles.matchAll(/\$\{([A-Z][A-Z0-9_]*)(?::-([^$}]*)\})?/g)];
  expect(asked.length).toBeGreaterThan(40);
  expect(asked.map(([, name]) => name ?? '').filter((name) => named(name) === undefined)).toEqual([]);
  const main = [...read('docker-compose.yml').matchAll(/\$\{([A-Z][A-Z0-9_]*):-([^$}]*)\}/g)];
  const differ = main.filter(([, name = '', text]) => (named(name).default ?? '') !== text);
  expect(differ.map(([text]) => text)).toEqual([]);
});

test('every setting of an appliance is read by its compose files or scripts', () => {
  const scripts = readdirSync(new URL('scripts/appliance/', ROOT))
    .map((name) => read(`scripts/appliance/${name}`))
    .join('\n');
  const read1 = ({ name }: SettingInfo) => composeFiles.includes(`\${${name}`) || scripts.includes(name);
  const ofCompose = ['COMPOSE_FILE', 'COMPOSE_PROJECT_NAME'];
  const unread = settings.filter((one) => !one.fixed && !read1(one) && !ofCompose.includes(one.name));
  expect(unread.map(({ name }) => name)).toEqual([]);
});

test('those of the TURN server are what its container takes: names, defaults, bounds', () => {
  const script = read('images/coturn/lib/settings.sh');
  const taken = new Map(
    [...script.matchAll(/"\$\{([A-Z_]+):=([^}]*)\}"/g)].map(([, name, text]) => [name, text]),
  );
  expect(taken.size).toBeGreaterThan(10);
  for (const [name = '', text] of taken) {
    // Without TLS there is no port for it; compose/tls.yml gives one.
    expect(named(name), name).toBeDefined();
    expect(named(name).default ?? '', name).toBe(text);
  }
  const bounds = [...script.matchAll(/whole_number ([A-Z_]+) "\$\1" (\d+) (\d+)/g)];
  expect(bounds.length).toBeGreaterThan(5);
  for (const [, name = '', least, most] of bounds) {
    const { check } = named(name);
    expect([check(String(least)), check(String(most))], name).toEqual([undefined, undefined]);
    expect(check(String(Number(least) - 1)), name).toBeDefined();
    expect(check(String(Number(most) + 1)), name).toBeDefined();
  }
});
