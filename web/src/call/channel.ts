/**
 * The meeting channel: one WebSocket with ordered events, resumed after each interruption.
 *
 * An event that does not follow the last one means that something was missed: the channel
 * reconnects and asks for what comes after the last applied event.
 */

import type { ByeReason, ChannelEvent, Downstream, MlsDirect, MlsUpstream, Upstream, Welcome } from "../api/wire.ts";
import { Backoff } from "./backoff.ts";

/** What the channel needs of a WebSocket. */
export type Socket = Pick<WebSocket, "send" | "close" | "addEventListener">;

export interface ChannelHandlers {
  onWelcome(welcome: Welcome): void;
  onEvent(revision: number, event: ChannelEvent): void;
  /** About the group, to this participant alone; not repeated. */
  onGroup(message: MlsDirect): void;
  /** The connection came (back) or went. */
  onConnected(isConnected: boolean): void;
  /** Nothing follows. */
  onClosed(reason: ByeReason): void;
}

const PING_EVERY_MS = 15_000;
/** Longer hides a dead connection, shorter gives up on a slow phone. */
const SILENCE_LIMIT_MS = 25_000;
/** Many events need one acknowledgement. */
const ACK_DELAY_MS = 500;

const ENDS_THE_CHANNEL: ReadonlySet<ByeReason> = new Set([
  "not_authenticated",
  "malformed",
  "replaced",
  "meeting_ended",
  "denied",
  "expelled",
  "meeting_locked",
]);

export class Channel {
  readonly #open: () => Socket;
  readonly #credential: string;
  readonly #handlers: ChannelHandlers;
  readonly #backoff = new Backoff();
  #socket: Socket | null = null;
  #lastSeq: number | null = null;
  #ackTimer: ReturnType<typeof setTimeout> | undefined;
  #pingTimer: ReturnType<typeof setInterval> | undefined;
  #silenceTimer: ReturnType<typeof setTimeout> | undefined;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #onWord: () => void = () => {};
  #isOver = false;
  /** The server has answered the hello of this connection. */
  #isSettled = false;

  constructor(open: () => Socket, credential: string, handlers: ChannelHandlers) {
    this.#open = open;
    this.#credential = credential;
    this.#handlers = handlers;
  }

  connect(): void {
    if (this.#isOver || this.#socket !== null) return;
    clearTimeout(this.#retryTimer);
    const socket = this.#open();
    this.#socket = socket;
    socket.addEventListener("open", () => {
      if (socket === this.#socket) this.#greet();
    });
    socket.addEventListener("message", ({ data }) => {
      if (socket === this.#socket) this.#receive(data);
    });
    socket.addEventListener("close", () => {
      if (socket === this.#socket) this.#interrupted();
    });
    this.#expectSomething();
  }

  /** The network or the page may be back: does not wait for the next try. */
  hurry(): void {
    this.#backoff.reset();
    this.connect();
  }

  /** Lost while there is no connection: whoever needs it says it again. */
  send(message: MlsUpstream): void {
    if (this.#isSettled) this.#send(message);
  }

  /** Resolves with the server's next word, whatever it is. */
  ask(): Promise<void> {
    if (this.#isSettled) this.#ping();
    return new Promise((resolve) => {
      this.#onWord = resolve;
    });
  }

  close(): void {
    this.#isOver = true;
    this.#drop();
    clearTimeout(this.#retryTimer);
  }

  #greet(): void {
    this.#send({
      type: "hello",
      credential: this.#credential,
      ...(this.#lastSeq === null ? {} : { after: this.#lastSeq }),
    });
    this.#pingTimer = setInterval(() => this.#ping(), PING_EVERY_MS);
  }

  #ping(): void {
    this.#send({ type: "ping" });
  }

  #receive(data: unknown): void {
    const message = parse(data);
    if (message === null) return;
    this.#expectSomething();
    this.#onWord();
    switch (message.type) {
      case "welcome":
        this.#lastSeq = message.seq;
        this.#settled();
        this.#handlers.onWelcome(message);
        break;
      case "resumed":
        this.#settled();
        break;
      case "event":
        this.#inOrder(message.seq, message.revision, message.event);
        break;
      case "bye":
        this.#bye(message.reason);
        break;
      case "mls_slot":
      case "mls_refused":
      case "mls_heartbeat":
      case "mls_letter":
        this.#handlers.onGroup(message);
        break;
      case "pong":
        break;
    }
  }

  #settled(): void {
    this.#isSettled = true;
    this.#backoff.reset();
    this.#handlers.onConnected(true);
  }

  #inOrder(seq: number, revision: number, event: ChannelEvent): void {
    const last = this.#lastSeq ?? 0;
    if (seq <= last) return;
    if (seq !== last + 1) {
      this.#interrupted();
      return;
    }
    this.#lastSeq = seq;
    this.#ackTimer ??= setTimeout(() => this.#acknowledge(), ACK_DELAY_MS);
    this.#handlers.onEvent(revision, event);
  }

  #acknowledge(): void {
    this.#ackTimer = undefined;
    if (this.#lastSeq !== null) this.#send({ type: "ack", seq: this.#lastSeq });
  }

  #bye(reason: ByeReason): void {
    if (!ENDS_THE_CHANNEL.has(reason)) {
      this.#interrupted();
      return;
    }
    this.close();
    this.#handlers.onClosed(reason);
  }

  #interrupted(): void {
    this.#drop();
    if (this.#isOver) return;
    this.#handlers.onConnected(false);
    this.#retryTimer = setTimeout(() => this.connect(), this.#backoff.next());
  }

  #expectSomething(): void {
    clearTimeout(this.#silenceTimer);
    this.#silenceTimer = setTimeout(() => this.#interrupted(), SILENCE_LIMIT_MS);
  }

  #drop(): void {
    clearTimeout(this.#ackTimer);
    clearTimeout(this.#silenceTimer);
    clearInterval(this.#pingTimer);
    this.#ackTimer = undefined;
    const socket = this.#socket;
    this.#socket = null;
    this.#isSettled = false;
    socket?.close();
  }

  #send(message: Upstream): void {
    this.#socket?.send(JSON.stringify(message));
  }
}

function parse(data: unknown): Downstream | null {
  if (typeof data !== "string") return null;
  try {
    return JSON.parse(data) as Downstream;
  } catch {
    return null;
  }
}
