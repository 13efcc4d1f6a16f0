/** Calls, as the UI shows them. Ids and keys are opaque texts; times are milliseconds from the Unix epoch. */
import type { ErrorCode } from '@relay/protocol';
import type { Contact, Fault } from './people.ts';

/** How a member stands in a call, as far as this page knows. */
export type CallPresence =
  /** Invited; no window of theirs has answered yet. */
  | 'invited'
  /** A window of theirs rings. */
  | 'ringing'
  | 'declined'
  /** In another call. */
  | 'busy'
  /** In the call; the media are being connected. */
  | 'connecting'
  | 'connected'
  /** The way to them broke, and is being mended. */
  | 'reconnecting'
  /** They were in the call and left. */
  | 'left';

/** How good the media of a participant arrive; `unknown` at first. */
export type CallQuality = 'unknown' | 'good' | 'fair' | 'poor';

/** Somebody in a call, or invited to it. */
export interface Participant {
  contact: Contact;
  isSelf: boolean;
  presence: CallPresence;
  /** Nothing of what they say is heard. */
  muted: boolean;
  /** They hear nobody. */
  deafened: boolean;
  /** They send a picture of their camera. */
  hasCamera: boolean;
  /** They share a screen. */
  hasScreen: boolean;
  /** Media to play or show, where they are there: sound, camera, screen and its sound. */
  voice?: MediaStream;
  camera?: MediaStream;
  screen?: MediaStream;
  screenSound?: MediaStream;
  quality: CallQuality;
  /** How loud this member hears them: 0 to 1. */
  volume: number;
  /** Why nothing was connected: refused, or no way found. */
  fault?: Fault;
  /** Who added them after the call had begun. */
  addedBy?: Contact;
}

/** A microphone, camera or loudspeaker. */
export interface Device {
  id: string;
  label: string;
}

/** What this machine has, and what is chosen. Labels are empty until the browser was allowed to tell them. */
export interface Devices {
  microphones: Device[];
  cameras: Device[];
  /** Empty where the browser cannot choose. */
  speakers: Device[];
  /** Ids; undefined for the browser's own choice. */
  microphone: string | undefined;
  camera: string | undefined;
  speaker: string | undefined;
}

/** This member's own media, before and in a call. */
export interface OwnMedia {
  /** Wanted state; a fault tells why it is not so. */
  muted: boolean;
  deafened: boolean;
  cameraOn: boolean;
  screenOn: boolean;
  /** Own camera and screen, to show. */
  camera?: MediaStream;
  screen?: MediaStream;
  /** Loudness of the own microphone: 0 to 1, changes about ten times a second. */
  level: number;
  /** Push to talk is on, and the key is down. */
  isTalking: boolean;
  microphoneFault?: Fault;
  cameraFault?: Fault;
  screenFault?: Fault;
  devices: Devices;
}

/** The way to the relay for calls, tried before a call. */
export type CallReach =
  | { phase: 'unknown' | 'trying' }
  | { phase: 'reached' }
  | { phase: 'failed'; fault: Fault };

/** Before a call: the member looks at itself, and chooses devices. */
export interface Lobby {
  /** What it leads to: a call to begin with these people, or one to join. */
  kind: 'start' | 'join';
  /** Of a call to join. */
  callId?: string;
  /** The conversation it belongs to; none for people who were picked one by one. */
  conversationId?: string;
  /** Everyone it is with, without this member. */
  with: Contact[];
  reach: CallReach;
  /** Cameras are off in calls of more than eight, for want of bandwidth. */
  isCameraAllowed: boolean;
}

/** A call that this page is in. */
export interface ActiveCall {
  id: string;
  conversationId: string;
  /** `ringing`: nobody else is in it yet. `ended`: shown until dismissed, with `ending`. */
  phase: 'joining' | 'ringing' | 'ongoing' | 'reconnecting' | 'ended';
  ending?: 'left' | 'unanswered' | 'declined' | 'busy' | 'alone' | 'moved' | 'failed';
  fault?: Fault;
  /** Since when somebody else is in it; for the timer. */
  startedAt?: number;
  /** This member first, then the others by number; those who left last. */
  participants: Participant[];
  isCameraAllowed: boolean;
  /** Members see each other's addresses: direct mode is on. */
  isDirect: boolean;
  /** The browser wants a click before it plays sound. */
  needsClick: boolean;
  /**
   * Why signals were not followed, each reason once. `signal_order` may come of a bad network; the others, of a relay or a member that tries
   * what it must not.
   */
  refused?: readonly ErrorCode[];
}

