// A hostile member as a process of its own: reads what it needs from standard input, attacks until it is told to end, and then prints how much
// it did. It says `ready` once it has a session.
import { text } from 'node:stream/consumers';
import { fromB64, loadIdentity } from '@relay/protocol';
import { openSession } from '../system/session.ts';
import type { Attack, AttackParts } from './attacks.ts';
import { HTTP_ATTACKS } from './attacks.ts';
import { handshakes, signals } from './socket-attacks.ts';

/** What it is told, as JSON; bytes in base64url. */
export interface HostileInput {
  url: string;
  identity: string;
  victims: string[];
  ids: string[];
  circleId: string;
  /** Names of attacks; all unless given. */
  only?: string[];
}

process.on('uncaughtException', () => undefined);
process.on('unhandledRejection', () => undefined);
const input = JSON.parse(await text(process.stdin)) as HostileInput;
const identity = await loadIdentity(fromB64(input.identity));
const { token: session } = await openSession(input.url, identity);
const room = { circleId: fromB64(input.circleId), keyHash: identity.keys.keyHash };
const attacks: Record<string, Attack> = { ...HTTP_ATTACKS, handshakes, signals: signals(room) };
const stop = new AbortController();
const counts: Record<string, number> = {};
process.once('SIGTERM', () => {
  stop.abort();
  process.stdout.write(`${JSON.stringify(counts)}\n`, () => process.exit(0));
});
process.stdout.write('ready\n');
for (const [name, attack] of Object.entries(attacks)) {
  if (input.only !== undefined && !input.only.includes(name)) continue;
  counts[name] = 0;
  const parts: AttackParts = {
    url: input.url,
    session,
    victims: input.victims.map((victim) => fromB64(victim)),
    ids: input.ids.map((id) => fromB64(id)),
    stop: stop.signal,
    done: () => {
      counts[name] = (counts[name] ?? 0) + 1;
    },
  };
  attack(parts);
}
