import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

const MAGIC_COOKIE = 0x2112a442;
const ALLOCATE = 0x0003;
const ALLOCATE_ERROR = 0x0113;
const REQUESTED_TRANSPORT = 0x0019;
const ERROR_CODE = 0x0009;
const UDP = 17;
const ANSWER_MS = 1_000;

/**
 * Asks a TURN server of this machine for an allocation without credentials (RFC 8656 §7.1).
 *
 * @returns the code of its refusal, as a good server gives 401; 0 when it granted one
 * @throws Error when it does not answer
 */
export async function allocateAnonymously(port: number): Promise<number> {
  const request = Buffer.alloc(28);
  request.writeUInt16BE(ALLOCATE, 0);
  request.writeUInt16BE(8, 2);
  request.writeUInt32BE(MAGIC_COOKIE, 4);
  randomBytes(12).copy(request, 8);
  request.writeUInt16BE(REQUESTED_TRANSPORT, 20);
  request.writeUInt16BE(4, 22);
  request.writeUInt8(UDP, 24);
  const socket = createSocket('udp4');
  try {
    socket.send(request, port, '127.0.0.1');
    const [answer] = (await once(socket, 'message', { signal: AbortSignal.timeout(ANSWER_MS) })) as [Buffer];
    return answer.readUInt16BE(0) === ALLOCATE_ERROR ? errorCode(answer) : 0;
  } finally {
    socket.close();
  }
}

/** The number in the ERROR-CODE attribute of a STUN message (RFC 8489 §14.8), or 0. */
function errorCode(message: Buffer): number {
  for (let at = 20; at + 4 <= message.length; ) {
    const length = message.readUInt16BE(at + 2);
    if (message.readUInt16BE(at) === ERROR_CODE && at + 8 <= message.length) {
      return (message.readUInt8(at + 6) & 0x07) * 100 + message.readUInt8(at + 7);
    }
    at += 4 + Math.ceil(length / 4) * 4;
  }
  return 0;
}
