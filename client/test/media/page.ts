/** The bench of the media in a browser: pairs of connections in one page, and what the browser itself says of them. */
import { browserMedia } from '../../src/media/browser-media.ts';
import type {
  Capture,
  Connection,
  ConnectionEvents,
  ConnectionState,
  Description,
  Line,
  Media,
} from '../../src/media/media.ts';
import { tryServers } from '../../src/media/try-servers.ts';

const made: RTCPeerConnection[] = [];
window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(configuration?: RTCConfiguration) {
    super(configuration);
    made.push(this);
  }
};

/** One end of a pair. */
export interface End {
  connection: Connection;
  /** The browser's own object. */
  pc: RTCPeerConnection;
  asked: number;
  streams: Map<Line, MediaStream>;
  told: Line[];
  candidates: string[];
  states: ConnectionState[];
}

/** Two ends that hear each other. */
export interface Pair {
  begins: End;
  follows: End;
}

function makeEnd(media: Media, begins: boolean, on: Partial<ConnectionEvents>): End {
  const nothing = { asked: 0, streams: new Map(), told: [], candidates: [], states: [] };
  const end: Omit<End, 'connection' | 'pc'> = nothing;
  const connection = media.connect(
    { servers: [], relayOnly: false, begins },
    {
      negotiationNeeded() {
        whole.asked++;
        on.negotiationNeeded?.();
      },
      candidate(candidate) {
        whole.candidates.push(candidate.candidate);
        on.candidate?.(candidate);
      },
      state: (state) => void whole.states.push(state),
      stream(line, stream) {
        whole.told.push(line);
        if (stream) whole.streams.set(line, stream);
      },
    },
  );
  const whole: End = Object.assign(end, { connection, pc: made.at(-1) as RTCPeerConnection });
  return whole;
}

/** Carries an offer over, and the answer back. */
async function negotiate(from: Connection, to: Connection): Promise<void> {
  await to.accept(await from.describe());
  await from.accept(await to.describe());
}

/** Two ends; the first begins as soon as it wants to. */
function pair(media: Media): Pair {
  const begins: End = makeEnd(media, true, {
    negotiationNeeded: () => void negotiate(begins.connection, follows.connection),
    candidate: (candidate) => void follows.connection.addCandidate(candidate),
  });
  const follows: End = makeEnd(media, false, {
    negotiationNeeded: () => void negotiate(follows.connection, begins.connection),
    candidate: (candidate) => void begins.connection.addCandidate(candidate),
  });
  return { begins, follows };
}

async function until(check: () => unknown): Promise<void> {
  while (!(await check())) await new Promise((resolve) => setTimeout(resolve, 50));
}

/** Bytes of each of the next packets of a line that leave, as far as they can be told apart. */
async function packetSizes({ pc }: End, mid: string, packets: number): Promise<number[]> {
  const read = async () => {
    const all: Record<string, unknown>[] = [...(await pc.getStats()).values()];
    const stat = all.find(({ type, mid: of }) => type === 'outbound-rtp' && of === mid);
    return { bytes: Number(stat?.bytesSent ?? 0), packets: Number(stat?.packetsSent ?? 0) };
  };
  const sizes = new Set<number>();
  const first = await read();
  let last = first;
  await until(async () => {
    const next = await read();
    if (next.packets > last.packets) sizes.add((next.bytes - last.bytes) / (next.packets - last.packets));
    last = next;
    return last.packets - first.packets >= packets;
  });
  return [...sizes];
}

/** A moving picture that is not the camera. */
function drawing(): MediaStreamTrack {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 160;
  const context = canvas.getContext('2d');
  setInterval(() => context?.fillRect(Math.random() * 160, Math.random() * 160, 9, 9), 50);
  const [track] = canvas.captureStream(15).getTracks();
  return track as MediaStreamTrack;
}

const errorOf = (work: () => Promise<unknown>) =>
  work().then(
    () => undefined,
    (error: { code?: string; message: string }) => error.code ?? error.message,
  );

/** What tests drive. */
export const bench = {
  media: browserMedia(),
  browserMedia,
  captures: [] as Capture[],
  made,
  pair,
  negotiate,
  until,
  packetSizes,
  drawing,
  errorOf,
  tryServers,
  async connected(): Promise<Pair> {
    const ends = pair(bench.media);
    await until(
      () => ends.begins.pc.connectionState === 'connected' && ends.follows.pc.connectionState === 'connected',
    );
    return ends;
  },
  async microphone(): Promise<Capture> {
    const capture = await bench.media.openMicrophone(undefined, {
      echoCancellation: false,
      noiseSuppression: false,
    });
    bench.captures.push(capture);
    return capture;
  },
  async camera(): Promise<Capture> {
    const capture = await bench.media.openCamera(undefined);
    bench.captures.push(capture);
    return capture;
  },
  /** A description with one of its texts replaced. */
  changed: ({ type, sdp }: Description, from: string | RegExp, to: string): Description => ({
    type,
    sdp: sdp.replace(from, to),
  }),
  /** Closes all that is open. */
  close(): void {
    for (const pc of made.splice(0)) pc.close();
    for (const capture of bench.captures.splice(0)) capture.stop();
  },
};

Object.assign(window, { bench });
