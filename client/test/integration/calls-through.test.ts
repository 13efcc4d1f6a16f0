/** What a call goes through: people who come and go, reloads, and a relay that is away. */
import { describe, expect, it } from 'vitest';
import type { After } from '../../src/state/timer.ts';
import type { Caller } from '../support/callers.ts';
import { calling } from '../support/calling.ts';

const world = calling(3);
const { callers, startRelay } = world;
const stopRelay = () => world.circle.stopRelay();
/** Life of a credential, as the relay has it unless it is set otherwise. Milliseconds. */
const LIFE_MS = 3_600_000;
/** The platform's timers, but for those that wait for credentials to grow old. */
const hurried: After = (ms, work) => {
  const timer = setTimeout(work, ms > LIFE_MS / 2 && ms < LIFE_MS ? 200 : ms);
  return () => clearTimeout(timer);
};
type Three = [Caller, Caller, Caller];

const people = async (...numbers: number[]) => Promise.all(numbers.map((number) => callers.page(number)));

/** Pages of the members 1 and 2, in a call. */
async function two(): Promise<[Caller, Caller]> {
  const [one, other] = (await people(1, 2)) as [Caller, Caller];
  await one.call(2);
  await other.rings();
  await other.accept();
  await Promise.all([one.connectedWith(2), other.connectedWith(1)]);
  return [one, other];
}

const rejoin = async (caller: Caller) => {
  const { actions } = caller.messenger;
  await caller.until(() => caller.known?.phase === 'ongoing');
  await caller.act(actions.prepareJoin(caller.known?.id ?? '', false));
  await caller.act(actions.enterCall());
};

describe('a group', () => {
  it('can be left and come back to, also by way of who was added in the meantime', async () => {
    const [one, second, three] = (await people(1, 2, 3)) as Three;
    await one.call(2);
    await second.rings();
    await second.accept();
    await one.connectedWith(2);
    const added = one.with(3).members.find(({ number }) => number === 3)?.id ?? '';
    await one.act(one.messenger.actions.addToCall([added]));
    await three.rings();
    await three.accept();
    await Promise.all([one.connectedWith(2, 3), second.connectedWith(1, 3), three.connectedWith(1, 2)]);
    second.messenger.actions.leaveCall();
    await one.until(() => one.other(2)?.presence === 'left');
    await three.until(() => three.other(2)?.presence === 'left');
    one.messenger.actions.leaveCall();
    await three.ended('alone');
    expect([one, second, three].flatMap(({ media }) => media.open)).toEqual([]);
  });

  it('is known to who left it for as long as the added one stays, and rings at nobody who comes back', async () => {
    const [one, second, three] = (await people(1, 2, 3)) as Three;
    await one.call(2);
    await second.rings();
    await second.accept();
    await one.connectedWith(2);
    const added = second.with(3).members.find(({ number }) => number === 3)?.id ?? '';
    await second.act(second.messenger.actions.addToCall([added]));
    await three.rings();
    await three.accept();
    await Promise.all([one.connectedWith(2, 3), three.connectedWith(1, 2)]);
    one.messenger.actions.leaveCall();
    await second.until(() => second.other(1)?.presence === 'left');
    await rejoin(one);
    await Promise.all([one.connectedWith(2, 3), second.connectedWith(1), three.connectedWith(1)]);
    // Now those two are left who were not in it at first.
    one.messenger.actions.leaveCall();
    await three.until(() => three.other(1)?.presence === 'left');
    second.messenger.actions.leaveCall();
    await three.ended('alone');
    expect(one.media.tones.filter((tone) => tone === 'incoming')).toEqual([]);
    expect([one, second, three].flatMap(({ media }) => media.open)).toEqual([]);
  });
});

describe('a reload', () => {
  it('goes on by itself, muted and with its camera as before, and is connected anew', async () => {
    const [one, second] = await two();
    await second.messenger.actions.setCamera(true);
    second.messenger.actions.setMuted(true);
    await one.until(() => one.other(2)?.hasCamera && one.other(2)?.muted);
    second.messenger.pageHidden();
    const again = await callers.page(2, { store: second.store, parts: { isReload: true } });
    await again.connectedWith(1);
    await one.connectedWith(2);
    expect(one.other(2)).toMatchObject({ muted: true, hasCamera: true });
    expect(again.active?.phase).toBe('ongoing');
    expect(again.media.open.map(({ what }) => what).toSorted()).toEqual(['camera', 'microphone']);
  });

  it('that is none asks first', async () => {
    const [one, second] = await two();
    second.messenger.pageHidden();
    const later = await callers.page(2);
    await later.until(() => later.known?.wasIn);
    expect([later.active, later.media.captures]).toEqual([undefined, []]);
    await rejoin(later);
    await Promise.all([later.connectedWith(1), one.connectedWith(2)]);
  });
});

