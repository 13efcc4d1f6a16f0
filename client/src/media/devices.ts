/** Knows the devices of this machine, and when its network changes. */
import type { MediaDevice } from './media.ts';

const KINDS: Record<MediaDeviceKind, MediaDevice['kind']> = {
  audioinput: 'microphone',
  videoinput: 'camera',
  audiooutput: 'speaker',
};

/**
 * The devices in the browser's order. Without a permission there is one of each kind, with empty id and label: those are left out, and
 * so are loudspeakers where the browser cannot play on a chosen one (Firefox before 116, and phones, some of which list them all the same).
 */
export async function listDevices(): Promise<MediaDevice[]> {
  const found = await navigator.mediaDevices.enumerateDevices();
  const canChooseSpeaker = 'setSinkId' in HTMLMediaElement.prototype;
  return found
    .filter(({ deviceId, kind }) => deviceId !== '' && (kind !== 'audiooutput' || canChooseSpeaker))
    .map(({ kind, deviceId, label }) => ({ kind: KINDS[kind], id: deviceId, label }));
}

function listenTo(target: EventTarget | undefined, type: string, listener: () => void): () => void {
  target?.addEventListener(type, listener);
  return () => target?.removeEventListener(type, listener);
}

/** Tells when a device is plugged in or out. @returns stops listening */
export function onDevices(listener: () => void): () => void {
  return listenTo(navigator.mediaDevices, 'devicechange', listener);
}

/** Tells when the machine came online, or (Chromium) goes by another network. @returns stops listening */
export function onNetwork(listener: () => void): () => void {
  const { connection } = navigator as Navigator & { connection?: EventTarget };
  const ends = [listenTo(window, 'online', listener), listenTo(connection, 'change', listener)];
  return () => {
    for (const end of ends) end();
  };
}
