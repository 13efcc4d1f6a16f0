/** A call of real members' vaults over a relay that a test may have lie. */
import type { Bytes, Signal, StateBody } from '@relay/protocol';
import { fromHex, makeCallSecret } from '@relay/protocol';
import { expect } from 'vitest';
import type { Vault } from '../../src/crypto/vault.ts';
import type { RoomVault } from '../../src/state/calls/room/room.ts';
import { CallRoom } from '../../src/state/calls/room/room.ts';
import { RoomClock } from './room-clock.ts';
import { MediaWorld } from './room-media.ts';
import type { Seen } from './room-relay.ts';
import { chanceOf, RoomRelay } from './room-relay.ts';
import { VOICE } from './room-world.ts';
import type { RosterMaker } from './rosters.ts';
import { openVault } from './rosters.ts';

/** One page. */
export interface RealPage {
  id: string;
  vault: Vault;
  room: CallRoom;
  refusals: { code: string; member: string | undefined }[];
}

/** How a page stands with a member's page. */
export const connectionOf = ({ room }: RealPage, { id }: RealPage) =>
  room.snapshot.pages.find(({ member }) => member === id)?.connection;
/** What a page refused, each kind once. */
export const codesOf = ({ refusals }: RealPage) => [...new Set(refusals.map(({ code }) => code))];

/** See above. */
export class RealCall {
  readonly clock = new RoomClock();
  readonly relay = new RoomRelay(this.clock, chanceOf(7));
  readonly media = new MediaWorld(this.clock, chanceOf(8));
  readonly maker: RosterMaker;
  readonly #secret: Bytes = makeCallSecret();
  readonly #pages: RealPage[] = [];
  readonly #vaults: Vault[] = [];
  /** Vaults' doings that are under way. */
  #busy = 0;

  constructor(maker: RosterMaker) {
    this.maker = maker;
  }

  async end(): Promise<void> {
    for (const { room } of this.#pages) room.stop();
    for (const vault of this.#vaults) vault.close();
    await this.pass(20);
  }

  /** Real cryptography takes real time, for which the clock waits. */
  async pass(rounds: number): Promise<void> {
    for (let i = 0; i < rounds; i++) {
      await this.clock.pass(50);
      do await new Promise((resolve) => setTimeout(resolve, 2));
      while (this.#busy > 0);
    }
  }

  /** The same vault, whose work is waited for. */
  #watched(vault: Vault): Vault {
    return new Proxy(vault, {
      get: (target, name) => {
        const part: unknown = Reflect.get(target, name);
        if (typeof part !== 'function') return part;
        return (...inputs: unknown[]) => {
          const result: unknown = part.apply(target, inputs);
          if (!(result instanceof Promise)) return result;
          this.#busy++;
          return result.finally(() => {
            this.#busy--;
          });
        };
      },
    });
  }

  /** Waits until something is so. */
  async until(isSo: () => boolean): Promise<void> {
    for (let i = 0; i < 100 && !isSo(); i++) await this.pass(10);
    expect(isSo()).toBe(true);
  }

  /** Has a member take part. @param list numbers of those who may */
  async open(number: number, page: string, list = [1, 2]): Promise<RealPage> {
    const { vault: real, view } = await openVault(this.maker.files[number - 1] as Uint8Array);
    const vault = this.#watched(real);
    const refusals: RealPage['refusals'] = [];
    const room = new CallRoom({
      vault: vault as RoomVault,
      transport: this.relay.socket(),
      media: this.media.page(page),
      secret: this.#secret,
      members: list.map((one) => this.maker.ids[one - 1] as string),
      self: view.self,
      now: this.clock.now,
      after: this.clock.after,
      servers: async () => [],
      relayOnly: () => true,
      page,
      events: {
        changed: () => {},
        refused: (code, member) => refusals.push({ code, member }),
        moved: () => {},
        over: () => {},
      },
    });
    room.watch();
    room.enter(VOICE);
    const made = { id: view.self, vault, room, refusals };
    this.#pages.push(made);
    this.#vaults.push(vault);
    return made;
  }

  /** Members 1 and 2 in a call, where the relay may do as it likes from the beginning. */
  async call(list = [1, 2], tamper: (seen: Seen) => Seen[] = (seen) => [seen]) {
    this.relay.tamper = tamper;
    const alice = await this.open(1, 'aa'.repeat(16), list);
    const bob = await this.open(2, 'bb'.repeat(16), list);
    return { alice, bob };
  }

  /** A member by hand: a seat of its own, and signals as it likes them. @param list numbers of those whom it lists */
  async byHand(list: number[], number = 3) {
    const { maker, relay } = this;
    const { vault: real } = await openVault(maker.files[number - 1] as Uint8Array);
    const vault = this.#watched(real);
    this.#vaults.push(vault);
    const { handle } = await vault.openRoom(this.#secret);
    const { seat } = await vault.makeSeat(handle);
    const socket = relay.socket();
    relay.seat(seat, socket);
    const others = [...relay.seats].filter(([, one]) => one !== socket).map(([other]) => other);
    const owners = await vault.ownersOfSeats(handle, maker.ids, others);
    const send = async (signal: Signal, to: string) => {
      const member = owners[others.indexOf(to)] as string;
      relay.carry({ from: seat, to, box: await vault.sealSignal(handle, member, seat, to, signal) });
    };
    const state: StateBody = {
      page: new Uint8Array(16).fill(0xcc),
      at: 'in',
      ...VOICE,
      members: list.map((one) => fromHex(maker.ids[one - 1] as string)),
      age: 0,
      rings: false,
      takes: [],
    };
    return { seat, others, owners, send, state };
  }
}
