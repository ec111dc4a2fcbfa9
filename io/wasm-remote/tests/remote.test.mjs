// What a technician's page says and hears, through the module as the browser gets it. Bytes are written here by hand, by
// core/protocol/src/remote and core/remote/src/tiles.rs.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const bound = new URL("../../../web/src/remote/wasm/", import.meta.url);
const bytes = readFileSync(new URL("conclave_wasm_remote_bg.wasm", bound));
const wasm = await import(new URL("conclave_wasm_remote.js", bound));
wasm.initSync({ module: bytes });

/** Compressed, it is a third. */
const MOST_BYTES = 400_000;

const encoder = new TextEncoder();
const sized = (text) => [0, encoder.encode(text).length, ...encoder.encode(text)];
const said = (message) => [...wasm.encodeTechnician(message)];
const heard = (...message) => wasm.decodeAgent(Uint8Array.from([1, ...message]));

test("the module is small", () => {
  assert.ok(bytes.length < MOST_BYTES, `${bytes.length}`);
});

test("a technician's messages are written as the computer reads them", () => {
  const sha256 = new Uint8Array(32).fill(7);
  const at = { monitor: 2, x: 300, y: 200 };
  const input = (event) => ({ kind: "input", turn: 3, number: 2 ** 32 - 1, input: event });
  const head = [1, 2, 0, 0, 0, 3, 255, 255, 255, 255];

  assert.deepEqual(said({ kind: "ask", capability: "clipboard_out" }), [1, 0, 3]);
  assert.deepEqual(said({ kind: "give_back", capability: "recording" }), [1, 1, 8]);
  assert.deepEqual(said(input({ event: "move", ...at })), [...head, 0, 2, 1, 44, 0, 200]);
  assert.deepEqual(said(input({ event: "button", ...at, button: "forward", down: true })), [...head, 1, 2, 1, 44, 0, 200, 4, 1]);
  assert.deepEqual(said(input({ event: "wheel", ...at, up: -3, right: 1 })), [...head, 2, 2, 1, 44, 0, 200, 255, 253, 0, 1]);
  assert.deepEqual(said(input({ event: "key", key: 0xe1, down: false })), [...head, 3, 0xe1, 0]);
  assert.deepEqual(said(input({ event: "text", text: "ä" })), [...head, 4, 0, 2, 0xc3, 0xa4]);
  assert.deepEqual(said({ kind: "watch", monitor: 1 }), [1, 3, 1]);
  assert.deepEqual(said({ kind: "clipboard", text: "x" }), [1, 4, 0, 1, 120]);
  assert.deepEqual(said({ kind: "chat", text: " hi " }), [1, 5, 0, 2, 104, 105]);
  assert.deepEqual(said({ kind: "offer_file", transfer: 4, name: "a.pdf", size: 2 ** 40, sha256 }), [1, 6, 0, 0, 0, 4, ...sized("a.pdf"), 0, 0, 1, 0, 0, 0, 0, 0, ...sha256]);
  assert.deepEqual(said({ kind: "chunk", transfer: 4, offset: 256, bytes: Uint8Array.of(5) }), [1, 7, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 5]);
  assert.deepEqual(said({ kind: "ask_file", transfer: 5 }), [1, 8, 0, 0, 0, 5]);
  assert.deepEqual(said({ kind: "fetch", transfer: 5, offset: 9 }), [1, 9, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 9]);
  assert.deepEqual(said({ kind: "cancel_file", transfer: 5 }), [1, 10, 0, 0, 0, 5]);
  assert.deepEqual(said({ kind: "ask_diagnostics" }), [1, 11]);
  assert.deepEqual(said({ kind: "hand_over", participant: "00000000-0000-0000-0000-000000000008" }), [1, 12, ...new Uint8Array(15), 8]);
  assert.deepEqual(said({ kind: "still_here" }), [1, 13]);
  assert.deepEqual(said({ kind: "leave" }), [1, 14]);
});

