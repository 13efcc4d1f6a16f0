/**
 * Voice that tells nothing by its size, in browsers that cannot encode at a constant rate (SPEC.md §21.4): every packet is padded to one size before it is
 * encrypted.
 */
import type { PaddingOrder } from './padding-worker.ts';

/** What is left of a bit rate to an encoder whose packets vary: its largest ones are about twice its average. */
const ENCODED_PART = 0.75;
const PADDED_PART = 1.5;
const SPARE_BYTES = 16;
/** Packets of Opus in a second: one in 20 ms. */
const PACKETS = 50;

/** Bits per second for an encoder whose packets are padded, so that they fit. */
export function encodedRate(bitrate: number): number {
  return bitrate * ENCODED_PART;
}

/** Bytes of each packet, for what is meant to take a bit rate (in bits per second) on average. */
export function paddedSize(bitrate: number): number {
  return Math.ceil((bitrate / 8 / PACKETS) * PADDED_PART) + SPARE_BYTES;
}

/** Whether this browser is of the kind that keeps to `cbr=1` (Chromium's), told by what it alone can negotiate: there nothing waits and nothing is padded. */
export function encodesConstantly(): boolean {
  return 'setHeaderExtensionsToNegotiate' in RTCRtpTransceiver.prototype;
}

/**
 * Whether a sender's packets have to be padded here: its browser did not take note of `cbr=1` in the description of the other side, so it does not know it, and it
 * has encoded transforms. False before the codec was negotiated.
 */
export function needsPadding(sender: RTCRtpSender): boolean {
  const { codecs } = sender.getParameters();
  const opus = codecs.find(({ mimeType }) => mimeType.toLowerCase() === 'audio/opus');
  if (opus === undefined || typeof RTCRtpScriptTransform !== 'function') return false;
  return !/(^|;)\s*cbr=1\s*(;|$)/.test(opus.sdpFmtpLine ?? '');
}

let worker: Worker | undefined;

function workerOfPage(): Worker {
  worker ??= new Worker(new URL('./padding-worker.ts', import.meta.url), { type: 'module', name: 'padding' });
  return worker;
}

/** The padding of one sender. Nothing leaves it before the worker runs. */
export class Padding {
  readonly #port: MessagePort;
  #size: number;

  /**
   * Begins, for a sender that has no track yet.
   * @param size bytes of every packet
   */
  constructor(sender: RTCRtpSender, size: number) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#size = size;
    sender.transform = new RTCRtpScriptTransform(workerOfPage(), { size, port: port2 }, [port2]);
  }

  /** Bytes of every packet. */
  get size(): number {
    return this.#size;
  }

  /** Sets another size, from the next packet on. */
  resize(size: number): void {
    this.#size = size;
    this.#port.postMessage({ size } satisfies PaddingOrder);
  }
}
