/** For tests: a remote session without a network, a computer or WebAssembly. What is said is JSON. */

import { createHash } from "node:crypto";

import type { DataListener, DataPort, Way } from "./remote/data-port.ts";
import type { Clock } from "./remote/hand.ts";
import type { FromAgent, FromTechnician, Pointer, RemoteCodec, Tiles, TilesReceived } from "./remote/words.ts";
import { Store } from "./store.ts";
import type { Bytes } from "./e2ee/bytes.ts";

export function jsonBytes(value: unknown): Bytes {
  return new TextEncoder().encode(JSON.stringify(value, (_, part: unknown) => (part instanceof Uint8Array ? { bytes: [...part] } : part)));
}

export function fromJsonBytes(bytes: Uint8Array): unknown {
  return JSON.parse(new TextDecoder().decode(bytes), (_, part: unknown) => (isBytes(part) ? Uint8Array.from(part.bytes) : part));
}

function isBytes(part: unknown): part is { bytes: number[] } {
  return typeof part === "object" && part !== null && "bytes" in part && Array.isArray(part.bytes);
}

/** Its pictures are what the messages say that they are. */
class FakeTiles implements Tiles {
  readonly #sizes = new Map<number, { width: number; height: number }>();
  #pointer: Pointer = { shape: null, place: null };

  receive(bytes: Uint8Array): TilesReceived | undefined {
    const message = fromJsonBytes(bytes) as {
      batch?: TilesReceived & { kind: "batch"; width: number; height: number };
      pointer?: Pointer;
      video?: Omit<Extract<TilesReceived, { kind: "video" }>, "kind">;
    };
    if (message.video !== undefined) return { kind: "video", ...message.video };
    if (message.batch !== undefined) {
      const { width, height, ...batch } = message.batch;
      this.#sizes.set(batch.monitor, { width, height });
      return { ...batch, dirty: Uint16Array.from(batch.dirty), answer: jsonBytes({ receipt: batch.monitor }) };
    }
    if (message.pointer === undefined) return undefined;
    this.#pointer = message.pointer;
    return { kind: "pointer" };
  }

  rgba(_monitor: number, _x: number, _y: number, width: number, height: number): Uint8ClampedArray<ArrayBuffer> {
    return new Uint8ClampedArray(width * height * 4);
  }

  size(monitor: number): { width: number; height: number } | undefined {
    return this.#sizes.get(monitor);
  }

  pointer(): Pointer {
    return this.#pointer;
  }

  forget(monitor: number): void {
    this.#sizes.delete(monitor);
  }

  free(): void {}
}

export const fakeCodec: RemoteCodec = {
  encodeTechnician(message) {
    const isNoName = message.kind === "offer_file" && message.name === "CON";
    if (isNoName) throw new Error("this can't be said");
    return jsonBytes(message);
  },
  decodeAgent: (bytes) => fromJsonBytes(bytes) as FromAgent | undefined,
  encodeResync: (resync) => jsonBytes({ resync }),
  encodeVideoAnswer: (video, can) => jsonBytes({ video, can }),
  openTiles: () => new FakeTiles(),
  openHash() {
    const hash = createHash("sha256");
    return { update: (bytes) => void hash.update(Uint8Array.from(bytes)), finish: () => Uint8Array.from(hash.digest()) };
  },
};

function isHello(message: unknown): boolean {
  return typeof message === "object" && message !== null && "kind" in message && message.kind === "hello";
}

/** The agent's end is in the test's hands. */
export class FakePort implements DataPort {
  readonly guest = new Store<string | null>(null);
  /** What the agent answers to whoever asks who leads; `null` of a guest without one. */
  greeting: FromAgent | null = { kind: "leads", transfer: 0 };
  hellos = 0;
  readonly sent: { to: string; way: Way; message: unknown }[] = [];
  isCut = false;
  readonly #listeners = new Set<DataListener>();

  send(to: string, way: Way, payload: Bytes): Promise<void> {
    if (this.isCut) return Promise.reject(new Error("not connected"));
    const message = fromJsonBytes(payload);
    if (isHello(message)) this.#greet(to);
    else this.sent.push({ to, way, message });
    return Promise.resolve();
  }

  onData(listener: DataListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {}

  says(message: FromAgent, way: Way = message.kind === "chunk" ? "file" : "remote", from = "agent"): void {
    this.shows(message, way, from);
  }

  shows(message: unknown, way: Way = "tiles", from = "agent"): void {
    for (const listener of this.#listeners) listener(from, way, jsonBytes(message));
  }

  #greet(from: string): void {
    this.hellos += 1;
    if (this.greeting !== null) this.says(this.greeting, "remote", from);
  }

  /** What was said, of one kind. */
  said<K extends FromTechnician["kind"]>(kind: K): Extract<FromTechnician, { kind: K }>[] {
    const messages = this.sent.map(({ message }) => message as FromTechnician);
    return messages.filter((message): message is Extract<FromTechnician, { kind: K }> => message.kind === kind);
  }
}

/** Time passes when the test says so. */
export class FakeClock implements Clock {
  #now = 0;
  readonly #calls = new Set<{ at: number; call: () => void }>();

  readonly now = (): number => this.#now;

  readonly after = (milliseconds: number, call: () => void): (() => void) => {
    const entry = { at: this.#now + milliseconds, call };
    this.#calls.add(entry);
    return () => this.#calls.delete(entry);
  };

  /** Nothing happens meanwhile: what was due happens afterwards. */
  sleep(milliseconds: number): void {
    this.#now += milliseconds;
  }

  pass(milliseconds: number): void {
    const until = this.#now + milliseconds;
    for (;;) {
      const next = [...this.#calls].filter(({ at }) => at <= until).toSorted((one, other) => one.at - other.at)[0];
      if (next === undefined) break;
      this.#calls.delete(next);
      this.#now = Math.max(this.#now, next.at);
      next.call();
    }
    this.#now = until;
  }
}

/** Promises that are settled already, and what follows from them. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setTimeout(resolve));
}
