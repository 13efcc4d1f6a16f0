/** The connection with one page of another member: made, negotiated, checked, mended and measured. */
import type { ErrorCode, SignalBody } from '@relay/protocol';
import { isRelayError } from '@relay/protocol';
import type {
  Connection,
  ConnectionReport,
  ConnectionState,
  IceServer,
  Line,
  SendPlan,
} from '../../../media/media.ts';
import { asFault, faultOf } from '../../fault.ts';
import type { Fault } from '../../model.ts';
import type { After } from '../../timer.ts';
import { turnTaker } from '../../turns.ts';
import type { Flow } from './flow.ts';
import { Mending } from './mending.ts';
import { Negotiation } from './negotiation.ts';
import type { RoomMedia } from './room-types.ts';

/** Between two attempts to get credentials for a first connection. */
const SERVERS_AGAIN_MS = 5_000;

/** What a peer is made of. */
export interface PeerOptions {
  media: RoomMedia;
  after: After;
  servers: () => Promise<IceServer[]>;
  relayOnly: boolean;
  /** This page has the higher id: it makes the lines and the first offer, and is the impolite one. */
  begins: boolean;
  flow: Flow | undefined;
  /** What is sent; the room changes it. */
  tracks: ReadonlyMap<Line, MediaStreamTrack>;
  plan: SendPlan;
  changed(): void;
  refused(code: ErrorCode): void;
}

/** One page of another member, as long as both are in the call. */
export class Peer {
  readonly #options: PeerOptions;
  readonly #negotiation: Negotiation;
  readonly #mending: Mending;
  readonly #sends = turnTaker();
  #connection: Connection | undefined;
  #hasLines = false;
  #plan: SendPlan;
  #state: ConnectionState = 'new';
  #isGenuine = false;
  #isRefused = false;
  #isClosed = false;
  /** How often the state changed. */
  #changes = 0;
  #streams: Partial<Record<Line, MediaStream>> = {};
  #fault: Fault | undefined;
  #report: ConnectionReport | undefined;
  #cancelWait: (() => void) | undefined;

