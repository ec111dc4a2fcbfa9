import { expect, it } from "vitest";

import type { Meeting } from "../api/wire.ts";
import type { VaultContent } from "../e2ee/vault-words.ts";
import { kept, sharing } from "./sharing.ts";

const NOW = 1_800_000_000_000;
const DAY_MS = 86_400_000;

function meeting(id: string, state: Meeting["state"] = "scheduled"): Meeting {
  return { id, code: `code of ${id}`, series: id, state } as Meeting;
}

function vaultOf(...meetings: string[]): VaultContent {
  return { hostKey: "", devices: [], hasRecovery: false, meetings: meetings.map((id) => ({ meeting: id, fragment: `fragment of ${id}`, passcode: null, until: 0 })) };
}

it("each side gets what only the other has, and what is over goes", () => {
  const meetings = [meeting("here"), meeting("there"), meeting("both"), meeting("nowhere"), meeting("ended", "ended")];
  const secrets = new Map([
    ["code of here", "secret"],
    ["code of both", "secret"],
  ]);

  const { taken, missing, over } = sharing(meetings, vaultOf("there", "both", "ended", "of another list"), (code) => secrets.get(code) ?? null, NOW);

  expect(taken).toEqual([{ code: "code of there", fragment: "fragment of there" }]);
  expect(missing.map(({ meeting: id, fragment }) => [id, fragment])).toEqual([["here", "secret"]]);
  expect(over).toEqual(["ended"]);
});

it("what follows takes the link over before what is over goes", () => {
  const meetings = [{ ...meeting("next"), series: "first" }, meeting("first", "ended")];

  const before = sharing(meetings, vaultOf("first"), () => null, NOW);
  const after = sharing(meetings, vaultOf("first", "next"), () => null, NOW);

  expect(before.missing.map(({ meeting: id, fragment }) => [id, fragment])).toEqual([["next", "fragment of first"]]);
  expect(before.over).toEqual([]);
  expect(after.taken).toEqual([{ code: "code of next", fragment: "fragment of next" }]);
  expect(after.over).toEqual(["first"]);
});

it("a meeting is kept for a month beyond its time", () => {
  const inAWeek = new Date(NOW + 7 * DAY_MS).toISOString();

  expect(kept({ id: "m", starts_at: inAWeek, last_begins: null }, "f", NOW).until).toBe((NOW + 37 * DAY_MS) / 1_000);
  expect(kept({ id: "m", starts_at: new Date(NOW).toISOString(), last_begins: inAWeek }, "f", NOW).until).toBe((NOW + 37 * DAY_MS) / 1_000);
  expect(kept({ id: "m", starts_at: null, last_begins: null }, "f", NOW).until).toBe((NOW + 30 * DAY_MS) / 1_000);
});
