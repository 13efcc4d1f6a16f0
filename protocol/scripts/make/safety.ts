/** Vectors of safety numbers (SPEC.md §4.1). */
import { b64, safetyNumberOf } from '../../src/index.ts';
import type { Circles } from './circle.ts';
import { VectorDraft } from './file.ts';

/** Safety numbers, and what is and is not the code of one. */
export async function safetyVectors({ circle }: Circles) {
  const draft = new VectorDraft('SPEC.md §4.1');
  const { circleId, keyHashes } = circle.allowlist;
  const [ada, bo, third] = keyHashes as [Uint8Array, Uint8Array, Uint8Array];
  const number = async (name: string, a: Uint8Array, b: Uint8Array, id: Uint8Array = circleId) => {
    const { hash, number: digits, code } = await safetyNumberOf(id, a, b);
    const input = { circleId: b64(id), a: b64(a), b: b64(b) };
    draft.valid(name, 'safetyNumber', input, { hash: b64(hash), number: digits, code });
  };
  await number('of two members', ada, bo);
  await number('seen from the other side', bo, ada);
  await number('with a third', ada, third);
  await number('in another circle', ada, bo, new Uint8Array(32).fill(1));

  const { code, hash } = await safetyNumberOf(circleId, ada, bo);
  const read = (name: string, text: string, expected: string | null) =>
    draft.valid(name, 'readSafetyCode', { text }, expected);
  read('a code', code, b64(hash));
  read('a code with white space around', ` ${code}\n`, b64(hash));
  read('nothing', '', null);
  read('another text', 'https://relay.example', null);
  read('another version', code.replace(':1:', ':2:'), null);
  read('in capitals', code.toUpperCase(), null);
  read('31 bytes', `relay-safety:1:${b64(hash.slice(1))}`, null);
  read('33 bytes', `relay-safety:1:${b64(new Uint8Array(33))}`, null);
  read('padded', `${code}=`, null);
  read('not canonical', `${code.slice(0, -1)}${code.endsWith('B') ? 'F' : 'B'}`, null);
  return draft;
}
