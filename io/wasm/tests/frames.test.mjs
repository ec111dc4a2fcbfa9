// The module as the browser gets it: it seals, it opens, and it is small.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { brotliCompressSync, gzipSync } from "node:zlib";

const bound = new URL("../../../web/src/e2ee/wasm/", import.meta.url);
const bytes = readFileSync(new URL("conclave_wasm_bg.wasm", bound));
const wasm = await import(new URL("conclave_wasm.js", bound));
wasm.initSync({ module: bytes });

const { Channel, Codec, EpochKeys, Label, Opener, Sealer, Source } = wasm;

const LEAF = 3;
const BASE_KEY = new Uint8Array(32).fill(7);
const encode = (text) => new TextEncoder().encode(text);

/** One member that sends, one that receives, both in epoch 1. */
function meeting() {
  const sealer = new Sealer(LEAF);
  const opener = new Opener();
  sealer.switch(new EpochKeys(1n, BASE_KEY));
  opener.install(new EpochKeys(1n, BASE_KEY));
  return { sealer, opener, track: sealer.addTrack(), source: new Source(LEAF) };
}

const FRAMES = {
  Opus: encode("an Opus frame is any bytes"),
  Vp8: Uint8Array.of(0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0xe0, 0x01, 5, 6, 7, 8),
  Vp9: encode("a VP9 frame is any bytes"),
  Av1: Uint8Array.of(0x32, 0x04, 1, 2, 3, 4),
  H264: Uint8Array.of(0, 0, 0, 1, 0x65, 0x88, 0x84, 0, 0x10, 0xff),
};

for (const [name, frame] of Object.entries(FRAMES)) {
  test(`a frame of ${name} is opened as it was sealed`, () => {
    const { sealer, opener, track, source } = meeting();

    const sealed = sealer.sealFrame(track, Codec[name], frame);
    const opened = opener.openFrame(source, Codec[name], sealed);

    assert.notDeepEqual(sealed, frame);
    assert.deepEqual(opened, frame);
  });
}

test("a frame of a large screen passes", () => {
  const { sealer, opener, track, source } = meeting();
  const frame = new Uint8Array(3_000_000).map((_, at) => at * 31);

  const sealed = sealer.sealFrame(track, Codec.Vp9, frame);

  assert.deepEqual(opener.openFrame(source, Codec.Vp9, sealed), frame);
});

test("each bit that is changed keeps a frame shut", () => {
  const { sealer, opener, track, source } = meeting();
  const sealed = sealer.sealFrame(track, Codec.Opus, encode("spoken"));

  for (let bit = 0; bit < sealed.length * 8; bit++) {
    const forged = sealed.slice();
    forged[bit >> 3] ^= 1 << (bit & 7);
    assert.equal(opener.openFrame(source, Codec.Opus, forged), undefined);
  }

  assert.deepEqual(opener.openFrame(source, Codec.Opus, sealed), encode("spoken"));
});

test("a frame opens once, and only as its sender's", () => {
  const { sealer, opener, track, source } = meeting();
  const sealed = sealer.sealFrame(track, Codec.Opus, encode("spoken"));

  assert.equal(opener.openFrame(new Source(LEAF + 1), Codec.Opus, sealed), undefined);
  assert.deepEqual(opener.openFrame(source, Codec.Opus, sealed), encode("spoken"));
  assert.equal(opener.openFrame(source, Codec.Opus, sealed), undefined);

  const { misattributed, replayed, forged } = opener.drops;
  assert.deepEqual([misattributed, replayed, forged], [1n, 1n, 0n]);
});

test("a track keeps to the stream that it began on", () => {
  const { sealer, opener, track, source } = meeting();
  const other = sealer.addTrack();
  opener.openFrame(source, Codec.Opus, sealer.sealFrame(track, Codec.Opus, encode("camera")));

  const swapped = sealer.sealFrame(other, Codec.Opus, encode("screen"));

  assert.equal(opener.openFrame(source, Codec.Opus, swapped), undefined);
});

test("without a key nothing is sealed", () => {
  const { sealer, track } = meeting();

  sealer.stop();

  assert.equal(sealer.epoch, undefined);
  assert.throws(() => sealer.sealFrame(track, Codec.Opus, encode("spoken")), /no key/);
  assert.throws(() => sealer.sealMessage(Label.Chat, Channel.Reliable, encode(""), encode("hi")), /no key/);
});

test("frames of an epoch that was given up stay shut", () => {
  const { sealer, opener, track, source } = meeting();
  const old = sealer.sealFrame(track, Codec.Opus, encode("before"));
  const keys = new EpochKeys(2n, new Uint8Array(32).fill(8));

  sealer.switch(keys);
  opener.install(keys);
  opener.retire(1n);

  assert.equal(opener.openFrame(source, Codec.Opus, old), undefined);
  assert.equal(opener.drops.keyless, 1n);
  assert.ok(opener.openFrame(source, Codec.Opus, sealer.sealFrame(track, Codec.Opus, encode("after"))));
});

test("a message opens under its own label and binding alone", () => {
  const { sealer, opener } = meeting();
  const sealed = sealer.sealMessage(Label.Chat, Channel.Reliable, encode("topic"), encode("hello"));

  assert.equal(opener.openMessage(LEAF, Label.File, encode("topic"), sealed), undefined);
  assert.equal(opener.openMessage(LEAF, Label.Chat, encode("other"), sealed), undefined);
  assert.deepEqual(opener.openMessage(LEAF, Label.Chat, encode("topic"), sealed), encode("hello"));
});

test("what can't be a key or a leaf is refused", () => {
  assert.throws(() => new EpochKeys(1n, new Uint8Array(31)), /32 bytes/);
  assert.throws(() => new Sealer(65_536), /leaf/);
});

test("the module is small enough for a phone", (context) => {
  const BOUND = 600_000;
  const compressed = brotliCompressSync(bytes).length;

  context.diagnostic(`${bytes.length} bytes, gzip ${gzipSync(bytes, { level: 9 }).length}, brotli ${compressed}`);
  assert.ok(compressed <= BOUND);
});
