/** A connection of the browser, with Relay's rules. */
import { hex, RelayError } from '@relay/protocol';
import { Lines } from './lines.ts';
import type {
  Candidate,
  Connection,
  ConnectionEvents,
  ConnectionOptions,
  ConnectionReport,
  Description,
  IceServer,
  Line,
  SendPlan,
} from './media.ts';
import type { Counted } from './report.ts';
import { readReport } from './report.ts';
import { fingerprintOf, LINES, shareable, tame, withoutAddresses } from './sdp.ts';
import { Turns } from './turns.ts';

function configurationOf(servers: readonly IceServer[], relayOnly: boolean): RTCConfiguration {
  return {
    iceServers: servers.map((server) => ({ ...server })),
    iceTransportPolicy: relayOnly ? 'relay' : 'all',
    bundlePolicy: 'max-bundle',
    rtcpMuxPolicy: 'require',
  };
}

/** Resolves when a transport is connected or has ended: browsers may tell so later than of the connection that stands on it. */
async function settled(transport: RTCDtlsTransport): Promise<void> {
  while (transport.state === 'new' || transport.state === 'connecting')
    await new Promise((resolve) => transport.addEventListener('statechange', resolve, { once: true }));
}

/**
 * An `RTCPeerConnection` to one page. The event `stream` comes once for each line, when the first description of the other side was applied: the
 * stream stays the same, and is silent or without pictures while nothing is sent. Operations run one after the other, in the order of their calls.
 */
export class BrowserConnection implements Connection {
  readonly #pc: RTCPeerConnection;
  readonly #relayOnly: boolean;
  readonly #events: ConnectionEvents;
  readonly #lines = new Lines();
  readonly #turns = new Turns();
  /** SHA-256 of the other side's certificate, hexadecimal. */
  #fingerprint: string | undefined;
  #counted: Counted | undefined;
  readonly #told = new Set<Line>();
  #transport: RTCDtlsTransport | undefined;

  constructor({ servers, relayOnly, begins }: ConnectionOptions, events: ConnectionEvents) {
    this.#relayOnly = relayOnly;
    this.#events = events;
    this.#pc = new RTCPeerConnection(configurationOf(servers, relayOnly));
    this.#pc.onnegotiationneeded = () => events.negotiationNeeded();
    this.#pc.onconnectionstatechange = () => this.#tellState();
    this.#pc.onicecandidate = ({ candidate }) => this.#tellCandidate(candidate);
    if (begins) this.#lines.make(this.#pc);
  }

  get signaling(): Connection['signaling'] {
    const state = this.#pc.signalingState;
    if (state === 'have-local-offer' || state === 'have-remote-offer' || state === 'closed') return state;
    return 'stable';
  }

  describe(): Promise<Description> {
    return this.#turns.take(async () => {
      const answers = this.signaling === 'have-remote-offer';
      const made = await (answers ? this.#pc.createAnswer() : this.#pc.createOffer());
      const sdp = tame(made.sdp ?? '');
      const type = answers ? 'answer' : 'offer';
      await this.#pc.setLocalDescription({ type, sdp });
      if (answers) await this.#lines.negotiated();
      return { type, sdp: withoutAddresses(sdp) };
    });
  }

  accept({ type, sdp }: Description): Promise<void> {
    return this.#turns.take(async () => {
      if (this.signaling === 'closed') return;
      const fingerprint = fingerprintOf(sdp);
      if (this.#fingerprint !== undefined && fingerprint !== this.#fingerprint)
        throw new RelayError('description_refused');
      try {
        await this.#pc.setRemoteDescription({ type, sdp: tame(sdp) });
      } catch (cause) {
        throw new RelayError('description_refused', undefined, { cause });
      }
      this.#fingerprint = fingerprint;
      if (!this.#lines.areThere) await this.#lines.adopt(this.#pc);
      if (type === 'answer') await this.#lines.negotiated();
      this.#tellStreams();
    });
  }

  addCandidate({ candidate, mid, ufrag }: Candidate): Promise<void> {
    return this.#turns.take(async () => {
      const given = { candidate, sdpMid: mid, usernameFragment: ufrag };
      await this.#pc.addIceCandidate(given).catch(() => undefined);
    });
  }

  restart(): void {
    this.#pc.restartIce();
  }

  setServers(servers: readonly IceServer[]): void {
    // One that was refused is closed, and still there to be shown.
    if (this.signaling !== 'closed') this.#pc.setConfiguration(configurationOf(servers, this.#relayOnly));
  }

  send(line: Line, track: MediaStreamTrack | undefined): Promise<void> {
    return this.#turns.take(() => this.#lines.send(line, track));
  }

  plan(plan: SendPlan): Promise<void> {
    return this.#turns.take(() => this.#lines.plan(plan));
  }

  async isGenuine(): Promise<boolean | undefined> {
    const transport = this.#lines.of('voice')?.sender.transport;
    if (this.#pc.connectionState !== 'connected' || !transport) return undefined;
    await settled(transport);
    if (transport.state !== 'connected') return undefined;
    const [certificate] = transport.getRemoteCertificates();
    if (certificate === undefined) return false;
    const digest = await crypto.subtle.digest('SHA-256', certificate);
    return hex(new Uint8Array(digest)) === this.#fingerprint;
  }

  async report(): Promise<ConnectionReport> {
    const lineOf = (mid: unknown) => this.#lines.lineOf((one) => one.mid === mid);
    const { report, counted } = readReport(await this.#pc.getStats(), lineOf, this.#counted);
    this.#counted = counted;
    return report;
  }

  close(): void {
    this.#pc.onnegotiationneeded = null;
    this.#pc.onconnectionstatechange = null;
    this.#pc.onicecandidate = null;
    this.#transport?.removeEventListener('statechange', this.#tellEnd);
    this.#pc.close();
  }

  #tellState(): void {
    this.#transport ??= this.#listenForEnd();
    // Where the other side has ended it, the silence after that is no news.
    if (this.#transport?.state !== 'closed') this.#events.state(this.#pc.connectionState);
  }

  #listenForEnd(): RTCDtlsTransport | undefined {
    const transport = this.#lines.of('voice')?.sender.transport ?? undefined;
    transport?.addEventListener('statechange', this.#tellEnd);
    return transport;
  }

  /** A page that is unloaded ends its connections, and its last packet says so (`close_notify`, RFC 9147), under the keys of this connection. */
  readonly #tellEnd = (): void => {
    if (this.#transport?.state === 'closed') this.#events.state('closed');
  };

  #tellCandidate(found: RTCIceCandidate | null): void {
    const candidate = shareable(found?.candidate ?? '', this.#relayOnly);
    if (found === null || candidate === undefined) return;
    this.#events.candidate({ candidate, mid: found.sdpMid ?? '', ufrag: found.usernameFragment ?? '' });
  }

  #tellStreams(): void {
    for (const line of LINES) {
      const track = this.#lines.of(line)?.receiver.track;
      if (track === undefined || this.#told.has(line)) continue;
      this.#told.add(line);
      this.#events.stream(line, new MediaStream([track]));
    }
  }
}
