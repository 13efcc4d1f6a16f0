/** A vault for rooms without cryptography: boxes are tickets for what is kept here, and take their time to seal and open. */
import type { Bytes, Signal } from '@relay/protocol';
import { hex, RelayError, SIGNAL_BODIES } from '@relay/protocol';
import type { RoomVault } from '../../src/state/calls/room/room.ts';
import type { RoomClock } from './room-clock.ts';
import type { Chance } from './room-relay.ts';

interface Sealed {
  sender: string;
  recipient: string;
  from: string;
  to: string;
  signal: Signal;
}

/** What all members' vaults share: whatever was sealed. */
export class SealedSignals {
  readonly #boxes = new Map<string, Sealed>();
  #last = 0;

  /** Keeps a signal. @returns its box */
  keep(sealed: Sealed): Bytes {
    const parsed = SIGNAL_BODIES[sealed.signal.kind].parse(sealed.signal.body);
    const box = new Uint8Array(8);
    new DataView(box.buffer).setUint32(4, ++this.#last);
    this.#boxes.set(
      hex(box),
      structuredClone({ ...sealed, signal: { ...sealed.signal, body: parsed } as Signal }),
    );
    return box;
  }

  /** What is in a box. */
  look(box: Uint8Array): Sealed | undefined {
    const sealed = this.#boxes.get(hex(box));
    return sealed && structuredClone(sealed);
  }
}

/** A member's hexadecimal name. */
export function memberName(number: number): string {
  return number.toString(16).padStart(64, '0');
}

/** The vault of one page. */
export class FakeRoomVault implements RoomVault {
  readonly #self: string;
  readonly #signals: SealedSignals;
  readonly #clock: RoomClock;
  readonly #chance: Chance;
  readonly open = new Set<number>();
  #last = 0;

  constructor(self: string, signals: SealedSignals, clock: RoomClock, chance: Chance) {
    this.#self = self;
    this.#signals = signals;
    this.#clock = clock;
    this.#chance = chance;
  }

  async openRoom(): Promise<{ handle: number; id: string }> {
    await this.#work();
    this.open.add(++this.#last);
    return { handle: this.#last, id: 'aa'.repeat(32) };
  }

  async makeSeat(): Promise<{ seat: string }> {
    await this.#work();
    return { seat: seatFor(this.#self, this.#chance) };
  }

  async proveSeat(): Promise<{ roomKey: Uint8Array; signature: Uint8Array }> {
    await this.#work();
    return { roomKey: new Uint8Array(32), signature: new Uint8Array(64) };
  }

  async ownersOfSeats(_: number, members: readonly string[], seats: readonly string[]) {
    await this.#work();
    return seats.map((seat) => members.find((member) => member.slice(32) === seat.slice(32)));
  }

  async sealSignal(handle: number, recipient: string, from: string, to: string, signal: Signal) {
    const box = this.#signals.keep({ sender: this.#self, recipient, from, to, signal });
    await this.#work();
    this.#check(handle);
    return box;
  }

  async openSignal(handle: number, sender: string, from: string, to: string, box: Uint8Array) {
    await this.#work();
    this.#check(handle);
    const sealed = this.#signals.look(box);
    const isFor = sealed?.recipient === this.#self && sealed.to === to;
    if (!isFor || sealed.sender !== sender || sealed.from !== from) throw new RelayError('signal_forged');
    return sealed.signal;
  }

  async closeRoom(handle: number): Promise<void> {
    this.open.delete(handle);
  }

  #check(handle: number): void {
    if (!this.open.has(handle)) throw new Error('This work has ended.');
  }

  async #work(): Promise<void> {
    if (this.#chance() < 0.5) await this.#clock.sleep(this.#chance() * 40);
  }
}

/** A fresh seat for a member. */
export function seatFor(member: string, chance: Chance): string {
  const digits = Array.from({ length: 32 }, () => Math.floor(chance() * 16).toString(16));
  return digits.join('') + member.slice(32);
}
