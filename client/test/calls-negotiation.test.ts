import { describe, expect, it } from 'vitest';
import type { Connection, Description } from '../src/media/media.ts';
import type { Flow } from '../src/state/calls/room/flow.ts';
import { isCameraAllowed, planFor } from '../src/state/calls/room/mesh.ts';
import { Negotiation } from '../src/state/calls/room/negotiation.ts';

const candidate = { candidate: 'candidate:1', mid: '0', ufrag: 'u' };
const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A flow that only notes what is sent on it. */
function noteFlow() {
  const sent: string[] = [];
  const flow = {
    sendMedia: ({ kind, body }: { kind: string; body: Partial<Description> }) =>
      sent.push(kind === 'description' ? `${body.type} ${body.sdp}` : kind),
  };
  return { flow: flow as unknown as Flow, sent };
}

function edge(begins: boolean) {
  let made = 0;
  let open = () => {};
  const gate = { isShut: false };
  const connection = {
    signaling: 'stable' as Connection['signaling'],
    accepted: [] as string[],
    async describe(): Promise<Description> {
      if (gate.isShut) await new Promise<void>((resolve) => (open = resolve));
      const type = connection.signaling === 'have-remote-offer' ? 'answer' : 'offer';
      connection.signaling = type === 'offer' ? 'have-local-offer' : 'stable';
      return { type, sdp: `${++made}` };
    },
    async accept({ type, sdp }: Description) {
      connection.accepted.push(`${type} ${sdp}`);
      connection.signaling = type === 'offer' ? 'have-remote-offer' : 'stable';
    },
    addCandidate: async () => {},
    close: () => {},
  };
  const first = noteFlow();
  const faults = { unexpected: 0 };
  const negotiation = new Negotiation({
    connect: async () => connection as unknown as Connection,
    begins,
    flow: first.flow,
    lines: async () => {},
    offered: () => {},
    failed: () => {},
    unexpected: () => faults.unexpected++,
  });
  return { negotiation, connection, first, gate, faults, open: () => open() };
}

describe('a negotiation', () => {
  it('tells an offer that is open, and its candidates, again on a new flow, and once on each', async () => {
    const { negotiation, first } = edge(true);
    await settle();
    negotiation.ownCandidate(candidate);
    await settle();
    expect(first.sent).toEqual(['offer 1', 'candidate']);
    const second = noteFlow();
    negotiation.attach(undefined);
    negotiation.attach(second.flow);
    negotiation.attach(second.flow);
    await settle();
    expect(second.sent).toEqual(['offer 1', 'candidate']);
  });

  it('tells candidates again on a new flow also where nothing is open', async () => {
    const { negotiation } = edge(true);
    await settle();
    negotiation.describe({ type: 'answer', sdp: 'a' });
    negotiation.ownCandidate(candidate);
    await settle();
    const second = noteFlow();
    negotiation.attach(second.flow);
    await settle();
    expect(second.sent).toEqual(['candidate']);
  });

  it('answers an offer only on the flow on which it came', async () => {
    const { negotiation, first, gate, open } = edge(false);
    await settle();
    gate.isShut = true;
    negotiation.describe({ type: 'offer', sdp: 'o' });
    await settle();
    const second = noteFlow();
    negotiation.attach(second.flow);
    gate.isShut = false;
    open();
    await settle();
    expect([first.sent, second.sent]).toEqual([[], []]);
    negotiation.describe({ type: 'offer', sdp: 'o' });
    await settle();
    expect(second.sent).toEqual(['answer 2']);
  });

  it('insists on its own offer where it begins, and gives way where it does not', async () => {
    const impolite = edge(true);
    await settle();
    impolite.negotiation.describe({ type: 'offer', sdp: 'o' });
    await settle();
    expect(impolite.connection.accepted).toEqual([]);
    const polite = edge(false);
    await settle();
    polite.negotiation.want();
    await settle();
    expect(polite.first.sent).toEqual([]);
    polite.negotiation.describe({ type: 'offer', sdp: 'o' });
    await settle();
    expect(polite.first.sent).toEqual(['answer 1', 'offer 2']);
    polite.negotiation.describe({ type: 'offer', sdp: 'p' });
    await settle();
    expect(polite.connection.accepted).toEqual(['offer o', 'offer p']);
    expect(polite.first.sent.at(-1)).toBe('answer 3');
  });

  it('takes no answer to nothing', async () => {
    const { negotiation, connection, faults } = edge(false);
    await settle();
    negotiation.describe({ type: 'answer', sdp: 'a' });
    await settle();
    expect(connection.accepted).toEqual([]);
    expect(faults.unexpected).toBe(1);
  });
});

describe('what is sent in a mesh', () => {
  it('is less for each the more there are, and no more than the uplink has in all', () => {
    let last = planFor(1);
    for (let peers = 2; peers <= 31; peers++) {
      const plan = planFor(peers);
      expect(plan.camera?.bitrate ?? 0).toBeLessThanOrEqual(last.camera?.bitrate ?? 0);
      expect(plan.camera?.height ?? 0).toBeLessThanOrEqual(last.camera?.height ?? 0);
      expect(plan.screen.bitrate).toBeLessThanOrEqual(last.screen.bitrate);
      expect(peers * (plan.camera?.bitrate ?? 0)).toBeLessThanOrEqual(2_400_000);
      last = plan;
    }
  });

  it('has a full voice and cameras among eight people, and a leaner voice alone among more', () => {
    expect(planFor(7)).toMatchObject({ voice: 32_000, camera: expect.anything() });
    expect(planFor(8)).toMatchObject({ voice: 20_000, camera: undefined });
    expect([isCameraAllowed(8), isCameraAllowed(9)]).toEqual([true, false]);
  });

  it('gives a screen most of it', () => {
    const { camera, screen } = planFor(3, true);
    expect(screen.bitrate).toBeGreaterThan(camera?.bitrate ?? 0);
    expect(screen.bitrate + (camera?.bitrate ?? 0)).toBeLessThanOrEqual(2_400_000 / 3);
  });
});
