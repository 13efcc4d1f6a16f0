/** Measures how loud a stream is, here and not on the way (SPEC.md §21.4). */
import type { Meter } from './media.ts';

const SAMPLES = 1_024;
/** Decibels below full scale that count as silence, and as loud. */
const [SILENCE, LOUD] = [-60, -10];

/** Loudness of samples from -1 to 1: 0 for silence, 1 for a loud voice, linear in decibels between. */
export function levelOf(samples: Float32Array): number {
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, samples.length);
  const decibels = 10 * Math.log10(power);
  return Math.min(1, Math.max(0, (decibels - SILENCE) / (LOUD - SILENCE)));
}

/**
 * Meters of one page, which share an audio context; it is closed with the last of them.
 * Chromium measures a stream of another side only while some element plays it too.
 */
export class Meters {
  #context: AudioContext | undefined;
  #open = 0;

  /** Measures a stream with sound. */
  open(stream: MediaStream): Meter {
    this.#context ??= new AudioContext();
    const context = this.#context;
    this.#open++;
    const analyser = new AnalyserNode(context, { fftSize: SAMPLES });
    const source = context.createMediaStreamSource(stream);
    source.connect(analyser);
    const samples = new Float32Array(SAMPLES);
    let isOpen = true;
    return {
      level: () => {
        if (!isOpen) return 0;
        // It begins suspended until the member has clicked on the page.
        if (context.state === 'suspended') void context.resume();
        analyser.getFloatTimeDomainData(samples);
        return levelOf(samples);
      },
      stop: () => {
        if (!isOpen) return;
        isOpen = false;
        source.disconnect();
        this.#release();
      },
    };
  }

  #release(): void {
    this.#open--;
    if (this.#open > 0) return;
    void this.#context?.close();
    this.#context = undefined;
  }
}