/** A call that rings in this window, or that goes on and can be joined. */
export interface KnownCall {
  id: string;
  conversationId: string;
  /** Who called. */
  from: Contact;
  /** Everyone invited, this member included. */
  members: Contact[];
  /** Who is in it now. */
  inCall: Contact[];
  camera: boolean;
  /** `ringing` here; `ongoing` without ringing (declined, answered elsewhere, or found later). */
  phase: 'ringing' | 'ongoing';
  /** Another window of this member is in it. */
  isElsewhere: boolean;
  /** This member was in it until a moment ago: a reload. */
  wasIn: boolean;
}

/** All about calls. */
export interface CallsState {
  /** False where the browser cannot make any. */
  isSupported: boolean;
  lobby?: Lobby | undefined;
  active?: ActiveCall | undefined;
  known: KnownCall[];
  /**
   * Ids of those in the call who are heard now, this member's own among them. Levels are measured on this page. It stands apart from the
   * participants, which change seldom.
   */
  speaking: string[];
  own: OwnMedia;
}

/** A call in a conversation. */
export interface CallItem {
  type: 'call';
  key: string;
  at: number;
  /** Who called. */
  author: Contact;
  own: boolean;
  callId: string;
  camera: boolean;
  /**
   * `ongoing` now; `answered` by this member or, for an own call, by somebody; `missed` by this member; `declined` by this member or, for an own call to one, by
   * that one; `unanswered`: an own call that nobody took; `unknown`: not told yet.
   */
  outcome: 'ongoing' | 'answered' | 'missed' | 'declined' | 'unanswered' | 'unknown';
  /** Length, where it was told. */
  seconds?: number;
}

/** Whom a call is with: a conversation, or people one by one. */
export type CallTarget = { conversationId: string } | { members: readonly string[] };

/** What the UI may ask about calls. None of these throws: faults appear in the state, or are returned. */
export interface CallActions {
  /** Shows the lobby of a new call: opens the microphone (and the camera, where asked for), and tries the relay for calls. */
  prepareCall(target: CallTarget, camera: boolean): Promise<Fault | undefined>;
  /** Shows the lobby of a call that rings or goes on. */
  prepareJoin(callId: string, camera: boolean): Promise<Fault | undefined>;
  /** Tries the relay for calls again. */
  tryReach(): void;
  /** Closes the lobby, and every device with it. */
  leaveLobby(): void;
  /** Begins or joins what the lobby is for. */
  enterCall(): Promise<Fault | undefined>;
  /** Joins a call at once, as `prepareJoin` and `enterCall` do; leaves the one this page is in. */
  answerCall(callId: string, camera: boolean): Promise<Fault | undefined>;
  /** Declines: every window of this member stops ringing, and the caller is told. */
  declineCall(callId: string): void;
  /** Stops ringing in this window alone. */
  silenceCall(callId: string): void;
  leaveCall(): void;
  /** Removes a call that has ended from sight. */
  dismissCall(): void;
  /** Lets somebody else take part; everyone sees who did. */
  addToCall(memberIds: readonly string[]): Promise<Fault | undefined>;

  setMuted(muted: boolean): void;
  setDeafened(deafened: boolean): void;
  /** The key of push to talk went down or up. */
  setTalking(talking: boolean): void;
  setCamera(on: boolean): Promise<void>;
  setScreen(on: boolean): Promise<void>;
  /** Chooses a device, also in a call; undefined for the browser's own choice. */
  chooseDevice(kind: 'microphone' | 'camera' | 'speaker', id: string | undefined): Promise<void>;
  setVolume(memberId: string, volume: number): void;
  /** A click that lets the browser play sound. */
  playSound(): void;
}
