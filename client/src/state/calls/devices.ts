/** The devices of this machine, as the UI lists them. */
import type { MediaDevice } from '../../media/media.ts';
import type { Devices } from '../model.ts';

/**
 * Sorts devices by kind.
 * @param chosen ids by kind; one that is not there (any more) counts as none
 */
export function devicesOf(
  found: readonly MediaDevice[],
  chosen: ReadonlyMap<MediaDevice['kind'], string>,
): Devices {
  const of = (kind: MediaDevice['kind']) =>
    found.filter((one) => one.kind === kind).map(({ id, label }) => ({ id, label }));
  const chosenOf = (kind: MediaDevice['kind']) =>
    found.find((one) => one.kind === kind && one.id === chosen.get(kind))?.id;
  return {
    microphones: of('microphone'),
    cameras: of('camera'),
    speakers: of('speaker'),
    microphone: chosenOf('microphone'),
    camera: chosenOf('camera'),
    speaker: chosenOf('speaker'),
  };
}
