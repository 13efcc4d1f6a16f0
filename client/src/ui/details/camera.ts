/** Reads QR codes from the camera. The picture stays on the page: it is drawn on a canvas, read, and overwritten. */

/** Why there is no picture: not allowed, no camera, or one that does not start. */
export type CameraFault = 'denied' | 'missing' | 'failed';

/** Milliseconds between two looks. */
const PAUSE = 120;
/** The longer side of a picture that is looked at: enough for a code, and quick. Pixels. */
const LOOK = 720;

/** What a failure to start the camera means. */
export function cameraFault(error: unknown): CameraFault {
  if (!(error instanceof DOMException)) return 'failed';
  switch (error.name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'denied';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'missing';
    default:
      return 'failed';
  }
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, PAUSE);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}

async function openCamera(): Promise<MediaStream> {
  // Absent on a page that is not served from this machine or over HTTPS.
  if (navigator.mediaDevices === undefined) throw new DOMException('No camera here.', 'NotFoundError');
  return navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' }, audio: false });
}

/** Shows the camera in `video` and reads codes until the signal is aborted. */
export interface ScanOptions {
  video: HTMLVideoElement;
  signal: AbortSignal;
  /** The picture is there. */
  onStart: () => void;
  /** Called with each code that is seen, again and again while it is in sight. */
  onCode: (code: string) => void;
}

/**
 * Asks for the camera and looks for QR codes; resolves when the signal is aborted, with the camera off.
 * @throws DOMException, see {@link cameraFault}; also when the camera goes away
 */
export async function scanCodes({ video, signal, onStart, onCode }: ScanOptions): Promise<void> {
  const { decodeQR } = await import('qr/decode.js');
  const stream = await openCamera();
  try {
    if (signal.aborted) return;
    video.srcObject = stream;
    await video.play();
    onStart();
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
    const [track] = stream.getVideoTracks();
    while (!signal.aborted && canvas !== null) {
      if (track?.readyState !== 'live') throw new DOMException('The camera went away.', 'AbortError');
      const code = read(canvas, video, decodeQR);
      if (code !== undefined) onCode(code);
      await stopped(signal);
    }
  } catch (error) {
    // A dialogue that closes takes the element away under the picture that was about to play.
    if (!signal.aborted) throw error;
  } finally {
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  }
}

function read(
  context: CanvasRenderingContext2D,
  video: HTMLVideoElement,
  decode: (image: ImageData) => string,
): string | undefined {
  const { videoWidth, videoHeight } = video;
  const scale = Math.min(1, LOOK / Math.max(videoWidth, videoHeight, 1));
  const width = Math.round(videoWidth * scale);
  const height = Math.round(videoHeight * scale);
  if (width === 0 || height === 0) return undefined;
  context.canvas.width = width;
  context.canvas.height = height;
  context.drawImage(video, 0, 0, width, height);
  try {
    return decode(context.getImageData(0, 0, width, height));
  } catch {
    // No code in this picture.
    return undefined;
  }
}
