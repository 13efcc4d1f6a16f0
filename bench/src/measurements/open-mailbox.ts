import type { BarePage } from '../browser/devtools.ts';
import type { MemberPages } from '../browser/member-page.ts';
import { longestTask } from '../browser/member-page.ts';
import { FLOOR_ROUTES } from '../floors/routes.ts';
import { fillConversation } from '../load/conversation.ts';
import { emptyMailboxes } from '../load/mailbox.ts';
import type { Measurement, Trial } from '../measurement.ts';

/** When the messages of a thread appeared, in milliseconds from the navigation. */
interface Seen {
  first: number;
  all: number;
}

/** Opens the thread as soon as it can be chosen, and notes when its messages appear. */
function watchThread(count: number): Promise<Seen> {
  return new Promise((resolve) => {
    let first = 0;
    const look = () => {
      const row = document.querySelector<HTMLElement>('[data-testid=conversation-1]');
      if (row !== null && row.ariaCurrent !== 'true') row.click();
      const seen = document.querySelectorAll('[data-testid=message]').length;
      if (seen > 0 && first === 0) first = performance.now();
      if (seen < count) return;
      clearInterval(timer);
      resolve({ first, all: performance.now() });
    };
    const timer = setInterval(look, 20);
  });
}

async function openOnce(pages: MemberPages, count: number): Promise<Seen & { stall: number }> {
  const { page, close } = await pages.open();
  try {
    const seen = await page.persistently(watchThread, count);
    return { ...seen, stall: await longestTask(page) };
  } finally {
    await close();
  }
}

/** Fetches as many blobs in requests of the same size, and lets them go. */
async function fetchBare(page: BarePage, count: number): Promise<number> {
  return page.evaluate(
    async ([path, total]) => {
      const began = performance.now();
      for (let left = total; left > 0; left -= 64) {
        const body = new Uint8Array(16 * Math.min(64, left));
        const response = await fetch(path, { method: 'POST', body });
        await response.arrayBuffer();
      }
      return performance.now() - began;
    },
    [FLOOR_ROUTES.buffers, count] as const,
  );
}

/** From the navigation of a fresh browser until its last message is on the screen. */
export const openMailbox: Measurement = {
  name: 'open-mailbox',
  title: 'open a full mailbox in Chromium, to the last message',
  unit: 'ms',
  quantiles: [0.5],
  mostRounds: 3,
  async prepare(world, { mailbox }) {
    const [circle, relay, floor] = [await world.circle(), await world.relay(), await world.floor()];
    const pages = await world.pages(1);
    await fillConversation(relay.pool, circle, mailbox);
    const bare = await pages.openBare(floor.url);
    return {
      subject: {
        name: 'a fresh browser',
        async run(): Promise<Trial> {
          const seen = await openOnce(pages, mailbox);
          const parts = { 'to the first message': [seen.first], 'longest main-thread stall': [seen.stall] };
          return { samples: [seen.all], parts };
        },
      },
      floors: [
        {
          name: `as many bytes to a bare page`,
          run: async (): Promise<Trial> => ({ samples: [await fetchBare(bare.page, mailbox)] }),
        },
      ],
      async close() {
        await bare.close();
        await emptyMailboxes(relay.pool);
      },
    };
  },
};
