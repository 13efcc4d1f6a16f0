import { RelayError } from '@relay/protocol';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { VaultClient } from '../src/crypto/spawn.ts';
import type { RosterChange, Vault } from '../src/crypto/vault.ts';
import type { Contact, Fault } from '../src/state/model.ts';
import { RosterKeeper } from '../src/state/roster/roster-keeper.ts';
import type { NamedMember } from '../src/state/settings/setting-document.ts';
import { TestClock } from './support/clock.ts';
import type { RosterMaker, Update } from './support/rosters.ts';
import { keptRoster, openVault, rosterMaker } from './support/rosters.ts';

const MINUTE = 60_000;
/** Opening an update takes its time on a busy machine. */
const SOON = { timeout: 10_000 };
const contactOf = ({ id, number, label }: NamedMember) => ({ id, number, label }) as Contact;

let maker: RosterMaker;
let second: Update;
let third: Update;
/** The second roster, in which Carol (3) was replaced; in the third, Dora (4) comes. */
let carol: Awaited<ReturnType<RosterMaker['recruit']>>;
let dora: typeof carol;
/** An update of serial 3 that does not list Alice. */
let withoutAlice: Update;

beforeAll(async () => {
  maker = await rosterMaker('Alice', 'Bob', 'Carol');
  carol = await maker.recruit(3, 'Carol anew');
  dora = await maker.recruit(4, 'Dora');
  const members = [...maker.lines.slice(0, 2), carol.line];
  second = await maker.update(2, members);
  third = await maker.update(3, [...members, dora.line]);
  withoutAlice = await maker.update(3, members.slice(1));
});

