import { expect, it } from "vitest";

import { emptyState, type SupportState } from "../../remote/support-state.ts";
import { NOTHING_YET, recorded } from "./record.ts";

const there: SupportState = { ...emptyState(true), agent: "bo", phase: { at: "asking" } };

it("remembers what was permitted although it was taken back, and files once", () => {
  const file = { id: 3, way: "in", name: "a.pdf", size: 2, done: 2, state: "complete", content: null } as const;
  const states: SupportState[] = [
    emptyState(true),
    there,
    { ...there, permitted: new Map([["view", 1]]), phase: { at: "viewing" } },
    { ...there, files: [file] },
    { ...there, files: [] },
    { ...there, phase: { at: "ended", why: "stopped" } },
  ];
  const record = states.reduce((known, state, at) => recorded(known, state, at * 1_000), NOTHING_YET);

  expect(record).toMatchObject({ since: 1_000, until: 5_000, why: "stopped" });
  expect([...record.permitted]).toEqual(["view", "file_in"]);
  expect(record.files.size).toBe(1);
});

it("has the files that came and were not saved, for the end", () => {
  const file = { id: 3, way: "out", name: "a.log", size: 1, done: 1, state: "complete", content: new Blob(["a"]) } as const;
  const come = recorded(NOTHING_YET, { ...there, files: [file] }, 1);

  expect(come.unsaved).toEqual([file]);
  expect(recorded(come, there, 2).unsaved).toEqual([]);
});

it("does not know all of a session in which somebody else led, before or after", () => {
  const watching: SupportState = { ...there, leads: false, phase: { at: "watching" } };

  expect(recorded(NOTHING_YET, emptyState(false), 0).isWhole).toBe(true);
  expect(recorded(NOTHING_YET, there, 0).isWhole).toBe(true);
  expect(recorded(recorded(NOTHING_YET, watching, 0), there, 1).isWhole).toBe(false);
});
