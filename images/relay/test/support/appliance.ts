/** What the appliance's images set, read from their own files, for servers that tests start without an engine. */
import { readFileSync } from 'node:fs';

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

/** Settings of the image that say where it lies and who reaches it; the runner of the tests has its own. */
const OF_THE_IMAGE = [
  'listen_addresses',
  'port',
  'hba_file',
  'unix_socket_directories',
  'unix_socket_permissions',
  'lc_messages',
];

/** The settings of PostgreSQL in the appliance, by name, but for {@link OF_THE_IMAGE}. */
export function postgresSettings(): Record<string, string> {
  const lines = [...read('postgres/postgresql.conf').matchAll(/^(\w+) = (.*)$/gm)];
  const settings = lines.map(([, name = '', value = '']): [string, string] => [
    name,
    value.replace(/^'(.*)'$/, '$1'),
  ]);
  return Object.fromEntries(settings.filter(([name]) => !OF_THE_IMAGE.includes(name)));
}

/** What hardens coturn in every installation, and how it logs by default. */
export function coturnLines(): string[] {
  const hardening = read('coturn/lib/hardening.conf')
    .split('\n')
    .filter((line) => /^[a-z]/.test(line));
  const [, logging = ''] = /printf '%s\\n' (log-file=\/dev\/null .*)$/m.exec(
    read('coturn/lib/configuration.sh'),
  ) as RegExpExecArray;
  return [...hardening, ...logging.split(' ')];
}

/** What the image runs in the relay's database at each start. */
export function databaseStatements(): string {
  return read('postgres/database.sql');
}
