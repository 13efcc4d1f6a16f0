import type { Suspicion } from './issuer-watch.ts';

const WHAT: Readonly<Record<Suspicion, { relay: string; member: string }>> = {
  'two keys': {
    relay: 'The relay showed two different token keys under one number.',
    member: 'The relay showed this member another token key than you.',
  },
  'unknown key': {
    relay: 'The relay hides a token key.',
    member: 'This member was shown a token key that the relay does not show to you.',
  },
  'hidden key': {
    relay: 'The relay had a newer token key for a while, and did not show it to you.',
    member: 'This member and you were shown different token keys at the same time.',
  },
  'older key': {
    relay:
      'The relay went back to an older token key. That happens when its operator restores a backup; ask whether that was so.',
    member: 'The relay went back to an older token key.',
  },
  'many keys': {
    relay:
      'The relay changed its token key unusually often. It does so weekly, and when a member is removed.',
    member: 'The relay changed its token key unusually often.',
  },
};

const MEANING = 'A relay that shows different keys to different members can tell who sends what it takes.';

/**
 * Words for a person.
 * @param isOfMember whether a member's message showed it; else the relay's own answers did
 */
export function suspicionText(suspicion: Suspicion, isOfMember: boolean): string {
  const { relay, member } = WHAT[suspicion];
  const doubt = isOfMember ? ' Or that member is not honest. Compare with others, and ask the operator.' : '';
  return `${isOfMember ? member : relay} ${MEANING}${doubt}`;
}
