import { lookup } from 'node:dns/promises';
import type { TurnTransport } from '../turn/index.ts';
import { addressText } from '../turn/index.ts';
import { adviceFor, requireTurnError } from './advice.ts';
import type { TurnCheck } from './check.ts';
import { failed, held, skipped } from './check.ts';
import type { Delivery, Party } from './media.ts';
import { exchangeMedia } from './media.ts';
import { isPrivate } from './peers.ts';
import type { TurnTarget } from './target.ts';
import { credentialFor, serverOf, withClient } from './target.ts';

/** More than this part of the packets lost spoils a call. */
const TOLERATED_LOSS = 0.02;

/** What {@link checkReach} found. */
export interface Reach {
  checks: TurnCheck[];
  /** Whether the server granted allocations over this transport. */
  granted: boolean;
}

/** Makes two allocations over a transport, and talks between them through the addresses that the server relays. */
export async function checkReach(target: TurnTarget, transport: TurnTransport): Promise<Reach> {
  const name = `allocate over ${transport}`;
  const allocated: TurnCheck[] = [];
  try {
    return await withTwo(target, transport, async (a, b) => {
      allocated.push(await allocationCheck(name, target, a));
      return { granted: true, checks: [...allocated, await mediaCheck(transport, a, b)] };
    });
  } catch (cause) {
    const error = requireTurnError(cause);
    const advice = adviceFor(error, transport, serverOf(target, transport).port);
    const why = failed(name, error.message, advice);
    const media = skipped(`media over ${transport}`, 'Not tried without allocations.');
    return { granted: false, checks: [why, media] };
  }
}

async function withTwo<T>(
  target: TurnTarget,
  transport: TurnTransport,
  task: (a: Party, b: Party) => Promise<T>,
): Promise<T> {
  return withClient(target, transport, credentialFor(target), async (first) => {
    const a = { client: first, relayed: (await first.allocate()).relayed };
    return withClient(target, transport, credentialFor(target), async (second) =>
      task(a, { client: second, relayed: (await second.allocate()).relayed }),
    );
  });
}

async function allocationCheck(name: string, target: TurnTarget, { relayed }: Party): Promise<TurnCheck> {
  // A private address is right only for who is asked at a private address.
  if (isPrivate(relayed) && !isPrivate({ ip: (await lookup(target.host)).address })) {
    return failed(
      name,
      `The relayed address ${relayed.ip} is private, so members elsewhere cannot reach it.`,
      'Set TURN_EXTERNAL_IP to the address that members reach.',
    );
  }
  return held(name, `The server relays at ${addressText(relayed)}.`);
}

async function mediaCheck(transport: TurnTransport, a: Party, b: Party): Promise<TurnCheck> {
  const name = `media over ${transport}`;
  try {
    return mediaVerdict(name, await exchangeMedia(a, b));
  } catch (cause) {
    const error = requireTurnError(cause);
    return failed(
      name,
      `The relay does not let one member reach another at its own address: ${error.message}`,
      'Allow coturn’s own external address as a peer (allowed-peer-ip); TURN_EXTERNAL_IP must be that address.',
    );
  }
}

/** Whether what came is good enough for a call, there by channel and back by Send indications. */
export function mediaVerdict(name: string, [there, back]: [Delivery, Delivery]): TurnCheck {
  const sent = there.sent + back.sent;
  const whole = there.whole + back.whole;
  const wrong = there.wrong + back.wrong;
  const lost = (sent - whole) / sent;
  const counts = `${whole} of ${sent} packets came whole, ${percent(lost)} were lost, ${wrong} came wrong`;
  if (wrong > 0) {
    return failed(
      name,
      `${counts}.`,
      'Something on the way changes or adds packets: see what stands between.',
    );
  }
  const silent = [there.whole === 0 ? 'by channel' : '', back.whole === 0 ? 'by Send indication' : ''];
  if (silent.some(Boolean)) {
    const ways = silent.filter(Boolean).join(' and ');
    return failed(
      name,
      `Nothing came ${ways}.`,
      'Let the relayed ports in through the firewall (TURN_MIN_PORT to TURN_MAX_PORT, udp); behind NAT, check TURN_EXTERNAL_IP and that the server reaches itself at that address.',
    );
  }
  if (lost > TOLERATED_LOSS) {
    return failed(name, `${counts}.`, 'Calls will stutter: check the network, TURN_MAX_BPS and the load.');
  }
  return held(name, `${counts}.`);
}

function percent(part: number): string {
  return `${(part * 100).toFixed(1)} %`;
}
