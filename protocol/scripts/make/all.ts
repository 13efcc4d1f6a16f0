/** All files of vectors that a seed determines. */
import { chunkVectors, messageVectors, pairVectors } from './blobs.ts';
import { makeCircles } from './circle.ts';
import { conversationVectors } from './conversations.ts';
import { circleVectors, identityVectors, rosterVectors } from './identity.ts';
import { kindVectors } from './kinds.ts';
import { recordVectors } from './records.ts';
import { roomVectors } from './rooms.ts';
import { safetyVectors } from './safety.ts';
import { seededStream, withSeededRandomness } from './seeded.ts';
import { signalVectors } from './signals.ts';
import { tokenVectors } from './tokens.ts';
import { cborVectors, frameVectors, rosterUpdateVectors, sessionVectors, turnVectors } from './wire.ts';

/** The texts by file name, and the identity file of member 1. */
export interface MadeVectors {
  files: { [name: string]: string };
  identityFile: Uint8Array;
}

/** Makes them; the same bytes each time. */
export async function makeVectors(): Promise<MadeVectors> {
  const seed = 'relay vectors: circles';
  const circles = await withSeededRandomness(seed, () => makeCircles(seededStream(seed)));
  const makers = {
    'cbor.json': async () => cborVectors(),
    'identity.json': () => identityVectors(circles),
    'circle.json': () => circleVectors(circles),
    'roster.json': () => rosterVectors(circles),
    'safety.json': () => safetyVectors(circles),
    'pair.json': () => pairVectors(circles),
    'message.json': () => messageVectors(circles),
    'chunk.json': () => chunkVectors(circles),
    'record.json': () => recordVectors(circles),
    'kinds.json': () => kindVectors(circles),
    'conversation.json': () => conversationVectors(circles),
    'session.json': () => sessionVectors(circles),
    'turn.json': () => turnVectors(),
    'room.json': () => roomVectors(circles),
    'signal.json': () => signalVectors(circles),
    'roster-update.json': () => rosterUpdateVectors(circles),
    'token.json': () => tokenVectors(),
    'frames.json': () => frameVectors(),
  };
  const files: { [name: string]: string } = {};
  for (const [name, make] of Object.entries(makers))
    files[name] = `${await withSeededRandomness(`relay vectors: ${name}`, make)}`;
  return { files, identityFile: circles.files[0] as Uint8Array };
}
