import { createHash } from 'node:crypto';
import type { TransportAddress } from './addresses.ts';
import type { IpFamily } from './attributes.ts';
import {
  ATTRIBUTE,
  attributeValue,
  channelAttribute,
  errorCodeOf,
  familyAttribute,
  lifetimeAttribute,
  numberOf,
  textAttribute,
  textOf,
  udpTransportAttribute,
  xorAddressAttribute,
  xorAddressOf,
} from './attributes.ts';
import type { TurnCredential } from './credential.ts';
import { refusal, TurnError } from './errors.ts';
import { encodeChannelData } from './framing.ts';
import type { DecodedMessage, StunAttribute } from './stun-message.ts';
import { METHOD } from './stun-message.ts';
import type { StunRequest } from './transactions.ts';
import { Transactions } from './transactions.ts';
import type { TurnServer } from './transports.ts';

/** How {@link TurnClient.open} reaches a server, and as whom. */
export interface TurnClientOptions {
  server: TurnServer;
  /** None asks without one, which a good server refuses with 401. */
  credential?: TurnCredential;
  /** How long a connection and each answer may take, in milliseconds; 5,000 unless told. */
  answerMs?: number;
}

/** What a server set aside for a client (RFC 8656 §3.2). */
export interface Allocation {
  /** Where peers reach the client: an address of the server. */
  relayed: TransportAddress;
  /** The client as the server sees it, where the server says so. */
  mapped?: TransportAddress;
  /** Seconds until it ends unless it is refreshed. */
  lifetime: number;
}

/** What came from a peer. */
export interface PeerData {
  /** The peer, for a Data indication (RFC 8656 §11.4). */
  peer?: TransportAddress;
  /** The channel, for ChannelData (§12.6). */
  channel?: number;
  data: Uint8Array;
}

const ANSWER_MS = 5_000;
const UNAUTHENTICATED = 401;
const STALE_NONCE = 438;
/** 437 and 441 of an allocation: the server still knows this address and port as another client's, who had the port before. */
const TAKEN = [437, 441];
/** Addresses and ports that are tried for one allocation (RFC 8656 §7.4). */
const TRIES = 3;

interface Challenge {
  realm: string;
  nonce: Uint8Array;
}

/**
 * A client with at most one allocation on a TURN server (RFC 8656), by the long-term credential mechanism (RFC 8489 §9.2,
 * MD5 key and HMAC-SHA1, which each server knows). It refreshes nothing by itself: an allocation lasts 600 s and a
 * permission 300 s. A request that is refused throws TurnError `refused` with the server's `code`.
 */
export class TurnClient {
  /** Told what comes from peers. */
  onData: (received: PeerData) => void = () => {};
  readonly #options: TurnClientOptions;
  #transactions: Transactions | undefined;
  #challenge: Challenge | undefined;
  #allocated = false;

  private constructor(options: TurnClientOptions) {
    this.#options = options;
  }

  /**
   * Opens a way to a server; asks it nothing yet.
   * @throws TurnError `unresolved`, `unreachable`, `certificate`, `silent` or `broken`
   */
  static async open(options: TurnClientOptions): Promise<TurnClient> {
    const client = new TurnClient(options);
    await client.#link();
    return client;
  }

  /**
   * Asks for a relayed address for UDP (RFC 8656 §7), over another link where the server takes this one for somebody else's.
   * @param family of that address; the server's choice, IPv4, unless told
   * @throws TurnError `refused` with 401 for the credential, 440 for the family, 486 or 508 when there is no room; any other
   */
  async allocate(family?: IpFamily): Promise<Allocation> {
    const attributes = [udpTransportAttribute(), ...(family === undefined ? [] : [familyAttribute(family)])];
    const answer = await this.#askFromOtherPorts(METHOD.allocate, () => attributes);
    const relayed = xorAddressOf(answer, ATTRIBUTE.xorRelayedAddress);
    const mapped = xorAddressOf(answer, ATTRIBUTE.xorMappedAddress);
    if (relayed === undefined) {
      throw new TurnError('broken', 'The TURN server granted an allocation without an address.');
    }
    this.#allocated = true;
    const lifetime = numberOf(answer, ATTRIBUTE.lifetime) ?? 0;
    return { relayed, lifetime, ...(mapped === undefined ? {} : { mapped }) };
  }

  /**
   * Lets the allocation live on, or ends it (RFC 8656 §8).
   * @param lifetime in seconds; 0 ends it
   * @returns the seconds that the server grants
   * @throws TurnError `refused` with 437 when there is no allocation; any other
   */
  async refresh(lifetime: number): Promise<number> {
    const answer = await this.#ask(METHOD.refresh, () => [lifetimeAttribute(lifetime)]);
    if (lifetime === 0) this.#allocated = false;
    return numberOf(answer, ATTRIBUTE.lifetime) ?? 0;
  }

