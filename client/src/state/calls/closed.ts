import { faultOf } from '../fault.ts';
import type { CallActions, CallsState } from '../model.ts';

/** Where no identity is open, or calls cannot be made. */
export const NO_CALLS: CallsState = {
  isSupported: false,
  known: [],
  speaking: [],
  own: {
    muted: false,
    deafened: false,
    cameraOn: false,
    screenOn: false,
    level: 0,
    isTalking: false,
    devices: {
      microphones: [],
      cameras: [],
      speakers: [],
      microphone: undefined,
      camera: undefined,
      speaker: undefined,
    },
  },
};

const unsupported = async () => faultOf('calls_unsupported');

/** What is asked about calls where none can be made. */
export const noCallActions: CallActions = {
  prepareCall: unsupported,
  prepareJoin: unsupported,
  tryReach() {},
  leaveLobby() {},
  enterCall: unsupported,
  answerCall: unsupported,
  declineCall() {},
  silenceCall() {},
  leaveCall() {},
  dismissCall() {},
  addToCall: unsupported,
  setMuted() {},
  setDeafened() {},
  setTalking() {},
  async setCamera() {},
  async setScreen() {},
  async chooseDevice() {},
  setVolume() {},
  playSound() {},
};
