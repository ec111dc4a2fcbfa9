import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { within } from "./within.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("gives up what does not come in time", async () => {
  const waiting = within(1_000, new Promise(() => {}));
  const told = expect(waiting).rejects.toThrow("too late");

  await vi.advanceTimersByTimeAsync(1_000);

  await told;
});

it.each([
  ["comes", () => Promise.resolve("here"), "here"],
  ["can't be had", () => Promise.reject(new Error("gone")), "gone"],
])("waits no longer once it %s", async (_, begin, told) => {
  const outcome = await within(1_000, begin()).catch((error: unknown) => (error as Error).message);

  expect(outcome).toBe(told);
  expect(vi.getTimerCount()).toBe(0);
});
