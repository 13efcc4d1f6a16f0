/**
 * A call's room as this page takes part in it: it keeps a seat, hears the others, and holds a connection to each page of another member that is
 * in the call while this one is. Nothing that the relay does to signals ends anything; it can only be slow.
 */
import type { StateBody } from '@relay/protocol';
import { hex, PAGE_ID_BYTES, randomBytes } from '@relay/protocol';
import type { IceServer, Line } from '../../../media/media.ts';
import { asFault } from '../../fault.ts';
import type { Fault } from '../../model.ts';
import type { Page } from './attendance.ts';
import { Attendance, isIn, yieldsTo } from './attendance.ts';
import { Farewell } from './farewell.ts';
import type { Numbered } from './flow.ts';
import { OwnPart } from './own-part.ts';
import { Peers } from './peers.ts';
import { Roll } from './roll.ts';
import type { OwnState, RoomOptions, RoomSnapshot } from './room-types.ts';
import { Seating } from './seating.ts';
import type { Seated } from './sitting.ts';
import { snapshotOf } from './snapshot.ts';
import { Vacancy } from './vacancy.ts';

export type * from './room-types.ts';

/** A call, from the invitation to the end. */
export class CallRoom {
  readonly #options: RoomOptions;
  readonly #own: OwnPart;
  readonly #roll: Roll;
  readonly #seating: Seating;
  readonly #attendance: Attendance;
  readonly #peers: Peers;
  readonly #vacancy: Vacancy;
  readonly #faults = new Map<string, Fault>();
  #isWatching = false;
  #isOver = false;
  #isTelling = false;
  #farewell: Farewell | undefined;

