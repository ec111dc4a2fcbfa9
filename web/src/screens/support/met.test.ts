import { beforeEach, expect, it } from "vitest";

import { emptyState } from "../../remote/support-state.ts";
import { Met } from "./met.ts";

beforeEach(() => sessionStorage.clear());

const nobody = emptyState(true);
const there = { ...nobody, agent: "agent" };

it("is remembered by the seat, and by no other", () => {
  const met = new Met(sessionStorage, "tom");
  met.follow(nobody);
  expect(new Met(sessionStorage, "tom").get()).toBe(false);

  met.follow(there);
  met.follow(nobody);

  expect(new Met(sessionStorage, "tom").get()).toBe(true);
  expect(new Met(sessionStorage, "ida").get()).toBe(false);
});

it("is forgotten of a computer that restarts, until it is back", () => {
  const met = new Met(sessionStorage, "tom");
  met.follow(there);
  met.follow({ ...nobody, restartsSince: 1 });
  expect(met.get()).toBe(false);

  met.follow(there);
  expect(met.get()).toBe(true);
});
