/**
 * What calls need of the browser, as interfaces: devices, and connections that carry media. The state drives them and knows nothing of
 * `RTCPeerConnection` or `navigator`; `browser-media.ts` is the one that browsers have, and tests have their own.
 */

/** A session description (RFC 8829). */
export interface Description {
  type: 'offer' | 'answer';
  sdp: string;
}

/** An ICE candidate (RFC 8839); an empty text ends a generation. */
export interface Candidate {
  candidate: string;
  mid: string;
  ufrag: string;
}

/** One entry for `iceServers`. */
export interface IceServer {
  urls: string[];
  username: string;
  credential: string;
}

/** What a connection carries, each on a line (m=) of its own that stays from the beginning, so that nothing is negotiated again. */
export type Line = 'voice' | 'camera' | 'screen' | 'screenSound';

/** How a connection stands; `closed` when the other side has ended it, after which it cannot come back. */
export type ConnectionState = 'new' | 'connecting' | 'connected' | 'disconnected' | 'failed' | 'closed';

/** What a connection tells. */
export interface ConnectionEvents {
  /** It wants an offer to be made. */
  negotiationNeeded(): void;
  candidate(candidate: Candidate): void;
  state(state: ConnectionState): void;
  /** A line of the other side has media, or none any more. */
  stream(line: Line, stream: MediaStream | undefined): void;
}

/** How a connection is made. */
export interface ConnectionOptions {
  servers: readonly IceServer[];
  /** Only through the relay for calls; else the other side learns this machine's addresses. */
  relayOnly: boolean;
  /** Makes the lines; the other side takes them from its first offer. Exactly one side of a connection does. */
  begins: boolean;
}

/** How much is sent on each line. */
export interface SendPlan {
  /** Bits per second of the voice, constant. */
  voice: number;
  /** None: the camera is not sent. */
  camera: { bitrate: number; height: number; frameRate: number } | undefined;
  screen: { bitrate: number; frameRate: number };
}

/** What was measured since the last time. */
export interface ConnectionReport {
  /** Seconds; undefined where there was none. */
  roundTrip: number | undefined;
  /** Part of the packets that did not arrive, 0 to 1. */
  loss: number;
  /** Seconds of jitter. */
  jitter: number;
  /** Kinds of the selected pair's candidates, such as `relay`. */
  local: string | undefined;
  remote: string | undefined;
  /** Frames decoded since the beginning, by line. */
  frames: { camera: number; screen: number };
}

/**
 * A connection to one page of another member: an `RTCPeerConnection` with Relay's rules (SPEC.md §21.4). It follows RFC 8829 with implicit
 * rollback: an offer that arrives while an own one is open takes its place.
 */
export interface Connection {
  /** `stable`, or which offer is open. */
  readonly signaling: 'stable' | 'have-local-offer' | 'have-remote-offer' | 'closed';
  /** Makes the next description and sets it. @returns what the other side is to be told */
  describe(): Promise<Description>;
  /** @throws RelayError `description_refused` when it does not name exactly one certificate, or another one than before */
  accept(description: Description): Promise<void>;
  /** A candidate that fits no description is forgotten. */
  addCandidate(candidate: Candidate): Promise<void>;
  /** The next offer gathers anew. */
  restart(): void;
  /** For the next gathering; what stands goes on. */
  setServers(servers: readonly IceServer[]): void;
  /** What is sent on a line; undefined for nothing. Never negotiates. */
  send(line: Line, track: MediaStreamTrack | undefined): Promise<void>;
  plan(plan: SendPlan): Promise<void>;
  /** Whether the certificate it connected with is the one that was described; undefined where it is not connected, or not any more. */
  isGenuine(): Promise<boolean | undefined>;
  report(): Promise<ConnectionReport>;
  close(): void;
}

/** A microphone, camera or loudspeaker. */
export interface MediaDevice {
  kind: 'microphone' | 'camera' | 'speaker';
  id: string;
  label: string;
}

/** How a microphone is opened. */
export interface VoiceProcessing {
  echoCancellation: boolean;
  noiseSuppression: boolean;
}

/** Something that is captured, until it is stopped. */
export interface Capture {
  readonly stream: MediaStream;
  readonly tracks: {
    voice?: MediaStreamTrack;
    camera?: MediaStreamTrack;
    screen?: MediaStreamTrack;
    screenSound?: MediaStreamTrack;
  };
  /** Called once when it ends by itself: unplugged, or stopped by the browser's own button. */
  onEnded(listener: () => void): void;
  /** Lets sound through or sends silence; the traffic is the same. */
  setEnabled(enabled: boolean): void;
  stop(): void;
}

/** Listens how loud something is. */
export interface Meter {
  /** 0 to 1, now. */
  level(): number;
  stop(): void;
}

/** Everything of the browser that calls need. Capturing throws RelayError `media_denied`, `media_missing`, `media_taken` or `calls_unsupported`. */
export interface Media {
  readonly isSupported: boolean;
  devices(): Promise<MediaDevice[]>;
  /** @returns stops listening */
  onDevices(listener: () => void): () => void;
  /** The way to other machines changed. @returns stops listening */
  onNetwork(listener: () => void): () => void;
  openMicrophone(deviceId: string | undefined, processing: VoiceProcessing): Promise<Capture>;
  openCamera(deviceId: string | undefined): Promise<Capture>;
  openScreen(): Promise<Capture>;
  meter(stream: MediaStream): Meter;
  connect(options: ConnectionOptions, events: ConnectionEvents): Connection;
  /** Whether an allocation on the relay for calls can be had. @throws RelayError `calls_unreachable` with a reason */
  tryServers(servers: readonly IceServer[], signal: AbortSignal): Promise<void>;
  /** Plays a call's ringing; undefined ends it. */
  ring(tone: 'incoming' | 'outgoing' | undefined): void;
}
