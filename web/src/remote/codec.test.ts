import { readFileSync } from "node:fs";

import { beforeAll, describe, expect, it } from "vitest";

import { codecOf } from "./codec.ts";
import type { FromTechnician, RemoteCodec } from "./words.ts";

let codec: RemoteCodec;

/** The module as it is served. */
beforeAll(async () => {
  const { initSync, ...module } = await import("./wasm/conclave_wasm_remote.js");
  initSync({ module: readFileSync("src/remote/wasm/conclave_wasm_remote_bg.wasm") });
  codec = codecOf(module);
});

describe("a technician's message", () => {
  it("is written as the computer reads it", () => {
    const moved: FromTechnician = { kind: "input", turn: 1, number: 7, input: { event: "move", monitor: 2, x: 300, y: 200 } };

    expect([...codec.encodeTechnician(moved)]).toEqual([1, 2, 0, 0, 0, 1, 0, 0, 0, 7, 0, 2, 1, 44, 0, 200]);
  });

  it("that can't be said throws", () => {
    const offer = { transfer: 0, size: 1, sha256: new Uint8Array(32) };

    expect(() => codec.encodeTechnician({ kind: "offer_file", name: "a/b", ...offer })).toThrow("this can't be said");
    expect(() => codec.encodeTechnician({ kind: "watch", monitor: 256 })).toThrow("this can't be said");
  });
});

describe("a video", () => {
  it("is offered, begins and ends, and is answered", () => {
    const tiles = codec.openTiles();
    const turns = [0, 1, 2].map((turn) => tiles.receive(Uint8Array.of(1, 4, 3, turn, 2)));

    expect(turns).toEqual(["offered", "begins", "ends"].map((turn) => ({ kind: "video", monitor: 3, turn, codec: 2, exact: false })));
    expect([...codec.encodeVideoAnswer(3, true)]).toEqual([1, 18, 3, 1]);
  });
});

describe("an agent's message", () => {
  it("is read as it was written", () => {
    expect(codec.decodeAgent(Uint8Array.of(1, 0, 1, 0, 0, 0, 2, 88))).toEqual({ kind: "answer", to: "control", answer: "granted", seconds: 600 });
  });

  it("that is none is nothing", () => {
    expect(codec.decodeAgent(Uint8Array.of(1, 99))).toBeUndefined();
    expect(codec.openTiles().receive(Uint8Array.of(1, 0, 0))).toBeUndefined();
  });
});
