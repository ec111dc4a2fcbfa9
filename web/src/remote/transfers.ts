/** Files on their way to and from a supported computer. */

import { Store } from "../store.ts";
import { type FileOutcome, type FromAgent, type FromTechnician, LARGEST_CHUNK, type RemoteCodec, type RunningHash } from "./words.ts";

export type FileState = "preparing" | "asked" | "moving" | "checking" | FileOutcome;

/** One file, as the page shows it. */
export interface FileTransfer {
  id: number;
  /** To the computer, or out of it. */
  way: "in" | "out";
  /** `null` while the person at the computer looks for it. */
  name: string | null;
  /** In bytes. */
  size: number;
  done: number;
  state: FileState;
  /** Of one that came out of the computer, and is whole. */
  content: Blob | null;
}

/** One that is sent. */
interface Sending {
  way: "in";
  file: File;
  /** Of a piece that was wanted, and did not go. */
  missed: number | null;
}

/** One that comes. */
interface Coming {
  way: "out";
  sha256: Uint8Array;
  hash: RunningHash;
  size: number;
  done: number;
  parts: BlobPart[];
}

interface Desk {
  codec: RemoteCodec;
  /** False for what can't be said; `fail` is called where it turns out to be lost. */
  say(message: FromTechnician, fail?: () => void): boolean;
  /** The person at the computer is let rest between two questions. */
  rest(): Promise<void>;
}

type Message<K extends FromAgent["kind"]> = Extract<FromAgent, { kind: K }>;

/** In the list: the oldest that are over are forgotten first. */
export const MOST_FILES = 100;
/** At one time; the computer takes no more. */
export const MOST_OPEN = 4;
/** Out of the computer, in bytes: it waits in this page. */
export const LARGEST_FILE = 1_024 ** 3;
/** Read and hashed at once. */
const PIECE = 1_024 ** 2;
/** Parts of a file that comes, before they become one: browsers keep larger ones on the disk. */
const MOST_PARTS = 256;

const UNDERWAY: ReadonlySet<FileState> = new Set(["preparing", "asked", "moving", "checking"]);

export class Transfers {
  readonly files = new Store<readonly FileTransfer[]>([]);
  readonly #desk: Desk;
  readonly #open = new Map<number, Sending | Coming>();
  #next = 0;
  /** Until the next file may be asked about: the person is asked one thing at a time. */
  #turn: Promise<void> = Promise.resolve();

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** Whether one more can begin. */
  hasRoom(): boolean {
    return hasRoom(this.files.get());
  }

  /** Numbers go on from here: another technician used those before. */
  numberFrom(transfer: number): void {
    this.#next = Math.max(this.#next, transfer);
  }

  /** Resolves once it is offered, or will not be. */
  async send(file: File): Promise<void> {
    if (!this.hasRoom()) return;
    const id = this.#begin("in", file.name, file.size);
    this.#open.set(id, { way: "in", file, missed: null });
    const offered = this.#offer(id, file, this.#turn);
    // One that fails holds nothing up.
    this.#turn = offered.then((transfer) => (transfer === null ? undefined : this.#answered(transfer))).catch(() => {});
    await offered;
  }

  /** By which number it was; `null` where it was not. */
  async #offer(id: number, file: File, turn: Promise<void>): Promise<number | null> {
    const sha256 = await this.#hash(id, file);
    await turn;
    // It may have been given up meanwhile.
    if (!this.#open.has(id)) return null;
    if (sha256 === null) {
      this.#end(id, "failed");
      return null;
    }
    // Numbers rise in the order in which they are told, which is not the order in which hashes are ready.
    const transfer = this.#renumber(id);
    const fail = (): void => this.#end(transfer, "failed");
    const isSaid = this.#desk.say({ kind: "offer_file", transfer, name: file.name, size: file.size, sha256 }, fail);
    if (isSaid) this.#put(transfer, { state: "asked", done: 0 });
    else this.#end(transfer, "not_permitted");
    return isSaid ? transfer : null;
  }

