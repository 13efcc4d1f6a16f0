import { openBareJourney } from '../floors/journey.ts';
import { timed } from '../load/clock.ts';
import { dropTickets, emptyMailboxes } from '../load/mailbox.ts';
import type { Measurement, Trial } from '../measurement.ts';
import type { HeadlessClient } from '../system/headless-client.ts';
import { openClient } from '../system/headless-client.ts';

/** Sends one text and waits until the other client shows it; then until the sender's outbox is empty. */
async function sendOne(sender: HeadlessClient, recipient: HeadlessClient, text: string): Promise<number> {
  const time = await timed(async () => {
    const shown = recipient.until(() =>
      recipient.conversation().items.some((item) => item.type === 'message' && item.text === text),
    );
    const fault = await sender.messenger.actions.sendText(sender.conversation().id, text);
    if (fault) throw new Error(`${fault.code}: ${fault.message}`);
    await shown;
  });
  await sender.until(({ outboxCount }) => outboxCount === 0);
  return time;
}

/** From the send button of one client to the text on the other's screen, one message after the other. */
export const sendToDecrypted: Measurement = {
  name: 'send-to-decrypted',
  title: 'text from send to decrypted',
  unit: 'ms',
  quantiles: [0.5, 0.95],
  async prepare(world, { messages }) {
    const [circle, relay, floor] = [await world.circle(), await world.relay(), await world.floor()];
    const [sender, recipient] = await Promise.all(circle.files.map((file) => openClient(relay.url, file)));
    if (!sender || !recipient) throw new Error('a circle of two has two clients');
    const journey = await openBareJourney(floor.url, circle);
    let sent = 0;
    return {
      subject: {
        name: 'two clients and the relay',
        async run(): Promise<Trial> {
          const samples: number[] = [];
          for (let i = 0; i < messages; i++) samples.push(await sendOne(sender, recipient, `text ${++sent}`));
          await emptyMailboxes(relay.pool);
          return { samples };
        },
      },
      floors: [
        {
          name: 'its bare parts, one after the other',
          async run(): Promise<Trial> {
            const steps: Record<string, number>[] = [];
            for (let i = 0; i < messages; i++) steps.push(await journey.run());
            journey.hangUp();
            await emptyMailboxes(floor.pool);
            await dropTickets(floor.pool);
            const names = Object.keys(steps[0] ?? {});
            return {
              samples: steps.map((step) => Object.values(step).reduce((sum, time) => sum + time, 0)),
              parts: Object.fromEntries(names.map((name) => [name, steps.map((step) => step[name] ?? 0)])),
            };
          },
        },
      ],
      async close() {
        journey.close();
        await Promise.all([sender, recipient].map(({ messenger }) => messenger.actions.lock()));
      },
    };
  },
};
