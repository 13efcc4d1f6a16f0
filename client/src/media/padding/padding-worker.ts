/** Pads what a sender encodes, off the page; one worker for all senders of a page. See {@link Padding}. */
import { padOpus } from './opus.ts';

/** What a sender's padding is told. */
export interface PaddingOrder {
  /** Bytes of every packet from now on. */
  size: number;
}

/** What {@link RTCRtpScriptTransform} gives to its worker. */
interface Transformer {
  readable: ReadableStream<RTCEncodedAudioFrame>;
  writable: WritableStream<RTCEncodedAudioFrame>;
  options: PaddingOrder & { port: MessagePort };
}

function pad({ readable, writable, options }: Transformer): void {
  let { size } = options;
  options.port.onmessage = ({ data }: MessageEvent<PaddingOrder>) => {
    size = data.size;
  };
  const padding = new TransformStream<RTCEncodedAudioFrame, RTCEncodedAudioFrame>({
    transform(frame, controller) {
      const padded = padOpus(new Uint8Array(frame.data), size);
      // One that does not fit would tell that it is loud; the other side conceals a packet that never came.
      if (padded === undefined) return;
      frame.data = padded.buffer;
      controller.enqueue(frame);
    },
  });
  // It ends with its connection.
  readable
    .pipeThrough(padding)
    .pipeTo(writable)
    .catch(() => {});
}

addEventListener('rtctransform', (event) => pad((event as Event & { transformer: Transformer }).transformer));
