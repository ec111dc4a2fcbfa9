import { beforeEach, expect, it } from "vitest";

import { emptyState } from "../../remote/support-state.ts";
import { Met } from "./met.ts";

beforeEach(() => sessionStorage.clear());

const nobody = emptyState(true);
const there = { ...nobody, agent: "agent" };

it("is remembered by the seat, and by no other", () => {
  const met = new Met(sessionStorage, "tom");
  met.follow(nobody);
  expect(new Met(sessionStorage, "tom").get()).toEqual({ hasMet: false, restartsSince: null });

  met.follow(there);
  met.follow(nobody);

  expect(new Met(sessionStorage, "tom").get()).toEqual({ hasMet: true, restartsSince: null });
  expect(new Met(sessionStorage, "ida").get().hasMet).toBe(false);
});

it("has since when a computer restarts, until it is back", () => {
  const met = new Met(sessionStorage, "tom");
  met.follow(there);
  met.follow({ ...nobody, restartsSince: 1_700_000_000_000 });
  expect(met.get()).toEqual({ hasMet: true, restartsSince: 1_700_000_000_000 });

  met.follow(there);
  expect(met.get()).toEqual({ hasMet: true, restartsSince: null });
});
