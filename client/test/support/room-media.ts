/** Connections without a network, which keep to RFC 8829 and say so when they are misused. */
import { RelayError } from '@relay/protocol';
import type {
  Candidate,
  Connection,
  ConnectionEvents,
  ConnectionOptions,
  ConnectionReport,
  ConnectionState,
  Description,
  IceServer,
  Line,
  SendPlan,
} from '../../src/media/media.ts';
import type { RoomMedia } from '../../src/state/calls/room/room.ts';
import type { RoomClock } from './room-clock.ts';
import type { Chance } from './room-relay.ts';

interface Sdp {
  id: number;
  cert: string;
  ufrag: string;
  answers?: number;
}

/** Everything between the connections of all pages. */
export class MediaWorld {
  readonly clock: Pick<RoomClock, 'after' | 'sleep'>;
  readonly chance: Chance;
  readonly connections: FakeConnection[] = [];
  /** What no correct caller does. */
  readonly misuse: string[] = [];
  /** Part of the connections that are closed without the other side hearing of it, 0 to 1. */
  closeLoss = 0.3;
  #last = 0;

  constructor(clock: MediaWorld['clock'], chance: Chance) {
    this.clock = clock;
    this.chance = chance;
  }

  next(): number {
    return ++this.#last;
  }

  /** The media of one page. */
  page(name: string): RoomMedia {
    return {
      connect: (options, events) => {
        const connection = new FakeConnection(this, name, options, events);
        this.connections.push(connection);
        return connection;
      },
    };
  }

  /** Those that were not closed. */
  get open(): FakeConnection[] {
    return this.connections.filter(({ signaling }) => signaling !== 'closed');
  }

  /** Whatever changed, who can connect does, and who cannot any more breaks. */
  review(): void {
    for (const connection of this.open) connection.review();
  }

  byCert(cert: string | undefined): FakeConnection | undefined {
    return this.open.find((one) => one.cert === cert);
  }
}

/** See above. */
export class FakeConnection implements Connection {
  signaling: Connection['signaling'] = 'stable';
  readonly cert: string;
  readonly page: string;
  state: ConnectionState = 'new';
  remote: Sdp | undefined;
  local: Sdp | undefined;
  sent = new Map<Line, MediaStreamTrack | undefined>();
  lastPlan: SendPlan | undefined;
  /** Shows another certificate than it described. */
  isForged = false;
  servers: readonly IceServer[];
  readonly relayOnly: boolean;
  readonly #world: MediaWorld;
  readonly #events: ConnectionEvents;
  #hasLines: boolean;
  #pendingLocal: Sdp | undefined;
  #pendingRemote: Sdp | undefined;
  #generation: number;
  #wantsRestart = false;
  #candidates = new Set<string>();
  /** Generations over which nothing goes any more. */
  #dead = new Set<string>();
  #cancel: (() => void) | undefined;

  constructor(world: MediaWorld, page: string, options: ConnectionOptions, events: ConnectionEvents) {
    this.#world = world;
    this.page = page;
    this.servers = options.servers;
    this.relayOnly = options.relayOnly;
    this.#events = events;
    this.#hasLines = options.begins;
    this.#generation = world.next();
    this.cert = `cert ${world.next()}`;
    if (options.begins) this.#later(() => this.#events.negotiationNeeded());
  }

