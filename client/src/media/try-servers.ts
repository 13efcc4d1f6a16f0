/** Tries the relay for calls before a call. */
import { RelayError } from '@relay/protocol';
import type { IceServer } from './media.ts';

/** What a server without an answer gets, milliseconds. */
const PATIENCE = 10_000;

/** Code of STUN errors (RFC 8489) that say the credentials are not accepted; 701 is WebRTC's own for no answer. */
const REASONS: Record<number, string> = {
  401: 'The relay for calls does not accept the credentials of this relay. Ask the operator.',
  438: 'The relay for calls does not accept the credentials of this relay. Ask the operator.',
  486: 'The relay for calls has no room for more of this member’s calls. Try again later.',
  508: 'The relay for calls has no room left. Try again later.',
};

/** The most telling of the errors that servers gave. */
export function reachFault(codes: readonly number[]): RelayError {
  const reason = codes.map((code) => REASONS[code]).find((words) => words !== undefined);
  return new RelayError('calls_unreachable', reason);
}

/**
 * Whether an allocation on one of the servers can be had; it is given back at once.
 * @param signal ends the trying
 * @param patience milliseconds
 * @throws RelayError `calls_unreachable` with a reason; what the signal was aborted with
 */
export async function tryServers(
  servers: readonly IceServer[],
  signal: AbortSignal,
  patience = PATIENCE,
): Promise<void> {
  signal.throwIfAborted();
  if (servers.length === 0) throw reachFault([]);
  const iceServers = servers.map((server) => ({ ...server }));
  const pc = new RTCPeerConnection({ iceServers, iceTransportPolicy: 'relay' });
  const codes: number[] = [];
  const end = AbortSignal.any([signal, AbortSignal.timeout(patience)]);
  const found = new Promise<void>((resolve, reject) => {
    const fail = () => reject(reachFault(codes));
    pc.onicecandidateerror = ({ errorCode }) => codes.push(errorCode);
    pc.onicecandidate = ({ candidate }) => {
      if (candidate?.candidate) resolve();
    };
    pc.onicegatheringstatechange = () => {
      if (pc.iceGatheringState === 'complete') fail();
    };
    end.onabort = () => (signal.aborted ? reject(signal.reason) : fail());
  });
  try {
    // Something must be described, or nothing is gathered.
    pc.createDataChannel('');
    await Promise.all([found, pc.setLocalDescription()]);
  } finally {
    pc.close();
  }
}
