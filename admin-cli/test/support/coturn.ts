import { execFile, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ownPort } from '@relay/demo/turn-server';
import { onTestFinished } from 'vitest';
import { TurnClient, TurnError } from '../../src/turn/index.ts';
import { temporaryDirectory } from './circle.ts';

const run = promisify(execFile);
const REALM = 'relay.test';

/** The rules of the appliance's coturn, but that loopback's first address is the relay's own here. */
export const HARDENED = [
  'allowed-peer-ip=127.0.0.1',
  'allowed-peer-ip=::1',
  ...['127.0.0.0-127.255.255.255', '10.0.0.0-10.255.255.255', '172.16.0.0-172.31.255.255'],
  ...['192.168.0.0-192.168.255.255', '100.64.0.0-100.127.255.255', '169.254.0.0-169.254.255.255'],
  '0.0.0.0-0.255.255.255',
  ...['fc00::-fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'fe80::-febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
].map((rule) => (rule.includes('=') ? rule : `denied-peer-ip=${rule}`));

/** What keeps mapped addresses out, whatever coturn thinks of them. */
export const MAPPED = 'denied-peer-ip=::ffff:0:0-::ffff:ffff:ffff';

/** Whether the coturn here is older than 4.9, which lets mapped addresses pass rules for IPv4 (CVE-2026-27624). */
export async function isPassable(): Promise<boolean> {
  const { stdout } = await run('turnserver', ['--version']);
  const [, major, minor] = /(\d+)\.(\d+)/.exec(stdout)?.map(Number) ?? [];
  return major === 4 && (minor ?? 0) < 9;
}

/** A coturn on loopback. */
export interface Coturn {
  port: number;
  tlsPort: number;
  /** A file with the certificate that it shows, which no system trusts. */
  caFile: string;
  /** Lets it accept credentials of a secret. */
  addSecret(secret: string): Promise<void>;
  /** The opposite. */
  removeSecret(secret: string): Promise<void>;
  /** Takes what a file of secrets holds, and that alone, read as the appliance's container reads it. @throws Error where it cannot */
  follow(file: string): Promise<void>;
}

const READER = fileURLToPath(new URL('../../../images/coturn/lib/secrets.sh', import.meta.url));

/** The secrets that the container would accept by a file. */
async function acceptedBy(file: string): Promise<string[]> {
  const script =
    '. "$1"; secrets_file=$2; if secrets_load; then secrets_statements; else echo "$secrets_problem" >&2; exit 1; fi';
  const { stdout } = await run('sh', ['-euc', script, 'sh', READER, file], {
    env: { ...process.env, TURN_REALM: REALM },
  });
  return [...stdout.matchAll(/VALUES \('[^']*', '([^']*)'\)/g)].map(([, secret = '']) => secret);
}

async function selfSigned(directory: string): Promise<{ cert: string; key: string }> {
  const [cert, key] = [join(directory, 'cert.pem'), join(directory, 'key.pem')];
  await run('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'],
    ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
    ...['-keyout', key, '-out', cert],
  ]);
  return { cert, key };
}

/**
 * Starts a coturn that ends with the test, with its secrets in a SQLite database.
 * @param rules further lines of its configuration; {@link HARDENED} and {@link MAPPED} unless told
 */
export async function startCoturn(rules: readonly string[] = [...HARDENED, MAPPED]): Promise<Coturn> {
  const directory = await temporaryDirectory();
  const { cert, key } = await selfSigned(directory);
  const [port, tlsPort] = [await ownPort(), await ownPort()];
  const userdb = join(directory, 'turndb');
  // Below the ports that systems give out by themselves: coturn shares a port with whoever has it, and each would get a part of the other's packets.
  const relays = 20_000 + 100 * randomInt(100);
  const turnadmin = (...args: string[]) => run('turnadmin', [...args, '-r', REALM, '-b', userdb]);
  await turnadmin('-S');
  const config = [
    ...['listening-ip=127.0.0.1', 'listening-ip=::1', 'relay-ip=127.0.0.1', 'relay-ip=::1'],
    ...[`listening-port=${port}`, `tls-listening-port=${tlsPort}`, `cert=${cert}`, `pkey=${key}`],
    ...[`min-port=${relays}`, `max-port=${relays + 99}`, `realm=${REALM}`, 'fingerprint'],
    // With both, coturn does not start.
    ...(rules.includes('no-auth') ? [] : ['use-auth-secret']),
    ...['no-dtls', 'no-cli', 'no-multicast-peers', 'allow-loopback-peers', `userdb=${userdb}`],
    ...[`pidfile=${join(directory, 'pid')}`, 'log-file=stdout', ...rules],
  ];
  await writeFile(join(directory, 'turnserver.conf'), `${config.join('\n')}\n`);
  const child = spawn('turnserver', ['-c', join(directory, 'turnserver.conf')], {
    stdio: process.env.SHOW_COTURN ? 'inherit' : 'ignore',
  });
  const ended = once(child, 'exit');
  onTestFinished(async () => {
    child.kill();
    await ended;
  });
  await answering(port);
  let known: string[] = [];
  const addSecret = async (secret: string) => void (await turnadmin('-s', secret));
  const removeSecret = async (secret: string) => void (await turnadmin('-X', secret));
  return {
    port,
    tlsPort,
    caFile: cert,
    addSecret,
    removeSecret,
    async follow(file) {
      const accepted = await acceptedBy(file);
      for (const secret of known.filter((old) => !accepted.includes(old))) await removeSecret(secret);
      for (const secret of accepted.filter((fresh) => !known.includes(fresh))) await addSecret(secret);
      known = accepted;
    },
  };
}

/** Waits until a server answers, be it with a refusal. */
async function answering(port: number): Promise<void> {
  for (let tries = 0; tries < 150; tries++) {
    const client = await TurnClient.open({
      server: { host: '127.0.0.1', port, transport: 'udp' },
      answerMs: 300,
    });
    const answer = await client.allocate().catch((cause: unknown) => cause);
    await client.close();
    if (!(answer instanceof TurnError) || answer.fault === 'refused') return;
  }
  throw new Error('coturn does not answer.');
}

/** The certificate as a text. */
export async function caText({ caFile }: Coturn): Promise<string> {
  return readFile(caFile, 'utf8');
}
