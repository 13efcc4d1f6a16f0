import { setTimeout as sleep } from 'node:timers/promises';
import type { TurnAccess } from '../browser/call-page.ts';
import { acceptCall, callBare, leaveCall, placeCall } from '../browser/call-page.ts';
import type { BarePage } from '../browser/devtools.ts';
import { openThread } from '../browser/send-file.ts';
import type { Contestant, Measurement, Trial } from '../measurement.ts';
import { cpuMilliseconds } from '../system/cpu.ts';
import { openSession } from '../system/session.ts';
import type { World } from '../system/world.ts';

/** How long each call is talked, in milliseconds; what relay and coturn use meanwhile is theirs. */
const TALK_MS = 3_000;
/** Calls of the round that does not count. */
const WARM_UP = 2;

/** Credentials as the relay gives them to members. */
async function turnAccess(world: World): Promise<TurnAccess> {
  const { http, token } = await openSession((await world.relay()).url, (await world.circle()).sender);
  const { urls, username, credential } = await http.turnCredentials(token);
  return { urls: [...urls], username, credential };
}

/** Repeats something, less often the first time it is asked to. */
function repeated(count: number, once: () => Promise<number>): () => Promise<number[]> {
  let isWarm = false;
  return async () => {
    const samples: number[] = [];
    for (let i = 0; i < (isWarm ? count : WARM_UP); i++) samples.push(await once());
    isWarm = true;
    return samples;
  };
}

function floor(name: string, count: number, once: () => Promise<number>): Contestant {
  const run = repeated(count, once);
  return { name, run: async () => ({ samples: await run() }) };
}

/** One call from ringing to its end. */
async function callOnce(caller: BarePage, callee: BarePage): Promise<number> {
  await placeCall(caller);
  const time = await acceptCall(callee);
  await sleep(TALK_MS);
  await leaveCall(caller);
  await leaveCall(callee);
  return time;
}

/** From the click that accepts a call to the first frame of the other side, between two browsers, through coturn alone. */
export const calls: Measurement = {
  name: 'calls',
  title: 'accept a call, to the first remote frame',
  unit: 'ms',
  quantiles: [0.5, 0.95],
  mostRounds: 1,
  async prepare(world, { calls: count }) {
    const [relay, turn] = [await world.relay(), await world.turn()];
    const access = await turnAccess(world);
    const pages = [await world.pages(0), await world.pages(1)] as const;
    const [caller, callee] = await Promise.all(pages.map((each) => each.openForCalls()));
    if (!caller || !callee) throw new Error('two pages were asked for');
    await Promise.all([openThread(caller.page, 2), openThread(callee.page, 1)]);
    const run = repeated(count, () => callOnce(caller.page, callee.page));
    return {
      subject: {
        name: 'the client',
        async run(): Promise<Trial> {
          const before = [cpuMilliseconds(relay.pid), cpuMilliseconds(turn.pid)] as const;
          const samples = await run();
          const each = (now: number, then: number) => [(now - then) / samples.length];
          return {
            samples,
            parts: {
              [`CPU of the relay for a call of ${TALK_MS / 1_000} s`]: each(
                cpuMilliseconds(relay.pid),
                before[0],
              ),
              [`CPU of coturn for a call of ${TALK_MS / 1_000} s`]: each(
                cpuMilliseconds(turn.pid),
                before[1],
              ),
            },
          };
        },
      },
      floors: [
        floor('two bare peers in one page', count, () => callBare(callee.page, undefined)),
        floor('two bare peers through coturn', count, () => callBare(callee.page, access)),
      ],
      async close() {
        await Promise.all([caller.close(), callee.close()]);
      },
    };
  },
};
