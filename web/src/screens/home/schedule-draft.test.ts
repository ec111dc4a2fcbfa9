import { expect, it } from "vitest";

import type { Schedule } from "../../api/wire.ts";
import { type Draft, newDraft, scheduleOf, startingAt, takesPlaceAgain } from "./schedule-draft.ts";

// A Monday.
const before: Schedule = {
  start: "2036-03-03T09:30",
  zone: "Etc/UTC",
  minutes: 30,
  repeats: { every: "week", days: ["monday", "friday"], count: 6 },
  cancelled: ["2036-03-07T09:30"],
};
const draft: Draft = { ...newDraft(0), when: before.start, zone: "Etc/UTC", repeats: "week", days: ["monday", "friday"], count: "6", cancelled: before.cancelled ?? [] };

it("keeps what was cancelled, at whatever time of the same days", () => {
  const later = { ...draft, ...startingAt(draft, "2036-03-03T11:00") };

  expect(scheduleOf(later, before)).toMatchObject({ start: "2036-03-03T11:00", cancelled: ["2036-03-07T11:00"] });
  expect(takesPlaceAgain(later, before)).toBe(false);
});

it("leaves the weekday that it moves from, and says that nothing is cancelled there", () => {
  const moved = { ...draft, ...startingAt(draft, "2036-03-04T09:30") };

  expect(scheduleOf(moved, before)).toMatchObject({ repeats: { days: ["tuesday", "friday"] }, cancelled: [] });
  expect(takesPlaceAgain(moved, before)).toBe(true);
});
