/** Perfect negotiation between two pages (W3C WebRTC §10.7; SPEC.md §21.5), over flows that may be replaced at any time. */
import type { SignalBody } from '@relay/protocol';
import type { Candidate, Connection, Description } from '../../../media/media.ts';
import { turnTaker } from '../../turns.ts';
import type { Flow } from './flow.ts';

/** Own candidates of one generation that are kept, to be sent again on a new flow. */
const MAX_CANDIDATES = 64;

/** What a negotiation is made of. */
export interface NegotiationOptions {
  /** Makes the connection; undefined when it is not wanted any more. */
  connect(): Promise<Connection | undefined>;
  /** Makes the lines and the first offer, and insists on its own offer when two meet. */
  begins: boolean;
  flow: Flow | undefined;
  /** The lines are there: before the first description of this side is made. */
  lines(connection: Connection): Promise<void>;
  /** An offer of the other side was accepted. */
  offered(): void;
  /** The connection did not accept what it was asked to. */
  failed(error: unknown): void;
  /** A description came that answers nothing. */
  unexpected(): void;
}

/** Offers and answers of one connection. Its steps run one after the other, whatever they wait for. */
export class Negotiation {
  readonly #options: NegotiationOptions;
  readonly #turns = turnTaker();
  #connection: Connection | undefined;
  #flow: Flow | undefined;
  #hasLines = false;
  #isWanted = false;
  /** The offer that is open, and where it was sent. */
  #open: { offer: Description; flow: Flow | undefined } | undefined;
  #candidates: Candidate[] = [];
  #isClosed = false;

  constructor(options: NegotiationOptions) {
    this.#options = options;
    this.#flow = options.flow;
    void this.#turns(() => this.#begin());
  }

  /** Nothing is open, and an own offer may be made. */
  get isSettled(): boolean {
    return this.#hasLines && this.#open === undefined && this.#connection?.signaling === 'stable';
  }

  /** An offer is to be made as soon as it can be. */
  want(): void {
    this.#isWanted = true;
    this.#step(() => this.#offer());
  }

  /** Does something with the connection in its turn. */
  whenConnected(work: (connection: Connection) => Promise<void>): void {
    this.#step(work);
  }

  /** The other page has another seat, or none. What is open is told again there. */
  attach(flow: Flow | undefined): void {
    this.#flow = flow;
    if (flow !== undefined) this.#step(async () => this.#tellAgain());
  }

  /** A description of the other page. */
  describe(description: SignalBody<'description'>): void {
    const flow = this.#flow;
    this.#step((connection) =>
      description.type === 'offer'
        ? this.#takeOffer(connection, description, flow)
        : this.#takeAnswer(connection, description, flow),
    );
  }

  /** A candidate of the other page. */
  candidate(candidate: Candidate): void {
    this.#step((connection) => connection.addCandidate(candidate));
  }

  /** A candidate of this page: it goes after the description that it belongs to. */
  ownCandidate(candidate: Candidate): void {
    this.#step(async () => {
      if (this.#candidates[0]?.ufrag !== candidate.ufrag) this.#candidates = [];
      if (this.#candidates.length < MAX_CANDIDATES) this.#candidates.push(candidate);
      this.#flow?.sendMedia({ kind: 'candidate', body: candidate });
    });
  }

  /** Ends, and closes the connection. */
  close(): void {
    this.#isClosed = true;
    this.#flow = undefined;
    this.#candidates = [];
    this.#connection?.close();
  }

  #step(work: (connection: Connection) => Promise<void>): void {
    void this.#turns(async () => {
      if (this.#isClosed || this.#connection === undefined) return;
      try {
        await work(this.#connection);
      } catch (error) {
        if (!this.#isClosed) this.#options.failed(error);
      }
    });
  }

  async #begin(): Promise<void> {
    const connection = await this.#options.connect();
    if (this.#isClosed) connection?.close();
    else this.#connection = connection;
    if (this.#isClosed || connection === undefined || !this.#options.begins) return;
    try {
      await this.#readyLines(connection);
    } catch (error) {
      this.#options.failed(error);
    }
    this.want();
  }

  async #readyLines(connection: Connection): Promise<void> {
    if (this.#hasLines) return;
    this.#hasLines = true;
    await this.#options.lines(connection);
  }

  async #offer(): Promise<void> {
    const connection = this.#connection;
    if (!this.#isWanted || !this.#hasLines || connection?.signaling !== 'stable') return;
    this.#isWanted = false;
    const offer = await connection.describe();
    if (this.#isClosed) return;
    this.#open = { offer, flow: this.#flow };
    this.#tell(offer);
  }

  #tell(description: Description): void {
    this.#flow?.sendMedia({ kind: 'description', body: description });
    this.#tellCandidates();
  }

  /** Candidates may have been lost with an earlier flow, or come before a description that had to be told again. */
  #tellCandidates(): void {
    for (const body of this.#candidates) this.#flow?.sendMedia({ kind: 'candidate', body });
  }

  #tellAgain(): void {
    const flow = this.#flow;
    if (flow === undefined) return;
    if (this.#open === undefined) this.#tellCandidates();
    else if (this.#open.flow !== flow) {
      // Twice on one flow, it would be answered twice, and the second answer be taken for that of a later offer.
      this.#open.flow = flow;
      this.#tell(this.#open.offer);
    }
  }

  async #takeOffer(connection: Connection, offer: Description, flow: Flow | undefined): Promise<void> {
    if (connection.signaling === 'have-local-offer' && this.#options.begins) return;
    try {
      await connection.accept(offer);
    } finally {
      // It gave way, also where the other one was not to be followed in the end.
      if (connection.signaling !== 'have-local-offer') this.#open = undefined;
    }
    if (this.#isClosed) return;
    await this.#readyLines(connection);
    const answer = await connection.describe();
    if (this.#isClosed) return;
    this.#options.offered();
    // On a new flow the offer comes again, and only then may be answered: each flow has one answer for each offer.
    if (flow === this.#flow) this.#tell(answer);
    if (this.#isWanted) this.want();
  }

  async #takeAnswer(connection: Connection, answer: Description, flow: Flow | undefined): Promise<void> {
    if (flow !== this.#flow) return;
    if (this.#open === undefined || this.#open.flow !== flow) {
      this.#options.unexpected();
      return;
    }
    await connection.accept(answer);
    this.#open = undefined;
    if (this.#isWanted) this.want();
  }
}
