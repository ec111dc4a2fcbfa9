import { describe, expect, it } from "vitest";

import { type MediaState, NO_MEDIA, SILENT } from "./call-media.ts";
import { switchOf } from "./switch.ts";

const ON = { microphone: true, camera: true };
const OFF = { microphone: false, camera: false };
const connected: MediaState = { ...NO_MEDIA, connection: "connected", people: new Map([["me", SILENT]]) };

describe("the switch of the microphone", () => {
  it("shows off, whatever was wished, when it is off", () => {
    expect(switchOf("microphone", connected, "me", ON)).toBe("off");
  });

  it("shows on, whatever was wished, when it is heard", () => {
    const heard = { ...connected, people: new Map([["me", { ...SILENT, isMicrophoneOn: true }]]) };

    expect(switchOf("microphone", heard, "me", OFF)).toBe("on");
  });

  it("shows that it starts while the browser asks", () => {
    const asking = { ...connected, isStarting: { microphone: true, camera: false } };

    expect(switchOf("microphone", asking, "me", ON)).toBe("starting");
    expect(switchOf("camera", asking, "me", ON)).toBe("off");
  });

  it.each(["connecting", "reconnecting"] as const)("follows the wish while nothing is sent or heard: %s", (connection) => {
    const away: MediaState = { ...connected, connection };

    expect(switchOf("microphone", away, "me", ON)).toBe("starting");
    expect(switchOf("microphone", away, "me", OFF)).toBe("off");
  });

  it("shows on through an interruption that it outlives, until it is switched off", () => {
    const heard: MediaState = { ...connected, connection: "reconnecting", people: new Map([["me", { ...SILENT, isMicrophoneOn: true }]]) };

    expect(switchOf("microphone", heard, "me", ON)).toBe("on");
    expect(switchOf("microphone", heard, "me", OFF)).toBe("off");
  });

  it("shows before there is a connection what will be", () => {
    expect(switchOf("microphone", NO_MEDIA, "me", ON)).toBe("starting");
    expect(switchOf("microphone", NO_MEDIA, "me", OFF)).toBe("off");
  });
});