  constructor(options: RoomOptions) {
    this.#options = options;
    const { now, members, events, self } = options;
    this.#own = new OwnPart(options.page ?? hex(randomBytes(PAGE_ID_BYTES)), now);
    this.#roll = new Roll([...members, self]);
    const refused = events.refused.bind(events);
    this.#peers = new Peers({
      ...options,
      page: this.page,
      refused,
      changed: (page) => this.#connected(page),
    });
    this.#attendance = new Attendance({
      ...options,
      refused,
      connectionTo: (page) => this.#peers.of(page)?.state,
      dropped: () => this.#settle(),
    });
    this.#vacancy = new Vacancy(options.after, () => events.over());
    this.#seating = this.#makeSeating();
  }

  /** This page's id in this call. */
  get page(): string {
    return this.#own.page;
  }

  /** All that is known now. */
  get snapshot(): RoomSnapshot {
    return snapshotOf({
      self: this.#options.self,
      own: this.#own,
      seating: this.#seating,
      pages: this.#attendance.pages,
      peers: this.#peers,
      faults: this.#faults,
      members: this.#roll.views,
    });
  }

  /** Joins the room, and joins anew whenever the socket was lost. */
  watch(): void {
    if (this.#isWatching || this.#isOver) return;
    this.#isWatching = true;
    void this.#seating.start();
  }

  /**
   * Takes part; `watch` comes before or after it.
   * @param takes ids of this member's pages whose place this one takes, at most 8
   */
  enter(own: OwnState, takes: readonly string[] = []): void {
    this.#own.enter(own, takes);
    this.#peers.setScreen(own.screen);
    this.#roll.heard(this.#options.self, 'in');
    this.#toldAll();
  }

  /** Tells how this page takes part now. */
  setOwn(own: Partial<OwnState>): void {
    if (!this.#own.set(own)) return;
    this.#peers.setScreen(this.#own.sharesScreen);
    this.#toldAll();
  }

  /** What is sent on a line, to everybody; undefined for nothing. */
  setTracks(line: Line, track: MediaStreamTrack | undefined): void {
    this.#peers.setTrack(line, track);
  }

  /** Declines, for every window of this member. */
  decline(): void {
    this.#roll.heard(this.#options.self, 'declined');
    this.#standAside('declined');
  }

  /** Tells that this page is in another call. */
  busy(): void {
    this.#standAside('busy');
  }

  /** Lets others take part. @param by who does */
  add(members: readonly string[], by: string = this.#options.self): void {
    if (!this.#roll.add(members, by)) return;
    this.#seating.listed();
    this.#toldAll();
  }

  /** New credentials for the next gathering; what stands goes on. */
  setServers(servers: readonly IceServer[]): void {
    this.#peers.setServers(servers);
  }

  /** The way to other machines changed. */
  networkChanged(): void {
    this.#peers.networkChanged();
  }

  /**
   * Leaves for good, and says so. Resolves when everybody has heard it, or within five seconds in vain.
   * @param isLast everything else ends as well: within a second, and whoever has no seat at the moment is not awaited
   */
  async leave(isLast = false): Promise<void> {
    if (this.#isOver) return;
    const { missed } = this.#attendance;
    this.#close();
    if (this.#own.at === 'in') {
      const { after } = this.#options;
      this.#farewell = new Farewell({ after, seated: this.#seating.seated, missed, isLast });
      await this.#farewell.said();
    }
    this.stop();
  }

  /** Goes away without a word, so that this member's next page can carry on (`was`): for a page that is unloaded. */
  stop(): void {
    this.#close();
    this.#farewell?.end();
    this.#seating.stop();
  }

  /** Nothing is heard or shown any more. */
  #close(): void {
    this.#isOver = true;
    this.#vacancy.set(false);
    this.#peers.stop();
    this.#attendance.stop();
  }

  #makeSeating(): Seating {
    return new Seating({
      ...this.#options,
      members: () => this.#roll.names,
      state: (member) => this.#own.tell(member, this.#roll.names, this.#attendance.lastIn(member)),
      events: {
        joined: () => this.#whileOpen(() => this.#attendance.joined()),
        lost: () => this.#whileOpen(() => this.#lost()),
        seated: (seated) => {
          if (this.#farewell) this.#farewell.seated(seated);
          else this.#whileOpen(() => seated.flow.sendState());
        },
        unseated: (seated) => this.#whileOpen(() => this.#unseated(seated)),
        signal: (seated, signal, isCurrent) => this.#whileOpen(() => this.#took(seated, signal, isCurrent)),
        refused: (code, member) => this.#whileOpen(() => this.#options.events.refused(code, member)),
        failed: ({ member }, error) => this.#whileOpen(() => this.#faults.set(member, asFault(error))),
        changed: () => this.#whileOpen(() => {}),
      },
    });
  }

  /** Whatever happens may change what is shown. */
  #whileOpen(work: () => void): void {
    if (this.#isOver) return;
    work();
    this.#watchOver();
    this.#tell();
  }

  #lost(): void {
    const seats = [...this.#attendance.pages].map((page) => [page, page.seated] as const);
    this.#attendance.lost();
    for (const [page, before] of seats) this.#peers.moved(page, before);
    this.#settle();
  }

  #unseated(seated: Seated): void {
    const page = this.#attendance.unseated(seated);
    if (page === undefined) return;
    this.#peers.moved(page, seated);
    // A page that is loaded anew wants to know how the last one fell silent.
    for (const { flow, member } of this.#seating.seated) if (member === page.member) flow.sendState();
    this.#settle();
  }

  #took(seated: Seated, signal: Numbered, isCurrent: boolean): void {
    if (this.#attendance.isSuperseded(seated)) return;
    if (signal.kind === 'state') {
      this.#heard(seated, signal.body);
      return;
    }
    const page = this.#attendance.at(seated);
    if (page === undefined) return;
    if (signal.kind === 'bye') {
      this.#attendance.saidBye(page);
      this.#ownTakeNoMore(page);
      this.#peers.endedBy(page);
      this.#settle();
    } else if (isCurrent) this.#peers.media(page, signal);
  }

  #heard(seated: Seated, state: StateBody): void {
    if (seated.member === this.#options.self && hex(state.page) === this.page) {
      this.#options.events.refused('signal_malformed', seated.member);
      return;
    }
    const heard = this.#attendance.heard(seated, state);
    if (this.#attendance.isSuperseded(seated)) seated.flow.stop();
    if (heard === undefined) return;
    const { page, before } = heard;
    before?.flow.stop();
    this.#roll.heard(page.member, state.at);
    this.#faults.delete(page.member);
    if (this.#roll.add(state.members.map(hex), page.member)) this.#seating.listed();
    if (state.was !== undefined) this.#own.hearWas(state.was);
    if (!isIn(page)) this.#ownTakeNoMore(page);
    this.#peers.moved(page, before);
    this.#settle();
  }

  #ownTakeNoMore({ member, page }: Page): void {
    if (member === this.#options.self) this.#own.takes.delete(page);
  }

  #connected(page: Page | undefined): void {
    this.#whileOpen(() => {
      if (page !== undefined) this.#attendance.reconsider(page);
    });
  }

  #toldAll(): void {
    if (this.#isOver) return;
    this.#seating.tellAll();
    this.#settle();
    this.#tell();
  }

  /** Connects where both are in, and leaves where another window of this member has taken over. */
  #settle(): void {
    const pages = [...this.#attendance.pages];
    const isOther = (page: Page) => page.member === this.#options.self && isIn(page);
    if (this.#own.at === 'in' && pages.some((page) => isOther(page) && yieldsTo(this.#own, page))) {
      this.#standAside('watching');
      this.#options.events.moved();
      return;
    }
    this.#own.hearAge(pages.filter(isIn), this.#options.self);
    this.#peers.settle(pages, this.#own.at === 'in');
    for (const page of pages) this.#attendance.reconsider(page);
    this.#watchOver();
    this.#tell();
  }

  #standAside(at: 'watching' | 'declined' | 'busy'): void {
    if (this.#isOver) return;
    const wasIn = this.#own.at === 'in';
    this.#own.stand(at);
    this.#attendance.letGo({ member: this.#options.self, page: this.page });
    this.#peers.setScreen(false);
    this.#settle();
    if (wasIn) for (const { flow } of this.#seating.seated) flow.reset();
    else this.#seating.tellAll();
  }

  #watchOver(): void {
    const isEmpty = this.#own.at !== 'in' && ![...this.#attendance.pages].some(isIn);
    // Whoever sits there and was not heard yet may be the one who calls: its first word is sent again where it was lost.
    const isHeard = this.#seating.seated.every((seated) => this.#attendance.hasSpoken(seated));
    this.#vacancy.set(isEmpty && isHeard && this.#seating.seat !== undefined);
  }

  /** Once for all that happens in one go. */
  #tell(): void {
    if (this.#isTelling) return;
    this.#isTelling = true;
    queueMicrotask(() => {
      this.#isTelling = false;
      if (!this.#isOver) this.#options.events.changed(this.snapshot);
    });
  }
}
