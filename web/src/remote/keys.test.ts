import { describe, expect, it } from "vitest";

import { COMBINATIONS, isModifier, usageOf } from "./keys.ts";

describe("a key's place", () => {
  it("is its usage on a keyboard", () => {
    const codes = ["KeyA", "KeyZ", "Digit1", "Digit0", "F1", "F12", "F13", "F24", "Numpad1", "Numpad0", "IntlBackslash", "MetaRight"];

    expect(codes.map(usageOf)).toEqual([0x04, 0x1d, 0x1e, 0x27, 0x3a, 0x45, 0x68, 0x73, 0x59, 0x62, 0x64, 0xe7]);
  });

  it("is none of what is no key of a computer", () => {
    expect(usageOf("BrowserHome")).toBeUndefined();
    expect(usageOf("")).toBeUndefined();
  });

  it("tells what is held with other keys", () => {
    expect(["ShiftLeft", "AltRight", "KeyA", "CapsLock"].map((code) => isModifier(usageOf(code) ?? 0))).toEqual([true, true, false, false]);
  });
});

describe("a combination", () => {
  it.each(COMBINATIONS)("$id is of keys that there are", ({ keys }) => {
    expect(keys.every((key) => usageOf(key) !== undefined)).toBe(true);
  });
});
