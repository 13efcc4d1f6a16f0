import { readFileSync } from 'node:fs';
import { identityFile, LABELS } from './circle.ts';
import { HeadlessMember } from './headless.ts';

/**
 * Sends a real message from member 01 to member 02 and one back, over the relay's own HTTP and socket, sealed and opened by the
 * client's own code. The messages stay in both conversations.
 *
 * @param identities - folder of the identity files
 * @param now - when; tells the messages of one run from those of another
 * @throws DemoError `message_lost`
 */
export async function exchangeMessages(identities: string, apiUrl: string, now: Date): Promise<void> {
  const open = (number: number) =>
    HeadlessMember.open(readFileSync(identityFile(identities, number)), apiUrl);
  const [first, second] = await Promise.all([open(1), open(2)]);
  const time = now.toLocaleTimeString('en-GB');
  const call = `Hello ${LABELS[1]}, can you read this? It is ${time} 👋`;
  const answer = `Yes ${LABELS[0]}, loud and clear at ${time}.`;
  await first.send(second.label, call);
  await second.receive(first.label, call);
  await second.send(first.label, answer);
  await first.receive(second.label, answer);
  await Promise.all([first.close(), second.close()]);
}
