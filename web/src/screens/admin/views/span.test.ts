import { expect, it } from "vitest";

import { boundsOf } from "../days.ts";
import { daysOf, spanOf } from "./span.ts";

const NOW = new Date(2026, 10, 26, 12);

it("moves days that end today along, and keeps others as they are", () => {
  const moving = spanOf({ from: "2026-11-20", to: "2026-11-26" }, NOW);
  expect(moving).toEqual({ last_days: 7 });
  const later = new Date(2026, 10, 28, 12);
  expect(daysOf(moving ?? {}, later)).toEqual({ from: "2026-11-22", to: "2026-11-28" });

  const fixed = { from: "2026-10-01", to: "2026-10-31" };
  const kept = spanOf(fixed, NOW);
  expect(kept).toEqual(boundsOf(fixed));
  expect(daysOf(kept ?? {}, later)).toEqual(fixed);
});

it("has no span where there are no days", () => {
  expect(spanOf({ from: "2026-11-26", to: "2026-11-20" }, NOW)).toBeNull();
});
