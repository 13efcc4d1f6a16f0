/** This member's own microphone, camera and screen, before and in a call. */
import { isRelayError } from '@relay/protocol';
import type { Capture, Line, Media, Meter, VoiceProcessing } from '../../media/media.ts';
import { LINES } from '../../media/sdp.ts';
import { asFault, faultOf } from '../fault.ts';
import type { Devices, Fault, OwnMedia as OwnMediaState } from '../model.ts';
import { turnTaker } from '../turns.ts';
import { NO_CALLS } from './closed.ts';
import { devicesOf } from './devices.ts';

/** What settings say of the microphone. */
export interface MicrophoneSettings extends VoiceProcessing {
  /** It is open only while a key is held. */
  pushToTalk: boolean;
}

/** What own media need of the world. */
export interface OwnMediaParts {
  media: Media;
  settings(): MicrophoneSettings;
  /** There is bandwidth for a camera. */
  isCameraAllowed(): boolean;
  /** What is sent on a line, from now on. */
  send(line: Line, track: MediaStreamTrack | undefined): void;
  changed(): void;
}

type Kind = 'microphone' | 'camera' | 'screen';

/** What is said of a device that ended by itself. */
const GONE = {
  microphone:
    'The microphone is gone, and nobody hears you. Plug it in and try again, or choose another one.',
  camera: 'The camera is gone. Plug it in and try again, or choose another one.',
} as const;

/** Opens and closes devices as this member wishes; whatever goes wrong is told, and changes nothing else. */
export class OwnMedia {
  readonly #parts: OwnMediaParts;
  #inTurn = turnTaker();
  /** Counts how often everything was closed: what was asked for before is not wanted any more. */
  #closings = 0;
  readonly #captures = new Map<Kind, Capture>();
  readonly #faults = new Map<Kind, Fault>();
  readonly #chosen = new Map<'microphone' | 'camera' | 'speaker', string>();
  readonly #unlisten: () => void;
  #devices: Devices = NO_CALLS.own.devices;
  #meter: Meter | undefined;
  /** By which the microphone is open. */
  #settings: MicrophoneSettings;
  #muted = false;
  #deafened = false;
  #isTalking = false;
  #isInCall = false;

  constructor(parts: OwnMediaParts) {
    this.#parts = parts;
    this.#settings = parts.settings();
    this.#unlisten = parts.media.onDevices(() => void this.#look());
  }

