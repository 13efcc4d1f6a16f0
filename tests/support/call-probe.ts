/** Looks at a page's connections from beside it: what `RTCPeerConnection` itself says, for the tests alone. */

/** What is kept of a connection, as the page made it. */
interface Watched {
  pc: RTCPeerConnection;
  /** Every description that was applied, in order. */
  descriptions: { side: 'local' | 'remote'; type: string; sdp: string }[];
  /** Candidates that its own machine found. */
  candidates: string[];
}

/** What a page keeps for the tests. */
export interface ProbedWindow {
  probe: Watched[];
}

/** What was measured of one connection that is not closed. */
export interface ConnectionFigures {
  state: string;
  /** Kinds of the selected pair's candidates, own one first. */
  pair: (string | undefined)[];
  /** Frames decoded, by line: those that never had one are not in it. */
  frames: Record<string, number>;
  /** Sound received and sent, as counted by RTP. */
  heard: { packets: number; bytes: number };
  spoken: { packets: number; bytes: number };
}

/** What one applied description says. */
export interface Applied {
  side: 'local' | 'remote';
  type: string;
  sdp: string;
}

/**
 * Runs in the page before its own code: remembers every connection, and asks the camera for small pictures, since a machine of two
 * cores has to encode and decode all of them.
 */
export function probeConnections(): void {
  const watched: Watched[] = [];
  (window as unknown as ProbedWindow).probe = watched;
  const Original = RTCPeerConnection;
  class Probed extends Original {
    readonly #kept: Watched;

    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      this.#kept = { pc: this, descriptions: [], candidates: [] };
      watched.push(this.#kept);
      this.addEventListener('icecandidate', ({ candidate }) => {
        if (candidate) this.#kept.candidates.push(candidate.candidate);
      });
    }

    override async setLocalDescription(description?: RTCLocalSessionDescriptionInit): Promise<void> {
      await super.setLocalDescription(description);
      const { type = '', sdp = '' } = this.localDescription ?? {};
      this.#kept.descriptions.push({ side: 'local', type, sdp });
    }

    override async setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
      await super.setRemoteDescription(description);
      this.#kept.descriptions.push({ side: 'remote', type: description.type, sdp: description.sdp ?? '' });
    }
  }
  window.RTCPeerConnection = Probed;

  const devices = navigator.mediaDevices;
  const open = devices.getUserMedia.bind(devices);
  const small = { width: 320, height: 240, frameRate: 15 };
  devices.getUserMedia = (constraints) => {
    const { video } = constraints ?? {};
    const smaller = typeof video === 'object' ? { ...video, ...small } : video && small;
    return open({ ...constraints, ...(smaller ? { video: smaller } : {}) });
  };
}

/** Runs in the page: figures of every connection that is not closed. */
export async function readFigures(): Promise<ConnectionFigures[]> {
  const open = (window as unknown as ProbedWindow).probe.filter(({ pc }) => pc.connectionState !== 'closed');
  return Promise.all(
    open.map(async ({ pc }) => {
      const stats = [...(await pc.getStats()).values()];
      const transport = stats.find(({ type }) => type === 'transport');
      // Firefox has no statistics of transports; it marks the pair.
      const pair = stats.find(({ id, type, selected }) =>
        transport ? id === transport.selectedCandidatePairId : type === 'candidate-pair' && selected,
      );
      const kindOf = (id: string) => stats.find((one) => one.id === id)?.candidateType as string | undefined;
      const frames: Record<string, number> = {};
      const sound = (type: string, packets: string, bytes: string) =>
        stats
          .filter((one) => one.type === type && one.kind === 'audio')
          .reduce(
            (sum, one) => ({
              packets: sum.packets + Number(one[packets] ?? 0),
              bytes: sum.bytes + Number(one[bytes] ?? 0),
            }),
            { packets: 0, bytes: 0 },
          );
      for (const one of stats) {
        if (one.type === 'inbound-rtp' && one.kind === 'video' && Number(one.framesDecoded) > 0)
          frames[String(one.mid)] = Number(one.framesDecoded);
      }
      return {
        state: pc.connectionState,
        pair: [kindOf(String(pair?.localCandidateId)), kindOf(String(pair?.remoteCandidateId))],
        frames,
        heard: sound('inbound-rtp', 'packetsReceived', 'bytesReceived'),
        spoken: sound('outbound-rtp', 'packetsSent', 'bytesSent'),
      };
    }),
  );
}

/** Runs in the page: every description that any connection applied. */
export function readDescriptions(): Applied[] {
  return (window as unknown as ProbedWindow).probe.flatMap(({ descriptions }) => descriptions);
}

/** Runs in the page: every candidate that any connection of its own found. */
export function readCandidates(): string[] {
  return (window as unknown as ProbedWindow).probe.flatMap(({ candidates }) => candidates);
}
