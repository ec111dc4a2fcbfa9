import { describe, expect, it } from "vitest";

import { Latency } from "./latency.ts";

const at = (x: number): { monitor: number; x: number; y: number } => ({ monitor: 0, x, y: 5 });

describe("the way to a computer and back", () => {
  it("takes from a movement until the pointer is there", () => {
    const latency = new Latency();
    latency.moved(at(1), 1_000);
    latency.moved(at(2), 1_010);

    expect(latency.seen(at(2), 1_060)).toBe(50);
    expect(latency.seen(at(1), 1_070)).toBeNull();
  });

  it("is not told by a pointer that somebody else moved", () => {
    const latency = new Latency();
    latency.moved(at(1), 1_000);

    expect(latency.seen(at(3), 1_050)).toBeNull();
    expect(latency.seen({ ...at(1), monitor: 1 }, 1_050)).toBeNull();
  });

  it("forgets the oldest movements", () => {
    const latency = new Latency();
    for (let x = 0; x < 1_000; x += 1) latency.moved(at(x), x);

    expect(latency.seen(at(0), 2_000)).toBeNull();
    expect(latency.seen(at(999), 2_000)).toBe(1_001);
  });
});
