import { isIPv6 } from 'node:net';
import type { Allocation, IpFamily, TurnTransport } from '../turn/index.ts';
import { CHANNELS, TurnError } from '../turn/index.ts';
import { requireTurnError } from './advice.ts';
import type { TurnCheck } from './check.ts';
import { failed, held } from './check.ts';
import type { ForbiddenPeers } from './peers.ts';
import { FORBIDDEN_PEERS } from './peers.ts';
import type { TurnTarget } from './target.ts';
import { credentialFor, withClient } from './target.ts';

const FORBIDDEN = 403;
const NO_SUCH_FAMILY = 440;
const OTHER_FAMILY = 443;
const PEER_PORT = 80;

const ADVICE =
  'Stop coturn until this is mended: members could reach what is behind the server. Its configuration lacks a denied-peer-ip rule.';

/** Asks the server to let in peers that lead into its own network, for which it must answer 403. */
export async function checkPeers(target: TurnTarget, transport: TurnTransport): Promise<TurnCheck[]> {
  const own = await relayedIps(target, transport);
  const checks: TurnCheck[] = [];
  for (const peers of FORBIDDEN_PEERS) {
    // The relay's own address is where members meet, whatever range it is in.
    const ips = peers.ips.filter((ip) => !own.has(ip));
    checks.push(await checkRange(target, transport, { ...peers, ips }));
  }
  return checks;
}

async function relayedIps(target: TurnTarget, transport: TurnTransport): Promise<Set<string>> {
  const ips = new Set<string>();
  for (const family of [4, 6] as const) {
    try {
      await withAllocation(target, transport, family, async ({ relayed }) => ips.add(relayed.ip));
    } catch (cause) {
      requireTurnError(cause);
    }
  }
  return ips;
}

type AskFor = (ip: string, refusals: readonly number[]) => Promise<void>;

async function withAllocation<T>(
  target: TurnTarget,
  transport: TurnTransport,
  family: IpFamily,
  task: (allocation: Allocation, ask: AskFor) => Promise<T>,
): Promise<T> {
  return withClient(target, transport, credentialFor(target), async (client) => {
    const allocation = await client.allocate(family);
    let channel: number = CHANNELS.first;
    // Each way of asking has rules of its own in a server, so both are tried.
    return task(allocation, async (ip, refusals) => {
      const peer = { ip, port: PEER_PORT };
      await requireRefused(refusals, () => client.createPermission(peer));
      await requireRefused(refusals, () => client.bindChannel(channel++, peer));
    });
  });
}

class Granted extends Error {}

async function requireRefused(refusals: readonly number[], ask: () => Promise<void>): Promise<void> {
  try {
    await ask();
  } catch (cause) {
    const error = requireTurnError(cause);
    if (refusals.includes(error.code)) return;
    throw error;
  }
  throw new Granted();
}

async function checkRange(
  target: TurnTarget,
  transport: TurnTransport,
  { name: range, ips }: ForbiddenPeers,
): Promise<TurnCheck> {
  const name = `refuses peers in ${range}`;
  if (ips.length === 0) return held(name, 'It is the relay’s own address, where members meet.');
  const family: IpFamily = ips.every(isIPv6) ? 6 : 4;
  let asked = '';
  const askAll = (served: IpFamily) =>
    withAllocation(target, transport, served, async (_, ask) => {
      for (const ip of ips) {
        asked = ip;
        await ask(ip, served === family ? [FORBIDDEN] : [FORBIDDEN, OTHER_FAMILY]);
      }
    });
  try {
    const none = await familyMissing(() => askAll(family));
    if (!none) return held(name, `${ips.join(', ')}: 403.`);
    // Without relayed IPv6 addresses the server cannot reach such a peer; a mapped one must still not slip through.
    await askAll(4);
    return held(name, `${ips.join(', ')}: refused; the server relays no IPv6.`);
  } catch (cause) {
    if (cause instanceof Granted) return failed(name, `The server lets ${asked} in.`, ADVICE);
    const error = requireTurnError(cause);
    return failed(
      name,
      `${asked === '' ? '' : `${asked}: `}${error.message} Expected was 403.`,
      'See the log of coturn (TURN_LOG=on).',
    );
  }
}

/** Does something that needs a family of addresses; whether the server has none of it. */
async function familyMissing(task: () => Promise<void>): Promise<boolean> {
  try {
    await task();
    return false;
  } catch (cause) {
    if (cause instanceof TurnError && cause.code === NO_SUCH_FAMILY) return true;
    throw cause;
  }
}
