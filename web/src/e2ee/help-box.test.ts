import { readFileSync } from "node:fs";

import { expect, it } from "vitest";

import { makeRequestKeys, sealForAsker } from "./help-box.ts";
import * as wasm from "./wasm/conclave_wasm.js";

wasm.initSync({ module: readFileSync(new URL("wasm/conclave_wasm_bg.wasm", `file://${import.meta.dirname}/`)) });

const REQUEST = "018f3a5c-0000-7000-8000-000000000001";
const session = { id: "018f3a5c-0000-7000-8000-000000000700", meeting: "018f3a5c-0000-7000-8000-000000000900" };
const other = "018f3a5c-0000-7000-8000-00000000ffff";
const FRAGMENT = `${"A".repeat(43)}.${"B".repeat(42)}A`;

it("opens for whoever asked, and for their request, its session and meeting alone", async () => {
  const [keys, others] = [await makeRequestKeys(), await makeRequestKeys()];
  const sealed = await sealForAsker({ id: REQUEST, key: keys.key }, session, FRAGMENT);
  const given = { session: session.id, meeting: session.meeting, sealed };

  expect(keys.open(REQUEST, given)).toBe(FRAGMENT);
  expect(others.open(REQUEST, given)).toBeNull();
  expect(keys.open(other, given)).toBeNull();
  expect(keys.open(REQUEST, { ...given, session: other })).toBeNull();
  expect(keys.open(REQUEST, { ...given, meeting: other })).toBeNull();
  expect(atob(sealed.replaceAll("-", "+").replaceAll("_", "/"))).not.toContain("AAAA");
  keys.end();
  others.end();
});

it("draws another key each time, and fits what the server takes", async () => {
  const [one, another] = [await makeRequestKeys(), await makeRequestKeys()];

  expect(one.key).not.toBe(another.key);
  expect(one.key.length).toBeLessThan((2_048 * 4) / 3);
  const sealed = await sealForAsker({ id: REQUEST, key: one.key }, session, FRAGMENT);
  expect(sealed.length).toBeLessThan((4_096 * 4) / 3);
  one.end();
  another.end();
});

it("seals for no key that is none, and takes no rubbish for a link", async () => {
  await expect(sealForAsker({ id: REQUEST, key: "AAAA" }, session, FRAGMENT)).rejects.toThrow("request_key");
  const keys = await makeRequestKeys();
  for (const sealed of ["", "AAAA", "?", "A".repeat(2_000)]) {
    expect(keys.open(REQUEST, { session: session.id, meeting: session.meeting, sealed })).toBeNull();
  }
  keys.end();
});
