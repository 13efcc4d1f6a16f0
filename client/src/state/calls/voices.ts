/** Who is speaking, by the loudness of what arrives here: nothing on the wire tells. */
import type { Media, Meter } from '../../media/media.ts';

/** From here on somebody speaks. */
const LOUD = 0.04;
/** So long after the last loud moment somebody still speaks. Milliseconds. */
const HOLD_MS = 600;

/** Listens to the voices of a call. */
export class Voices {
  readonly #media: Pick<Media, 'meter'>;
  readonly #now: () => number;
  readonly #meters = new Map<MediaStream, { meter: Meter; loudAt: number }>();

  constructor(media: Pick<Media, 'meter'>, now: () => number) {
    this.#media = media;
    this.#now = now;
  }

  /** Listens to these and no others. */
  listen(streams: readonly MediaStream[]): void {
    for (const [stream, { meter }] of this.#meters) {
      if (streams.includes(stream)) continue;
      meter.stop();
      this.#meters.delete(stream);
    }
    for (const stream of streams) {
      if (this.#meters.has(stream)) continue;
      this.#meters.set(stream, { meter: this.#media.meter(stream), loudAt: Number.NEGATIVE_INFINITY });
    }
    for (const one of this.#meters.values()) if (one.meter.level() > LOUD) one.loudAt = this.#now();
  }

  /** Whether a voice is heard now. */
  isSpeaking(stream: MediaStream | undefined): boolean {
    const one = stream && this.#meters.get(stream);
    return one !== undefined && this.#now() - one.loudAt < HOLD_MS;
  }
}

/** Whether a level of 0 to 1 is speech. */
export const isLoud = (level: number): boolean => level > LOUD;
