/** Where what the UI asks about calls meets the calls: the lobby, the devices, and the call that this page is in. */
import { asFault, faultOf } from '../fault.ts';
import { keepSame } from '../keep-same.ts';
import type { CallActions, CallsState, CallTarget, Fault, Lobby } from '../model.ts';
import type { Call } from './call.ts';
import { Calls } from './calls.ts';
import { callsState } from './drawing.ts';
import type { CallsParts } from './parts.ts';
import { isCameraAllowed } from './room/mesh.ts';
import { peopleOf } from './targets.ts';
import { Voices } from './voices.ts';

/** How often levels and speakers are looked at. Milliseconds. */
const LEVEL_MS = 100;

type What = { target: CallTarget } | { call: Call };

/** Acts for this member in everything about calls; see `CallActions`. */
export class CallDesk implements CallActions {
  readonly calls: Calls;
  readonly #parts: CallsParts;
  readonly #voices: Voices;
  readonly #volumes = new Map<string, number>();
  #lobby: { shown: Lobby; what: What; trying: AbortController } | undefined;
  #beat: (() => void) | undefined;
  #tone: 'incoming' | 'outgoing' | undefined;
  #drawn: CallsState | undefined;
  #stopped = false;

  constructor(parts: CallsParts) {
    this.#parts = parts;
    this.#voices = new Voices(parts.media, parts.now);
    this.calls = new Calls({ ...parts, changed: () => this.#changed() });
  }

  /** Everything about calls as it is now; what has not changed since it was last asked for is the very same object. */
  get state(): CallsState {
    const { book, now } = this.#parts;
    const drawn = callsState({
      book,
      calls: this.calls,
      voices: this.#voices,
      lobby: this.#lobby?.shown,
      now: now(),
      volumes: this.#volumes,
    });
    this.#drawn = keepSame(this.#drawn, drawn);
    return this.#drawn;
  }

  async prepareCall(target: CallTarget, camera: boolean): Promise<Fault | undefined> {
    const people = peopleOf(this.#parts.book, target);
    if (people.length === 0) return faultOf('recipient_unknown');
    const conversation = 'conversationId' in target ? { conversationId: target.conversationId } : {};
    return this.#enterLobby({ kind: 'start', ...conversation }, people, camera, { target });
  }

  async prepareJoin(callId: string, camera: boolean): Promise<Fault | undefined> {
    const call = this.calls.find(callId);
    if (call === undefined) return faultOf('call_over');
    const { self } = this.#parts.book;
    const people = call.snapshot.members.map(({ member }) => member).filter((member) => member !== self);
    const [conversationId = ''] = call.invitation.conversations;
    return this.#enterLobby({ kind: 'join', callId, conversationId }, people, camera, { call });
  }

  tryReach(): void {
    const lobby = this.#lobby;
    if (lobby === undefined) return;
    lobby.trying.abort();
    const trying = new AbortController();
    lobby.trying = trying;
    const tell = (reach: Lobby['reach']) => {
      if (trying.signal.aborted || this.#lobby !== lobby) return;
      lobby.shown = { ...lobby.shown, reach };
      this.#changed();
    };
    tell({ phase: 'trying' });
    this.calls.credentials
      .servers()
      .then((servers) => this.#parts.media.tryServers(servers, trying.signal))
      .then(
        () => tell({ phase: 'reached' }),
        (error: unknown) => tell({ phase: 'failed', fault: asFault(error) }),
      );
  }

  leaveLobby(): void {
    if (this.#lobby === undefined) return;
    this.#lobby.trying.abort();
    this.#lobby = undefined;
    this.#closeUnused();
    this.#changed();
  }

  async enterCall(): Promise<Fault | undefined> {
    const lobby = this.#lobby;
    if (lobby === undefined) return faultOf('call_over');
    const { what } = lobby;
    lobby.trying.abort();
    this.#lobby = undefined;
    if ('call' in what) return this.#join(what.call);
    if (this.calls.inCall !== undefined) return faultOf('call_busy');
    const fault = await this.calls.begin(what.target, this.calls.own.has('camera'));
    if (fault !== undefined) this.#closeUnused();
    return fault;
  }

  async answerCall(callId: string, camera: boolean): Promise<Fault | undefined> {
    const call = this.calls.find(callId);
    if (call === undefined) return faultOf('call_over');
    if (this.calls.inCall !== undefined && this.calls.inCall !== call) void this.calls.leave('left');
    this.leaveLobby();
    await this.calls.own.open(camera && isCameraAllowed(call.othersIn.length + 1));
    return this.#join(call);
  }

  declineCall(callId: string): void {
    this.calls.decline(callId);
  }

  silenceCall(callId: string): void {
    const call = this.calls.find(callId);
    if (call === undefined) return;
    call.isSilenced = true;
    this.#changed();
  }

  leaveCall(): void {
    void this.calls.leave('left');
  }

  dismissCall(): void {
    if (this.calls.inCall !== undefined) return;
    this.calls.active = undefined;
    this.#changed();
  }

  addToCall(memberIds: readonly string[]): Promise<Fault | undefined> {
    return this.calls.add(memberIds);
  }

  setMuted(muted: boolean): void {
    this.calls.own.setMuted(muted);
  }

  setDeafened(deafened: boolean): void {
    this.calls.own.setDeafened(deafened);
  }

  setTalking(talking: boolean): void {
    this.calls.own.setTalking(talking);
  }

  async setCamera(on: boolean): Promise<void> {
    await this.calls.own.setCamera(on);
  }

  async setScreen(on: boolean): Promise<void> {
    await this.calls.own.setScreen(on);
  }

  async chooseDevice(kind: 'microphone' | 'camera' | 'speaker', id: string | undefined): Promise<void> {
    await this.calls.own.choose(kind, id);
  }

  setVolume(memberId: string, volume: number): void {
    this.#volumes.set(memberId, Math.min(1, Math.max(0, volume)));
    this.#changed();
  }

  playSound(): void {
    this.#changed();
  }

  /** The settings may have changed, here or in another window. */
  settingsChanged(): void {
    this.calls.own.settingsChanged();
  }

  /** The page is going away. */
  pageHidden(): void {
    this.calls.pageHidden();
  }

  /** Ends everything. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#lobby?.trying.abort();
    this.#lobby = undefined;
    this.#beat?.();
    this.#voices.listen([]);
    await this.calls.stop();
  }

  /** Where nothing came of what the devices were opened for. */
  #closeUnused(): void {
    if (this.calls.inCall === undefined && this.#lobby === undefined) this.calls.own.close();
  }

  async #join(call: Call): Promise<Fault | undefined> {
    if (this.calls.find(call.id) === undefined) {
      this.#closeUnused();
      return faultOf('call_over');
    }
    this.calls.enter(call, call.elsewhere);
    return undefined;
  }

  async #enterLobby(
    about: Pick<Lobby, 'kind' | 'callId' | 'conversationId'>,
    people: readonly string[],
    camera: boolean,
    what: What,
  ): Promise<Fault | undefined> {
    if (this.calls.inCall !== undefined) return faultOf('call_busy');
    this.calls.active = undefined;
    this.#lobby?.trying.abort();
    const { book } = this.#parts;
    const allowed = isCameraAllowed(people.length + 1);
    this.#lobby = {
      what,
      trying: new AbortController(),
      shown: {
        ...about,
        with: people.map((id) => book.contactOf(id)).sort((a, b) => a.number - b.number),
        reach: { phase: 'unknown' },
        isCameraAllowed: allowed,
      },
    };
    this.#changed();
    this.tryReach();
    await this.calls.own.open(camera && allowed);
    return undefined;
  }

  #changed(): void {
    if (this.#stopped) return;
    this.#sound();
    this.#listen();
    this.#parts.changed();
  }

  /** Rings while a call rings here, or while nobody has taken the one that this page makes. */
  #sound(): void {
    const inCall = this.calls.inCall;
    const isCalling = inCall?.isBegunHere && inCall.startedAt === undefined;
    const isRung = inCall === undefined && this.calls.known.some(({ rings }) => rings);
    const tone = isRung ? 'incoming' : isCalling ? 'outgoing' : undefined;
    if (tone === this.#tone) return;
    this.#tone = tone;
    this.#parts.media.ring(tone);
  }

  /** Levels change by themselves while devices are open. */
  #listen(): void {
    const pages = this.calls.inCall?.snapshot.pages ?? [];
    this.#voices.listen(pages.flatMap(({ at, streams }) => (at === 'in' ? (streams.voice ?? []) : [])));
    if (this.#lobby === undefined && this.calls.inCall === undefined) {
      this.#beat?.();
      this.#beat = undefined;
      return;
    }
    this.#beat ??= this.#parts.after(LEVEL_MS, () => {
      this.#beat = undefined;
      this.#changed();
    });
  }
}
