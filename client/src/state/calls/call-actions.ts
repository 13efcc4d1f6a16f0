import type { CallActions } from '../model.ts';
import { noCallActions } from './closed.ts';

/**
 * What the UI may ask about calls, of whatever can make calls now.
 * @param current undefined while nothing can
 */
export function callActions(current: () => CallActions | undefined): CallActions {
  const now = () => current() ?? noCallActions;
  return {
    prepareCall: (target, camera) => now().prepareCall(target, camera),
    prepareJoin: (callId, camera) => now().prepareJoin(callId, camera),
    tryReach: () => now().tryReach(),
    leaveLobby: () => now().leaveLobby(),
    enterCall: () => now().enterCall(),
    answerCall: (callId, camera) => now().answerCall(callId, camera),
    declineCall: (callId) => now().declineCall(callId),
    silenceCall: (callId) => now().silenceCall(callId),
    leaveCall: () => now().leaveCall(),
    dismissCall: () => now().dismissCall(),
    addToCall: (memberIds) => now().addToCall(memberIds),
    setMuted: (muted) => now().setMuted(muted),
    setDeafened: (deafened) => now().setDeafened(deafened),
    setTalking: (talking) => now().setTalking(talking),
    setCamera: (on) => now().setCamera(on),
    setScreen: (on) => now().setScreen(on),
    chooseDevice: (kind, id) => now().chooseDevice(kind, id),
    setVolume: (memberId, volume) => now().setVolume(memberId, volume),
    playSound: () => now().playSound(),
  };
}
