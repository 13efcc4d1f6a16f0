/** A call without Relay: two pages with nothing but `RTCPeerConnection`, and this process to carry their signals. */
import type { Page } from 'playwright-core';

/** One entry for `iceServers`. */
export interface IceServer {
  urls: readonly string[];
  username: string;
  credential: string;
}

/** What a page of a bare call keeps in its window. */
interface BareWindow {
  bare: { pc: RTCPeerConnection; gathered: Promise<void> };
}

/** Connects two pages, with voice and camera both ways; resolves when the second one has decoded a frame. */
export async function bareCall(from: Page, to: Page, servers: readonly IceServer[]): Promise<void> {
  const policy = servers.length > 0 ? 'relay' : 'all';
  const options = { servers: servers.map((one) => ({ ...one, urls: [...one.urls] })), policy };
  const offer = await from.evaluate(describeBare, { ...options, remote: undefined });
  const answer = await to.evaluate(describeBare, { ...options, remote: offer });
  await from.evaluate(
    (remote) => (window as unknown as BareWindow).bare.pc.setRemoteDescription(remote),
    answer,
  );
  await to.evaluate(untilFrames);
}

/** The kinds of candidates of the pair that a page's bare call uses, own one first. */
export async function barePair(page: Page): Promise<(string | undefined)[]> {
  return page.evaluate(async () => {
    const stats = [...(await (window as unknown as BareWindow).bare.pc.getStats()).values()];
    const transport = stats.find(({ type }) => type === 'transport');
    const pair = stats.find(({ id }) => id === transport?.selectedCandidatePairId);
    const kind = (wanted: string) =>
      stats.find(({ id }) => id === wanted)?.candidateType as string | undefined;
    return [kind(pair?.localCandidateId), kind(pair?.remoteCandidateId)];
  });
}

/** Ends a page's bare call. */
export async function endBareCall(page: Page): Promise<void> {
  await page.evaluate(() => {
    const { pc } = (window as unknown as BareWindow).bare;
    for (const { track } of pc.getSenders()) track?.stop();
    pc.close();
  });
}

/** Runs in the page: makes an offer, or the answer to one, with every candidate in it. */
async function describeBare({
  servers,
  policy,
  remote,
}: {
  servers: RTCIceServer[];
  policy: string;
  remote: RTCSessionDescriptionInit | undefined;
}): Promise<RTCSessionDescriptionInit> {
  const pc = new RTCPeerConnection({
    iceServers: servers,
    iceTransportPolicy: policy as RTCIceTransportPolicy,
  });
  const gathered = new Promise<void>((resolve) => {
    pc.addEventListener('icegatheringstatechange', () => pc.iceGatheringState === 'complete' && resolve());
  });
  (window as unknown as BareWindow).bare = { pc, gathered };
  const video = { width: 320, height: 240, frameRate: 15 };
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video });
  for (const track of stream.getTracks()) pc.addTrack(track, stream);
  if (remote !== undefined) await pc.setRemoteDescription(remote);
  await pc.setLocalDescription();
  await gathered;
  return { type: pc.localDescription?.type ?? 'offer', sdp: pc.localDescription?.sdp ?? '' };
}

/** Runs in the page: resolves when a frame has been decoded. */
async function untilFrames(): Promise<void> {
  const { pc } = (window as unknown as BareWindow).bare;
  for (;;) {
    const stats = [...(await pc.getStats()).values()];
    if (stats.some(({ type, framesDecoded }) => type === 'inbound-rtp' && Number(framesDecoded) > 0)) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
