import { readFileSync } from "node:fs";
import { expect, test, vi } from "vitest";

import * as remote from "../remote/wasm/conclave_wasm_remote.js";
import { Player } from "./player.ts";

remote.initSync({ module: readFileSync(new URL("../remote/wasm/conclave_wasm_remote_bg.wasm", `file://${import.meta.dirname}/`)) });

/** As `core/remote` writes it: a length, a time, and a moment. */
function record(at: number, ...moment: number[]): number[] {
  return [0, 0, 0, 4 + moment.length, 0, 0, at >> 8, at & 0xff, ...moment];
}

function canvas() {
  const context = { putImageData: vi.fn(), clearRect: vi.fn() };
  return { width: 1, height: 1, context, getContext: () => context };
}

test("what was said and done is told with its time, and the picture is not", () => {
  const player = new Player(remote, canvas());
  const hello = [...new TextEncoder().encode("Hello")];

  expect(player.add(Uint8Array.from([...record(0, 0), ...record(500, 3, ...hello), ...record(1_000, 10, 0, 2, 0, 7)]))).toBe(true);

  expect(player.told).toEqual([
    { place: 1, moment: { at: 500, kind: "written_by_technician", text: "Hello" } },
    { place: 2, moment: { at: 1_000, kind: "typed", keys: 2, characters: 7 } },
  ]);
  expect(player.length).toBe(1_000);
});

test("facts are told as they were sent, and missed where the recording says that they were and has none", () => {
  const [kernel, text] = [1, [...new TextEncoder().encode("6.1")]];
  const facts = record(5, 17, 1, 14, 1, kernel, 0, text.length, ...text);
  const sent = record(6, 15);

  const whole = new Player(remote, canvas());
  whole.add(Uint8Array.from([...facts, ...sent]));
  expect(whole.told).toEqual([{ place: 0, moment: { at: 5, kind: "facts", lines: [{ item: "kernel", text: "6.1" }] } }]);
  expect(whole.lacksFacts).toBe(false);

  const lacking = new Player(remote, canvas());
  lacking.add(Uint8Array.from(sent));
  expect(lacking.told).toEqual([{ place: 0, moment: { at: 6, kind: "diagnosed" } }]);
  expect(lacking.lacksFacts).toBe(true);
});

test("what is no piece of a recording is none", () => {
  const player = new Player(remote, canvas());

  expect(player.add(Uint8Array.from([0, 0, 0, 9, 1]))).toBe(false);
  expect(player.length).toBe(0);
});

test("where nothing was shown, nothing is left standing", () => {
  const shown = canvas();
  const player = new Player(remote, shown);
  player.add(Uint8Array.from([...record(0, 0), ...record(10, 2)]));

  player.seek(10);

  expect(shown.context.clearRect).toHaveBeenCalled();
  expect(shown.context.putImageData).not.toHaveBeenCalled();
});
