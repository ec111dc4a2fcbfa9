import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { isRunning } from "./sound.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** Suspended as every context is at first. */
class FakeContext {
  state: AudioContextState = "suspended";
  readonly #mayPlay: boolean;

  constructor(mayPlay: boolean) {
    this.#mayPlay = mayPlay;
  }

  async resume(): Promise<void> {
    if (!this.#mayPlay) await new Promise(() => {});
    this.state = "running";
  }
}

describe("the page's own sound", () => {
  it("waits for a context that begins suspended", async () => {
    expect(await isRunning(new FakeContext(true))).toBe(true);
  });

  it("does not wait for ever where the browser waits for a click", async () => {
    const running = isRunning(new FakeContext(false));
    await vi.advanceTimersByTimeAsync(3_000);

    expect(await running).toBe(false);
  });
});
