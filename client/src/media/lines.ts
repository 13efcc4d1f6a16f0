/** The lines of a connection: what is sent on each, and how much of it. */
import type { Line, SendPlan } from './media.ts';
import { encodedRate, encodesConstantly, needsPadding, Padding, paddedSize } from './padding/padding.ts';
import { kindOf, LINES, LOUDNESS_EXTENSIONS } from './sdp.ts';

/** What Chromium has beyond the types of TypeScript; Firefox has it not, and there the rules on texts do the same. */
interface Negotiable {
  getHeaderExtensionsToNegotiate?(): { uri: string; direction: string }[];
  setHeaderExtensionsToNegotiate?(extensions: { uri: string; direction: string }[]): void;
}

const CODECS = { audio: ['audio/opus'], video: ['video/vp8', 'video/rtx'] };

/** Opus and VP8 alone: comfort noise would be silence that shows, and redundancy a second bit rate. */
function limit(transceiver: RTCRtpTransceiver & Negotiable, line: Line): void {
  const kind = kindOf(line);
  const codecs = RTCRtpReceiver.getCapabilities(kind)?.codecs ?? [];
  transceiver.setCodecPreferences(
    codecs.filter(({ mimeType }) => CODECS[kind].includes(mimeType.toLowerCase())),
  );
  const extensions = transceiver.getHeaderExtensionsToNegotiate?.() ?? [];
  transceiver.setHeaderExtensionsToNegotiate?.(
    extensions.map((one) => (LOUDNESS_EXTENSIONS.includes(one.uri) ? { ...one, direction: 'stopped' } : one)),
  );
}

/** Bits per second of a screen's sound, as descriptions have it. */
const SCREEN_SOUND = 64_000;

/** Bits per second of a line of sound, on average. */
function soundRate(line: Line, plan: SendPlan | undefined): number {
  return line === 'voice' ? (plan?.voice ?? 32_000) : SCREEN_SOUND;
}

function encodingOf(line: Line, plan: SendPlan, track: MediaStreamTrack | null): RTCRtpEncodingParameters {
  if (line === 'voice') return { maxBitrate: plan.voice };
  if (line === 'screenSound') return {};
  if (line === 'screen') return { maxBitrate: plan.screen.bitrate, maxFramerate: plan.screen.frameRate };
  if (plan.camera === undefined) return { active: false };
  const { bitrate, frameRate, height } = plan.camera;
  const scale = Math.max(1, (track?.getSettings().height ?? height) / height);
  return { active: true, maxBitrate: bitrate, maxFramerate: frameRate, scaleResolutionDownBy: scale };
}

/** The transceivers of a connection, once there are any, and what was wanted of them before. */
export class Lines {
  #transceivers: RTCRtpTransceiver[] = [];
  readonly #tracks = new Map<Line, MediaStreamTrack>();
  /** Of lines of sound whose packets would vary. */
  readonly #paddings = new Map<Line, Padding>();
  /** Sound waits for the codec only where it may have to be padded. */
  #isNegotiated = encodesConstantly();
  #plan: SendPlan | undefined;

  /** Whether the lines are there. */
  get areThere(): boolean {
    return this.#transceivers.length > 0;
  }

  /** Makes the lines, on the side that begins. */
  make(pc: RTCPeerConnection): void {
    this.#transceivers = LINES.map((line) => pc.addTransceiver(kindOf(line), { direction: 'sendrecv' }));
    this.#prepare();
  }

  /** Takes them from the first offer of the other side. */
  async adopt(pc: RTCPeerConnection): Promise<void> {
    this.#transceivers = pc.getTransceivers();
    for (const transceiver of this.#transceivers) transceiver.direction = 'sendrecv';
    this.#prepare();
    for (const [line, track] of this.#tracks) await this.send(line, track);
    if (this.#plan) await this.plan(this.#plan);
  }

  /** By a line, its transceiver. */
  of(line: Line): RTCRtpTransceiver | undefined {
    return this.#transceivers[LINES.indexOf(line)];
  }

  /** The line of a transceiver. */
  lineOf(test: (transceiver: RTCRtpTransceiver) => boolean): Line | undefined {
    return LINES[this.#transceivers.findIndex(test)];
  }

  /**
   * Both sides have agreed on codecs: only now can be told whether sound must be padded, so only now is any sent. Comes again with every further
   * negotiation.
   */
  async negotiated(): Promise<void> {
    if (this.#isNegotiated) return;
    this.#isNegotiated = true;
    const sound = LINES.filter((line) => kindOf(line) === 'audio');
    for (const line of sound) {
      const sender = this.of(line)?.sender;
      if (sender && needsPadding(sender))
        this.#paddings.set(line, new Padding(sender, paddedSize(soundRate(line, this.#plan))));
    }
    if (this.#plan) await this.plan(this.#plan);
    for (const line of sound) await this.send(line, this.#tracks.get(line));
  }

  /** Sends a track on a line, or nothing. */
  async send(line: Line, track: MediaStreamTrack | undefined): Promise<void> {
    if (track === undefined) this.#tracks.delete(line);
    else this.#tracks.set(line, track);
    if (kindOf(line) === 'audio' && !this.#isNegotiated) return;
    await this.of(line)?.sender.replaceTrack(track ?? null);
    // The size of what is sent depends on what is captured.
    if (line === 'camera' && track && this.#plan) await this.#limit(line, this.#plan);
  }

  /** Sets how much is sent. */
  async plan(plan: SendPlan): Promise<void> {
    this.#plan = plan;
    for (const line of LINES) await this.#limit(line, plan);
  }

  #prepare(): void {
    // Voice and camera are played in step, and so are a screen and its sound.
    const [face, screen] = [new MediaStream(), new MediaStream()];
    for (const line of LINES) {
      const transceiver = this.of(line);
      if (transceiver === undefined) continue;
      limit(transceiver, line);
      transceiver.sender.setStreams(line === 'voice' || line === 'camera' ? face : screen);
    }
  }

  async #limit(line: Line, plan: SendPlan): Promise<void> {
    const sender = this.of(line)?.sender;
    if (sender === undefined) return;
    const parameters = sender.getParameters();
    const [first] = parameters.encodings;
    // There are none before the line was negotiated in some browsers: `adopt` and the next plan come again.
    if (first === undefined) return;
    const padding = this.#paddings.get(line);
    const rate = soundRate(line, plan);
    const size = paddedSize(rate);
    // The larger size first: what the encoder makes meanwhile has to fit.
    if (padding && size > padding.size) padding.resize(size);
    const encoding = padding ? { maxBitrate: encodedRate(rate) } : encodingOf(line, plan, sender.track);
    Object.assign(first, encoding);
    await sender.setParameters(parameters);
    padding?.resize(size);
  }
}
