import { describe, expect, it } from "vitest";

import { Locked } from "./locked.ts";

function watched(): { locked: Locked; told: (readonly string[])[] } {
  const told: (readonly string[])[] = [];
  return { locked: new Locked((participants) => told.push(participants)), told };
}

describe("somebody waits for a key", () => {
  it("when nothing of theirs was opened for a second, and no longer when something is", () => {
    const { locked, told } = watched();
    locked.dropped("amy", 0);
    locked.dropped("amy", 999);
    expect(told).toEqual([]);

    locked.dropped("amy", 1_000);
    locked.dropped("amy", 1_020);
    locked.opened("amy", 1_040);

    expect(told).toEqual([["amy"], []]);
  });

  it("not for a few frames that are lost at a change of keys", () => {
    const { locked, told } = watched();
    for (let at = 0; at < 5_000; at += 20) {
      if (at % 900 === 0) locked.opened("amy", at);
      else locked.dropped("amy", at);
    }

    expect(told).toEqual([]);
  });

  it("each for themselves, and not after they are gone", () => {
    const { locked, told } = watched();
    for (const at of [0, 2_000]) for (const who of ["amy", "bo"]) locked.dropped(who, at);
    locked.gone("amy");
    locked.gone("cy");

    expect(told).toEqual([["amy"], ["amy", "bo"], ["bo"]]);
  });
});
