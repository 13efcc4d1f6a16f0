/** What a group has said, with everything that a thread can show; told by its members' own clients, each line at its time. */
import type { HeadlessMember } from '@relay/demo/parts';
import type { Stack } from '../support/stack.ts';

/** The group of the pictures. */
export const GROUP = 'Lighthouse trip';

const MINUTE = 60_000;

interface Scene {
  member: HeadlessMember;
  id: string;
  /** Key of the message with that text or file name. */
  key(text: string): string;
}

type Act = (scene: Scene) => Promise<unknown>;

const say =
  (text: string, reply?: string): Act =>
  ({ member, id, key }) =>
    member.actions.sendText(id, text, reply === undefined ? {} : { reply: key(reply) });
const react =
  (text: string, emoji: string): Act =>
  ({ member, key }) =>
    member.actions.react(key(text), emoji);
const send =
  (name: string, type: string, bytes: Uint8Array): Act =>
  async ({ member, id }) => {
    await member.actions.sendFile(id, new Blob([bytes.slice()], { type }), { name, type });
    await member.until(
      ({ conversations }) => conversations.find((one) => one.id === id)?.uploads.length === 0,
    );
  };

const QUESTION = 'Who is coming to the lighthouse on Saturday?';
const CAR = 'Me! There are three seats left in the car 🚗';
const SOON = 'Is anybody allergic to nuts?';

const lines = (picture: Uint8Array): { from: number; ago: number; acts: Act[] }[] => [
  { from: 3, ago: 62, acts: [say(QUESTION), send('lighthouse.jpg', 'image/jpeg', picture)] },
  { from: 2, ago: 58, acts: [say(CAR), react(QUESTION, '❤️')] },
  { from: 5, ago: 55, acts: [say('I will come by bike', QUESTION), react(CAR, '👍')] },
  {
    from: 5,
    ago: 54,
    acts: [
      ({ member, key }) => member.actions.editText(key('I will come by bike'), 'I will come by bike, at ten'),
    ],
  },
  {
    from: 1,
    ago: 41,
    acts: [say('Two of those seats for us, please', CAR), react(CAR, '👍'), react(QUESTION, '❤️')],
  },
  {
    from: 2,
    ago: 33,
    acts: [send('packing-list.pdf', 'application/pdf', new Uint8Array(182_000)), say(SOON)],
  },
  { from: 2, ago: 32, acts: [({ member, key }) => member.actions.deleteForEveryone(key(SOON))] },
  {
    from: 3,
    ago: 12,
    acts: [say('Perfect. The keeper lets us up at eleven, and there will be cake.'), react(CAR, '🙏')],
  },
];

function sceneOf(member: HeadlessMember): Scene {
  const group = () => {
    const found = member.state.conversations.find((one) => one.kind === 'group' && one.name === GROUP);
    if (found === undefined) throw new Error(`${member.label} does not know the group.`);
    return found;
  };
  return {
    member,
    id: group().id,
    key(text) {
      const found = group().items.find(
        (item) => item.type === 'message' && (item.text === text || item.file?.name === text),
      );
      if (found === undefined) throw new Error(`${member.label} does not see “${text}”.`);
      return found.key;
    },
  };
}

/**
 * Makes the group of Ada, Bruno, Chiara and Emil, and lets it talk.
 * @param picture a JPEG
 */
export async function tellGroupStory(stack: Stack<string>, picture: Uint8Array): Promise<void> {
  const chiara = await stack.open(3, () => Date.now() - 63 * MINUTE);
  const others = chiara.state.contacts.filter(({ number }) => [1, 2, 5].includes(number));
  await chiara.actions.createGroup(
    GROUP,
    others.map(({ id }) => id),
  );
  await chiara.close();
  for (const { from, ago, acts } of lines(picture)) {
    const member = await stack.open(from, () => Date.now() - ago * MINUTE);
    const scene = sceneOf(member);
    for (const act of acts) {
      const fault = await act(scene);
      if (fault !== undefined) throw new Error(`${member.label}: ${JSON.stringify(fault)}`);
    }
    await member.close();
  }
}
