import type { TransportAddress } from './addresses.ts';
import { ipBytes, ipText } from './addresses.ts';
import type { StunAttribute, StunMessage } from './stun-message.ts';
import { MAGIC_COOKIE } from './stun-message.ts';

/** The attributes that a TURN client writes and reads (RFC 8489 §14, RFC 8656 §18). */
export const ATTRIBUTE = {
  username: 0x0006,
  errorCode: 0x0009,
  channelNumber: 0x000c,
  lifetime: 0x000d,
  xorPeerAddress: 0x0012,
  data: 0x0013,
  realm: 0x0014,
  nonce: 0x0015,
  xorRelayedAddress: 0x0016,
  requestedAddressFamily: 0x0017,
  requestedTransport: 0x0019,
  xorMappedAddress: 0x0020,
} as const;

const UDP_PROTOCOL = 17;
const FAMILY = { 4: 0x01, 6: 0x02 } as const;

/** The family of IP addresses. */
export type IpFamily = 4 | 6;

/** The value of the first attribute of a type, or undefined. */
export function attributeValue(message: StunMessage, type: number): Uint8Array | undefined {
  return message.attributes.find((attribute) => attribute.type === type)?.value;
}

/** The text in the first attribute of a type, or undefined. */
export function textOf(message: StunMessage, type: number): string | undefined {
  const value = attributeValue(message, type);
  return value && Buffer.from(value).toString('utf8');
}

/** A number of 32 bits in the first attribute of a type, or undefined. */
export function numberOf(message: StunMessage, type: number): number | undefined {
  const value = attributeValue(message, type);
  return value?.length === 4 ? Buffer.from(value).readUInt32BE(0) : undefined;
}

/** An attribute that holds a text. */
export function textAttribute(type: number, text: string): StunAttribute {
  return { type, value: Buffer.from(text, 'utf8') };
}

/** LIFETIME (RFC 8656 §18.2), in seconds. */
export function lifetimeAttribute(seconds: number): StunAttribute {
  const value = Buffer.alloc(4);
  value.writeUInt32BE(seconds, 0);
  return { type: ATTRIBUTE.lifetime, value };
}

/** REQUESTED-TRANSPORT (RFC 8656 §18.8) for UDP, the only one that calls use. */
export function udpTransportAttribute(): StunAttribute {
  return { type: ATTRIBUTE.requestedTransport, value: Buffer.from([UDP_PROTOCOL, 0, 0, 0]) };
}

/** REQUESTED-ADDRESS-FAMILY (RFC 8656 §18.7). */
export function familyAttribute(family: IpFamily): StunAttribute {
  return { type: ATTRIBUTE.requestedAddressFamily, value: Buffer.from([FAMILY[family], 0, 0, 0]) };
}

/** CHANNEL-NUMBER (RFC 8656 §18.1). */
export function channelAttribute(channel: number): StunAttribute {
  const value = Buffer.alloc(4);
  value.writeUInt16BE(channel, 0);
  return { type: ATTRIBUTE.channelNumber, value };
}

/** The address XOR the magic cookie and, for IPv6, the transaction id (RFC 8489 §14.2). */
function xored(ip: Uint8Array, transactionId: Uint8Array): Buffer {
  const mask = Buffer.alloc(16);
  mask.writeUInt32BE(MAGIC_COOKIE, 0);
  mask.set(transactionId, 4);
  return Buffer.from(ip.map((byte, index) => byte ^ (mask[index] ?? 0)));
}

/**
 * An attribute that holds an address masked as RFC 8489 §14.2 says.
 * @throws RangeError for a text that is no IP address
 */
export function xorAddressAttribute(
  type: number,
  address: TransportAddress,
  transactionId: Uint8Array,
): StunAttribute {
  const ip = ipBytes(address.ip);
  const head = Buffer.from([0, ip.length === 4 ? FAMILY[4] : FAMILY[6], 0, 0]);
  head.writeUInt16BE(address.port ^ (MAGIC_COOKIE >>> 16), 2);
  return { type, value: Buffer.concat([head, xored(ip, transactionId)]) };
}

/** The address in the first attribute of a type, unmasked, or undefined where there is none that can be read. */
export function xorAddressOf(message: StunMessage, type: number): TransportAddress | undefined {
  const bytes = Buffer.from(attributeValue(message, type) ?? []);
  const fits =
    (bytes.length === 8 && bytes[1] === FAMILY[4]) || (bytes.length === 20 && bytes[1] === FAMILY[6]);
  if (!fits) return undefined;
  return {
    ip: ipText(xored(bytes.subarray(4), message.transactionId)),
    port: bytes.readUInt16BE(2) ^ (MAGIC_COOKIE >>> 16),
  };
}

/** The number in ERROR-CODE (RFC 8489 §14.8), 300 to 699, or undefined. */
export function errorCodeOf(message: StunMessage): number | undefined {
  const value = attributeValue(message, ATTRIBUTE.errorCode);
  const code = ((value?.[2] ?? 0) & 0x07) * 100 + (value?.[3] ?? 0);
  return code >= 300 && code <= 699 ? code : undefined;
}
