/**
 * Encoded frames on their way out and in: sealed, opened, or dropped. Nothing passes as it is.
 *
 * A frame that can't be sealed or opened ends here; no word of the server's and no flag of a track
 * lets one through. Frames without a byte are dropped too: there is nothing in them to seal.
 */

import type { Bytes } from "./bytes.ts";
import { type Attachment, type Codec, NOBODY } from "./orders.ts";

/** What both browsers' encoded frames have in common. */
export interface EncodedFrame {
  data: ArrayBuffer;
  /** Of a picture. */
  type?: string;
  getMetadata?(): { mimeType?: string };
}

/** A browser's way for the frames of one track. */
export interface FramePath {
  readable: ReadableStream<EncodedFrame>;
  writable: WritableStream<EncodedFrame>;
  /** Has the sender make a picture that needs none before it, where the browser knows how. */
  askForKeyFrame?(): void;
}

/** Where frames are sealed and opened; `null` for one that was not. */
export interface FrameKeys {
  seal(track: Attachment & { side: "out" }, codec: Codec, frame: Bytes): Bytes | null;
  open(track: Attachment & { side: "in" }, codec: Codec, frame: Bytes): Bytes | null;
}

/** More than come at the same time. */
const MOST_EARLY = 128;

/** The tracks whose frames pass here. */
export class Frames {
  readonly #keys: FrameKeys;
  /** By way; `null` while it carries none. */
  readonly #tracks = new Map<number, Attachment | null>();
  /** Said of ways that have not come yet: browsers hand them over in their own time. */
  readonly #early = new Map<number, Attachment | null>();

  constructor(keys: FrameKeys) {
    this.#keys = keys;
  }

  /** Resolves when the track has ended. */
  async pipe(attachment: Attachment, path: FramePath): Promise<void> {
    const newest = this.#early.get(attachment.id);
    this.#early.delete(attachment.id);
    this.#tracks.set(attachment.id, newest === undefined ? attachment : newest);
    let wasDropped = false;
    const transform = new TransformStream<EncodedFrame, EncodedFrame>({
      transform: (frame, controller) => {
        const passed = this.#pass(attachment.id, frame);
        if (passed === null) {
          wasDropped = true;
          return;
        }
        // Pictures are made of those before them, and some of these are lost.
        if (wasDropped && frame.type === "delta") path.askForKeyFrame?.();
        wasDropped = false;
        frame.data = passed.buffer;
        controller.enqueue(frame);
      },
    });
    await path.readable.pipeThrough(transform).pipeTo(path.writable).catch(() => {});
    this.#tracks.delete(attachment.id);
  }

  /** The same way carries another track. */
  retarget(attachment: Attachment): void {
    this.#put(attachment.id, attachment);
  }

  /** Answers what was there; its frames end here from now on. */
  detach(id: number): Attachment | null {
    const attachment = this.#tracks.get(id) ?? this.#early.get(id) ?? null;
    this.#put(id, null);
    return attachment;
  }

  /** Whether a track of theirs is left. */
  has(participant: string): boolean {
    return [...this.#tracks.values()].some((track) => track?.side === "in" && track.participant === participant);
  }

  #put(id: number, attachment: Attachment | null): void {
    if (this.#tracks.has(id)) return void this.#tracks.set(id, attachment);
    this.#early.set(id, attachment);
    // Of ways that are over, nothing comes any more.
    const [oldest] = this.#early.keys();
    if (this.#early.size > MOST_EARLY && oldest !== undefined) this.#early.delete(oldest);
  }

  #pass(id: number, frame: EncodedFrame): Bytes | null {
    const track = this.#tracks.get(id);
    if (track === undefined || track === null || frame.data.byteLength === 0) return null;
    if (track.side === "in" && track.participant === NOBODY) return null;
    // Its name comes with the server's answer: until then nobody could tell whose track it is.
    if (track.side === "out" && track.name === "") return null;
    const codec = codecOf(frame) ?? track.codec;
    const bytes = new Uint8Array(frame.data);
    return track.side === "out" ? this.#keys.seal(track, codec, bytes) : this.#keys.open(track, codec, bytes);
  }
}

const CODECS: ReadonlySet<string> = new Set<Codec>(["opus", "vp8", "vp9", "av1", "h264"]);

/** As a MIME type says it: `video/VP8`. What is sent redundantly is Opus, too. */
export function readCodec(mimeType: string): Codec | null {
  const name = mimeType.split("/").at(-1)?.toLowerCase() ?? "";
  if (name === "red") return "opus";
  return CODECS.has(name) ? (name as Codec) : null;
}

/** Of this very frame, where the browser tells: the track's own may have changed. */
function codecOf(frame: EncodedFrame): Codec | null {
  return readCodec(frame.getMetadata?.().mimeType ?? "");
}