  constructor(options: PeerOptions) {
    this.#options = options;
    this.#plan = options.plan;
    this.#mending = new Mending(options.after, options.begins, () => void this.#restart());
    this.#negotiation = new Negotiation({
      begins: options.begins,
      flow: options.flow,
      connect: () => this.#connect(),
      lines: () => this.#startSending(),
      offered: () => this.#mending.offered(),
      failed: (error) => this.#failed(error),
      unexpected: () => options.refused('signal_order'),
    });
  }

  /** `connected` only once its certificate was found to be the one described. */
  get state(): ConnectionState | 'refused' {
    if (this.#isRefused) return 'refused';
    return this.#state === 'connected' && !this.#isGenuine ? 'connecting' : this.#state;
  }

  /** Empty until its certificate was found to be the one described. */
  get streams(): Partial<Record<Line, MediaStream>> {
    return this.#isGenuine && !this.#isRefused ? this.#streams : {};
  }

  get fault(): Fault | undefined {
    return this.#fault;
  }

  get report(): ConnectionReport | undefined {
    return this.#report;
  }

  /** The page has another seat, or none for now. */
  attach(flow: Flow | undefined): void {
    if (!this.#isOver) this.#negotiation.attach(flow);
  }

  /** A description of the other page. */
  describe(body: SignalBody<'description'>): void {
    if (!this.#isOver) this.#negotiation.describe(body);
  }

  /** A candidate of the other page. */
  candidate(body: SignalBody<'candidate'>): void {
    if (!this.#isOver) this.#negotiation.candidate(body);
  }

  /** What is sent on a line has changed. */
  sendAgain(line: Line): void {
    if (this.#hasLines) void this.#sends(() => this.#send(line));
  }

  /** How much is sent. */
  follow(plan: SendPlan): void {
    this.#plan = plan;
    if (this.#hasLines) void this.#sends(() => this.#follow());
  }

  /** New credentials for the next gathering; what stands goes on. */
  setServers(servers: readonly IceServer[]): void {
    this.#connection?.setServers(servers);
  }

  /** The way to other machines changed. */
  networkChanged(): void {
    if (!this.#isOver) this.#mending.networkChanged();
  }

  /** Measures, where there is something to measure. */
  async measure(): Promise<void> {
    if (this.#state !== 'connected' || this.#isOver) return;
    try {
      const report = await this.#connection?.report();
      if (!this.#isOver) this.#report = report;
    } catch {
      // A connection that has just closed has no report.
    }
  }

  /** Ends it, with everything that it holds. */
  close(): void {
    this.#isClosed = true;
    this.#end();
  }

  get #isOver(): boolean {
    return this.#isClosed || this.#isRefused;
  }

  #end(): void {
    this.#cancelWait?.();
    this.#mending.close();
    this.#negotiation.close();
    this.#streams = {};
  }

  async #connect(): Promise<Connection | undefined> {
    const servers = await this.#serversAtLast();
    if (servers === undefined || this.#isOver) return undefined;
    const { media, relayOnly, begins } = this.#options;
    this.#connection = media.connect(
      { servers, relayOnly, begins },
      {
        negotiationNeeded: () => this.#whileOpen(() => this.#negotiation.want()),
        candidate: (candidate) => this.#whileOpen(() => this.#negotiation.ownCandidate(candidate)),
        state: (state) => this.#whileOpen(() => this.#heard(state)),
        stream: (line, stream) => this.#whileOpen(() => this.#took(line, stream)),
      },
    );
    return this.#connection;
  }

  #whileOpen(work: () => void): void {
    if (!this.#isOver) work();
  }

  /** Asks until there are some, or they are not wanted any more. */
  async #serversAtLast(): Promise<IceServer[] | undefined> {
    while (!this.#isOver) {
      try {
        const servers = await this.#options.servers();
        this.#setFault(undefined);
        return servers;
      } catch (error) {
        this.#setFault(asFault(error));
        await this.#pause();
      }
    }
    return undefined;
  }

  #pause(): Promise<void> {
    if (this.#isOver) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.#options.after(SERVERS_AGAIN_MS, resolve);
      this.#cancelWait = () => {
        cancel();
        resolve();
      };
    });
  }

  #setFault(fault: Fault | undefined): void {
    if (this.#isOver || fault?.code === this.#fault?.code) return;
    this.#fault = fault;
    this.#options.changed();
  }

  async #startSending(): Promise<void> {
    this.#hasLines = true;
    await this.#sends(async () => {
      for (const line of this.#options.tracks.keys()) await this.#send(line);
      await this.#follow();
    });
  }

  /** A track that has just ended, or a connection that has just closed, is nobody's fault. */
  async #send(line: Line): Promise<void> {
    if (!this.#isOver) await this.#connection?.send(line, this.#options.tracks.get(line)).catch(() => {});
  }

  async #follow(): Promise<void> {
    if (!this.#isOver) await this.#connection?.plan(this.#plan).catch(() => {});
  }

  #heard(state: ConnectionState): void {
    this.#state = state;
    this.#changes++;
    this.#mending.heard(state);
    if (state === 'connected') void this.#verify(this.#changes);
    this.#options.changed();
  }

  #took(line: Line, stream: MediaStream | undefined): void {
    if (stream === undefined) delete this.#streams[line];
    else this.#streams[line] = stream;
    this.#options.changed();
  }

  /** A certificate is judged only while the connection stands: one that has just broken has none to show. */
  async #verify(changes: number): Promise<void> {
    const isGenuine = await this.#connection?.isGenuine().catch(() => undefined);
    if (isGenuine === undefined || this.#isOver || changes !== this.#changes) return;
    if (!isGenuine) {
      this.#refuse();
      return;
    }
    this.#isGenuine = true;
    this.#options.changed();
  }

  async #restart(): Promise<void> {
    if (!this.#negotiation.isSettled) return;
    const servers = await this.#options.servers().catch(() => undefined);
    if (this.#isOver || !this.#negotiation.isSettled) return;
    if (servers !== undefined) this.#connection?.setServers(servers);
    this.#connection?.restart();
    this.#negotiation.want();
  }

  #failed(error: unknown): void {
    if (this.#isOver) return;
    if (isRelayError(error, 'description_refused')) this.#refuse();
    else this.#options.refused('signal_malformed');
  }

  #refuse(): void {
    this.#isRefused = true;
    this.#fault = faultOf('description_refused');
    this.#end();
    this.#options.refused('description_refused');
    this.#options.changed();
  }
}
