import { describe, expect, it } from "vitest";

import { type EncryptionState, NOT_YET } from "../../e2ee/encryption.ts";
import type { Occupant } from "../../e2ee/orders.ts";
import { alarmTexts, beginningText, isAlarmed, isFinal, lacksPasscode, markText, outsidersText, shieldLabel, silenceText } from "./shield-text.ts";

const ANN: Occupant = { participant: "ann", name: "Ann", isHost: true, standing: "host account", isVerified: true, device: "listed", isByCode: false };
const CY: Occupant = { participant: "cy", name: "Cy", isHost: false, standing: "guest", isVerified: false, device: null, isByCode: true };
const ON: EncryptionState = { ...NOT_YET, standing: { at: "on" }, occupants: [ANN] };

describe("who came by the link", () => {
  it("is told that only these people can listen, and who the host is", () => {
    expect([shieldLabel(ON), markText(ANN, false)]).toEqual(["Encrypted", "Host, confirmed by the invitation"]);
    expect(silenceText(ON, false)).toMatch(/^Only the people below/);
    expect(beginningText(ON)).toMatch(/Only the people in it/);
  });
});

describe("who came by code", () => {
  const byCode = { ...ON, cameByCode: true };

  it("is told that it is not verified, and nothing that only a link could confirm", () => {
    expect(shieldLabel(byCode)).toBe("Encrypted, not verified");
    expect(silenceText(byCode, false)).toMatch(/^You joined by code, so this is not verified/);
    expect(beginningText(byCode)).toMatch(/not verified/);
    expect(markText(ANN, true)).toBe("Host, by the key that came through the server");
  });
});

it("a host who let somebody in by code is told to compare", () => {
  const withCy = { ...ON, occupants: [ANN, CY] };

  expect(silenceText(withCy, false)).toMatch(/^Somebody joined by code, so this is not verified/);
  expect(markText(CY, false)).toBe("Came by code, not verified");
});

describe("a host whose device is not on the list", () => {
  for (const [device, mark] of [
    ["checking", "Host by the invitation, device not checked yet"],
    ["removed", "A device that the host has removed"],
    ["unknown", "Not on the host’s list of devices"],
  ] as const) {
    it(`is shown as no host when it is ${device}`, () => {
      expect(markText({ ...ANN, isVerified: false, device }, false)).toBe(mark);
    });
  }

  it("is warned of", () => {
    const alarms = [{ what: "unlisted", participant: "ann" }, { what: "devices", participant: "ann" }];
    const texts = alarmTexts({ ...ON, alarms }, () => "");

    expect(texts).toHaveLength(2);
    expect(texts[1]).toBe("The list of somebody’s devices was changed behind their back.");
  });
});

describe("who made the meeting", () => {
  for (const standing of [{ at: "asking", hasPasscode: false }, { at: "waiting_for_host" }] as const) {
    it(`is led to the vault when this browser is ${standing.at}`, () => {
      const elsewhere = { ...NOT_YET, standing };

      expect(silenceText(elsewhere, true)).toMatch(/^You made this meeting in another browser/);
      expect(silenceText(elsewhere, false)).not.toMatch(/another browser/);
    });
  }
});

function asking(hasPasscode: boolean): EncryptionState {
  return { ...NOT_YET, standing: { at: "asking", hasPasscode } };
}

it("whoever came by code without a passcode can still type it, but for who made the meeting", () => {
  expect([lacksPasscode(asking(false), false), lacksPasscode(asking(true), false), lacksPasscode(asking(false), true), lacksPasscode(NOT_YET, false)]).toEqual([true, false, false, false]);
});

it("a browser that can't encrypt is not to be waited for", () => {
  const unsupported: EncryptionState = { ...NOT_YET, standing: { at: "unsupported" } };

  expect([isFinal(unsupported), isFinal(NOT_YET)]).toEqual([true, false]);
  expect(silenceText(unsupported, false)).toMatch(/^This browser can’t encrypt meetings/);
});

it("who has no key is no danger, and is named", () => {
  const outside = { ...ON, difference: { strangers: [], outsiders: ["bo"] } };

  expect([isAlarmed(outside), alarmTexts(outside, () => "Bo")]).toEqual([false, []]);
  expect(outsidersText(outside, () => "Bo")).toContain("can’t hear or see you: Bo");
});
