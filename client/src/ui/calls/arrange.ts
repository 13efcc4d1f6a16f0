import type { ActiveCall, CallPresence, Participant } from '../../state/model.ts';

/** How the people of a call are shown: all alike, or one large. */
export type CallLayout = 'grid' | 'speaker';

/** One picture on the stage: somebody, or the screen of somebody. */
export interface StageTile {
  key: string;
  kind: 'person' | 'screen';
  participant: Participant;
}

/** What is shown where. */
export interface Arrangement {
  /** Fill the stage; one of them in the layout `speaker`. */
  large: StageTile[];
  /** Beside the large one. */
  strip: StageTile[];
  /** This member in a corner, where the stage has one picture only. */
  corner: StageTile | undefined;
  /** Invited, but not in the call. */
  absent: Participant[];
}

const IN_CALL: readonly CallPresence[] = ['connecting', 'connected', 'reconnecting'];

/** Whether somebody is in the call, or was until a moment ago. */
export function isInCall({ presence }: Participant): boolean {
  return IN_CALL.includes(presence);
}

function person(participant: Participant): StageTile {
  return { key: participant.contact.id, kind: 'person', participant };
}

function screens(participants: readonly Participant[]): StageTile[] {
  return participants
    .filter(({ hasScreen }) => hasScreen)
    .map((participant) => ({ key: `${participant.contact.id} screen`, kind: 'screen', participant }));
}

/** Whom a call is shown by, where there is room for one: who was chosen, a screen, who spoke last, or the first one. */
export function mainTile(
  { participants }: ActiveCall,
  { pinned, speaker }: { pinned?: string | undefined; speaker?: string | undefined },
): StageTile | undefined {
  const others = participants.filter(({ isSelf }) => !isSelf);
  const present = others.filter(isInCall);
  const shared = screens(present);
  const tiles = [...shared, ...(present.length > 0 ? present : others).map(person)];
  const named = (key: string | undefined) => tiles.find((tile) => tile.key === key);
  return named(pinned) ?? shared[0] ?? named(speaker) ?? tiles[0];
}

/**
 * Puts everyone in a place. While nobody else is in the call, those who are waited for take the stage.
 * @param main as {@link mainTile} gives it
 */
export function arrange(call: ActiveCall, layout: CallLayout, main: StageTile | undefined): Arrangement {
  const self = call.participants.find(({ isSelf }) => isSelf);
  const others = call.participants.filter(({ isSelf }) => !isSelf);
  const present = others.filter(isInCall);
  const staged = present.length > 0 ? present : others;
  const tiles = [...screens(present), ...staged.map(person), ...(self ? screens([self]) : [])];
  const absent = others.filter((other) => !staged.includes(other));
  if (layout === 'speaker' && tiles.length <= 1)
    return { large: tiles, strip: [], corner: self && person(self), absent };

  const everyone = self ? [...tiles, person(self)] : tiles;
  if (layout === 'grid' || main === undefined)
    return { large: everyone, strip: [], corner: undefined, absent };
  const rest = everyone.filter(({ key }) => key !== main.key);
  return { large: [main], strip: rest, corner: undefined, absent };
}
