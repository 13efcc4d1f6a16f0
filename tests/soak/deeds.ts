/** What members of a soak do. Each doing keeps those busy whom it needs, and counts. */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { RelayHttp } from '@relay/client/headless';
import { allocate } from '@relay/demo/parts';
import { loadIdentity, proveSession } from '@relay/protocol';
import type { MediaWorld } from '../../client/test/support/room-media.ts';
import type { Chance } from './chance.ts';
import type { Ledger } from './ledger.ts';
import type { SoakMember } from './member.ts';
import type { SoakSystem } from './system.ts';

/** How often what was done. */
export interface Tally {
  texts: number;
  groupTexts: number;
  groups: number;
  files: number;
  calls: number;
  /** Calls that the relay was restarted under before they were connected. */
  callsCut: number;
  allocations: number;
  reloads: number;
  reconnects: number;
}

/** What the doings need. */
export interface DeedParts {
  system: SoakSystem;
  members: readonly SoakMember[];
  ledger: Ledger;
  chance: Chance;
  world: MediaWorld;
  tally: Tally;
}

type Deed = (by: SoakMember, parts: DeedParts) => Promise<void>;

const MOST_FILE_BYTES = 400_000;
const CALL_MS = 45_000;

function refuse(what: string, fault: { code: string } | undefined): void {
  if (fault !== undefined) throw new Error(`${what} was refused: ${fault.code}`);
}

function others({ members, chance }: DeedParts, by: SoakMember, count: number): SoakMember[] {
  return chance.some(
    members.filter((member) => member !== by),
    count,
  );
}

const sendText: Deed = async (by, parts) => {
  const [to] = others(parts, by, 1) as [SoakMember];
  const id = parts.ledger.mark('text');
  refuse('a text', await by.actions.sendText(by.with(to.number).id, id));
  parts.ledger.took({ id, to: [to.number], at: Date.now() });
  parts.tally.texts += 1;
};

const sendToGroup: Deed = async (by, parts) => {
  const { chance, ledger, tally, members } = parts;
  const known = by.groups();
  let id: string;
  if (known.length > 0 && chance.next() < 0.9) id = chance.pick(known).id;
  else {
    // One in five is of everybody.
    const size = chance.next() < 0.2 ? members.length - 1 : 2 + chance.below(4);
    const ids = others(parts, by, size).map(({ number }) => contactId(by, number));
    const made = await by.actions.createGroup(`Group ${++tally.groups}`, ids);
    if ('fault' in made) throw new Error(`a group was refused: ${made.fault.code}`);
    id = made.id;
    await by.until('did not see its group', ({ conversations }) =>
      conversations.some((one) => one.id === id),
    );
  }
  const group = by.state.conversations.find((one) => one.id === id);
  const to = group?.members.filter(({ isSelf }) => !isSelf).map(({ number }) => number) ?? [];
  const mark = ledger.mark('text');
  refuse('a text to a group', await by.actions.sendText(id, mark));
  ledger.took({ id: mark, to, at: Date.now() });
  tally.groupTexts += 1;
};

const sendFile: Deed = async (by, parts) => {
  const { chance, ledger, tally } = parts;
  const [to] = others(parts, by, 1) as [SoakMember];
  const bytes = chance.bytes(1 + chance.below(MOST_FILE_BYTES));
  const name = ledger.mark('file');
  const { id } = by.with(to.number);
  const about = { name, type: 'application/octet-stream' };
  refuse('a file', await by.actions.sendFile(id, new Blob([bytes]), about));
  // Its message leaves when all of it is at the relay.
  await by.until(`did not send ${name}`, ({ conversations }) =>
    conversations.some(({ items }) =>
      items.some((item) => item.type === 'message' && item.file?.name === name),
    ),
  );
  const digest = createHash('sha256').update(bytes).digest('hex');
  ledger.took({ id: name, to: [to.number], at: Date.now(), digest });
  tally.files += 1;
};

const reload: Deed = async (by, { tally, chance }) => {
  await by.close();
  await sleep(chance.below(3_000));
  await by.open();
  tally.reloads += 1;
};

const reconnect: Deed = async (by, { tally }) => {
  by.actions.reconnect();
  await by.online();
  tally.reconnects += 1;
};

/** Rings, connects all, hangs up; and somebody asks coturn for an address with what the relay gave out. */
const call: Deed = async (by, parts) => {
  const { chance, members, system, tally, world } = parts;
  const callees = chance.some(
    members.filter((member) => member !== by && !member.busy),
    1 + chance.below(2),
  );
  if (callees.length === 0) return;
  const all = [by, ...callees];
  const lives = system.lives;
  for (const member of callees) member.busy = true;
  try {
    await Promise.all(all.map((member) => member.online()));
    const target = { members: callees.map(({ number }) => contactId(by, number)) };
    refuse('a call', await by.actions.prepareCall(target, false));
    refuse('entering a call', await by.actions.enterCall());
    await Promise.all(callees.map(answer));
    const connected = (member: SoakMember) =>
      member.until(
        'was not connected',
        ({ calls }) => calls.active?.participants.every(({ presence }) => presence === 'connected') ?? false,
        CALL_MS,
      );
    await Promise.all(all.map(connected));
    tally.calls += 1;
    await allocateAs(by, parts);
    await sleep(chance.below(4_000));
  } catch (error) {
    // The rooms of a relay that ended are gone; a call that had not begun then may not begin at all.
    if (system.lives === lives) throw error;
    tally.callsCut += 1;
  } finally {
    for (const member of all) {
      member.actions.leaveCall();
      member.actions.dismissCall();
      if (member !== by) member.busy = false;
    }
    for (let at = world.connections.length - 1; at >= 0; at--)
      if (world.connections[at]?.signaling === 'closed') world.connections.splice(at, 1);
  }
};

async function answer(member: SoakMember): Promise<void> {
  const ringing = () => member.state.calls.known.find(({ phase }) => phase === 'ringing');
  await member.until('was not rung at', () => ringing() !== undefined, CALL_MS);
  refuse('answering a call', await member.actions.answerCall(ringing()?.id ?? '', false));
}

async function allocateAs(by: SoakMember, { system, tally }: DeedParts): Promise<void> {
  const http = new RelayHttp(system.url);
  const identity = await loadIdentity(system.identities[by.number - 1] as Uint8Array);
  const { nonce } = await http.challenge();
  const { token } = await http.openSession(nonce, await proveSession(identity, system.url, nonce));
  const code = await allocate(system.turnPort, await http.turnCredentials(token));
  if (code !== 0) throw new Error(`coturn answered the relay's credentials with ${code}`);
  tally.allocations += 1;
}

function contactId(by: SoakMember, number: number): string {
  const found = by.state.contacts.find((contact) => contact.number === number);
  if (found === undefined) throw new Error(`member ${by.number} does not know member ${number}`);
  return found.id;
}

/** Doings with their weights. */
export const DEEDS: readonly (readonly [Deed, number])[] = [
  [sendText, 60],
  [sendToGroup, 14],
  [sendFile, 5],
  [call, 3],
  [reload, 10],
  [reconnect, 8],
];

/** Picks one by its weight. */
export function pickDeed(chance: Chance): Deed {
  const whole = DEEDS.reduce((sum, [, weight]) => sum + weight, 0);
  let left = chance.next() * whole;
  for (const [deed, weight] of DEEDS) {
    left -= weight;
    if (left < 0) return deed;
  }
  return sendText;
}
