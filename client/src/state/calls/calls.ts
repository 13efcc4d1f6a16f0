/** The calls of an account: those that ring and go on, and the one that this page is in. */
import type { OpenedRecord } from '../../crypto/opened.ts';
import type { Line } from '../../media/media.ts';
import { asFault, faultOf } from '../fault.ts';
import type { CallStanding } from '../history/view-context.ts';
import type { ActiveCall, CallTarget, Fault } from '../model.ts';
import type { Active } from './call.ts';
import { Call } from './call.ts';
import { Credentials } from './credentials.ts';
import { endingOf } from './ending.ts';
import { hangUp } from './hangups.ts';
import type { Invitation } from './invitation.ts';
import { nameOf, roomOf } from './invitation.ts';
import { Invited } from './invited.ts';
import { inviteInto, newInvitation, sendInvitation } from './inviting.ts';
import { OwnMedia } from './own-media.ts';
import type { CallsParts } from './parts.ts';
import { isCameraAllowed } from './room/mesh.ts';
import { entriesOf } from './targets.ts';

/** A reload is taken for one within this time. Milliseconds. */
const RELOAD_MS = 30_000;
/** How often it is looked whether the call ends by itself. Milliseconds. */
const LOOK_MS = 1_000;

/** Everything about calls of one open identity. */
export class Calls {
  readonly parts: CallsParts;
  readonly own: OwnMedia;
  readonly credentials: Credentials;
  /** By name of the secret. */
  readonly #calls = new Map<string, Call>();
  readonly #invited = new Invited((name, members, by) => this.#calls.get(name)?.room.add(members, by));
  /** Names of secrets whose calls are over. */
  readonly #over = new Set<string>();
  active: Active | undefined;
  #mayRejoin: boolean;
  #looking: (() => void) | undefined;
  #stopped = false;
  readonly #unlisten: () => void;

