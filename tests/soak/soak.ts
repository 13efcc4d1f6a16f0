/** A circle at work for a while, over everything that is real. */
import { setTimeout as sleep } from 'node:timers/promises';
import { mediaWorld } from '../../client/test/support/call-media.ts';
import { Ageing } from './ageing.ts';
import { chanceOf } from './chance.ts';
import type { Tally } from './deeds.ts';
import { pickDeed } from './deeds.ts';
import type { Sample, Trend } from './gauges.ts';
import { sample, trends } from './gauges.ts';
import { Ledger } from './ledger.ts';
import { unexpectedLines } from './log-lines.ts';
import { SoakMember } from './member.ts';
import type { SoakOptions } from './options.ts';
import type { Line } from './report.ts';
import type { SoakSystem } from './system.ts';
import { startSystem } from './system.ts';

const MINUTE_MS = 60_000;
const LOOK_MS = 2_000;
/** Samples of a whole run; more than that would only be more of the same. */
const SAMPLES = 120;
/** When the relay is restarted, as parts of the run, and how; in the last half it lives long enough for its memory to show. */
const RESTARTS = [
  [0.08, 'SIGTERM'],
  [0.2, 'SIGKILL'],
  [0.3, 'SIGTERM'],
  [0.4, 'SIGKILL'],
] as const;
/** In so many parts of the run, what was there a part ago grows old; never sooner than after a minute. */
const AGES = 8;
const SETTLE_MS = 180_000;

/** What came of it. */
export interface SoakResult {
  lines: Line[];
  trends: Trend[];
  /** Everything that went wrong, in words. */
  troubles: string[];
}

/**
 * Runs a soak.
 * @param say is told how far it is
 */
export async function soak(options: SoakOptions, say: (text: string) => void): Promise<SoakResult> {
  const system = await startSystem(options.members);
  try {
    return await run(options, system, say);
  } finally {
    await system.close();
  }
}

