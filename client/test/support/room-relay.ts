/** A relay's rooms without a network: slow, and on demand lossy, repeating, reordering and lying. One room is all there is. */
import { RelayError } from '@relay/protocol';
import type { RoomTransport, RoomTransportEvents } from '../../src/state/calls/room/room.ts';
import type { RoomClock } from './room-clock.ts';

/** Random numbers from 0 to 1 that come again with the same seed. */
export type Chance = () => number;

/** See {@link Chance} (mulberry32). */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A signal as the relay sees it. */
export interface Seen {
  from: string;
  to: string;
  box: Uint8Array;
}

/** See above. */
export class RoomRelay {
  readonly clock: RoomClock;
  readonly chance: Chance;
  /** Parts of signals that are lost, come twice, or come out of order. */
  mood = { loss: 0, repeat: 0, mix: 0 };
  /** What becomes of a signal; the same one unless a test replaces it. */
  tamper: (seen: Seen) => Seen[] = (seen) => [seen];
  readonly seats = new Map<string, RoomSocket>();
  readonly seen: Seen[] = [];
  /** Seats that signals were for, whether anybody sat there or not. */
  readonly asked: string[] = [];

  constructor(clock: RoomClock, chance: Chance) {
    this.clock = clock;
    this.chance = chance;
  }

  /** A page's way to it, online at once. */
  socket(): RoomSocket {
    return new RoomSocket(this);
  }

  /** Takes a signal to whoever sits there. */
  carry(seen: Seen): void {
    this.seen.push(seen);
    for (const { from, to, box } of this.tamper(seen)) {
      if (this.chance() < this.mood.loss) continue;
      const copies = this.chance() < this.mood.repeat ? 2 : 1;
      for (let i = 0; i < copies; i++) {
        const mixed = this.chance() < this.mood.mix;
        this.seats.get(to)?.down((events) => events.signal(from, to, box.slice()), mixed);
      }
    }
  }

  /** Empties a seat. */
  empty(seat: string): void {
    if (!this.seats.delete(seat)) return;
    for (const [own, socket] of this.seats) socket.down((events) => events.left(own, seat));
  }

  /** Seats a socket. @returns the others' seats */
  seat(seat: string, socket: RoomSocket): string[] {
    const others = [...this.seats.keys()];
    for (const [own, other] of this.seats) other.down((events) => events.arrived(own, seat));
    this.seats.set(seat, socket);
    return others;
  }
}

/** One page's socket, which may fall and stand again. */
export class RoomSocket implements RoomTransport {
  readonly #relay: RoomRelay;
  readonly listeners = new Set<RoomTransportEvents>();
  isOnline = true;
  /** Which of the sockets that this page had. */
  #life = 0;
  #lastUp = 0;
  #lastDown = 0;

  constructor(relay: RoomRelay) {
    this.#relay = relay;
  }

  /** The socket falls; the relay notices some time later. */
  fall(noticeMs: number): void {
    if (!this.isOnline) return;
    this.isOnline = false;
    this.#life++;
    const mine = [...this.#relay.seats].filter(([, socket]) => socket === this).map(([seat]) => seat);
    this.#relay.clock.after(noticeMs, () => {
      for (const seat of mine) this.#relay.empty(seat);
    });
    for (const one of [...this.listeners]) one.offline();
  }

  /** A new one stands. */
  stand(): void {
    if (this.isOnline) return;
    this.isOnline = true;
    for (const one of [...this.listeners]) one.online();
  }

  async join(seat: string, prove: Parameters<RoomTransport['join']>[1]): Promise<string[]> {
    await this.#up();
    await prove('https://relay.example', new Uint8Array(32));
    const life = await this.#up();
    const others = this.#relay.seat(seat, this);
    await this.#back(life);
    return others;
  }

  leave(seat: string): void {
    if (!this.isOnline) return;
    const life = this.#life;
    this.#relay.clock.after(this.#due('up'), () => {
      if (life === this.#life) this.#relay.empty(seat);
    });
  }

  async signal(from: string, to: string, box: Uint8Array): Promise<void> {
    const life = await this.#up();
    this.#relay.asked.push(to);
    const isThere = this.#relay.seats.has(to);
    if (isThere) this.#relay.carry({ from, to, box });
    await this.#back(life);
    if (!isThere) throw new RelayError('seat_unknown');
  }

  listen(events: RoomTransportEvents): () => void {
    this.listeners.add(events);
    return () => this.listeners.delete(events);
  }

  /** Tells this page something. @param mixed without regard to what was told before */
  down(tell: (events: RoomTransportEvents) => void, mixed = false): void {
    const life = this.#life;
    const ms = mixed ? this.#relay.chance() * 3_000 : this.#due('down');
    this.#relay.clock.after(ms, () => {
      if (this.isOnline && life === this.#life) for (const one of [...this.listeners]) tell(one);
    });
  }

  /** In order, as over TCP. */
  #due(way: 'up' | 'down'): number {
    const now = this.#relay.clock.now();
    const last = way === 'up' ? this.#lastUp : this.#lastDown;
    const at = Math.max(last + 0.001, now + 5 + this.#relay.chance() * 60);
    if (way === 'up') this.#lastUp = at;
    else this.#lastDown = at;
    return at - now;
  }

  async #up(): Promise<number> {
    if (!this.isOnline) throw new RelayError('relay_unreachable');
    const life = this.#life;
    await this.#relay.clock.sleep(this.#due('up'));
    if (life !== this.#life) throw new RelayError('relay_unreachable');
    return life;
  }

  async #back(life: number): Promise<void> {
    await this.#relay.clock.sleep(this.#due('down'));
    if (life !== this.#life) throw new RelayError('relay_unreachable');
  }
}
