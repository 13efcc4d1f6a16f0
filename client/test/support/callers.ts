/** Pages of members that call each other over a real relay. */
import type { ActiveCall, CallItem, KnownCall, Participant } from '../../src/state/model.ts';
import { FakeMedia, mediaWorld } from './call-media.ts';
import type { TestCircle } from './circle.ts';
import type { MemberOptions, TestMember } from './member.ts';
import { closeAll, openMember } from './member.ts';
import type { MediaWorld } from './room-media.ts';

/** A page that can call. */
export interface Caller extends TestMember {
  number: number;
  media: FakeMedia;
  /** Milliseconds by which its clock is ahead. */
  skew: number;
  /** The call that it is in, or that has just ended. */
  readonly active: ActiveCall | undefined;
  /** The only call that it knows and is not in. */
  readonly known: KnownCall | undefined;
  /** Calls in a conversation: outcome, and members. */
  items(where: number | string): CallItem[];
  /** Somebody in the call. */
  other(number: number): Participant | undefined;
  /** Calls the members of those numbers, through the lobby. */
  call(...numbers: number[]): Promise<void>;
  rings(): Promise<void>;
  /** Answers what rings. */
  accept(camera?: boolean): Promise<void>;
  /** Waits until those are connected with it. */
  connectedWith(...numbers: number[]): Promise<void>;
  ended(ending: NonNullable<ActiveCall['ending']>): Promise<void>;
}

/** Opens pages of a circle's members, and closes them. */
export class Callers {
  readonly #circle: () => TestCircle;
  readonly #open: Caller[] = [];
  #world: MediaWorld = mediaWorld();

  constructor(circle: () => TestCircle) {
    this.#circle = circle;
  }

  /** What no correct caller does with a connection. */
  get misuse(): string[] {
    return this.#world.misuse;
  }

  /** Opens a page of a member and waits until it is online. */
  async page(number: number, options: MemberOptions = {}): Promise<Caller> {
    const media = new FakeMedia(this.#world, `${number}.${this.#open.length}`);
    const clock = { skew: 0 };
    const now = () => Date.now() + clock.skew;
    const member = await openMember(this.#circle(), number, {
      ...options,
      parts: { media, now, ...options.parts },
    });
    const caller = callerOf(member, number, media, clock);
    this.#open.push(caller);
    await caller.online();
    return caller;
  }

  /** Closes every page. */
  async close(): Promise<void> {
    await closeAll(...this.#open.splice(0));
    this.#world = mediaWorld();
  }
}

function callerOf(member: TestMember, number: number, media: FakeMedia, clock: { skew: number }): Caller {
  const { actions } = member.messenger;
  const calls = () => member.state().calls;
  const idOf = (other: number) => member.with(other).members.find(({ isSelf }) => !isSelf)?.id ?? '';
  const other = (which: number) =>
    calls().active?.participants.find(({ contact }) => contact.number === which);
  return {
    ...member,
    number,
    media,
    get skew() {
      return clock.skew;
    },
    set skew(skew) {
      clock.skew = skew;
    },
    get active() {
      return calls().active;
    },
    get known() {
      const { known } = calls();
      if (known.length > 1) throw new Error('several calls are known');
      return known[0];
    },
    items: (where) => member.with(where as number).items.filter((item) => item.type === 'call'),
    other,
    async call(...numbers) {
      const [first = 0] = numbers;
      const target =
        numbers.length === 1 ? { conversationId: member.with(first).id } : { members: numbers.map(idOf) };
      await member.act(actions.prepareCall(target, false));
      await member.act(actions.enterCall());
    },
    rings: () => member.until(() => calls().known.some(({ phase }) => phase === 'ringing')),
    accept: async (camera = false) =>
      member.act(
        actions.answerCall(calls().known.find(({ phase }) => phase === 'ringing')?.id ?? '', camera),
      ),
    connectedWith: (...numbers) =>
      member.until(() => numbers.every((which) => other(which)?.presence === 'connected')),
    ended: (ending) => member.until(() => calls().active?.ending === ending),
  };
}
