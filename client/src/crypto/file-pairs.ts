/** Which pair a file is sealed or opened under: that of the time when it was begun. */
import type { Pair } from '@relay/protocol';
import { RelayError } from '@relay/protocol';
import type { OpenFileRequest } from './files.ts';
import type { OpenCircle } from './open-circle.ts';

function required(pair: Pair | undefined): Pair {
  if (pair === undefined) throw new RelayError('recipient_unknown');
  return pair;
}

function pairsWith({ current, former }: OpenCircle, peer: string): readonly Pair[] {
  return (current.get(peer) ?? former.get(peer))?.pairs ?? [];
}

const isAsOldAs = (serial: number) => (pair: Pair) => pair.serial <= serial;

/** For sealing: under the circle secret of the roster of that serial, and only for a member of the roster in use. @throws RelayError `recipient_unknown` */
export function sealingPair({ current }: OpenCircle, peer: string, serial: number): Pair {
  return required(current.get(peer)?.pairs.find(isAsOldAs(serial)));
}

/** The same for naming what was sealed; also of a former member. @throws RelayError `recipient_unknown` */
export function namingPair(circle: OpenCircle, peer: string, serial: number): Pair {
  return required(pairsWith(circle, peer).find(isAsOldAs(serial)));
}

/** For opening; also of a former member. @throws RelayError `recipient_unknown`, also when there was no circle secret that old */
export function openingPair(circle: OpenCircle, { peer, generation = 0 }: OpenFileRequest): Pair {
  return required(pairsWith(circle, peer)[generation]);
}
