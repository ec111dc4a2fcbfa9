import { describe, expect, it } from "vitest";

import { type Head, PageHeads } from "./heads.ts";

const at = (length: number, version = 0): Head => ({ length, hash: Uint8Array.of(length), version });

describe("what was seen of an account", () => {
  it("does not go back", async () => {
    const heads = new PageHeads();
    await heads.put("ann", at(3, 7));
    await heads.put("ann", at(2, 8));

    expect(await heads.get("ann")).toEqual({ ...at(3), version: 8 });
  });

  it("is there for the last five hundred, and one's own among them", async () => {
    const heads = new PageHeads();
    await heads.put("me", at(1, 1));
    for (let number = 0; number < 600; number += 1) await heads.put(`account ${number}`, at(1));

    expect(await heads.get("account 0")).toBeUndefined();
    expect(await heads.get("account 599")).toEqual(at(1));
    expect(await heads.get("me")).toEqual(at(1, 1));
  });

  it("can be forgotten", async () => {
    const heads = new PageHeads();
    await heads.put("ann", at(3));
    await heads.forget("ann");

    expect(await heads.get("ann")).toBeUndefined();
  });
});