  /** The person has said what becomes of it, and has rested. */
  async #answered(transfer: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (this.#file(transfer)?.state === "asked") return;
        stop();
        resolve();
      };
      const stop = this.files.subscribe(look);
      look();
    });
    await this.#desk.rest();
  }

  ask(): void {
    if (!this.hasRoom()) return;
    const id = this.#renumber(this.#begin("out", null, 0));
    this.#put(id, { state: "asked" });
    const fail = (): void => this.#end(id, "failed");
    if (!this.#desk.say({ kind: "ask_file", transfer: id }, fail)) fail();
  }

  cancel(id: number): void {
    const file = this.#file(id);
    if (file === undefined || !isUnderway(file)) return;
    if (file.state !== "preparing") this.#desk.say({ kind: "cancel_file", transfer: id });
    this.#end(id, "cancelled");
  }

  /** It is not shown any more, and its content is gone. */
  forget(id: number): void {
    this.files.update((files) => files.filter((file) => file.id !== id || isUnderway(file)));
  }

  offered({ transfer, name, size, sha256 }: Message<"offer_file">): void {
    const file = this.#file(transfer);
    if (file?.way !== "out" || file.state !== "asked") return;
    if (size > LARGEST_FILE) {
      this.#desk.say({ kind: "cancel_file", transfer });
      return this.#end(transfer, "not_permitted");
    }
    this.#open.set(transfer, { way: "out", sha256, hash: this.#desk.codec.openHash(), size, done: 0, parts: [] });
    this.#put(transfer, { name, size, state: "moving" });
    this.#fetch(transfer, 0);
  }

  /** The next piece of one that comes. Another one than was asked for changes nothing. */
  received({ transfer, offset, bytes }: Message<"chunk">): void {
    const coming = this.#open.get(transfer);
    if (coming?.way !== "out" || offset !== coming.done || this.#file(transfer)?.state !== "moving") return;
    coming.hash.update(bytes);
    coming.parts.push(bytes as Uint8Array<ArrayBuffer>);
    coming.done += bytes.length;
    if (coming.parts.length >= MOST_PARTS) coming.parts = [new Blob(coming.parts)];
    this.#put(transfer, { done: Math.min(coming.done, coming.size) });
    if (coming.done < coming.size) return this.#fetch(transfer, coming.done);
    this.#check(transfer, coming);
  }

  /** The computer has what is before `offset`. */
  async fetched({ transfer, offset }: Message<"fetch">): Promise<void> {
    const sending = this.#open.get(transfer);
    if (sending?.way !== "in" || offset >= sending.file.size) return;
    const piece = sending.file.slice(offset, offset + LARGEST_CHUNK);
    const bytes = await bytesOf(piece);
    if (this.#open.get(transfer) !== sending) return;
    if (bytes === null) {
      this.#desk.say({ kind: "cancel_file", transfer });
      return this.#end(transfer, "failed");
    }
    const done = offset + bytes.length;
    this.#put(transfer, { done, state: done < sending.file.size ? "moving" : "checking" });
    const fail = (): void => void (sending.missed = offset);
    if (!this.#desk.say({ kind: "chunk", transfer, offset, bytes }, fail)) fail();
  }

  ended({ transfer, outcome }: Message<"file_ended">): void {
    const coming = this.#open.get(transfer);
    const isWhole = coming?.way !== "out" || this.#file(transfer)?.state === "checking";
    if (outcome === "complete" && !isWhole) return this.#end(transfer, "damaged");
    const content = outcome === "complete" && coming?.way === "out" ? new Blob(coming.parts) : null;
    this.#end(transfer, outcome, content);
  }

  /** The connection is back: what comes goes on where it stopped, and what goes with the piece that did not. */
  resume(): void {
    for (const [id, one] of this.#open) {
      const file = this.#file(id);
      if (one.way === "out" && (file?.state === "moving" || file?.state === "checking")) this.#fetch(id, file.done);
      if (one.way === "in" && one.missed !== null) this.#again(id, one, one.missed);
    }
  }

  /** The computer asks once for each piece, where it noticed nothing. */
  #again(transfer: number, sending: Sending, offset: number): void {
    sending.missed = null;
    void this.fetched({ kind: "fetch", transfer, offset });
  }

  /** Nothing goes on. */
  cancelAll(): void {
    for (const file of this.files.get()) if (isUnderway(file)) this.#end(file.id, "cancelled");
  }

  #check(transfer: number, coming: Coming): void {
    const isRight = coming.done === coming.size && isSame(coming.hash.finish(), coming.sha256);
    if (!isRight) {
      this.#desk.say({ kind: "cancel_file", transfer });
      return this.#end(transfer, "damaged");
    }
    this.#put(transfer, { state: "checking" });
    this.#fetch(transfer, coming.size);
  }

  #fetch(transfer: number, offset: number): void {
    const coming = this.#open.get(transfer);
    // An empty file has no piece that would show that it is whole.
    if (coming?.way === "out" && coming.size === 0 && this.#file(transfer)?.state === "moving") return this.#check(transfer, coming);
    this.#desk.say({ kind: "fetch", transfer, offset });
  }

  async #hash(id: number, file: File): Promise<Uint8Array | null> {
    const hash = this.#desk.codec.openHash();
    for (let offset = 0; offset < file.size; offset += PIECE) {
      const bytes = await bytesOf(file.slice(offset, offset + PIECE));
      if (bytes === null || !this.#open.has(id)) return null;
      hash.update(bytes);
      this.#put(id, { done: Math.min(offset + bytes.length, file.size) });
    }
    return hash.finish();
  }

  /** Below zero until the computer is told of it. */
  #begin(way: FileTransfer["way"], name: string | null, size: number): number {
    const id = Math.min(0, ...this.files.get().map((file) => file.id)) - 1;
    const file: FileTransfer = { id, way, name, size, done: 0, state: "preparing", content: null };
    this.files.update((files) => [...withoutOldest(files), file]);
    return id;
  }

  #renumber(id: number): number {
    const number = this.#next;
    this.#next += 1;
    const open = this.#open.get(id);
    this.#open.delete(id);
    if (open !== undefined) this.#open.set(number, open);
    this.#put(id, { id: number });
    return number;
  }

  #end(id: number, state: FileState, content: Blob | null = null): void {
    this.#open.delete(id);
    const file = this.#file(id);
    if (file !== undefined && isUnderway(file)) this.#put(id, { state, content });
  }

  #file(id: number): FileTransfer | undefined {
    return this.files.get().find((file) => file.id === id);
  }

  #put(id: number, change: Partial<FileTransfer>): void {
    this.files.update((files) => files.map((file) => (file.id === id ? { ...file, ...change } : file)));
  }
}

/** Whether one more can begin beside these. */
export function hasRoom(files: readonly FileTransfer[]): boolean {
  return files.filter(isUnderway).length < MOST_OPEN;
}

function isUnderway({ state }: FileTransfer): boolean {
  return UNDERWAY.has(state);
}

function withoutOldest(files: readonly FileTransfer[]): readonly FileTransfer[] {
  if (files.length < MOST_FILES) return files;
  const oldest = files.findIndex((file) => !isUnderway(file));
  return files.filter((_, index) => index !== oldest);
}

/** `null` for what can't be read any more, as when the file was changed or removed meanwhile. */
async function bytesOf(blob: Blob): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    const bytes = new Uint8Array(await blob.arrayBuffer());
    return bytes.length === blob.size ? bytes : null;
  } catch {
    return null;
  }
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
