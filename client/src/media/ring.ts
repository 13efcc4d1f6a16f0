/** The sounds of ringing, computed: there is nothing to load. */

/** Who rings: another member here, or this member there. */
export type Tone = 'incoming' | 'outgoing';

/** Tones of a round: frequency in Hz; beginning, length and the round itself in seconds. */
const ROUNDS: Record<
  Tone,
  { length: number; gain: number; notes: [hertz: number, at: number, length: number][] }
> = {
  incoming: {
    length: 3,
    gain: 0.25,
    notes: [
      [659, 0, 0.35],
      [784, 0.25, 0.35],
      [988, 0.5, 0.6],
    ],
  },
  outgoing: { length: 4, gain: 0.08, notes: [[425, 0, 1]] },
};
/** Seconds that a tone takes to rise and to fall, so that it does not click. */
const EDGE = 0.03;

/** One round of ringing, to be repeated: samples from -1 to 1. */
export function roundOf(tone: Tone, sampleRate: number): Float32Array<ArrayBuffer> {
  const { length, gain, notes } = ROUNDS[tone];
  const samples = new Float32Array(Math.round(length * sampleRate));
  for (const [hertz, at, seconds] of notes) {
    const first = Math.round(at * sampleRate);
    const count = Math.round(seconds * sampleRate);
    for (let i = 0; i < count; i++) {
      const edge = Math.min(1, i / sampleRate / EDGE, (count - i) / sampleRate / EDGE);
      samples[first + i] =
        (samples[first + i] ?? 0) + gain * edge * Math.sin((2 * Math.PI * hertz * i) / sampleRate);
    }
  }
  return samples;
}

/** Plays ringing. Browsers stay silent until the member has clicked on the page once. */
export class Ringer {
  #context: AudioContext | undefined;
  #tone: Tone | undefined;

  /** Begins another tone, or ends; the one that plays already goes on. */
  ring(tone: Tone | undefined): void {
    if (tone === this.#tone) return;
    this.#tone = tone;
    void this.#context?.close();
    this.#context = tone === undefined ? undefined : new AudioContext();
    if (tone === undefined || this.#context === undefined) return;
    const context = this.#context;
    const buffer = new AudioBuffer({
      length: roundOf(tone, context.sampleRate).length,
      sampleRate: context.sampleRate,
    });
    buffer.copyToChannel(roundOf(tone, context.sampleRate), 0);
    const source = new AudioBufferSourceNode(context, { buffer, loop: true });
    source.connect(context.destination);
    source.start();
  }
}