describe('the keeper of the roster', () => {
  let clock: TestClock;
  let vault: Vault;
  let keeper: RosterKeeper;
  let kept: ReturnType<typeof keptRoster>;
  let changes: RosterChange[];
  let notices: [fault: Fault, sender: string | undefined][];
  let told: number;
  let asked: number;
  /** What the relay answers. */
  let served: () => Promise<Uint8Array | undefined>;

  const serve = (update: Uint8Array | undefined) => {
    served = async () => update;
  };
  /** Answers as soon as what is returned here is called, one for each request. */
  const serveLater = () => {
    const answers: ((update: Uint8Array | undefined) => void)[] = [];
    served = () => new Promise((resolve) => answers.push(resolve));
    return answers;
  };
  async function start(file = maker.files[0] as Uint8Array) {
    const opened = await openVault(file);
    vault = opened.vault;
    keeper = new RosterKeeper(
      {
        vault: vault as unknown as VaultClient,
        kept,
        fetch: () => {
          asked++;
          return served();
        },
        changed: (change) => {
          changes.push(change);
        },
        told: () => {
          told++;
        },
        notice: (fault, sender) => notices.push([fault, sender]),
        after: clock.after,
      },
      opened.view,
    );
  }
  const state = () => keeper.state(contactOf);
  const bob = () => maker.ids[1] as string;
  /** Waits until the keeper has asked `count` times and waits to ask again. */
  const resting = (count: number) => expect.poll(() => [asked, clock.waits.length], SOON).toEqual([count, 1]);

  beforeEach(async () => {
    clock = new TestClock();
    [changes, notices, told, asked] = [[], [], 0, 0];
    kept = keptRoster();
    serve(undefined);
    await start();
  });

  it('asks once after connecting, and takes up what is newer', async () => {
    await keeper.ask();
    expect([asked, keeper.isHeld(), state(), clock.waits]).toEqual([
      1,
      false,
      { serial: 1, isNewerThanFile: false },
      [],
    ]);
    serve(second.bytes);
    await keeper.ask();
    expect(changes.map(({ view }) => view.rosterSerial)).toEqual([2]);
    expect(keeper.view.rosterHash).toBe(second.hash);
    expect(kept.rosterUpdate).toEqual(second.bytes);
    expect(state()).toEqual({
      serial: 2,
      isNewerThanFile: true,
      news: {
        serial: 2,
        added: [],
        removed: [],
        replaced: [
          {
            before: { id: maker.ids[2], number: 3, label: 'Carol' },
            after: { id: carol.id, number: 3, label: 'Carol anew' },
          },
        ],
      },
    });
  });

  it('holds sending from the moment it hears of a newer roster until that is in use', async () => {
    const answers = serveLater();
    keeper.heard(2, second.hash, bob());
    expect([keeper.isHeld(), state().held?.code, told, asked]).toEqual([true, 'roster_stale', 1, 1]);
    answers[0]?.(second.bytes);
    await expect.poll(() => keeper.isHeld(), SOON).toBe(false);
    expect([changes.length, state().held, notices, clock.waits]).toEqual([1, undefined, [], []]);
    expect(told).toBe(2);
  });

  it('stays held by a relay that serves nothing, an older one, garbage or nothing at all, and is released by the right one', async () => {
    serve(second.bytes);
    await keeper.ask();
    serve(undefined);
    keeper.heard(3, third.hash, bob());
    await resting(2);
    expect(state().held?.message).toMatch(/does not serve/);

    const tries: [served: () => Promise<Uint8Array | undefined>, code: string, words: RegExp][] = [
      [async () => second.bytes, 'roster_stale', /serves an older one/],
      [async () => new Uint8Array(131_072), 'roster_update_invalid', /not made for you/],
      [async () => new Uint8Array(5), 'roster_update_invalid', /not made for you/],
      [async () => withoutAlice.bytes, 'roster_update_invalid', /you were replaced/],
      [() => Promise.reject(new RelayError('relay_unreachable')), 'relay_unreachable', /does not answer/],
      [() => Promise.reject(new Error('odd')), 'internal', /unexpected/],
    ];
    for (const [i, [answer, code, words]] of tries.entries()) {
      served = answer;
      clock.pass(10 * MINUTE);
      await resting(3 + i);
      expect(state().held?.code).toBe(code);
      expect(state().held?.message).toMatch(words);
      expect(keeper.view.rosterSerial).toBe(2);
    }
    expect([keeper.isHeld(), changes.length, notices]).toEqual([true, 1, []]);
    serve(third.bytes);
    clock.pass(10 * MINUTE);
    await expect.poll(() => keeper.isHeld(), SOON).toBe(false);
    expect([changes.length, keeper.view.rosterHash, state().held]).toEqual([2, third.hash, undefined]);
  });

  it('takes up a newer roster that is not new enough, and stays held', async () => {
    serve(second.bytes);
    keeper.heard(3, third.hash, bob());
    await resting(1);
    expect([keeper.isHeld(), keeper.view.rosterSerial, state().held?.message]).toEqual([
      true,
      2,
      expect.stringMatching(/serves an older one/),
    ]);
  });

  it('waits longer from try to try, and begins anew after a reconnect or a higher serial', async () => {
    keeper.heard(2, second.hash, bob());
    const waits: number[] = [];
    for (let i = 1; i <= 7; i++) {
      await resting(i);
      waits.push(clock.waits[0] as number);
      clock.pass(waits.at(-1) as number);
    }
    await resting(8);
    expect(waits).toEqual([0.5, 1, 2, 4, 8, 10, 10].map((minutes) => minutes * MINUTE));
    keeper.connected();
    await resting(9);
    expect(clock.waits).toEqual([30_000]);
    clock.pass(30_000);
    await resting(10);
    keeper.heard(3, third.hash, bob());
    await resting(11);
    expect(clock.waits).toEqual([30_000]);
  });

  it('asks again at once when it hears of a newer roster while an answer is on its way', async () => {
    const answers = serveLater();
    const asking = keeper.ask();
    keeper.heard(2, second.hash, bob());
    answers[0]?.(undefined);
    await expect.poll(() => answers.length, SOON).toBe(2);
    answers[1]?.(second.bytes);
    await asking;
    expect([asked, keeper.isHeld(), keeper.view.rosterSerial]).toEqual([2, false, 2]);
  });

  it('notices two lists under one number, whenever they are heard of, and holds nothing for it', async () => {
    keeper.heard(1, 'ff', bob());
    keeper.heard(1, keeper.view.rosterHash, bob());
    expect(notices).toEqual([[expect.objectContaining({ code: 'roster_invalid' }), bob()]]);
    expect(keeper.isHeld()).toBe(false);
    serve(second.bytes);
    keeper.heard(2, 'ee', bob());
    keeper.heard(2, second.hash, maker.ids[0] as string);
    await expect.poll(() => keeper.isHeld(), SOON).toBe(false);
    expect(notices.map(([, sender]) => sender)).toEqual([bob(), bob()]);
    keeper.heard(1, 'dd', bob());
    expect(notices).toHaveLength(2);
  });

  it('is not held up by a former member, nor by anybody unknown', async () => {
    serve(second.bytes);
    await keeper.ask();
    keeper.heard(9, 'ff', maker.ids[2] as string);
    keeper.heard(9, 'ff', 'ff'.repeat(32));
    keeper.heard(2, 'ff', maker.ids[2] as string);
    expect([keeper.isHeld(), asked, notices]).toEqual([false, 1, []]);
  });

  it('says so when the relay serves something else although nothing newer is known', async () => {
    serve(withoutAlice.bytes);
    await keeper.ask();
    expect(notices).toEqual([[expect.objectContaining({ code: 'roster_update_invalid' }), undefined]]);
    expect([keeper.isHeld(), clock.waits]).toEqual([false, []]);
  });

  it('goes on after a reload with what was accepted, and with the news until they are dismissed', async () => {
    serve(second.bytes);
    await keeper.ask();
    await start();
    await keeper.restore();
    expect([keeper.view.rosterSerial, changes.length, asked]).toEqual([2, 2, 1]);
    expect(state().news?.replaced).toHaveLength(1);
    serve(third.bytes);
    await keeper.ask();
    expect(state().news).toMatchObject({ serial: 3, added: [{ id: dora.id }], replaced: [{}] });
    keeper.dismissNews();
    expect([state().news, kept.news]).toEqual([undefined, undefined]);
    await start();
    await keeper.restore();
    expect([state().serial, state().news]).toEqual([3, undefined]);
  });

  it('forgets a kept update that the file has overtaken, or that is damaged', async () => {
    serve(second.bytes);
    await keeper.ask();
    const file = await vault.makeIdentityFile();
    await start(file);
    await keeper.restore();
    expect([kept.rosterUpdate, keeper.view.rosterSerial, state().isNewerThanFile]).toEqual([
      undefined,
      2,
      false,
    ]);
    expect(state().news?.replaced).toHaveLength(1);
    kept.rosterUpdate = new Uint8Array(131_072);
    await start();
    await keeper.restore();
    expect([kept.rosterUpdate, keeper.view.rosterSerial, state().news]).toEqual([undefined, 1, undefined]);
  });

  it('keeps the update for the next page when the vault fails for another reason', async () => {
    kept.rosterUpdate = second.bytes;
    vault.close();
    await expect(keeper.restore()).rejects.toMatchObject({ code: 'identity_locked' });
    expect(kept.rosterUpdate).toEqual(second.bytes);
  });

  it('does nothing more once it is stopped', async () => {
    keeper.heard(2, second.hash, bob());
    await resting(1);
    keeper.stop();
    clock.pass(60 * MINUTE);
    expect([asked, clock.waits]).toEqual([1, []]);
    const answers = serveLater();
    await start();
    const asking = keeper.ask();
    keeper.stop();
    answers[0]?.(second.bytes);
    await asking;
    expect([changes, kept.rosterUpdate]).toEqual([[], undefined]);
    await start();
    serve(second.bytes);
    const accept = vault.acceptRoster.bind(vault);
    vault.acceptRoster = (update) => accept(update).finally(() => keeper.stop());
    await keeper.ask();
    expect([changes, kept.rosterUpdate]).toEqual([[], undefined]);
  });
});
