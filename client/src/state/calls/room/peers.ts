/** The connections of this page: one with each page of another member that is in the call, as long as this one is. */
import type { ErrorCode, SignalBody } from '@relay/protocol';
import type { IceServer, Line } from '../../../media/media.ts';
import type { After } from '../../timer.ts';
import type { Page } from './attendance.ts';
import { isIn, isTakenBy } from './attendance.ts';
import { planFor } from './mesh.ts';
import { Peer } from './peer.ts';
import type { RoomOptions } from './room-types.ts';
import type { Seated } from './sitting.ts';

const MEASURE_MS = 2_000;

/** What the peers are made of. */
export interface PeersOptions extends Pick<RoomOptions, 'media' | 'servers' | 'relayOnly' | 'self'> {
  after: After;
  /** Own page id. */
  page: string;
  refused(code: ErrorCode, member: string): void;
  /** Of one page, or of all. */
  changed(page: Page | undefined): void;
}

/** See above. */
export class Peers {
  readonly #options: PeersOptions;
  readonly #peers = new Map<string, { peer: Peer; page: Page }>();
  /** Pages that may hold a connection to this one which this one does not have, or not any more. */
  readonly #ended = new Set<string>();
  readonly #tracks = new Map<Line, MediaStreamTrack>();
  #sharesScreen = false;
  #plan = planFor(0);
  #cancelMeasure: (() => void) | undefined;

  constructor(options: PeersOptions) {
    this.#options = options;
  }

  /** The connection to a page. */
  of({ key }: Page): Peer | undefined {
    return this.#peers.get(key)?.peer;
  }

  /**
   * Makes the connections be those that are wanted.
   * @param isHere this page is in the call
   */
  settle(pages: Iterable<Page>, isHere: boolean): void {
    const all = [...pages];
    const wanted = new Set(isHere ? all.filter((page) => this.#isWanted(page, all)) : []);
    for (const { page } of [...this.#peers.values()]) if (!wanted.has(page)) this.#end(page);
    this.#planAgain(wanted.size);
    for (const page of wanted) if (page.seated !== undefined) this.#begin(page, page.seated);
    this.#measureLater();
  }

  /** A page has another seat, or none. */
  moved(page: Page, before: Seated | undefined): void {
    // Whether the other side learned of the end is not known: then it is told again, and begun anew.
    if (before?.flow.hasOpenReset) this.#end(page);
    this.of(page)?.attach(page.seated?.flow);
  }

  /** A page ended its side of the connection. */
  endedBy(page: Page): void {
    this.#remove(page);
    this.#ended.delete(page.key);
  }

  /** A description or a candidate of a page. */
  media(
    page: Page,
    signal: { [K in 'description' | 'candidate']: { kind: K; body: SignalBody<K> } }[
      | 'description'
      | 'candidate'],
  ): void {
    const peer = this.of(page);
    if (peer === undefined) {
      this.#ended.add(page.key);
      this.#options.refused('signal_order', page.member);
    } else if (signal.kind === 'description') peer.describe(signal.body);
    else peer.candidate(signal.body);
  }

  /** What is sent on a line; undefined for nothing. */
  setTrack(line: Line, track: MediaStreamTrack | undefined): void {
    if (track === undefined) this.#tracks.delete(line);
    else this.#tracks.set(line, track);
    for (const { peer } of this.#peers.values()) peer.sendAgain(line);
  }

  /** This page shares its screen, or does not. */
  setScreen(shares: boolean): void {
    if (shares === this.#sharesScreen) return;
    this.#sharesScreen = shares;
    this.#planAgain(this.#peers.size);
  }

  /** New credentials for the next gathering; what stands goes on. */
  setServers(servers: readonly IceServer[]): void {
    for (const { peer } of this.#peers.values()) peer.setServers(servers);
  }

  /** The way to other machines changed. */
  networkChanged(): void {
    for (const { peer } of this.#peers.values()) peer.networkChanged();
  }

  /** Ends them all. */
  stop(): void {
    this.#cancelMeasure?.();
    this.#cancelMeasure = undefined;
    for (const { peer } of this.#peers.values()) peer.close();
    this.#peers.clear();
  }

  #isWanted(page: Page, all: readonly Page[]): boolean {
    if (page.member === this.#options.self || !isIn(page)) return false;
    const others = all.filter((one) => one.member === page.member && one !== page && isIn(one));
    return !others.some((other) => isTakenBy(page, other));
  }

  #begin(page: Page, { flow }: Seated): void {
    if (this.#peers.has(page.key)) return;
    if (this.#ended.delete(page.key)) flow.reset();
    const { media, servers, relayOnly, after, refused, changed } = this.#options;
    const peer = new Peer({
      media,
      servers,
      relayOnly: relayOnly(),
      after,
      flow,
      begins: isFirst(this.#options, page),
      tracks: this.#tracks,
      plan: this.#plan,
      changed: () => changed(page),
      refused: (code) => refused(code, page.member),
    });
    this.#peers.set(page.key, { peer, page });
  }

  /** The other side does not know of it. */
  #end(page: Page): void {
    if (!this.#peers.has(page.key)) return;
    this.#remove(page);
    if (isIn(page)) this.#ended.add(page.key);
  }

  #remove({ key, seated }: Page): void {
    seated?.flow.forgetMedia();
    this.#peers.get(key)?.peer.close();
    this.#peers.delete(key);
  }

  #planAgain(peers: number): void {
    const plan = planFor(peers, this.#sharesScreen);
    if (JSON.stringify(plan) === JSON.stringify(this.#plan)) return;
    this.#plan = plan;
    for (const { peer } of this.#peers.values()) peer.follow(plan);
  }

  #measureLater(): void {
    if (this.#peers.size === 0) {
      this.#cancelMeasure?.();
      this.#cancelMeasure = undefined;
      return;
    }
    this.#cancelMeasure ??= this.#options.after(MEASURE_MS, () => {
      this.#cancelMeasure = undefined;
      void this.#measure();
    });
  }

  async #measure(): Promise<void> {
    await Promise.all([...this.#peers.values()].map(({ peer }) => peer.measure()));
    if (this.#peers.size === 0) return;
    this.#options.changed(undefined);
    this.#measureLater();
  }
}

/** Of two pages the one with the higher id begins; of one id, which only a copy can have, the member with the higher name. */
function isFirst(own: { page: string; self: string }, { page, member }: Page): boolean {
  return own.page === page ? own.self > member : own.page > page;
}
