/** Stands between members and the relay: keeps every byte that the relay is sent and sends, and may deliver signals as no honest relay would. */
import { once } from 'node:events';
import type { Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';
import type { Frame } from './web-socket.ts';
import { FrameReader, OPCODE, serverFrame } from './web-socket.ts';

/** The end of what an HTTP request or answer says of itself. */
const HEAD_END = '\r\n\r\n';
/** How an event with bytes is announced (Socket.IO protocol 5 over Engine.IO protocol 4); the bytes follow in a frame of their own. */
const SIGNAL = /^45\d-\d*\["signal"/;

/** One event of a member's socket that carries a signal. */
export interface SeenSignal {
  /** Towards a member, and not from one. */
  toMember: boolean;
  /** Seat ‖ seat ‖ box. */
  frame: Buffer;
}

/** The way to one member's socket. */
export interface Line {
  /** Hands a signal over. */
  deliver(frame: Buffer): void;
  /** Makes up an event without bytes. */
  tell(event: string, payload: object): void;
}

/** Gets each signal for a member, and delivers what it likes, when it likes. */
export type Tamper = (frame: Buffer, line: Line) => void;

/** A proxy in front of one relay. */
export class RelayProxy {
  /** Every signal that went through, in both directions, as the relay saw it. */
  readonly signals: SeenSignal[] = [];
  /** The lines to the sockets that stand. */
  readonly lines = new Set<Line>();
  /** How signals are delivered; faithfully while undefined. */
  tamper: Tamper | undefined;
  readonly url: string;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #seen: Buffer[] = [];
  #target = 0;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.url = `http://127.0.0.1:${port}`;
    server.on('connection', (socket) => this.#join(socket));
  }

  /** Listens on a free port. */
  static async open(): Promise<RelayProxy> {
    const server = createServer({ noDelay: true });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const address = server.address();
    return new RelayProxy(server, typeof address === 'object' ? (address?.port ?? 0) : 0);
  }

  /** Leads to a relay on this port of 127.0.0.1 from now on. */
  lead(port: number): void {
    this.#target = port;
  }

  /** Everything the relay was sent and sent: as it was on the wire, and frames without their masks too. */
  seen(): Buffer {
    return Buffer.concat(this.#seen);
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #join(member: Socket): void {
    const relay = connect({ port: this.#target, host: '127.0.0.1', noDelay: true });
    const line: Line = {
      deliver: (frame) => {
        member.write(serverFrame(OPCODE.text, Buffer.from('451-["signal",{"_placeholder":true,"num":0}]')));
        member.write(serverFrame(OPCODE.binary, frame));
      },
      tell: (event, payload) => {
        member.write(serverFrame(OPCODE.text, Buffer.from(`42${JSON.stringify([event, payload])}`)));
      },
    };
    const up = new Direction(relay, (frame) => this.#sent(frame));
    const down = new Direction(
      member,
      (frame) => this.#received(frame, line),
      () => this.lines.add(line),
    );
    member.on('data', (piece) => this.#pass(piece, up));
    relay.on('data', (piece) => this.#pass(piece, down));
    for (const [socket, other] of [
      [member, relay],
      [relay, member],
    ] as const) {
      this.#sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        this.#sockets.delete(socket);
        this.lines.delete(line);
        other.destroy();
      });
    }
  }

  #pass(piece: Buffer, direction: Direction): void {
    this.#seen.push(piece);
    direction.push(piece);
  }

  #sent({ payload, opcode }: Frame): boolean {
    this.#seen.push(payload);
    if (opcode === OPCODE.binary) this.signals.push({ toMember: false, frame: payload });
    return true;
  }

  #received({ payload, opcode }: Frame, line: Line & { announced?: boolean }): boolean {
    if (opcode === OPCODE.text && SIGNAL.test(payload.toString('latin1'))) {
      line.announced = true;
      return false;
    }
    if (opcode !== OPCODE.binary || !line.announced) return true;
    line.announced = false;
    this.signals.push({ toMember: true, frame: payload });
    if (this.tamper === undefined) line.deliver(payload);
    else this.tamper(payload, line);
    return false;
  }
}

/**
 * What goes one way over a connection: left alone until it turns out to be a WebSocket, and then frame by frame, each written before the next is
 * looked at, so that nothing that is delivered in between overtakes what came before.
 */
class Direction {
  readonly #frames = new FrameReader();
  readonly #to: Socket;
  readonly #goesOn: (frame: Frame) => boolean;
  readonly #upgraded: () => void;
  #kind: 'unknown' | 'plain' | 'socket' = 'unknown';

  /** @param goesOn whether a frame is to be passed on as it is */
  constructor(to: Socket, goesOn: (frame: Frame) => boolean, upgraded: () => void = () => {}) {
    this.#to = to;
    this.#goesOn = goesOn;
    this.#upgraded = upgraded;
  }

  /** Takes a piece, and passes on what is to be. */
  push(piece: Buffer): void {
    if (this.#kind === 'unknown') {
      const end = piece.indexOf(HEAD_END);
      const head = piece.subarray(0, end < 0 ? 0 : end + HEAD_END.length);
      this.#kind = /^upgrade: websocket\r$/im.test(head.toString('latin1')) ? 'socket' : 'plain';
      if (this.#kind === 'socket') {
        this.#upgraded();
        this.#to.write(head);
        this.#passFrames(piece.subarray(head.length));
        return;
      }
    }
    if (this.#kind === 'plain') this.#to.write(piece);
    else this.#passFrames(piece);
  }

  #passFrames(piece: Buffer): void {
    for (const frame of this.#frames.push(piece)) if (this.#goesOn(frame)) this.#to.write(frame.raw);
  }
}
