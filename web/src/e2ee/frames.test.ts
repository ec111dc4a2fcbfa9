import { describe, expect, it } from "vitest";

import type { Bytes } from "./bytes.ts";
import { type EncodedFrame, type FrameKeys, Frames, readCodec } from "./frames.ts";
import { type Attachment, type Codec, NOBODY } from "./orders.ts";

const CAMERA: Attachment = { id: 1, side: "out", kind: "camera", codec: "vp8", name: "one" };
const AMYS: Attachment = { id: 2, side: "in", participant: "amy", kind: "camera", codec: "vp8", name: "one" };

/** Adds or takes away one byte, as long as it has a key. */
class OneByte implements FrameKeys {
  hasKey = true;
  readonly codecs: Codec[] = [];

  seal(_track: Attachment, codec: Codec, frame: Bytes): Bytes | null {
    this.codecs.push(codec);
    return this.hasKey ? Uint8Array.of(99, ...frame) : null;
  }

  open(_track: Attachment, codec: Codec, frame: Bytes): Bytes | null {
    this.codecs.push(codec);
    return this.hasKey && frame[0] === 99 ? frame.slice(1) : null;
  }
}

interface Scene {
  keys: OneByte;
  frames: Frames;
  asked: string[];
  /** What came out at the other end for this frame; `null` for nothing. */
  through(bytes: readonly number[], more?: Partial<EncodedFrame>): Promise<number[] | null>;
  end(): Promise<void>;
}

function scene(attachment: Attachment, before: (frames: Frames) => void = () => {}): Scene {
  const keys = new OneByte();
  const frames = new Frames(keys);
  before(frames);
  const asked: string[] = [];
  const came: number[][] = [];
  const inward = new TransformStream<EncodedFrame, EncodedFrame>();
  const writer = inward.writable.getWriter();
  const writable = new WritableStream<EncodedFrame>({
    write: (frame) => void came.push([...new Uint8Array(frame.data)]),
  });
  const done = frames.pipe(attachment, { readable: inward.readable, writable, askForKeyFrame: () => asked.push("key frame") });
  return {
    keys,
    frames,
    asked,
    async through(bytes, more = {}) {
      const before = came.length;
      await writer.write({ data: Uint8Array.from(bytes).buffer, type: "delta", ...more });
      await new Promise((resolve) => setTimeout(resolve));
      return came.length > before ? (came.at(-1) ?? null) : null;
    },
    async end() {
      await writer.close();
      await done;
    },
  };
}

describe("a frame on its way out", () => {
  it("is sealed", async () => {
    expect(await scene(CAMERA).through([1, 2])).toEqual([99, 1, 2]);
  });

  it("ends here without a key, and the next one that passes asks for a whole picture once", async () => {
    const { keys, through, asked } = scene(CAMERA);
    keys.hasKey = false;
    expect(await through([1, 2])).toBeNull();
    expect(await through([1, 3])).toBeNull();
    expect(asked).toEqual([]);

    keys.hasKey = true;
    await through([1, 4]);
    await through([1, 5]);

    expect(asked).toEqual(["key frame"]);
  });

  it("that is whole itself needs no other", async () => {
    const { keys, through, asked } = scene(CAMERA);
    keys.hasKey = false;
    await through([1]);
    keys.hasKey = true;
    await through([2], { type: "key" });

    expect(asked).toEqual([]);
  });

  it("ends here as long as its track has no name", async () => {
    const { frames, through } = scene({ ...CAMERA, name: "" });
    expect(await through([1])).toBeNull();

    frames.retarget(CAMERA);
    expect(await through([1])).toEqual([99, 1]);
  });

  it("is of the codec that it says, else of its track's", async () => {
    const { keys, through } = scene(CAMERA);
    await through([1], { getMetadata: () => ({ mimeType: "video/VP9" }) });
    await through([1], { getMetadata: () => ({ mimeType: "video/rtx" }) });
    await through([1]);

    expect(keys.codecs).toEqual(["vp9", "vp8", "vp8"]);
  });
});

describe("a frame on its way in", () => {
  it("is opened", async () => {
    expect(await scene(AMYS).through([99, 1, 2])).toEqual([1, 2]);
  });

  it.each([
    ["that nobody sealed", [1, 2]],
    ["without a byte", []],
  ])("%s ends here", async (_, bytes) => {
    expect(await scene(AMYS).through(bytes)).toBeNull();
  });

  it("of a track that was detached ends here, though it could be opened", async () => {
    const { frames, through } = scene(AMYS);
    expect(frames.has("amy")).toBe(true);

    expect(frames.detach(AMYS.id)).toEqual(AMYS);

    expect(frames.has("amy")).toBe(false);
    expect(await through([99, 1])).toBeNull();
    frames.retarget({ ...AMYS, participant: "bo" });
    expect(await through([99, 2])).toEqual([2]);
  });

  it("is of whom its way was given to last", async () => {
    const { frames, through, keys } = scene(AMYS);
    frames.retarget({ ...AMYS, participant: "bo", codec: "h264" });
    frames.retarget({ ...AMYS, id: 7, participant: "cy" });

    await through([99, 1]);

    expect([frames.has("amy"), frames.has("bo"), frames.has("cy")]).toEqual([false, true, false]);
    expect(keys.codecs).toEqual(["h264"]);
  });
});

describe("a way that the browser hands over late", () => {
  it("is of whom it was given to meanwhile", async () => {
    const { through } = scene({ ...AMYS, participant: NOBODY }, (frames) => frames.retarget(AMYS));

    expect(await through([99, 1])).toEqual([1]);
  });

  it("lets nothing through whose track was detached meanwhile", async () => {
    const { through } = scene(AMYS, (frames) => frames.detach(AMYS.id));

    expect(await through([99, 1])).toBeNull();
  });
});

it("nothing passes of nobody, though it could be opened", async () => {
  const { frames, through } = scene({ ...AMYS, participant: NOBODY });
  expect(await through([99, 1])).toBeNull();

  frames.retarget(AMYS);
  expect(await through([99, 1])).toEqual([1]);
});

it("a way ends with its track", async () => {
  const { end, through } = scene(CAMERA);
  await through([1]);

  await expect(end()).resolves.toBeUndefined();
});

it("codecs are read as the wire writes them", () => {
  expect(["video/VP8", "audio/opus", "video/H264", "video/AV1", "audio/red", ""].map(readCodec)).toEqual(["vp8", "opus", "h264", "av1", "opus", null]);
});
