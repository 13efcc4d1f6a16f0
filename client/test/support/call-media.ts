/** What calls need of a browser, without one: devices that give nothing, and connections within this process. */
import type { ErrorCode } from '@relay/protocol';
import { RelayError } from '@relay/protocol';
import type { Capture, Line, Media, MediaDevice, Meter, VoiceProcessing } from '../../src/media/media.ts';
import type { FakeConnection } from './room-media.ts';
import { MediaWorld } from './room-media.ts';

/** A device that was opened. */
export class FakeCapture implements Capture {
  readonly stream = {} as MediaStream;
  readonly tracks: Capture['tracks'];
  readonly what: string;
  /** Of a microphone: what is done to its sound. */
  processing: VoiceProcessing | undefined;
  isEnabled = true;
  isStopped = false;
  #ended: (() => void) | undefined;

  constructor(what: string, ...lines: Line[]) {
    this.what = what;
    this.tracks = Object.fromEntries(lines.map((line) => [line, { kind: what } as MediaStreamTrack]));
  }

  onEnded(listener: () => void): void {
    this.#ended = listener;
  }

  setEnabled(enabled: boolean): void {
    this.isEnabled = enabled;
  }

  stop(): void {
    this.isStopped = true;
  }

  /** It was unplugged, or stopped by the browser's own button. */
  unplug(): void {
    this.#ended?.();
  }
}

type Kind = 'microphone' | 'camera' | 'screen';

/** See above; one for each page. */
export class FakeMedia implements Media {
  readonly isSupported = true;
  readonly captures: FakeCapture[] = [];
  /** What it rang with, in order. */
  readonly tones: ('incoming' | 'outgoing' | undefined)[] = [];
  /** Why a device is not opened. */
  readonly refusals = new Map<Kind, ErrorCode>();
  /** Devices are opened only when this is fulfilled: as a browser that asks its user. */
  prompt: Promise<void> | undefined;
  level = 0;
  reach: RelayError | undefined;
  readonly #world: MediaWorld;
  readonly #name: string;

  constructor(world = mediaWorld(), name = 'page') {
    this.#world = world;
    this.#name = name;
  }

  /** Connections of this page that were not closed. */
  get connections(): FakeConnection[] {
    return this.#world.open.filter(({ page }) => page === this.#name);
  }

  /** What captures now. */
  get open(): FakeCapture[] {
    return this.captures.filter(({ isStopped }) => !isStopped);
  }

  async devices(): Promise<MediaDevice[]> {
    return [
      { kind: 'microphone', id: 'mic 1', label: 'Microphone' },
      { kind: 'camera', id: 'cam 1', label: 'Camera' },
    ];
  }

  onDevices(): () => void {
    return () => {};
  }

  onNetwork(): () => void {
    return () => {};
  }

  async openMicrophone(id: string | undefined, processing: VoiceProcessing): Promise<Capture> {
    const capture = await this.#capture('microphone', id ?? 'microphone', 'voice');
    capture.processing = processing;
    return capture;
  }

  openCamera(id?: string): Promise<Capture> {
    return this.#capture('camera', id ?? 'camera', 'camera');
  }

  openScreen(): Promise<Capture> {
    return this.#capture('screen', 'screen', 'screen', 'screenSound');
  }

  meter(): Meter {
    return { level: () => this.level, stop() {} };
  }

  connect(...args: Parameters<Media['connect']>) {
    return this.#world.page(this.#name).connect(...args);
  }

  async tryServers(): Promise<void> {
    if (this.reach !== undefined) throw this.reach;
  }

  ring(tone: 'incoming' | 'outgoing' | undefined): void {
    this.tones.push(tone);
  }

  async #capture(kind: Kind, what: string, ...lines: Line[]): Promise<FakeCapture> {
    await this.prompt;
    const refusal = this.refusals.get(kind);
    if (refusal !== undefined) throw new RelayError(refusal);
    const capture = new FakeCapture(what, ...lines);
    this.captures.push(capture);
    return capture;
  }
}

/** Everything between the connections of several pages, by the machine's clock. */
export function mediaWorld(): MediaWorld {
  const after = (ms: number, work: () => void) => {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  };
  const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
  return new MediaWorld({ after, sleep }, () => 1);
}