  /**
   * Lets a peer's address in, whatever its port, and lets it be sent to (RFC 8656 §10).
   * @throws TurnError `refused` with 403 for an address that the server denies, 443 for a family that the allocation lacks; any other
   */
  async createPermission(peer: TransportAddress): Promise<void> {
    await this.#ask(METHOD.createPermission, (id) => [
      xorAddressAttribute(ATTRIBUTE.xorPeerAddress, peer, id),
    ]);
  }

  /**
   * Gives a peer a channel, and a permission with it (RFC 8656 §12.1).
   * @param channel 0x4000 to 0x4fff
   * @throws TurnError as {@link createPermission}
   */
  async bindChannel(channel: number, peer: TransportAddress): Promise<void> {
    await this.#ask(METHOD.channelBind, (id) => [
      channelAttribute(channel),
      xorAddressAttribute(ATTRIBUTE.xorPeerAddress, peer, id),
    ]);
  }

  /** Sends to a peer that has a permission, by Send indication (RFC 8656 §11.1). Whether it arrives is not told. */
  send(peer: TransportAddress, data: Uint8Array): void {
    this.#transactions?.indicate(METHOD.send, (id) => [
      xorAddressAttribute(ATTRIBUTE.xorPeerAddress, peer, id),
      { type: ATTRIBUTE.data, value: data },
    ]);
  }

  /** Sends to the peer of a channel (RFC 8656 §12.5). Whether it arrives is not told. */
  sendChannel(channel: number, data: Uint8Array): void {
    this.#transactions?.send(encodeChannelData({ channel, data }));
  }

  /** Ends the allocation, as far as the server can be told, and the link. Never throws; safe to call again. */
  async close(): Promise<void> {
    if (this.#allocated) await this.refresh(0).catch(() => {});
    this.#transactions?.close();
  }

  async #link(): Promise<void> {
    const { server, answerMs = ANSWER_MS } = this.#options;
    this.#transactions = await Transactions.open(
      server,
      {
        onIndication: (message) => this.#indicated(message),
        onChannelData: (channel, data) => this.onData({ channel, data }),
      },
      answerMs,
    );
  }

  async #askFromOtherPorts(method: number, attributes: StunRequest['attributes']): Promise<DecodedMessage> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#ask(method, attributes);
      } catch (thrown) {
        const isTaken = thrown instanceof TurnError && TAKEN.includes(thrown.code);
        if (!isTaken || this.#allocated || tries === TRIES) throw thrown;
      }
      const taken = this.#transactions;
      // Another port is sure only while this one is still held.
      await this.#link();
      taken?.close();
    }
  }

  async #ask(method: number, attributes: StunRequest['attributes']): Promise<DecodedMessage> {
    let answer = await this.#askOnce(method, attributes);
    for (let tries = 0; tries < 2 && this.#challenged(answer); tries++) {
      answer = await this.#askOnce(method, attributes);
    }
    if (answer.class === 'success') return answer;
    const code = errorCodeOf(answer);
    if (code === undefined) throw new TurnError('broken', 'The TURN server refused without saying why.');
    throw refusal(code);
  }

  async #askOnce(method: number, attributes: StunRequest['attributes']): Promise<DecodedMessage> {
    const transactions = this.#transactions;
    if (transactions === undefined) throw new TurnError('closed', 'The TURN client is not open.');
    const login = this.#options.credential;
    if (login === undefined || this.#challenge === undefined) {
      return transactions.ask({ method, attributes });
    }
    const { realm, nonce } = this.#challenge;
    const { username, credential } = login;
    const proof: StunAttribute[] = [
      textAttribute(ATTRIBUTE.username, username),
      textAttribute(ATTRIBUTE.realm, realm),
      { type: ATTRIBUTE.nonce, value: nonce },
    ];
    const key = longTermKey(username, realm, credential);
    return transactions.ask({ method, key, attributes: (id) => [...attributes(id), ...proof] });
  }

  /** Takes realm and nonce out of a refusal that asks for them (RFC 8489 §9.2.5); whether asking again may help. */
  #challenged(answer: DecodedMessage): boolean {
    if (answer.class !== 'error' || this.#options.credential === undefined) return false;
    const code = errorCodeOf(answer);
    const first = code === UNAUTHENTICATED && this.#challenge === undefined;
    const nonce = attributeValue(answer, ATTRIBUTE.nonce);
    const realm = textOf(answer, ATTRIBUTE.realm) ?? this.#challenge?.realm;
    if (nonce === undefined || realm === undefined || !(first || code === STALE_NONCE)) return false;
    this.#challenge = { realm, nonce: Buffer.from(nonce) };
    return true;
  }

  #indicated(message: DecodedMessage): void {
    const data = attributeValue(message, ATTRIBUTE.data);
    const peer = xorAddressOf(message, ATTRIBUTE.xorPeerAddress);
    if (message.method === METHOD.data && data !== undefined && peer !== undefined)
      this.onData({ peer, data });
  }
}

/**
 * The HMAC key of a long-term credential (RFC 8489 §9.2.2). Names and passwords must be ASCII, as TURN's REST form makes
 * them: they are not run through OpaqueString.
 */
export function longTermKey(username: string, realm: string, password: string): Buffer {
  return createHash('md5').update(`${username}:${realm}:${password}`, 'utf8').digest();
}