  constructor(parts: CallsParts) {
    this.parts = parts;
    this.#mayRejoin = parts.isReload;
    const { fetchCredentials: fetch, now, after } = parts;
    this.credentials = new Credentials({
      fetch,
      now,
      after,
      renewed: (servers) => this.active?.call.room.setServers(servers),
    });
    this.own = new OwnMedia({
      media: parts.media,
      settings: parts.settings,
      isCameraAllowed: () => isCameraAllowed((this.inCall?.othersIn.length ?? 0) + 1),
      send: (line, track) => this.#send(line, track),
      changed: () => {
        this.#tellOwn();
        this.#changed();
      },
    });
    this.#unlisten = parts.media.onNetwork(() => {
      for (const { room } of this.#calls.values()) room.networkChanged();
    });
  }

  /** Every call that is known and not over. */
  get known(): Call[] {
    return [...this.#calls.values()];
  }

  find(id: string): Call | undefined {
    return this.known.find((call) => call.id === id);
  }

  /** The call that this page is in. */
  get inCall(): Call | undefined {
    return this.active?.ending === undefined ? this.active?.call : undefined;
  }

  /** How the call of a secret stands, as far as this page knows. */
  phaseOf(secret: Uint8Array): CallStanding['phase'] {
    const name = nameOf(secret);
    const call = this.#calls.get(name);
    if (call === undefined) return this.#over.has(name) ? 'over' : 'unknown';
    return call === this.inCall || call.othersIn.length + call.elsewhere.length > 0 ? 'ongoing' : 'unknown';
  }

  /**
   * Takes an invitation that came, or that this member made elsewhere.
   * @param isOver whether a hangup of that room is there
   */
  async heard(record: OpenedRecord, invitation: Invitation, isOver: (id: string) => boolean): Promise<void> {
    const { self } = this.parts.book;
    const name = nameOf(invitation.secret);
    const isMine = invitation.members.includes(self) && invitation.members.includes(record.author);
    if (this.#stopped || !isMine || !this.#invited.take(invitation, record.author)) return;
    const id = await roomOf(this.parts.vault, invitation.secret);
    if (this.#stopped) return;
    if (isOver(id) || this.parts.now() > invitation.until) this.#over.add(name);
    else this.#open(id, { ...invitation, members: this.#invited.membersOf(invitation.secret) }, false);
    this.parts.itemsChanged();
  }

  /** Begins a call, in which this page is at once. */
  async begin(target: CallTarget, camera: boolean): Promise<Fault | undefined> {
    const { book, after, vault } = this.parts;
    const invitation = newInvitation(target, camera, this.parts);
    if (invitation === undefined) return faultOf('recipient_unknown');
    let call: Call | undefined;
    try {
      const id = await roomOf(vault, invitation.secret);
      this.#invited.take(invitation, book.self);
      call = this.#open(id, invitation, true);
      this.enter(call, []);
      call.ring(
        invitation.members.filter((member) => member !== book.self),
        after,
      );
      await sendInvitation(invitation, entriesOf(book, target), this.parts);
      return undefined;
    } catch (error) {
      if (call !== undefined && this.active?.call === call) void this.leave('failed', asFault(error));
      return asFault(error);
    }
  }

  /** This page is in a call from now on, in place of other pages of this member. */
  enter(call: Call, takes: readonly string[]): void {
    this.#mayRejoin = false;
    this.active = { call, enteredAt: this.parts.now(), ending: undefined, fault: undefined };
    call.isDirect = this.parts.settings().directCalls;
    this.own.checkCamera();
    this.own.enterCall();
    for (const [line, track] of this.own.tracks) call.room.setTracks(line, track);
    call.room.enter(this.own.told, takes);
    this.credentials.keep(true);
    this.#look();
    this.#changed();
  }

  /** Ends the call that this page is in. */
  async leave(ending: NonNullable<ActiveCall['ending']>, fault?: Fault): Promise<void> {
    const { active } = this;
    if (active === undefined || active.ending !== undefined) return;
    active.ending = ending;
    this.credentials.keep(false);
    active.fault = fault;
    this.#looking?.();
    this.#looking = undefined;
    this.own.close();
    if (ending === 'moved') {
      this.#changed();
      return;
    }
    const { call } = active;
    const goesOn = call.othersIn.length > 0;
    this.#forget(call);
    await Promise.all([call.room.leave(this.#stopped), this.#hangUp(call)]);
    // Who has left can come back for as long as others are in it.
    if (goesOn && !this.#stopped) this.#open(call.id, call.invitation, false).follow(call);
  }

  /** Declines a call everywhere. */
  decline(id: string): void {
    const call = this.find(id);
    if (call === undefined || call === this.active?.call) return;
    call.room.decline();
    call.take(call.room.snapshot, this.parts.now());
    void this.#hangUp(call);
    this.#changed();
  }

  /** Lets others take part in the call that this page is in. */
  async add(ids: readonly string[]): Promise<Fault | undefined> {
    const { inCall } = this;
    return inCall === undefined ? faultOf('call_over') : inviteInto(inCall, ids, this.parts);
  }

  /** The page is going away: no word is said, so that its next one can carry on. */
  pageHidden(): void {
    for (const { room } of this.#calls.values()) room.stop();
  }

  /** Ends everything. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#unlisten();
    await this.leave('left');
    this.#looking?.();
    this.own.stop();
    await Promise.all(this.known.map(({ room }) => room.leave()));
    this.#calls.clear();
    this.parts.media.ring(undefined);
  }

  #open(id: string, invitation: Invitation, isBegunHere: boolean): Call {
    const { vault, transport, media, book, now, after, Room, notice } = this.parts;
    const name = nameOf(invitation.secret);
    const room = new Room({
      vault,
      transport,
      media,
      secret: invitation.secret,
      members: invitation.members,
      self: book.self,
      now,
      after,
      servers: () => this.credentials.servers(),
      relayOnly: () => !call.isDirect,
      events: {
        changed: (snapshot) => this.#roomChanged(call, snapshot),
        refused: (code, member) => {
          // What is sent again on a bad line comes twice.
          if (code !== 'signal_order') notice(faultOf(code), member);
          call.refused.add(code);
        },
        moved: () => void this.leave('moved'),
        over: () => {
          if (this.active?.call !== call) void this.#end(call);
        },
      },
    });
    const call = new Call(id, invitation, room, isBegunHere);
    this.#calls.set(name, call);
    this.#over.delete(name);
    room.watch();
    return call;
  }

  #roomChanged(call: Call, snapshot: Call['snapshot']): void {
    const wasRinging = call.rings;
    call.take(snapshot, this.parts.now());
    const isElsewhere = this.inCall !== undefined && this.inCall !== call;
    if (!wasRinging && call.rings && isElsewhere) call.room.busy();
    if (this.active?.call === call) {
      this.own.checkCamera();
      this.#look();
    } else this.#rejoin(call);
    this.parts.itemsChanged();
    this.#changed();
  }

  /** A page that was loaded again goes on where it was. */
  #rejoin(call: Call): void {
    const { was, at } = call.snapshot;
    if (!this.#mayRejoin || was === undefined || at !== 'watching' || this.active !== undefined) return;
    if (this.parts.now() - was.at > RELOAD_MS || call.elsewhere.length > 0) return;
    this.active = { call, enteredAt: this.parts.now(), ending: undefined, fault: undefined };
    void this.own.open(was.camera).then(() => {
      if (this.inCall !== call) return;
      this.own.setMuted(was.muted);
      if (was.deafened) this.own.setDeafened(true);
      this.enter(call, [was.page]);
    });
  }

  #look(): void {
    const { active } = this;
    const { book, now, after } = this.parts;
    if (active === undefined || active.ending !== undefined || this.#stopped) return;
    const ending = endingOf(active.call, book.self, active.enteredAt, now());
    if (ending !== undefined) return void this.leave(ending);
    this.#looking ??= after(LOOK_MS, () => {
      this.#looking = undefined;
      this.#look();
    });
  }

  async #end(call: Call): Promise<void> {
    this.#forget(call);
    // Where the last two left at once, each took the other for the last.
    if (call.followedSince !== undefined) void this.#hangUp(call);
    await call.room.leave();
  }

  #forget(call: Call): void {
    const name = nameOf(call.invitation.secret);
    this.#calls.delete(name);
    this.#over.add(name);
    this.parts.itemsChanged();
    this.#changed();
  }

  async #hangUp(call: Call): Promise<void> {
    const { book, notice } = this.parts;
    await hangUp(call, book.self, this.parts).catch((error: unknown) => notice(asFault(error), undefined));
  }

  #send(line: Line, track: MediaStreamTrack | undefined): void {
    this.inCall?.room.setTracks(line, track);
  }

  #tellOwn(): void {
    const { inCall } = this;
    if (inCall?.snapshot.at === 'in') inCall.room.setOwn(this.own.told);
  }

  #changed(): void {
    if (!this.#stopped) this.parts.changed();
  }
}
