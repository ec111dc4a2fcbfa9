/**
 * The picture of a supported computer in a canvas, and its pointer in another one over it.
 *
 * It is decoded in the page: a change is small, and what is drawn of it is only what changed. Where too much moves, a video
 * shows it in the canvas's place. Its last frame stays in the canvas until what comes after it is exact.
 */

import { Store, type Watchable } from "../store.ts";
import type { Bytes } from "../e2ee/bytes.ts";
import { Arriving } from "./arriving.ts";
import type { TilesListener } from "./support-session.ts";
import type { SupportState } from "./support-state.ts";
import type { Point, Pointer, PointerShape, RemoteCodec, Tiles, TilesReceived } from "./words.ts";

export interface ViewerState {
  /** That is shown; `null` while nothing is. */
  monitor: number | null;
  /** Of its picture, in pixels. */
  width: number;
  height: number;
  /** The picture is what the computer shows, to the last pixel. */
  isExact: boolean;
  /** A video shows the monitor in place of the picture. */
  isMoving: boolean;
}

interface ViewerParts {
  codec: RemoteCodec;
  support: {
    readonly state: Watchable<SupportState>;
    onTiles(listener: TilesListener): () => void;
    /** Of what is watched without leading. */
    onDark(listener: () => void): () => void;
    answerTiles(answer: Bytes): void;
    pointerSeen(place: Point): void;
  };
  canvas: HTMLCanvasElement;
  /** Over the canvas, in the same place and size. */
  cursor: HTMLCanvasElement;
  /** Between both, in the same place and size; `null` where none is shown. */
  video: HTMLVideoElement | null;
  /** Whether it is decoded here, by the computer's number of its codec. */
  showsVideo(codec: number): boolean;
  now(): number;
}

export const NOTHING: ViewerState = { monitor: null, width: 0, height: 0, isExact: false, isMoving: false };

/** Whoever sends what is no message is not asked again with each of them. */
const BETWEEN_RESYNCS_MS = 1_000;

/** As the computer numbers the picture of a window alone: no monitor has it. */
const WINDOW = 255;

/** As media elements say that they have a frame. */
const HAS_FRAME = 2;

type Batch = Extract<TilesReceived, { kind: "batch" }>;
type VideoTurn = Extract<TilesReceived, { kind: "video" }>;

export class Viewer {
  readonly #state = new Store<ViewerState>(NOTHING);
  readonly state: Watchable<ViewerState> = this.#state;
  readonly #parts: ViewerParts;
  readonly #ends: (() => void)[];
  #tiles: Tiles;
  #resyncedAt = -Infinity;
  /** The canvas has something of a video's, which no batch need paint over. */
  #isBlurred = false;
  readonly #arriving: Arriving;
  /** Where the pointer's picture lies, to be wiped off. */
  #drawn: { x: number; y: number; width: number; height: number } | null = null;