  /** How it stands. */
  get state(): OwnMediaState {
    const camera = this.#captures.get('camera')?.stream;
    const screen = this.#captures.get('screen')?.stream;
    const [microphoneFault, cameraFault, screenFault] = (['microphone', 'camera', 'screen'] as const).map(
      (kind) => this.#faults.get(kind),
    );
    return {
      muted: this.isMuted,
      deafened: this.#deafened,
      cameraOn: camera !== undefined,
      screenOn: screen !== undefined,
      ...(camera === undefined ? {} : { camera }),
      ...(screen === undefined ? {} : { screen }),
      level: this.isSilent ? 0 : (this.#meter?.level() ?? 0),
      isTalking: this.#isTalking,
      ...(microphoneFault === undefined ? {} : { microphoneFault }),
      ...(cameraFault === undefined ? {} : { cameraFault }),
      ...(screenFault === undefined ? {} : { screenFault }),
      devices: this.#devices,
    };
  }

  /** This member chose not to be heard, hears nobody, or has no microphone. */
  get isMuted(): boolean {
    return this.#muted || this.#deafened || !this.#captures.has('microphone');
  }

  /** Nothing that is said would leave this machine now. Before a call, push to talk says nothing of it. */
  get isSilent(): boolean {
    return this.isMuted || (this.#isInCall && this.#settings.pushToTalk && !this.#isTalking);
  }

  /** What the others are told. */
  get told(): { muted: boolean; deafened: boolean; camera: boolean; screen: boolean } {
    return {
      muted: this.isMuted,
      deafened: this.#deafened,
      camera: this.has('camera'),
      screen: this.has('screen'),
    };
  }

  /** Whether a device sends. */
  has(kind: Kind): boolean {
    return this.#captures.has(kind);
  }

  /** Opens the microphone, and the camera where it is asked for. */
  async open(camera: boolean): Promise<void> {
    await Promise.all([this.#on('microphone'), camera ? this.#on('camera') : this.#off('camera')]);
  }

  /** What each of the lines sends now; undefined for those on which nothing is captured. */
  get tracks(): [Line, MediaStreamTrack | undefined][] {
    const captured = [...this.#captures.values()];
    return LINES.map((line) => [line, captured.find(({ tracks }) => tracks[line])?.tracks[line]]);
  }

  setMuted(muted: boolean): void {
    this.#muted = muted;
    // Who wants to be heard wants to hear.
    if (!muted) this.#deafened = false;
    if (!muted && !this.#captures.has('microphone')) void this.#on('microphone');
    this.#speak();
  }

  setDeafened(deafened: boolean): void {
    this.#deafened = deafened;
    this.#speak();
  }

  setTalking(talking: boolean): void {
    this.#isTalking = talking;
    this.#speak();
  }

  /** Lets the microphone be as the settings say now: open or silent, and opened anew where its sound is to be done otherwise. */
  settingsChanged(): void {
    const before = this.#settings;
    const now = this.#parts.settings();
    this.#settings = now;
    // A key that is held means nothing any more, or not yet.
    if (now.pushToTalk !== before.pushToTalk) this.setTalking(false);
    const isProcessedAlike =
      now.echoCancellation === before.echoCancellation && now.noiseSuppression === before.noiseSuppression;
    if (!isProcessedAlike) void this.#on('microphone', true, true);
  }

  /** From now on what is captured is sent, until all is closed. */
  enterCall(): void {
    this.#isInCall = true;
    this.#speak();
  }

  setCamera(on: boolean): Promise<void> {
    return on ? this.#on('camera') : this.#off('camera');
  }

  /** Closes the camera at once where it is not allowed any more; it is not opened again by itself. */
  checkCamera(): void {
    if (this.#parts.isCameraAllowed() || !this.has('camera')) return;
    this.#put('camera', undefined);
    // Another one that is being opened in its place is not kept either.
    void this.#off('camera');
  }

  setScreen(on: boolean): Promise<void> {
    return on ? this.#on('screen') : this.#off('screen');
  }

  /** Takes another device, at once where one of its kind is open or could not be. */
  async choose(kind: 'microphone' | 'camera' | 'speaker', id: string | undefined): Promise<void> {
    if (id === undefined) this.#chosen.delete(kind);
    else this.#chosen.set(kind, id);
    await this.#look();
    if (kind === 'speaker') return;
    if (this.#captures.has(kind)) await this.#on(kind, true);
    else if (this.#faults.has(kind)) await this.#on(kind);
  }

  /** Closes every device at once, also while the browser still asks whether another may be opened. */
  close(): void {
    this.#closings++;
    this.#inTurn = turnTaker();
    for (const kind of ['microphone', 'camera', 'screen'] as const) this.#put(kind, undefined);
    this.#faults.clear();
    this.#muted = false;
    this.#deafened = false;
    this.#isTalking = false;
    this.#isInCall = false;
    this.#parts.changed();
  }

  /** Closes everything for good. */
  stop(): void {
    this.#unlisten();
    this.close();
  }

  /** @param stopsFirst Chromium leaves the noise in a microphone that is open with its removal switched otherwise */
  #on(kind: Kind, isAnew = false, stopsFirst = false): Promise<void> {
    const closings = this.#closings;
    const { isCameraAllowed } = this.#parts;
    const isOver = () => closings !== this.#closings || (kind === 'camera' && !isCameraAllowed());
    return this.#inTurn(async () => {
      // What was closed in the meantime is not opened anew.
      if (isOver() || this.#captures.has(kind) !== isAnew) return;
      if (stopsFirst) this.#captures.get(kind)?.stop();
      try {
        const capture = await this.#open(kind);
        if (isOver()) {
          capture.stop();
          return;
        }
        this.#put(kind, capture);
        this.#faults.delete(kind);
        capture.onEnded(() => {
          if (this.#captures.get(kind) === capture) this.#lost(kind);
        });
      } catch (error) {
        if (isOver()) return;
        if (stopsFirst) this.#put(kind, undefined);
        // A screen that was not chosen after all is nothing to complain of.
        if (kind !== 'screen' || !isRelayError(error, 'media_denied')) this.#faults.set(kind, asFault(error));
      }
      await this.#look();
    });
  }

  #open(kind: Kind): Promise<Capture> {
    const { media } = this.#parts;
    if (kind === 'screen') return media.openScreen();
    const id = this.#chosen.get(kind);
    return kind === 'camera' ? media.openCamera(id) : media.openMicrophone(id, this.#settings);
  }

  /** A device was unplugged, or a screen is not shared any more. No other device is opened by itself: it might hear or see what that one did not. */
  #lost(kind: Kind): void {
    this.#put(kind, undefined);
    if (kind !== 'screen') {
      // Asked for by its id, a device that is gone would be refused again and again.
      this.#chosen.delete(kind);
      this.#faults.set(kind, faultOf('media_missing', GONE[kind]));
    }
    void this.#look();
  }

  #off(kind: Kind): Promise<void> {
    const closings = this.#closings;
    return this.#inTurn(async () => {
      if (closings !== this.#closings) return;
      this.#put(kind, undefined);
      this.#faults.delete(kind);
      this.#parts.changed();
    });
  }

  /** Sends the new before the old is stopped. */
  #put(kind: Kind, capture: Capture | undefined): void {
    const before = this.#captures.get(kind);
    if (before === capture) return;
    if (capture === undefined) this.#captures.delete(kind);
    else this.#captures.set(kind, capture);
    if (kind === 'microphone') {
      this.#meter?.stop();
      this.#meter = capture && this.#parts.media.meter(capture.stream);
    }
    this.#speak();
    const lines = new Set([
      ...Object.keys(before?.tracks ?? {}),
      ...Object.keys(capture?.tracks ?? {}),
    ]) as Set<Line>;
    for (const line of lines) this.#parts.send(line, capture?.tracks[line]);
    before?.stop();
  }

  #speak(): void {
    this.#captures.get('microphone')?.setEnabled(!this.isSilent);
    this.#parts.changed();
  }

  async #look(): Promise<void> {
    const found = await this.#parts.media.devices().catch(() => []);
    this.#devices = devicesOf(found, this.#chosen);
    this.#parts.changed();
  }
}
