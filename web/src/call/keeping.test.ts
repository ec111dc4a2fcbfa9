import { beforeEach, describe, expect, it } from "vitest";

import { IntentStore } from "./intent.ts";
import { Seats } from "./seats.ts";

beforeEach(() => {
  sessionStorage.clear();
  localStorage.clear();
});

const intents = (): IntentStore => new IntentStore(sessionStorage, localStorage);
const seats = (): Seats => new Seats(sessionStorage, localStorage);

describe("what somebody wants of their devices", () => {
  it("is everything on to begin with", () => {
    expect(intents().get()).toEqual({ microphone: true, camera: true });
  });

  it("survives a reload: who was muted stays muted", () => {
    intents().update((intent) => ({ ...intent, microphone: false, cameraId: "front" }));

    expect(intents().get()).toEqual({ microphone: false, camera: true, cameraId: "front" });
  });

  it("keeps the mute in this tab, and the devices in this browser", () => {
    intents().update((intent) => ({ ...intent, microphone: false, microphoneId: "headset" }));
    sessionStorage.clear();

    expect(intents().get()).toEqual({ microphone: true, camera: true, microphoneId: "headset" });
  });

  it("is in a new tab, once asked for, as it was last in this browser", () => {
    expect(intents().recall()).toBe(false);
    intents().update((intent) => ({ ...intent, camera: false }));
    sessionStorage.clear();
    const fresh = intents();

    expect(fresh.recall()).toBe(true);

    expect(fresh.get()).toEqual({ microphone: true, camera: false });
    expect(intents().get()).toEqual({ microphone: true, camera: false });
  });

  it("stays this tab's where another one changed it meanwhile", () => {
    const own = intents();
    own.set({ microphone: false, camera: true });
    localStorage.setItem("conclave.last-switches", JSON.stringify({ microphone: true, camera: false }));

    expect(own.recall()).toBe(true);

    expect(own.get()).toEqual({ microphone: false, camera: true });
  });

  it("leads nobody who comes next straight in, and brings nobody back heard who was muted", () => {
    intents().set({ microphone: false, camera: true });

    intents().forgetLast();

    expect(localStorage.getItem("conclave.last-switches")).toBeNull();
    expect(intents().recall()).toBe(false);
    expect(intents().get()).toEqual({ microphone: false, camera: true });
    intents().set({ microphone: true, camera: true });
    expect(intents().recall()).toBe(true);
    sessionStorage.clear();
    intents().forgetLast();
    expect(intents().recall()).toBe(false);
  });

  it("ignores what somebody else wrote there", () => {
    sessionStorage.setItem("conclave.switches", "{");
    localStorage.setItem("conclave.devices", JSON.stringify({ cameraId: 7, microphone: false }));

    expect(intents().get()).toEqual({ microphone: true, camera: true });
  });
});

describe("what a tab keeps of a meeting", () => {
  const seat = { meeting: "m", participant: "p", credential: "c", name: "Bo", account: null };

  it("is the seat, through a reload", () => {
    seats().keepSeat("123-456-789", seat);

    expect(seats().seat("123-456-789")).toEqual(seat);
    expect(seats().seat("111-111-111")).toBeNull();
  });

  it("is nothing after the seat was given up", () => {
    seats().keepSeat("123-456-789", seat);
    seats().forgetSeat("123-456-789");

    expect(seats().seat("123-456-789")).toBeNull();
  });

  it("is what a host sent to somebody who came by code, which is no invitation", () => {
    expect(seats().secrets("111-111-111").fragment()).toBeNull();

    seats().secrets("111-111-111").keepFragment("sent", false);

    const secrets = seats().secrets("111-111-111");
    expect([secrets.fragment(), secrets.isByCode(), seats().secret("111-111-111")]).toEqual(["sent", true, null]);
    seats().forgetSeat("111-111-111");
    expect(secrets.fragment()).toBeNull();
  });

  it("is what somebody typed who came by code, and that it was right", () => {
    seats().keepPasscode("111-111-111", "482193");
    const secrets = seats().secrets("111-111-111");
    expect([secrets.passcode(), secrets.isByCode()]).toEqual(["482193", true]);

    secrets.keepFragment("sent", true);

    expect([secrets.fragment(), secrets.isByCode(), seats().secret("111-111-111")]).toEqual(["sent", false, null]);
    seats().forgetSeat("111-111-111");
    expect([secrets.passcode(), secrets.isByCode()]).toEqual([null, true]);
  });

  it("is how many wrong passcodes a host's page took, also after they gave up their seat", () => {
    expect(seats().secrets("111-111-111").guesses()).toBe(0);
    seats().secrets("111-111-111").keepGuesses(4);
    seats().forgetSeat("111-111-111");

    expect(seats().secrets("111-111-111").guesses()).toBe(4);
  });

  it("counts how often somebody has tried a passcode, also after they gave up their seat", () => {
    for (const _ of [1, 2, 3, 4]) expect(seats().secrets("111-111-111").countTry()).toBe(false);
    seats().forgetSeat("111-111-111");

    expect([seats().secrets("111-111-111").countTry(), seats().secrets("111-111-111").countTry()]).toEqual([false, true]);
  });

  it("is to whom this page gave the secret without a passcode", () => {
    const secrets = seats().secrets("111-111-111");
    for (const participant of ["amy", "bo"]) secrets.keepByCode(participant);
    secrets.forgetAdmitted("amy");

    expect(seats().secrets("111-111-111").byCode()).toEqual(["bo"]);
  });

  it("is whom this person let in", () => {
    for (const participant of ["amy", "bo", "amy"]) seats().secrets("111-111-111").keepAdmitted(participant);

    expect(seats().secrets("111-111-111").admitted()).toEqual(["bo", "amy"]);
    expect(seats().secrets("222-222-222").admitted()).toEqual([]);
    seats().secrets("111-111-111").forgetAdmitted("amy");
    expect(seats().secrets("111-111-111").admitted()).toEqual(["bo"]);
    seats().forgetSeat("111-111-111");
    expect(seats().secrets("111-111-111").admitted()).toEqual([]);
  });

  it("tells a link from a secret that was sent", () => {
    seats().keepSecret("111-111-111", "link");

    const secrets = seats().secrets("111-111-111");
    expect([secrets.fragment(), secrets.isByCode()]).toEqual(["link", false]);
  });

  it("leaves a guest's secret to the tab and a host's to the browser", () => {
    seats().keepSecret("111-111-111", "guest");
    seats().keepInvitation("222-222-222", "host");
    sessionStorage.clear();

    expect(seats().secret("111-111-111")).toBeNull();
    expect(seats().secret("222-222-222")).toBe("host");
  });

  it("holds a hundred invitations and forgets the oldest", () => {
    for (let count = 0; count <= 100; count += 1) seats().keepInvitation(`code ${count}`, "secret");

    expect(seats().secret("code 0")).toBeNull();
    expect(seats().secret("code 1")).toBe("secret");
    expect(seats().secret("code 100")).toBe("secret");
  });

  it("goes when a host signs out", () => {
    seats().keepInvitation("222-222-222", "host");
    seats().forgetInvitations();

    expect(seats().secret("222-222-222")).toBeNull();
  });
});
