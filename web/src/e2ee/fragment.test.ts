import { expect, it } from "vitest";

import { hostAccounts, readFragment, secretBytes, writeFragment } from "./fragment.ts";

const SECRET = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
const KEY = "_-ECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

it.each([SECRET, `${SECRET}.${KEY}`])("a fragment is written as it was read: %s", (text) => {
  const fragment = readFragment(text);

  expect(fragment === null ? null : writeFragment(fragment)).toBe(text);
});

it("a secret is 32 bytes, and so is a host's key", () => {
  const fragment = { secret: SECRET, hostKey: KEY };

  expect([...secretBytes(fragment)]).toEqual(Array.from({ length: 32 }, (_, at) => at));
  expect(hostAccounts(fragment).map(({ length }) => length)).toEqual([32]);
  expect(hostAccounts({ secret: SECRET, hostKey: null })).toEqual([]);
});

it.each(["", SECRET.slice(1), `${SECRET}.`, `${SECRET}.${KEY.slice(1)}`, `${SECRET}.${KEY}.${KEY}`, `${SECRET} `])("“%s” is none", (text) => {
  expect(readFragment(text)).toBeNull();
});
