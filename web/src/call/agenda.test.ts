import { expect, it } from "vitest";

import type { Meeting, Occurrence } from "../api/wire.ts";
import { agenda, type Item } from "./agenda.ts";

const NOW = Date.parse("2026-11-26T10:00:00Z");
/** As in Auckland, where it is 23:00 already. */
const dayOf = (instant: number): string => new Date(instant + 13 * 3_600_000).toISOString().slice(0, 10);

function at(begins: string): Occurrence {
  return { start: begins.slice(0, 16), begins, ends: new Date(Date.parse(begins) + 1_800_000).toISOString() };
}

function meeting(id: string, change: Partial<Meeting> = {}): Meeting {
  return { id, state: "scheduled", created_at: "2026-11-26T08:00:00Z", starts_at: null, occurrences: [], ...change } as Meeting;
}

function lines(items: readonly Item[]): string[] {
  return items.map(({ meeting: { id }, occurrence, isNext }) => `${id} ${occurrence?.start.slice(5) ?? "now"}${isNext ? "" : " again"}`);
}

it("what goes on comes first, today is the reader's, and each meeting is there at least once", () => {
  const { today, later, past } = agenda(
    [
      meeting("far", { starts_at: "2027-03-01T09:00:00Z", occurrences: [at("2027-03-01T09:00:00Z")] }),
      meeting("over", { state: "ended" }),
      meeting("daily", { occurrences: [at("2026-11-26T10:30:00Z"), at("2026-11-27T10:30:00Z"), at("2026-12-04T10:30:00Z")] }),
      meeting("idle"),
      meeting("late", { occurrences: [at("2026-11-26T11:30:00Z")] }),
      meeting("old", { starts_at: "2026-11-26T09:00:00Z" }),
      meeting("live", { state: "live", occurrences: [at("2026-11-26T09:45:00Z"), at("2026-11-28T09:45:00Z")] }),
    ],
    NOW,
    dayOf,
  );

  expect(lines(today)).toEqual(["live 11-26T09:45", "idle now", "old now", "daily 11-26T10:30"]);
  expect(later.map(({ day, items }) => [day, lines(items)])).toEqual([
    ["2026-11-27", ["late 11-26T11:30", "daily 11-27T10:30 again"]],
    ["2026-11-28", ["live 11-28T09:45 again"]],
    ["2027-03-01", ["far 03-01T09:00"]],
  ]);
  expect(past.map(({ id }) => id)).toEqual(["over"]);
});