  async describe(): Promise<Description> {
    await this.#work();
    this.#open();
    if (this.signaling === 'have-local-offer') return this.#misused('an offer while one is open');
    if (!this.#hasLines) return this.#misused('an offer without lines');
    const answers = this.#pendingRemote?.id;
    if (this.#wantsRestart && answers === undefined) this.#restarted();
    if (this.#pendingRemote !== undefined && this.#pendingRemote.ufrag !== this.remote?.ufrag)
      if (this.local !== undefined) this.#restarted();
    const sdp: Sdp = { id: this.#world.next(), cert: this.cert, ufrag: this.#ufrag };
    if (answers !== undefined) sdp.answers = answers;
    const gathers = sdp.ufrag !== this.local?.ufrag;
    if (answers === undefined) {
      this.#pendingLocal = sdp;
      this.signaling = 'have-local-offer';
    } else this.#settled(sdp, this.#pendingRemote);
    if (gathers) this.#gather(sdp.ufrag);
    return { type: answers === undefined ? 'offer' : 'answer', sdp: JSON.stringify(sdp) };
  }

  async accept({ type, sdp }: Description): Promise<void> {
    await this.#work();
    this.#open();
    const parsed = JSON.parse(sdp) as Sdp;
    if (this.remote !== undefined && this.remote.cert !== parsed.cert)
      throw new RelayError('description_refused');
    if (type === 'offer') {
      this.#pendingLocal = undefined;
      this.#pendingRemote = parsed;
      this.#hasLines = true;
      this.signaling = 'have-remote-offer';
      return;
    }
    if (this.signaling !== 'have-local-offer') return this.#misused('an answer to nothing');
    if (parsed.answers !== this.#pendingLocal?.id) return this.#misused('an answer to another offer');
    this.#settled(this.#pendingLocal, parsed);
  }

  async addCandidate({ candidate, ufrag }: Candidate): Promise<void> {
    await this.#work();
    const known = [this.remote?.ufrag, this.#pendingRemote?.ufrag];
    if (candidate !== '' && known.includes(ufrag)) this.#candidates.add(ufrag);
    this.#world.review();
  }

  restart(): void {
    this.#wantsRestart = true;
    this.#later(() => {
      if (this.#wantsRestart && this.signaling === 'stable') this.#events.negotiationNeeded();
    });
  }

  setServers(servers: readonly IceServer[]): void {
    this.servers = servers;
  }

  async send(line: Line, track: MediaStreamTrack | undefined): Promise<void> {
    await this.#work();
    if (this.signaling === 'closed') throw new Error('closed');
    this.sent.set(line, track);
  }

  async plan(plan: SendPlan): Promise<void> {
    this.lastPlan = plan;
  }

  async isGenuine(): Promise<boolean | undefined> {
    await this.#work();
    return this.state === 'connected' ? !this.isForged : undefined;
  }

  async report(): Promise<ConnectionReport> {
    await this.#work();
    const frames = { camera: 0, screen: 0 };
    return { roundTrip: 0.1, loss: 0, jitter: 0, local: 'relay', remote: 'relay', frames };
  }

  close(): void {
    if (this.signaling === 'closed') return;
    const other = this.state === 'connected' ? this.#world.byCert(this.remote?.cert) : undefined;
    this.signaling = 'closed';
    this.state = 'closed';
    this.#cancel?.();
    this.#world.review();
    if (other?.isWith(this) && this.#world.chance() >= this.#world.closeLoss) other.#become('closed', 20);
  }

  /** The way that it goes breaks; only a restart finds another. */
  breakWay(): void {
    this.#dead.add(this.#ufrag);
    this.#world.review();
  }

  /** Connects where it can, breaks where it must. */
  review(): void {
    if (this.#next === 'closed' || this.state === 'closed') return;
    const can = this.#canConnect();
    if (can && this.state !== 'connected') this.#become('connected', 50);
    else if (!can && this.state === 'connected') this.#become('disconnected', 1_000);
    else if (!can && this.state === 'disconnected') this.#become('failed', 10_000);
    else if (this.state === 'new' && this.local !== undefined) this.#become('connecting', 0);
    else if (can || this.state !== 'disconnected') this.#calm(can);
  }

  /** Whether the other side is one that this one is connected with. */
  isWith(other: FakeConnection): boolean {
    return this.remote?.cert === other.cert && other.remote?.cert === this.cert;
  }

  get #ufrag(): string {
    return `u${this.#generation}`;
  }

  #next: ConnectionState | undefined;

  #become(state: ConnectionState, ms: number): void {
    if (this.#next === state) return;
    this.#cancel?.();
    this.#next = state;
    this.#cancel = this.#world.clock.after(ms, () => {
      this.#next = undefined;
      if (this.signaling === 'closed') return;
      this.state = state;
      this.#events.state(state);
      if (state === 'connected') this.#events.stream('voice', {} as MediaStream);
      this.review();
    });
  }

  /** What was about to happen does not, where it came otherwise. */
  #calm(can: boolean): void {
    if (can ? this.#next === 'disconnected' || this.#next === 'failed' : this.#next === 'connected') {
      this.#cancel?.();
      this.#next = undefined;
    }
  }

  #canConnect(): boolean {
    const other = this.#world.byCert(this.remote?.cert);
    if (other === undefined || !this.isWith(other)) return false;
    return this.#hears(other) && other.#hears(this);
  }

  #hears(other: FakeConnection): boolean {
    if (this.remote === undefined || this.remote.ufrag !== other.local?.ufrag) return false;
    return this.#candidates.has(this.remote.ufrag) && !this.#dead.has(this.local?.ufrag ?? '');
  }

  #settled(local: Sdp | undefined, remote: Sdp | undefined): void {
    this.local = local;
    this.remote = remote;
    this.#pendingLocal = undefined;
    this.#pendingRemote = undefined;
    this.signaling = 'stable';
    this.#world.review();
  }

  #restarted(): void {
    this.#wantsRestart = false;
    this.#generation = this.#world.next();
  }

  #gather(ufrag: string): void {
    for (const [at, candidate] of ['candidate:1', 'candidate:2', ''].entries()) {
      this.#world.clock.after(1 + at * 20 + this.#world.chance() * 10, () => {
        if (this.signaling !== 'closed') this.#events.candidate({ candidate, mid: '0', ufrag });
      });
    }
  }

  #later(work: () => void): void {
    this.#world.clock.after(1, () => {
      if (this.signaling !== 'closed') work();
    });
  }

  #open(): void {
    if (this.signaling === 'closed') throw new Error('closed');
  }

  #misused(what: string): never {
    this.#world.misuse.push(what);
    throw new Error(what);
  }

  async #work(): Promise<void> {
    if (this.#world.chance() < 0.5) await this.#world.clock.sleep(this.#world.chance() * 30);
  }
}
