/** Opens microphones, cameras and screens. */
import type { ErrorCode } from '@relay/protocol';
import { RelayError } from '@relay/protocol';
import type { Capture, VoiceProcessing } from './media.ts';

const CODES: Record<string, ErrorCode> = {
  NotAllowedError: 'media_denied',
  SecurityError: 'media_denied',
  NotFoundError: 'media_missing',
  OverconstrainedError: 'media_missing',
  NotReadableError: 'media_taken',
  AbortError: 'media_taken',
};

/** The closed code of what the browser throws when it opens a device. A screen that was not chosen is `media_denied`. */
export function captureFault(cause: unknown): RelayError {
  const name = typeof cause === 'object' && cause !== null && 'name' in cause ? String(cause.name) : '';
  return new RelayError(CODES[name] ?? 'calls_unsupported', undefined, { cause });
}

async function opened(open: () => Promise<MediaStream>): Promise<MediaStream> {
  try {
    return await open();
  } catch (cause) {
    throw captureFault(cause);
  }
}

/** A capture of these tracks; it ends with the first of them, but for the sound of a screen. */
function captureOf(stream: MediaStream, tracks: Capture['tracks']): Capture {
  const main = [tracks.voice, tracks.camera, tracks.screen].filter((track) => track !== undefined);
  let hasEnded = false;
  let listener = () => {};
  for (const track of main)
    track.addEventListener('ended', () => {
      if (hasEnded) return;
      hasEnded = true;
      listener();
    });
  return {
    stream,
    tracks,
    onEnded(given) {
      listener = given;
      if (main.some(({ readyState }) => readyState === 'ended') && !hasEnded) {
        hasEnded = true;
        given();
      }
    },
    setEnabled(enabled) {
      for (const track of stream.getTracks()) track.enabled = enabled;
    },
    stop() {
      hasEnded = true;
      for (const track of stream.getTracks()) track.stop();
    },
  };
}

const chosen = (deviceId: string | undefined) =>
  deviceId === undefined ? {} : { deviceId: { exact: deviceId } };

/**
 * Opens a microphone, with one channel.
 * @param deviceId undefined for the browser's own choice
 * @throws RelayError as {@link captureFault} says
 */
export async function openMicrophone(
  deviceId: string | undefined,
  { echoCancellation, noiseSuppression }: VoiceProcessing,
): Promise<Capture> {
  const processing = { echoCancellation, noiseSuppression, autoGainControl: true, channelCount: 1 };
  const audio = { ...chosen(deviceId), ...processing };
  const stream = await opened(() => navigator.mediaDevices.getUserMedia({ audio }));
  const [voice] = stream.getAudioTracks();
  return captureOf(stream, voice === undefined ? {} : { voice });
}

/**
 * Opens a camera at 720 lines and 30 frames a second, or what comes nearest; a plan of sending makes less of it.
 * @throws RelayError as {@link captureFault} says
 */
export async function openCamera(deviceId: string | undefined): Promise<Capture> {
  const size = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30, max: 30 } };
  const video = { ...chosen(deviceId), ...size };
  const stream = await opened(() => navigator.mediaDevices.getUserMedia({ video }));
  const [camera] = stream.getVideoTracks();
  if (camera) camera.contentHint = 'motion';
  return captureOf(stream, camera === undefined ? {} : { camera });
}

/** What Chromium takes beyond the types of TypeScript. Sharing the page itself would show its picture within its picture. */
interface ScreenOptions extends DisplayMediaStreamOptions {
  selfBrowserSurface: 'exclude';
  surfaceSwitching: 'include';
  systemAudio: 'include';
}

/**
 * Lets the member choose a screen, window or tab, with its sound where the browser has it.
 * @throws RelayError as {@link captureFault} says
 */
export async function openScreen(): Promise<Capture> {
  const options: ScreenOptions = {
    video: { frameRate: { max: 30 } },
    audio: true,
    selfBrowserSurface: 'exclude',
    surfaceSwitching: 'include',
    systemAudio: 'include',
  };
  const stream = await opened(() => navigator.mediaDevices.getDisplayMedia(options));
  const [[screen], [screenSound]] = [stream.getVideoTracks(), stream.getAudioTracks()];
  if (screen) screen.contentHint = 'detail';
  return captureOf(stream, { ...(screen && { screen }), ...(screenSound && { screenSound }) });
}
