import { expect, it } from "vitest";

import { mayShare, type MeetingState, presenterOf } from "./meeting-state.ts";

const amy = { participant: "amy", display_name: "Amy", role: "host", signed_in: true, connected: true } as const;
const bo = { participant: "bo", display_name: "Bo", role: "guest", signed_in: false, connected: true } as const;
const facts = { title: "Visit", organisation: "organisation", data_mode: "conduit", link_admits: true, locked: false, sharing: "everybody" } as const;
const meeting: MeetingState = { revision: 1, you: bo, admission: "admitted", facts, roster: [amy, bo], lobby: [], dataMode: "conduit", place: null, passcode: null, ended: null };

it.each([
  ["everybody", null, true, true],
  ["hosts", null, false, true],
  ["hosts", "bo", true, false],
  ["everybody", "amy", false, true],
  ["everybody", "gone", true, true],
  ["hosts", "gone", false, true],
] as const)("the screen is for %s, handed to %s: a guest %s, a host %s", (sharing, presenter, guest, host) => {
  const state = { ...meeting, facts: { ...facts, sharing, presenter } };

  expect([mayShare(state), mayShare({ ...state, you: amy })]).toEqual([guest, host]);
  expect(presenterOf(state)).toBe(presenter === "gone" ? null : presenter);
});
