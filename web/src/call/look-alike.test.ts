import { expect, test } from "vitest";

import type { LobbyEntry, RosterEntry } from "../api/wire.ts";
import { mistakable, skeleton } from "./look-alike.ts";

const since = "2026-11-22T08:00:00Z";

function somebody(participant: string, display_name: string, more: Partial<RosterEntry> = {}): RosterEntry {
  return { participant, display_name, role: "guest", signed_in: false, connected: true, ...more };
}

const host = somebody("host", "Dr. Amara Okafor", { role: "host", signed_in: true });

function waits(participant: string, display_name: string): LobbyEntry {
  return { participant, display_name, since };
}

// Shows: REQ-ID-06, ABUSE-17.
test("a guest who is called like the host is marked, however they write it", () => {
  for (const name of ["Dr. Amara Okafor", "dr amara okafor", "Dr. Аmаrа Оkаfоr", "Dr Amára Okafor", "Dr. Amara 0kafor", "Dr. Arnara Okafor"]) {
    expect([...mistakable([host, somebody("eve", name)], [])], name).toEqual([["eve", "known"]]);
  }
});

// Shows: REQ-ID-06.
test("so is whoever waits in front of the meeting", () => {
  expect([...mistakable([host], [waits("eve", "Dr. Amara Okafor"), waits("bo", "Bo")])]).toEqual([["eve", "known"]]);
});

test("somebody signed in is who they are, also where two have one name", () => {
  const colleague = somebody("colleague", "Dr. Amara Okafor", { role: "participant", signed_in: true });

  expect(mistakable([host, colleague], []).size).toBe(0);
});

// Shows: REQ-ID-06.
test("of two guests with one name the second is marked", () => {
  expect([...mistakable([host, somebody("one", "Bo"), somebody("two", "BO")], [])]).toEqual([["two", "guest"]]);
});

// Shows: REQ-ID-06, ABUSE-17.
test("variants of an ideograph are one name", () => {
  expect(skeleton("葛\u{e0100}城")).toBe(skeleton("葛城"));
  expect([...mistakable([somebody("host", "葛\u{e0100}城", { role: "host", signed_in: true }), somebody("eve", "葛城\u{fe00}")], [])]).toEqual([["eve", "known"]]);
});

test("names that read differently stay apart", () => {
  expect(skeleton("Anna")).not.toBe(skeleton("Hanna"));
  expect(skeleton("李雷")).not.toBe(skeleton("李蕾"));
  expect(skeleton("Мария")).not.toBe(skeleton("Марина"));
});
