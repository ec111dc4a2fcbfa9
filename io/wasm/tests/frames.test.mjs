// Frames between members: they are sealed, they are opened, and the module is small.
import assert from "node:assert/strict";
import { test } from "node:test";
import { brotliCompressSync, gzipSync } from "node:zlib";

import { bytes, encode, wasm } from "./module.mjs";
import { Meeting, id } from "./meeting.mjs";

const { Codec, Source, TrackKind } = wasm;

/** What Bob expects of somebody's camera. */
function camera(name, codec = Codec.Opus) {
  return new Source(id(name), TrackKind.Camera, codec, "1f");
}

/** Ann sends, Bob receives. */
function pair(codec = Codec.Opus) {
  const meeting = new Meeting(["Ann"]);
  meeting.enter("Ann");
  meeting.enter("Bob");
  meeting.run(2_000);
  const [ann, bob] = ["Ann", "Bob"].map((name) => meeting.people.get(name).member);
  const source = camera("Ann", codec);
  const track = ann.addTrack(TrackKind.Camera, codec, "1f");
  return {
    meeting,
    ann,
    bob,
    source,
    track,
    seal: (frame, on = track) => ann.sealFrame(meeting.now, on, frame),
    open: (sealed, from = source) => bob.openFrame(meeting.now, from, sealed),
  };
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
    const { seal, open } = pair(Codec[name]);

    const sealed = seal(frame);

    assert.notDeepEqual(sealed, frame);
    assert.deepEqual(open(sealed), frame);
  });
}

test("a frame of a large screen passes", () => {
  const { seal, open } = pair(Codec.Vp9);
  const frame = new Uint8Array(3_000_000).map((_, at) => at * 31);

  assert.deepEqual(open(seal(frame)), frame);
});

test("each bit that is changed keeps a frame shut", () => {
  const { seal, open } = pair();
  const sealed = seal(encode("spoken"));

  for (let bit = 0; bit < sealed.length * 8; bit++) {
    const forged = sealed.slice();
    forged[bit >> 3] ^= 1 << (bit & 7);
    assert.equal(open(forged), undefined);
  }

  assert.deepEqual(open(sealed), encode("spoken"));
});

test("a frame opens once, and only as its sender's", () => {
  const { bob, seal, open } = pair();
  const sealed = seal(encode("spoken"));

  assert.equal(open(sealed, camera("Bob")), undefined);
  assert.deepEqual(open(sealed), encode("spoken"));
  assert.equal(open(sealed), undefined);

  const { misattributed, replayed, forged } = bob.drops;
  assert.deepEqual([misattributed, replayed, forged], [1n, 1n, 0n]);
});

test("a track keeps to the stream that it began on", () => {
  const { ann, track, seal, open } = pair();
  const add = (name) => ann.addTrack(TrackKind.Camera, Codec.Opus, name);
  open(seal(encode("spoken")));
  ann.removeTrack(track);
  add("in its place");

  const again = add("1f");

  assert.equal(open(seal(encode("spoken again"), again)), undefined);
  assert.throws(() => add("1f"), /this very track/);
});

test("a frame opens as what it was sealed as, and as nothing else", () => {
  const { seal, open } = pair(Codec.Vp9);
  const sealed = seal(encode("a face"));

  for (const [kind, codec, name] of [
    [TrackKind.Screen, Codec.Vp9, "1f"],
    [TrackKind.Camera, Codec.Opus, "1f"],
    [TrackKind.Camera, Codec.Vp9, "2e"],
  ]) {
    assert.equal(open(sealed, new Source(id("Ann"), kind, codec, name)), undefined);
  }

  assert.deepEqual(open(sealed), encode("a face"));
});

test("frames of an epoch that ended stay shut after ten seconds", () => {
  const { meeting, bob, seal, open } = pair();
  const [old, older] = [seal(encode("before")), seal(encode("long before"))];

  meeting.enter("Cyd");
  meeting.run(2_000);
  assert.deepEqual(open(old), encode("before"));
  meeting.now += 10_000;

  assert.equal(open(older), undefined);
  assert.equal(bob.drops.keyless, 1n);
});

test("whoever hears nobody seals nothing, however late its timer is", () => {
  const { meeting, seal, open } = pair();
  assert.ok(open(seal(encode("spoken"))));

  meeting.now += 10_000;

  assert.throws(() => seal(encode("to whom?")), /no key/);
});

// MLS with its three suites, and SFrame. The server sends it as brotli.
test("the module is small enough for a phone", (context) => {
  const BOUND = 480_000;
  const compressed = brotliCompressSync(bytes).length;

  context.diagnostic(`${bytes.length} bytes, gzip ${gzipSync(bytes, { level: 9 }).length}, brotli ${compressed}`);
  assert.ok(compressed <= BOUND);
});
