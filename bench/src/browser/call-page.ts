/** Pages that call: as a person does it in the client, and with nothing but the browser. */
import type { MeasuredPage } from './chromium.ts';
import { openMeasuredPage } from './chromium.ts';
import type { BarePage } from './devtools.ts';

const FLAGS = [
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
  '--allow-loopback-in-peer-connection',
  '--autoplay-policy=no-user-gesture-required',
];

/** A TURN server and what opens it. */
export interface TurnAccess {
  urls: string[];
  username: string;
  credential: string;
}

/** What a page keeps for the measurements. */
interface WatchedWindow {
  connections: RTCPeerConnection[];
}

/** Opens a page in a browser that can call, and remembers its connections. */
export function openCallPage(url: string): Promise<MeasuredPage> {
  return openMeasuredPage(url, prepareCalls, FLAGS);
}

/** Begins a call with a camera, in the conversation that is open; resolves when the call stands. */
export async function placeCall(page: BarePage): Promise<void> {
  await page.click('[data-testid=call-video]');
  await page.waitFor('[data-testid=lobby-reach][data-phase=reached]');
  await page.click('[data-testid=lobby-enter]');
  await page.waitFor('[data-testid=call]');
}

/** Takes the call that rings, with a camera. @returns milliseconds until the first frame of the other side was decoded */
export async function acceptCall(page: BarePage): Promise<number> {
  await page.waitFor('[data-testid=ring-accept-camera]');
  return page.evaluate(acceptAndTime, undefined);
}

/** Leaves a call, or what is left of it. */
export async function leaveCall(page: BarePage): Promise<void> {
  await page.evaluate(async () => {
    const shown = (id: string) => document.querySelector<HTMLElement>(`[data-testid=${id}]`);
    while (shown('call') || shown('call-small')) {
      (shown('call-dismiss') ?? shown('call-leave'))?.click();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }, undefined);
}

/**
 * Connects two bare peers of one page. The one that calls has its devices open; the one that answers opens them as a person's page does.
 * @param access undefined for the straight way
 * @returns milliseconds from the answer until the one that answers has decoded a frame
 */
export function callBare(page: BarePage, access: TurnAccess | undefined): Promise<number> {
  return page.evaluate(connectBare, access);
}

/** Runs in the page before anything else does. Small pictures, since two cores encode and decode all of them. */
function prepareCalls(): void {
  const connections: RTCPeerConnection[] = [];
  (window as unknown as WatchedWindow).connections = connections;
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      connections.push(this);
    }
  };
  // A page without TLS has no devices, and measures no calls.
  if (navigator.mediaDevices === undefined) return;
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  const small = { width: 320, height: 240, frameRate: 15 };
  navigator.mediaDevices.getUserMedia = (constraints) => {
    const { video } = constraints ?? {};
    const smaller = typeof video === 'object' ? { ...video, ...small } : video && small;
    return open({ ...constraints, ...(smaller ? { video: smaller } : {}) });
  };
}

/** Runs in the page. */
async function acceptAndTime(): Promise<number> {
  const { connections } = window as unknown as WatchedWindow;
  connections.length = 0;
  const began = performance.now();
  document.querySelector<HTMLElement>('[data-testid=ring-accept-camera]')?.click();
  for (;;) {
    for (const connection of connections) {
      for (const { type, framesDecoded } of (await connection.getStats()).values())
        if (type === 'inbound-rtp' && Number(framesDecoded) > 0) return performance.now() - began;
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Runs in the page. */
async function connectBare(access: TurnAccess | undefined): Promise<number> {
  const policy = access ? 'relay' : 'all';
  const configuration: RTCConfiguration = {
    iceServers: access ? [access] : [],
    iceTransportPolicy: policy,
  };
  const devices = { audio: true, video: true };
  const caller = new RTCPeerConnection(configuration);
  const callee = new RTCPeerConnection(configuration);
  const open = async (peer: RTCPeerConnection) => {
    const stream = await navigator.mediaDevices.getUserMedia(devices);
    for (const track of stream.getTracks()) peer.addTrack(track, stream);
  };
  await open(caller);
  const began = performance.now();
  await open(callee);
  caller.onicecandidate = ({ candidate }) => void callee.addIceCandidate(candidate ?? undefined);
  callee.onicecandidate = ({ candidate }) => void caller.addIceCandidate(candidate ?? undefined);
  const offer = await caller.createOffer();
  // Before it is set: candidates come from then on, and need a description on the other side.
  await callee.setRemoteDescription(offer);
  await caller.setLocalDescription(offer);
  const answer = await callee.createAnswer();
  await caller.setRemoteDescription(answer);
  await callee.setLocalDescription(answer);
  for (;;) {
    for (const { type, framesDecoded } of (await callee.getStats()).values()) {
      if (type !== 'inbound-rtp' || !(Number(framesDecoded) > 0)) continue;
      const took = performance.now() - began;
      for (const peer of [caller, callee]) {
        for (const { track } of peer.getSenders()) track?.stop();
        peer.close();
      }
      return took;
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
