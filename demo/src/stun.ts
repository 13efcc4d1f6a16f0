import { createHash, createHmac, randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { on } from 'node:events';

const MAGIC_COOKIE = 0x2112a442;
const HEADER_BYTES = 20;
const INTEGRITY_BYTES = 24;
const ALLOCATE = 0x0003;
const ALLOCATE_ERROR = 0x0113;
const USERNAME = 0x0006;
const MESSAGE_INTEGRITY = 0x0008;
const ERROR_CODE = 0x0009;
const REALM = 0x0014;
const NONCE = 0x0015;
const REQUESTED_TRANSPORT = 0x0019;
const UDP = Buffer.from([17, 0, 0, 0]);
const ANSWER_MS = 10_000;
const AGAIN_MS = 500;

type Ask = (request: Buffer) => Promise<Buffer>;

/** A name and password for a TURN server. */
export interface TurnLogin {
  username: string;
  credential: string;
}

/**
 * Asks a TURN server of this machine for an allocation without credentials (RFC 8656 §7.1).
 *
 * @returns the code of its refusal, as a good server gives 401; 0 when it granted one
 * @throws Error when it does not answer
 */
export async function allocateAnonymously(port: number): Promise<number> {
  return converse(port, async (ask) => codeOf(await ask(allocateRequest([]))));
}

/**
 * Asks a TURN server of this machine for an allocation with long-term credentials (RFC 8489 §9.2).
 *
 * @param from - an address of this machine to ask from
 * @returns the code of its refusal; 0 when it granted one
 * @throws Error when it does not answer
 */
export async function allocate(
  port: number,
  { username, credential }: TurnLogin,
  from?: string,
): Promise<number> {
  // A nonce is good for the address and port that it was given to.
  const talk = async (ask: Ask) => {
    const challenge = await ask(allocateRequest([]));
    const [realm, nonce] = [attributeOf(challenge, REALM), attributeOf(challenge, NONCE)];
    if (realm === undefined || nonce === undefined) return codeOf(challenge);
    const key = createHash('md5').update(`${username}:${realm}:${credential}`).digest();
    const name = attribute(USERNAME, Buffer.from(username));
    const request = allocateRequest([name, attribute(REALM, realm), attribute(NONCE, nonce)]);
    return codeOf(await ask(signed(request, key)));
  };
  return converse(port, talk, from);
}

function allocateRequest(attributes: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16BE(ALLOCATE, 0);
  header.writeUInt32BE(MAGIC_COOKIE, 4);
  randomBytes(12).copy(header, 8);
  const message = Buffer.concat([header, attribute(REQUESTED_TRANSPORT, UDP), ...attributes]);
  message.writeUInt16BE(message.length - HEADER_BYTES, 2);
  return message;
}

function attribute(type: number, value: Buffer): Buffer {
  const whole = Buffer.alloc(4 + padded(value.length));
  whole.writeUInt16BE(type, 0);
  whole.writeUInt16BE(value.length, 2);
  value.copy(whole, 4);
  return whole;
}

/** Adds MESSAGE-INTEGRITY (RFC 8489 §14.5), whose length the header counts before it is computed. */
function signed(message: Buffer, key: Buffer): Buffer {
  message.writeUInt16BE(message.length - HEADER_BYTES + INTEGRITY_BYTES, 2);
  const mac = createHmac('sha1', key).update(message).digest();
  return Buffer.concat([message, attribute(MESSAGE_INTEGRITY, mac)]);
}

/** Sends requests from one port of this machine, each with the answer to it. */
async function converse<T>(port: number, talk: (ask: Ask) => Promise<T>, from?: string): Promise<T> {
  const socket = createSocket('udp4');
  try {
    if (from !== undefined) await new Promise<void>((resolve) => socket.bind(0, from, resolve));
    return await talk(async (request) => {
      const signal = AbortSignal.timeout(ANSWER_MS);
      const send = () => socket.send(request, port, '127.0.0.1');
      // What is lost is sent again (RFC 8489 §6.2.1).
      const again = setInterval(send, AGAIN_MS);
      send();
      try {
        for await (const [message] of on(socket, 'message', { signal }) as AsyncIterable<[Buffer]>)
          if (transactionOf(message).equals(transactionOf(request))) return message;
      } finally {
        clearInterval(again);
      }
      throw new Error('unreachable');
    });
  } finally {
    socket.close();
  }
}

/** What an answer has in common with its request (RFC 8489 §5). */
const transactionOf = (message: Buffer) => message.subarray(8, HEADER_BYTES);

/** The number in the ERROR-CODE attribute of a refusal (RFC 8489 §14.8); 0 for any other message. */
function codeOf(message: Buffer): number {
  if (message.readUInt16BE(0) !== ALLOCATE_ERROR) return 0;
  const value = attributeOf(message, ERROR_CODE);
  return value === undefined ? 0 : (value.readUInt8(2) & 0x07) * 100 + value.readUInt8(3);
}

function attributeOf(message: Buffer, type: number): Buffer | undefined {
  for (let at = HEADER_BYTES; at + 4 <= message.length; ) {
    const length = message.readUInt16BE(at + 2);
    if (message.readUInt16BE(at) === type && at + 4 + length <= message.length) {
      return message.subarray(at + 4, at + 4 + length);
    }
    at += 4 + padded(length);
  }
  return undefined;
}

const padded = (length: number) => 4 * Math.ceil(length / 4);
