/**
 * A recording that was opened: its moments, and the picture at any of them.
 *
 * It knows no key and no server: it is given pieces as they were opened. The picture is drawn from nothing now and then, so that
 * a look at a moment need not draw all that came before.
 */

import type { Opening, RecordedMoment } from "./opening.ts";

export interface Canvas {
  width: number;
  height: number;
  getContext(kind: "2d"): { putImageData(image: ImageData, x: number, y: number): void; clearRect(x: number, y: number, width: number, height: number): void } | null;
}

/** What is told beside the picture. */
export type Told = Exclude<RecordedMoment, { kind: "anew" | "seen" | "dark" | "judged" | "answered" }>;

/** What the person who was helped thinks of it. */
export type Judged = Extract<RecordedMoment, { kind: "judged" | "answered" }>;

export interface Line {
  /** Among all moments of the recording; two of one time are two. */
  place: number;
  moment: Told;
}

export class Player {
  readonly #opening: Pick<Opening, "readMoments" | "TileDecoder">;
  readonly #canvas: Canvas;
  readonly #moments: RecordedMoment[] = [];
  #tiles: InstanceType<Opening["TileDecoder"]>;
  /** The next moment that is not drawn. */
  #next = 0;
  #monitor: number | null = null;

  constructor(opening: Pick<Opening, "readMoments" | "TileDecoder">, canvas: Canvas) {
    this.#opening = opening;
    this.#canvas = canvas;
    this.#tiles = new opening.TileDecoder();
  }

  /** False: it was opened, and is no piece of a recording. */
  add(piece: Uint8Array): boolean {
    const moments = this.#opening.readMoments(piece);
    if (moments === undefined) return false;
    for (const moment of moments) this.#moments.push(moment);
    return true;
  }

  /** In milliseconds. */
  get length(): number {
    return this.#moments.reduce((longest, { at }) => Math.max(longest, at), 0);
  }

  get told(): readonly Line[] {
    const isMissing = this.lacksFacts;
    return this.#moments.flatMap((moment, place) => {
      // The facts themselves say that they were sent.
      const isSaid = moment.kind === "diagnosed" && !isMissing;
      return isTold(moment) && !isSaid ? [{ place, moment }] : [];
    });
  }

  /** Facts about the computer were sent, as the recording says itself, and are not in it. */
  get lacksFacts(): boolean {
    const count = (kind: "diagnosed" | "facts"): number => this.#moments.filter((moment) => moment.kind === kind).length;
    return count("diagnosed") > count("facts");
  }

  /** Draws the picture of this moment. */
  seek(at: number): void {
    const end = this.#after(at);
    const anew = this.#moments.findLastIndex((moment, index) => index < end && moment.kind === "anew");
    if (end < this.#next || anew > this.#next) this.#begin(Math.max(anew, 0));
    for (; this.#next < end; this.#next += 1) {
      const moment = this.#moments[this.#next];
      if (moment !== undefined) this.#draw(moment);
    }
  }

  close(): void {
    this.#tiles.free();
  }

  /** The first moment that is later. Picture and events come by two ways, so that their times may cross a little. */
  #after(at: number): number {
    const first = this.#moments.findIndex((moment) => moment.at > at);
    return first === -1 ? this.#moments.length : first;
  }

  #begin(next: number): void {
    this.#tiles.free();
    this.#tiles = new this.#opening.TileDecoder();
    this.#next = next;
    this.#blank();
  }

  #blank(): void {
    this.#monitor = null;
    this.#canvas.getContext("2d")?.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
  }

  #draw(moment: RecordedMoment): void {
    if (moment.kind === "anew") this.#begin(this.#next);
    if (moment.kind === "dark") this.#blank();
    if (moment.kind !== "seen") return;
    const received = this.#tiles.receive(moment.bytes);
    if (received?.kind !== "batch") return;
    const { monitor, dirty, resized } = received;
    const size = this.#tiles.size(monitor);
    if (size === undefined) return;
    const isOther = monitor !== this.#monitor || resized;
    if (isOther) {
      this.#monitor = monitor;
      this.#canvas.width = size.width;
      this.#canvas.height = size.height;
    }
    this.#paint(monitor, isOther ? Uint16Array.of(0, 0, size.width, size.height) : dirty);
  }

  #paint(monitor: number, rects: Uint16Array): void {
    const context = this.#canvas.getContext("2d");
    for (let at = 0; at + 3 < rects.length; at += 4) {
      const [x = 0, y = 0, width = 0, height = 0] = rects.subarray(at, at + 4);
      const pixels = this.#tiles.rgba(monitor, x, y, width, height);
      if (pixels !== undefined) context?.putImageData(new ImageData(pixels, width, height), x, y);
    }
  }
}

function isTold(moment: RecordedMoment): moment is Told {
  return moment.kind !== "anew" && moment.kind !== "seen" && moment.kind !== "dark" && moment.kind !== "judged" && moment.kind !== "answered";
}