test("what can't be said throws", () => {
  const wrong = [
    undefined,
    null,
    7,
    {},
    { kind: "shout" },
    { kind: "ask", capability: "everything" },
    { kind: "watch", monitor: 256 },
    { kind: "watch", monitor: 0.5 },
    { kind: "watch", monitor: Number.NaN },
    { kind: "ask_file", transfer: -1 },
    { kind: "fetch", transfer: 0, offset: 2 ** 53 },
    { kind: "chat", text: "x".repeat(2_001) },
    { kind: "clipboard", text: "x".repeat(32_769) },
    { kind: "input", turn: 0, number: 0 },
    { kind: "input", turn: 0, number: 0, input: { event: "key", key: 3, down: true } },
    { kind: "input", turn: 0, number: 0, input: { event: "text", text: "\n" } },
    { kind: "chunk", transfer: 0, offset: 0, bytes: new Uint8Array() },
    { kind: "chunk", transfer: 0, offset: 0, bytes: [1] },
    { kind: "offer_file", transfer: 0, name: "../x", size: 1, sha256: new Uint8Array(32) },
    { kind: "offer_file", transfer: 0, name: "x", size: 1, sha256: new Uint8Array(31) },
    { kind: "hand_over", participant: "me" },
  ];
  for (const message of wrong) assert.throws(() => wasm.encodeTechnician(message), /this can't be said/, JSON.stringify(message));
});

test("an agent's messages are read as it wrote them", () => {
  const sha256 = new Uint8Array(32).fill(7);

  assert.deepEqual(heard(0, 1, 0, 0, 0, 2, 88), { kind: "answer", to: "control", answer: "granted", seconds: 600 });
  assert.deepEqual(heard(0, 7, 4), { kind: "answer", to: "chat", answer: "asked_enough" });
  assert.deepEqual(heard(1, 0), { kind: "withdrawn", capability: "view" });
  assert.deepEqual(heard(2, 0, 0, 0, 1), { kind: "control_begins", turn: 1 });
  assert.deepEqual(heard(3, 0, 0, 0, 1), { kind: "control_ends", turn: 1 });
  assert.deepEqual(heard(4, 0), { kind: "paused", reason: "local_input" });
  assert.deepEqual(heard(5), { kind: "resumed" });
  assert.deepEqual(heard(6, 1, 3, 7, 128, 4, 56), { kind: "monitors", monitors: [{ id: 3, width: 1920, height: 1080 }] });
  assert.deepEqual(heard(7, 3), { kind: "watching", monitor: 3 });
  assert.deepEqual(heard(8, ...sized("x")), { kind: "clipboard", text: "x" });
  assert.deepEqual(heard(9, ...sized("hi")), { kind: "chat", text: "hi" });
  assert.deepEqual(heard(10, 0, 0, 0, 4, ...sized("a.pdf"), 0, 0, 1, 0, 0, 0, 0, 0, ...sha256), { kind: "offer_file", transfer: 4, name: "a.pdf", size: 2 ** 40, sha256 });
  assert.deepEqual(heard(11, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 9), { kind: "chunk", transfer: 4, offset: 0, bytes: Uint8Array.of(9) });
  assert.deepEqual(heard(12, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 1), { kind: "fetch", transfer: 4, offset: 1 });
  assert.deepEqual(heard(13, 0, 0, 0, 4, 3), { kind: "file_ended", transfer: 4, outcome: "damaged" });
  assert.deepEqual(heard(14, 1, 1, ...sized("6.1")), { kind: "diagnostics", lines: [{ item: "kernel", text: "6.1" }] });
  assert.deepEqual(heard(15, 4, 0, 0, 0, 60), { kind: "ends_soon", reason: "idle", seconds: 60 });
  assert.deepEqual(heard(16, 0), { kind: "ended", reason: "stopped" });
  assert.deepEqual(heard(17, 1), { kind: "hand_over", agreed: true });
  assert.deepEqual(heard(18, 0, 0, 0, 9), { kind: "leads", transfer: 9 });
});

test("what is no message of an agent's is nothing", () => {
  for (const message of [[], [99], [0], [5, 0], [7]]) assert.equal(heard(...message), undefined);
  assert.equal(wasm.decodeAgent(Uint8Array.of(2, 5)), undefined);
  assert.equal(wasm.decodeAgent(new Uint8Array(48 * 1024 + 1).fill(1)), undefined);
});

test("a picture is there once something came of it, and nothing that is none makes one", () => {
  const tiles = new wasm.TileDecoder();
  for (const message of [[], [1], [1, 0, 0], [1, 99], [2, 3]]) assert.equal(tiles.receive(Uint8Array.from(message)), undefined);
  assert.equal(tiles.size(0), undefined);
  assert.equal(tiles.rgba(0, 0, 0, 1, 1), undefined);

  // The first batch of a picture of 64x64 pixels, with nothing in it: monitor, epoch, number, size, incomplete, memory, no copies, no tiles.
  const batch = [1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 64, 0, 64, 0, 10, 0, 0, 0];
  const received = tiles.receive(Uint8Array.from(batch));
  assert.equal(received?.kind, "batch");
  assert.equal(received.resized, true);
  assert.equal(received.exact, false);
  assert.deepEqual([...received.dirty], []);
  assert.equal(received.answer[1], 16);
  assert.deepEqual(tiles.size(1), { width: 64, height: 64 });
  assert.deepEqual([...tiles.rgba(1, 62, 63, 2, 1)], [0, 0, 0, 255, 0, 0, 0, 255]);
  assert.equal(tiles.rgba(1, 63, 63, 2, 1), undefined);
  assert.equal(tiles.rgba(1, 0, 0, 0, 1), undefined);
  tiles.forget(1);
  assert.equal(tiles.size(1), undefined);
});

test("the pointer is where the computer's is", () => {
  const tiles = new wasm.TileDecoder();
  assert.deepEqual(tiles.pointer(), { shape: null, place: null });
  assert.deepEqual(tiles.receive(Uint8Array.of(1, 2, 1, 0, 2, 11, 184)), { kind: "pointer" });
  assert.deepEqual(tiles.pointer().place, { monitor: 1, x: 2, y: 3000 });
  tiles.receive(Uint8Array.of(1, 3));
  assert.equal(tiles.pointer().place, null);
});

test("everything of a monitor can be asked for again", () => {
  assert.deepEqual([...wasm.encodeResync(3)], [1, 17, 3]);
  assert.deepEqual([...wasm.encodeVideoAnswer(3, true)], [1, 18, 3, 1]);
});

test("a file is hashed piece by piece", () => {
  const hash = new wasm.FileHash();
  hash.update(encoder.encode("one"));
  hash.update(encoder.encode("two"));

  assert.deepEqual(Buffer.from(hash.finish()), createHash("sha256").update("onetwo").digest());
});