  constructor(parts: ViewerParts) {
    this.#parts = parts;
    this.#tiles = parts.codec.openTiles();
    this.#arriving = new Arriving({
      frames: () => (document.hidden ? null : (parts.video?.getVideoPlaybackQuality().totalVideoFrames ?? 0)),
      answer: (monitor, can) => parts.support.answerTiles(parts.codec.encodeVideoAnswer(monitor, can)),
    });
    this.#ends = [
      parts.support.onTiles((payload) => this.#receive(payload)),
      parts.support.onDark(() => this.#blank()),
      parts.support.state.subscribe(() => this.#look()),
    ];
    // What an earlier view was shown, the computer does not show by itself again.
    this.resync();
  }

  /** Everything that is shown comes again. */
  resync(): void {
    const { monitor } = this.#state.get();
    const wanted = monitor ?? this.#parts.support.state.get().watching;
    if (wanted !== null) this.#parts.support.answerTiles(this.#parts.codec.encodeResync(wanted));
  }

  close(): void {
    for (const end of this.#ends) end();
    this.#blank();
    this.#arriving.close();
    this.#tiles.free();
  }

  #receive(payload: Uint8Array): void {
    const received = this.#tiles.receive(payload);
    if (received === undefined) return this.#resyncSometimes();
    if (received.kind === "video") return this.#film(received);
    if (received.kind !== "pointer") this.#parts.support.answerTiles(received.answer);
    if (received.kind === "batch") this.#paint(received);
    if (received.kind === "pointer") this.#point();
  }

  #resyncSometimes(): void {
    const now = this.#parts.now();
    if (now < this.#resyncedAt + BETWEEN_RESYNCS_MS) return;
    this.#resyncedAt = now;
    this.resync();
  }

  #paint({ monitor, dirty, resized, exact }: Batch): void {
    const { watching } = this.#parts.support.state.get();
    // The computer shows one at a time; who only watches sees what is shown.
    if (watching !== null && monitor !== watching) return;
    const isOther = this.#state.get().monitor !== monitor;
    const size = this.#tiles.size(monitor);
    if (size === undefined) return;
    if (isOther || resized) this.#show(monitor, size);
    this.#freeze();
    // Of another monitor than before, the canvas has nothing yet.
    const isWhole = isOther || (exact && this.#isBlurred);
    if (isWhole) this.#isBlurred = false;
    this.#draw(monitor, isWhole ? Uint16Array.of(0, 0, size.width, size.height) : dirty);
    this.#state.update((state) => (state.isExact === exact ? state : { ...state, isExact: exact }));
  }

  #draw(monitor: number, rects: Uint16Array): void {
    const context = this.#parts.canvas.getContext("2d");
    for (let at = 0; at + 3 < rects.length; at += 4) {
      const [x = 0, y = 0, width = 0, height = 0] = rects.subarray(at, at + 4);
      const pixels = this.#tiles.rgba(monitor, x, y, width, height);
      if (pixels !== undefined) context?.putImageData(new ImageData(pixels, width, height), x, y);
    }
  }

  #film({ monitor, turn, codec }: VideoTurn): void {
    const [parts, state] = [this.#parts, this.#state.get()];
    if (turn === "offered") {
      const can = parts.video !== null && parts.showsVideo(codec);
      return parts.support.answerTiles(parts.codec.encodeVideoAnswer(monitor, can));
    }
    if (monitor !== state.monitor) return;
    if (turn === "begins") {
      this.#state.set({ ...state, isExact: false, isMoving: true });
      return this.#arriving.begin(monitor);
    }
    this.#freeze();
  }

  /** What moved last stays in the canvas. Tiles make it exact, piece by piece. */
  #freeze(): void {
    this.#arriving.end();
    if (!this.#state.get().isMoving) return;
    const { video, canvas } = this.#parts;
    if (video !== null && video.readyState >= HAS_FRAME) canvas.getContext("2d")?.drawImage(video, 0, 0, canvas.width, canvas.height);
    this.#isBlurred = true;
    this.#state.update((state) => ({ ...state, isMoving: false }));
  }

  #show(monitor: number, { width, height }: { width: number; height: number }): void {
    this.#arriving.end();
    const before = this.#state.get().monitor;
    if (before !== null && before !== monitor) this.#tiles.forget(before);
    for (const canvas of [this.#parts.canvas, this.#parts.cursor]) {
      canvas.width = width;
      canvas.height = height;
    }
    this.#drawn = null;
    this.#isBlurred = false;
    this.#state.update((state) => ({ ...state, monitor, width, height, isMoving: false }));
    this.#point();
  }

  #point(): void {
    const pointer: Pointer = this.#tiles.pointer();
    const { monitor } = this.#state.get();
    const place = pointer.place?.monitor === monitor ? pointer.place : null;
    const context = this.#parts.cursor.getContext("2d");
    if (this.#drawn !== null) {
      const { x, y, width, height } = this.#drawn;
      context?.clearRect(x, y, width, height);
      this.#drawn = null;
    }
    if (place === null) return;
    if (pointer.shape !== null) this.#drawPointer(context, pointer.shape, place);
    this.#parts.support.pointerSeen(place);
  }

  #drawPointer(context: CanvasRenderingContext2D | null, { width, height, hotX, hotY, rgba }: PointerShape, place: Point): void {
    const [x, y] = [place.x - hotX, place.y - hotY];
    context?.putImageData(new ImageData(rgba, width, height), x, y);
    this.#drawn = { x, y, width, height };
  }

  /** What is not permitted to be seen any more is not left standing. */
  #look(): void {
    const { phase, watching, leads } = this.#parts.support.state.get();
    const shows = ["viewing", "controlled", "paused", "lost", "watching", "handed_over"].includes(phase.at);
    const { monitor } = this.#state.get();
    if (monitor === null) return;
    const isGone = leads && watching === null && monitor !== WINDOW;
    if (!shows || isGone || (phase.at === "lost" && watching === null)) this.#blank();
  }

  #blank(): void {
    this.#arriving.end();
    const { monitor } = this.#state.get();
    if (monitor !== null) this.#tiles.forget(monitor);
    for (const canvas of [this.#parts.canvas, this.#parts.cursor]) canvas.getContext("2d")?.clearRect(0, 0, canvas.width, canvas.height);
    this.#drawn = null;
    this.#isBlurred = false;
    this.#state.set(NOTHING);
  }
}
