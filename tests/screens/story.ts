/** A circle and what its members have said to each other, for the pictures. */
import { loadIdentity } from '@relay/protocol';
import pg from 'pg';
import type { Stack } from '../support/stack.ts';

/** The circle of the pictures; member 01 is the one who looks. */
export const LABELS = ['Ada', 'Bruno', 'Chiara', 'Dara', 'Emil', 'Farida', 'Goran', 'Hana'] as const;

const MINUTE = 60_000;

interface Line {
  from: number;
  to: number;
  /** Minutes before the picture. */
  ago: number;
  text: string;
  /** Withheld: removed from the mailbox before it is read. */
  lost?: true;
}

const HISTORY: Line[] = [
  { from: 6, to: 1, ago: 1_520, text: 'The seedlings arrived, all forty of them 🌱' },
  { from: 1, to: 6, ago: 1_502, text: 'Wonderful. I will bring the trays on Saturday.' },
  { from: 4, to: 1, ago: 1_470, text: 'Did you hear the blackbird this morning?' },
  { from: 3, to: 1, ago: 192, text: 'I have the key to the boathouse.' },
  { from: 3, to: 1, ago: 188, text: 'It is under the third stone, left of the door.', lost: true },
  { from: 3, to: 1, ago: 171, text: 'So that is settled. See you there!' },
  { from: 2, to: 1, ago: 96, text: 'Morning! Are we still on for the concert on Friday?' },
  { from: 1, to: 2, ago: 94, text: 'Of course. I have the tickets right here 🎻' },
  { from: 2, to: 1, ago: 93, text: 'You are the best.\nWhat do I owe you?' },
  { from: 1, to: 2, ago: 88, text: 'Nothing. Bring that rye bread of yours and we are even.' },
  { from: 2, to: 1, ago: 87, text: 'Deal 🍞' },
  {
    from: 2,
    to: 1,
    ago: 31,
    text: 'One question: Hana would like to come along. Is there any chance of a third seat, or is it sold out by now?',
  },
];

async function blobIds(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>("SELECT encode(id, 'hex') AS id FROM blob");
  return rows.map(({ id }) => id);
}

/**
 * Tells the story through the relay, each line by its writer's own client at its time.
 * @param now - when the picture is taken
 */
export async function tellStory(stack: Stack<string>, now: number): Promise<void> {
  const client = new pg.Client({ connectionString: stack.databaseUrl });
  await client.connect();
  try {
    for (const { from, to, ago, text, lost } of HISTORY) {
      const clock = () => now - ago * MINUTE;
      const writer = await stack.open(from, clock);
      const before = lost ? await blobIds(client) : [];
      await writer.send(LABELS[to - 1] ?? '', text);
      await writer.close();
      if (!lost) continue;
      // The writer keeps its own copy, which later messages name.
      const { member } = await loadIdentity(stack.identity(to));
      await client.query("DELETE FROM blob WHERE mailbox = $1 AND NOT encode(id, 'hex') = ANY($2)", [
        member.keyHash,
        before,
      ]);
    }
  } finally {
    await client.end();
  }
}
