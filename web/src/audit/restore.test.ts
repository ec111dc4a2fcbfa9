import { expect, it } from "vitest";

import { provenRestore } from "./restore.ts";
import type { LogHead, Verifier } from "./verifier.ts";

const HELD: LogHead = { origin: "clinic/audit/o", size: 9, root: "nine" };

function entry(size: number, event = "system.restore"): string {
  return JSON.stringify({ event, time: "2026-11-26T08:30:00.000Z", detail: { why: "disk_failure", size, root: "00" } });
}

/** Proofs are the entries themselves; none is proven that says so. */
const VERIFIER = {
  verifyEntry(proof: string, key: string) {
    if (key !== "key") throw Object.assign(new Error("unproven"), { code: "unproven" });
    return { index: 7, entry: proof, head: HELD, checkpoint: "note" };
  },
} as unknown as Verifier;

it("tells the operator’s word of a copy that lacks what this browser remembers", () => {
  expect(provenRestore(VERIFIER, entry(7), "key", HELD)).toEqual({ at: "2026-11-26T08:30:00.000Z", why: "disk_failure", size: 7 });
});

it("tells no word that is not proven, not of this log, or not of what this browser remembers", () => {
  expect(provenRestore(VERIFIER, entry(7), "other", HELD)).toBeNull();
  expect(provenRestore(VERIFIER, entry(7), "key", { ...HELD, origin: "clinic/audit/other" })).toBeNull();
  expect(provenRestore(VERIFIER, entry(10), "key", HELD)).toBeNull();
  expect(provenRestore(VERIFIER, entry(7, "system.start"), "key", HELD)).toBeNull();
  expect(provenRestore(VERIFIER, "{", "key", HELD)).toBeNull();
  expect(provenRestore(VERIFIER, undefined, "key", HELD)).toBeNull();
});
