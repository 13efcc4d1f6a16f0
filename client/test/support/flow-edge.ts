/** One side of a flow of signals, whose other side is the test. */
import type { ErrorCode, Signal, StateBody } from '@relay/protocol';
import { RelayError } from '@relay/protocol';
import type { Numbered } from '../../src/state/calls/room/flow.ts';
import { Flow } from '../../src/state/calls/room/flow.ts';
import { RoomClock } from './room-clock.ts';

/** What that side says of itself. */
export const STATE: StateBody = {
  page: new Uint8Array(16),
  at: 'in',
  muted: false,
  deafened: false,
  camera: false,
  screen: false,
  members: [new Uint8Array(32), new Uint8Array(32).fill(1)],
  age: 0,
  rings: false,
  takes: [],
};

/** A candidate for a connection. */
export const candidate = (name: string) =>
  ({ kind: 'candidate', body: { candidate: name, mid: '0', ufrag: 'u' } }) as const;

/** A flow whose boxes are the numbers of what was sealed. */
export function edge() {
  const clock = new RoomClock();
  const sealed: Signal[] = [];
  const sent: Signal[] = [];
  const taken: [Numbered, boolean][] = [];
  const refused: ErrorCode[] = [];
  const incoming = new Map<number, Signal | Error>();
  const told = { gone: 0, failed: 0 };
  const world = { sealMs: () => 0, openMs: () => 0, send: async () => {}, seal: async () => {} };
  const flow = new Flow({
    after: clock.after,
    state: () => STATE,
    seal: async (signal) => {
      await world.seal();
      await clock.sleep(world.sealMs());
      sealed.push(signal);
      return Uint8Array.of(sealed.length - 1);
    },
    open: async (box) => {
      const signal = incoming.get(box[0] as number);
      await clock.sleep(world.openMs());
      if (signal === undefined || signal instanceof Error) throw signal ?? new RelayError('signal_forged');
      return signal;
    },
    send: async (box) => {
      sent.push(sealed[box[0] as number] as Signal);
      await world.send();
    },
    deliver: (signal, isCurrent) => taken.push([signal, isCurrent]),
    refused: (code) => refused.push(code),
    failed: () => told.failed++,
    gone: () => told.gone++,
  });
  let last = 0;
  const hand = (signal: Signal | Error) => {
    incoming.set(++last, signal);
    flow.receive(Uint8Array.of(last));
  };
  const state = (n: number, ack = 0): Signal => ({ n, ack, kind: 'state', body: STATE });
  const names = () => sent.map(({ n, kind }) => `${kind} ${n}`);
  return { clock, flow, sent, taken, refused, told, world, hand, state, names };
}