describe('what others see of a member', () => {
  it('is whether it is muted, hears nobody, and shows its camera or a screen', async () => {
    const [one, second] = await two();
    const { actions } = second.messenger;
    const seen = (check: () => unknown) => one.until(check);
    expect(one.other(2)).toMatchObject({ muted: false, deafened: false, hasCamera: false, hasScreen: false });
    actions.setMuted(true);
    await seen(() => one.other(2)?.muted);
    actions.setDeafened(true);
    await seen(() => one.other(2)?.deafened);
    actions.setMuted(false);
    await seen(() => one.other(2)?.muted === false && one.other(2)?.deafened === false);
    await actions.setCamera(true);
    await actions.setScreen(true);
    await seen(() => one.other(2)?.hasCamera && one.other(2)?.hasScreen);
    await actions.setCamera(false);
    await seen(() => one.other(2)?.hasCamera === false && one.other(2)?.hasScreen);
    expect(one.other(2)?.presence).toBe('connected');
  });
});

describe('a device', () => {
  it('that is denied, taken or unplugged is told here, and the call goes on without it', async () => {
    const [one, second] = (await people(1, 2)) as [Caller, Caller];
    await one.call(2);
    await second.rings();
    second.media.refusals.set('microphone', 'media_denied').set('camera', 'media_taken');
    await second.accept(true);
    await Promise.all([one.connectedWith(2), second.connectedWith(1)]);
    const own = () => second.state().calls.own;
    expect([own().microphoneFault?.code, own().cameraFault?.code]).toEqual(['media_denied', 'media_taken']);
    await one.until(() => one.other(2)?.muted && one.other(2)?.hasCamera === false);
    second.media.refusals.clear();
    second.messenger.actions.setMuted(false);
    await second.messenger.actions.setCamera(true);
    await one.until(() => one.other(2)?.muted === false && one.other(2)?.hasCamera);
    expect([own().microphoneFault, own().cameraFault]).toEqual([undefined, undefined]);
    for (const capture of second.media.open) capture.unplug();
    await one.until(() => one.other(2)?.muted && one.other(2)?.hasCamera === false);
    await second.until(() => second.media.open.length === 0);
    expect(one.other(2)?.presence).toBe('connected');
  });

  it('follows the settings in mid-call, and is not opened by forgetting them', async () => {
    const [, second] = await two();
    const { actions } = second.messenger;
    const [microphone] = second.media.open;
    actions.changeSettings({ pushToTalk: true });
    expect(microphone?.isEnabled).toBe(false);
    actions.changeSettings({ pushToTalk: false });
    expect(microphone?.isEnabled).toBe(true);
    actions.changeSettings({ pushToTalk: true });
    await actions.panic();
    expect([microphone?.isStopped, microphone?.isEnabled]).toEqual([true, false]);
  });
});

describe('a relay', () => {
  it('that is restarted in mid-call breaks no connection, and what is changed meanwhile arrives afterwards', async () => {
    const [one, second] = await two();
    const connections = [...one.media.connections, ...second.media.connections];
    await stopRelay();
    await one.until(() => one.active?.phase === 'reconnecting');
    await second.until(() => second.active?.phase === 'reconnecting');
    second.messenger.actions.setMuted(true);
    await startRelay();
    await one.until(() => one.active?.phase === 'ongoing' && one.other(2)?.muted, 60_000);
    await second.until(() => second.active?.phase === 'ongoing', 60_000);
    expect([...one.media.connections, ...second.media.connections]).toEqual(connections);
  });

  it('gives credentials again before they end, to the connections that stand', async () => {
    const one = await callers.page(1, { parts: { after: hurried } });
    const second = await callers.page(2);
    await one.call(2);
    await second.rings();
    await second.accept();
    await one.connectedWith(2);
    const [connection] = one.media.connections;
    const before = connection?.servers;
    expect(before).toHaveLength(1);
    one.skew = LIFE_MS;
    await one.until(() => connection?.servers !== before);
    expect(connection?.servers[0]?.username).toMatch(/^\d+:/);
    expect([one.other(2)?.presence, connection?.signaling]).toEqual(['connected', 'stable']);
  });

  it('for calls that is not reached is told in the lobby, and tried again', async () => {
    const one = await callers.page(1);
    const { actions } = one.messenger;
    await stopRelay();
    await one.act(actions.prepareCall({ conversationId: one.with(2).id }, false));
    const reach = () => one.state().calls.lobby?.reach;
    await one.until(() => reach()?.phase === 'failed');
    expect(reach()).toMatchObject({ fault: { code: 'relay_unreachable' } });
    await startRelay();
    actions.tryReach();
    await one.until(() => reach()?.phase === 'reached');
    actions.leaveLobby();
    expect(one.media.open).toEqual([]);
  });
});
