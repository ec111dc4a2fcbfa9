import { expect, it } from "vitest";

import { filterOf, searchOf } from "./saved-search.ts";

const NOW = new Date(2026, 10, 26, 12);

it("keeps a search and has it again", () => {
  const search = { from: "2026-11-20", to: "2026-11-26", host: "amy", group: "", device: "firefox", outcome: "too_long" };

  const kept = filterOf(search, NOW);

  expect(kept).toEqual({ kind: "sessions", span: { last_days: 7 }, host: "amy", device: "firefox", outcome: "too_long" });
  expect(kept === null ? null : searchOf(kept, NOW)).toEqual(search);
});

it("takes no view of another page", () => {
  expect(searchOf({ kind: "audit", span: {} }, NOW)).toBeNull();
});