async function run(
  { minutes, seed, members: count, pace }: SoakOptions,
  system: SoakSystem,
  say: (text: string) => void,
): Promise<SoakResult> {
  const chance = chanceOf(seed);
  const ledger = new Ledger();
  const world = mediaWorld();
  const members = system.identities
    .slice(0, count)
    .map((identity, i) => new SoakMember(i + 1, system.url, identity, ledger, world));
  const tally: Tally = {
    texts: 0,
    groupTexts: 0,
    groups: 0,
    files: 0,
    calls: 0,
    callsCut: 0,
    allocations: 0,
    reloads: 0,
    reconnects: 0,
  };
  const parts = { system, members, ledger, chance, world, tally };
  const troubles: string[] = [];
  const trouble = (error: unknown) => {
    const text = error instanceof Error ? error.message : String(error);
    troubles.push(text);
    say(`TROUBLE ${text}`);
  };
  for (const member of members) await member.open();
  say('everybody is online');

  const began = Date.now();
  const whole = minutes * MINUTE_MS;
  const part = () => (Date.now() - began) / whole;
  const ageing = new Ageing(system.pool);
  const age = Math.max(MINUTE_MS, whole / AGES);
  const samples: Sample[] = [];
  const doing = new Set<Promise<void>>();
  const restarts = [...RESTARTS];
  let lookAt = 0;
  let sampleAt = 0;
  let ageAt = began + age;

  while (part() < 1) {
    const by = chance.pick(members);
    const deed = pickDeed(chance);
    if (!by.busy) {
      by.busy = true;
      const done: Promise<void> = deed(by, parts)
        .catch(trouble)
        .finally(() => {
          by.busy = false;
          doing.delete(done);
        });
      doing.add(done);
    }
    const [next] = restarts;
    if (next !== undefined && part() >= next[0]) {
      restarts.shift();
      await system.restartRelay(next[1]);
      say(`the relay was restarted by ${next[1]}`);
    }
    if (Date.now() >= lookAt) {
      for (const member of members) member.look();
      lookAt = Date.now() + LOOK_MS;
    }
    if (Date.now() >= sampleAt) {
      samples.push(await sample(system, (Date.now() - began) / MINUTE_MS));
      sampleAt = Date.now() + Math.max(2_000, whole / SAMPLES);
      say(progress(samples.at(-1) as Sample, ledger));
    }
    if (Date.now() >= ageAt) {
      await ageing.turn();
      ageAt = Date.now() + age;
    }
    await sleep(pace * (0.5 + chance.next()));
  }

  await Promise.all(doing);
  const missing = await settle(members, ledger).catch((error: unknown) => {
    trouble(error);
    return ledger.missing();
  });
  for (const { id, member } of missing.slice(0, 20)) trouble(new Error(`member ${member} never got ${id}`));
  // What nobody made old is at the relay still: whoever comes anew finds it there.
  const recent = ledger.since(Math.max(began, Date.now() - Math.max(20_000, age / 2)));
  let gone = 0;
  for (const member of members) {
    await member.close();
    await member.open().catch(trouble);
    const shown = new Set(member.look());
    const lost = recent.filter(({ id, to }) => to.includes(member.number) && !shown.has(id));
    for (const { id } of lost) trouble(new Error(`member ${member.number} did not find ${id} again`));
    gone += lost.length;
  }
  const notices = members.flatMap(({ number, state }) =>
    state.notices.map((notice) => `member ${number}: ${JSON.stringify(notice)}`),
  );
  for (const notice of notices) trouble(new Error(notice));
  for (const member of members) await member.close();
  const { rows } = await system.pool.query<{ count: string }>('SELECT count(*) FROM blob');
  const unexpected = unexpectedLines(system.logs());
  for (const line of unexpected) trouble(new Error(line));

  const { messages, files, deliveries } = ledger.counts();
  const lines: Line[] = [
    { name: 'messages taken by clients, and of these files', value: `${messages}, ${files}` },
    { name: 'deliveries that they make', value: deliveries },
    { name: 'messages to groups; groups', value: `${tally.groupTexts}; ${tally.groups}` },
    { name: 'calls connected; cut by a restart before that', value: `${tally.calls}; ${tally.callsCut}` },
    { name: 'allocations at coturn', value: tally.allocations },
    { name: 'pages loaded anew; connections made anew', value: `${tally.reloads}; ${tally.reconnects}` },
    { name: 'restarts of the relay, half of them by SIGKILL', value: system.lives - 1 },
    { name: 'blobs made old; blobs at the end', value: `${ageing.aged}; ${rows[0]?.count}` },
    { name: 'deliveries lost', value: missing.length, mustBeZero: true },
    { name: 'recent deliveries that a new page did not find', value: gone, mustBeZero: true },
    { name: 'deliveries shown twice', value: ledger.doubled.size, mustBeZero: true },
    { name: 'deliveries to somebody else', value: ledger.strayed.size, mustBeZero: true },
    { name: 'files with other bytes', value: ledger.spoilt.size, mustBeZero: true },
    { name: 'log lines that nobody expects', value: unexpected.length, mustBeZero: true },
    { name: 'doings that failed, and all other troubles', value: troubles.length, mustBeZero: true },
  ];
  return { lines, trends: trends(samples), troubles };
}

/** Waits until everything is where it belongs. @returns what is not */
async function settle(members: readonly SoakMember[], ledger: Ledger) {
  const late = Date.now() + SETTLE_MS;
  for (const member of members) {
    const isDone = ({ outboxCount }: SoakMember['state']) => outboxCount === 0;
    await member.until('could not send everything', isDone, SETTLE_MS);
  }
  for (;;) {
    for (const member of members) member.look();
    const missing = ledger.missing();
    if (missing.length === 0 || Date.now() > late) return missing;
    await sleep(500);
  }
}

function progress(seen: Sample, ledger: Ledger): string {
  const { messages, deliveries } = ledger.counts();
  const figures = `relay ${seen.relayMb.toFixed(0)} MB ${seen.relayHandles} handles, clients ${seen.clientsMb.toFixed(0)} MB`;
  return `${seen.at.toFixed(1)} min: ${messages} messages, ${deliveries} deliveries, ${ledger.missing().length} on their way; ${figures}`;
}
