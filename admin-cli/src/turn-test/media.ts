import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { PeerData, TransportAddress, TurnClient } from '../turn/index.ts';
import { addressText, CHANNELS } from '../turn/index.ts';

/** Sizes as a call has them: sound, then pieces of pictures up to what fits a packet everywhere. */
const SIZES = [92, 120, 640, 1_100, 1_172, 1_172];
const PACKETS = 150;
const PACE_MS = 5;
const SETTLE_MS = 2_000;
const NUMBER_BYTES = 4;

/** What came of a stream of packets in one direction. */
export interface Delivery {
  sent: number;
  /** Packets that came with each byte as it was sent; a packet that comes twice counts once. */
  whole: number;
  /** Packets that came with other bytes, or were never sent, or from another peer. */
  wrong: number;
}

/** Packets of one direction: what was sent, and what came of it. */
class Stream {
  readonly packets = Array.from({ length: PACKETS }, (_, number) => {
    const packet = randomBytes(SIZES[number % SIZES.length] ?? 0);
    packet.writeUInt32BE(number, 0);
    return packet;
  });
  readonly #came = new Set<number>();
  #wrong = 0;

  get complete(): boolean {
    return this.#came.size === PACKETS;
  }

  receive(data: Uint8Array, rightPeer: boolean): void {
    const bytes = Buffer.from(data);
    const number = bytes.length < NUMBER_BYTES ? -1 : bytes.readUInt32BE(0);
    if (rightPeer && this.packets[number]?.equals(bytes)) this.#came.add(number);
    else this.#wrong++;
  }

  delivery(): Delivery {
    return { sent: PACKETS, whole: this.#came.size, wrong: this.#wrong };
  }
}

/** A client and where peers reach it. */
export interface Party {
  client: TurnClient;
  relayed: TransportAddress;
}

/**
 * Sends as a call does between two allocations, both ways at once: the one by a channel, the other by Send indications.
 * @returns what came of it: there, then back
 * @throws TurnError when the server refuses the channel or the permission
 */
export async function exchangeMedia(a: Party, b: Party): Promise<[Delivery, Delivery]> {
  const channel = CHANNELS.first;
  await a.client.bindChannel(channel, b.relayed);
  await b.client.createPermission(a.relayed);
  const [there, back] = [new Stream(), new Stream()];
  b.client.onData = (came) => there.receive(came.data, isFrom(came, a.relayed));
  a.client.onData = (came) => back.receive(came.data, came.channel === channel);
  for (const [number, packet] of there.packets.entries()) {
    a.client.sendChannel(channel, packet);
    const reply = back.packets[number];
    if (reply !== undefined) b.client.send(a.relayed, reply);
    await wait(PACE_MS);
  }
  for (let waited = 0; waited < SETTLE_MS && !(there.complete && back.complete); waited += PACE_MS) {
    await wait(PACE_MS);
  }
  return [there.delivery(), back.delivery()];
}

function isFrom({ peer }: PeerData, expected: TransportAddress): boolean {
  return peer !== undefined && addressText(peer) === addressText(expected);
}
