import { randomBytes } from 'node:crypto';
import { b64 } from '@relay/protocol';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { allConnected, callCircle } from '../support/call-circle.ts';
import type { CallWindow } from '../support/call-window.ts';
import { PATIENT } from '../support/patience.ts';
import type { Line, Tamper } from '../support/relay-proxy.ts';

const SEAT_BYTES = 32;
/** One signal in so many is tampered with, so that a call can come about all the same. */
const EVERY = 8;
/** What was tampered with is sent again, later each time. */
const LONG = { ...PATIENT, timeout: 150_000 };
/** So many are tampered with in any case. */
const FIRST = 3;

const circle = callCircle(['Ada', 'Bruno', 'Chiara'], { pages: 2, isProxied: true });
let ada: CallWindow;
let bruno: CallWindow;
let tampered = 0;

beforeAll(async () => {
  [ada, bruno] = await circle.open(1, 2);
  await Promise.all([ada.window.choose(2), bruno.window.choose(1)]);
});
afterEach(async () => {
  circle.proxy.tamper = undefined;
  tampered = 0;
  await ada.leave();
  await bruno.dismiss();
});

/**
 * Tampers with the first signals and some of those after them, and delivers the others as they are. Which ones is chance: what is sent again in groups of as many
 * as a fixed count would be tampered with in the same place for ever.
 */
function sometimes(tamper: Tamper): Tamper {
  return (frame, line) => {
    if (tampered >= FIRST && Math.random() >= 1 / EVERY) return line.deliver(frame);
    tampered++;
    tamper(frame, line);
  };
}

/** Makes a call under a tampering relay; both must come to see each other, and nobody else. */
async function callUnder(tamper: Tamper): Promise<void> {
  circle.proxy.tamper = tamper;
  await ada.call('video');
  await bruno.accept(true);
  await allConnected({ 1: ada, 2: bruno }, LONG);
  await Promise.all([ada.seesFrames(1), bruno.seesFrames(1)]);
  await ada.press('mute');
  await expect.poll(() => bruno.tiles(), PATIENT).toMatchObject([{ member: 1, muted: true }]);
  await ada.press('mute');
  await expect.poll(() => bruno.tiles(), PATIENT).toMatchObject([{ member: 1, muted: false }]);
  expect(await ada.tiles()).toHaveLength(1);
  expect(tampered).toBeGreaterThan(1);
}

/** Codes that a window gave as reasons for what it refused in its call. */
async function reasons(window: CallWindow): Promise<string[]> {
  return (await window.refusals()).toSorted();
}

describe('a relay that tampers with signals gets nowhere, and is found out', () => {
  it('when it changes a bit', async () => {
    await callUnder(
      sometimes((frame, { deliver }) => {
        const forged = Buffer.from(frame);
        const at = 2 * SEAT_BYTES + Math.floor(Math.random() * (frame.length - 2 * SEAT_BYTES));
        forged[at] = (forged[at] ?? 0) ^ 1;
        deliver(forged);
      }),
    );
    expect([...(await reasons(ada)), ...(await reasons(bruno))]).toContain('signal_forged');
  });

  it('when it makes up a box of its own', async () => {
    await callUnder(
      sometimes((frame, { deliver }) => {
        const seats = frame.subarray(0, 2 * SEAT_BYTES);
        deliver(Buffer.concat([seats, randomBytes(frame.length - seats.length)]));
        deliver(frame);
      }),
    );
    expect([...(await reasons(ada)), ...(await reasons(bruno))]).toContain('signal_forged');
  });

  it('when it repeats what was said', async () => {
    const said: [Buffer, Line][] = [];
    await callUnder(
      sometimes((frame, line) => {
        said.push([frame, line]);
        for (const [earlier, to] of said) to.deliver(earlier);
      }),
    );
    expect([...(await reasons(ada)), ...(await reasons(bruno))]).toContain('signal_order');
  });

  it('when it changes the order', async () => {
    let held: [Buffer, Line] | undefined;
    const release = () => {
      if (held !== undefined) held[1].deliver(held[0]);
      held = undefined;
    };
    await callUnder((frame, line) => {
      if (held === undefined) {
        held = [frame, line];
        tampered++;
        setTimeout(release, 700);
      } else {
        line.deliver(frame);
        release();
      }
    });
    expect([...(await reasons(ada)), ...(await reasons(bruno))]).toContain('signal_order');
  });

  it('when it puts one box in the place of another', async () => {
    const boxes: Buffer[] = [];
    await callUnder(
      sometimes((frame, { deliver }) => {
        const other = boxes.find(
          (box) => !frame.includes(box) && box.length === frame.length - 2 * SEAT_BYTES,
        );
        boxes.unshift(frame.subarray(2 * SEAT_BYTES));
        deliver(other === undefined ? frame : Buffer.concat([frame.subarray(0, 2 * SEAT_BYTES), other]));
      }),
    );
    const all = [...(await reasons(ada)), ...(await reasons(bruno))];
    expect(all.some((code) => code === 'signal_forged' || code === 'signal_order')).toBe(true);
  });

  it('when it swaps who said it and who is to hear it', async () => {
    await callUnder(
      sometimes((frame, { deliver }) => {
        const [from, to] = [frame.subarray(0, SEAT_BYTES), frame.subarray(SEAT_BYTES, 2 * SEAT_BYTES)];
        deliver(Buffer.concat([to, from, frame.subarray(2 * SEAT_BYTES)]));
        deliver(frame);
      }),
    );
    // It is for a seat that is not theirs: there is nobody to tell of it.
    expect([...(await reasons(ada)), ...(await reasons(bruno))]).toEqual([]);
  });

  it('when it lets somebody in whom nobody listed', async () => {
    const told = new Set<Line>();
    await callUnder((frame, line) => {
      const own = b64(frame.subarray(SEAT_BYTES, 2 * SEAT_BYTES));
      if (!told.has(line)) {
        told.add(line);
        tampered++;
        line.tell('arrived', { own, seat: b64(randomBytes(SEAT_BYTES)) });
      }
      line.deliver(frame);
    });
    // A member who was added may come before the word of it: what nobody added is told a while later.
    await expect
      .poll(async () => [...(await reasons(ada)), ...(await reasons(bruno))], PATIENT)
      .toContain('signal_unlisted');
    expect(await ada.tiles()).toHaveLength(1);
  });
});
