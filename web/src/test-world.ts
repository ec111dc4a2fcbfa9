/** For tests: a world of this browser's own values, without a network, devices or sound. */

import { Api } from "./api/api.ts";
import { DeviceList } from "./call/devices.ts";
import { IntentStore } from "./call/intent.ts";
import { Preference } from "./call/preference.ts";
import { Seats } from "./call/seats.ts";
import type { World } from "./call/world.ts";

export function testWorld(change: Partial<World> = {}): World {
  return {
    origin: "https://meet.example",
    api: new Api(() => Promise.reject(new Error("no network here"))),
    seats: new Seats(sessionStorage, localStorage),
    intent: new IntentStore(sessionStorage, localStorage),
    canEncrypt: () => true,
    devices: new DeviceList(undefined),
    shortcuts: new Preference(localStorage, "shortcuts", true),
    openDevices: () => Promise.reject(new DOMException("", "NotFoundError")),
    mayCaptureUnasked: () => Promise.resolve(false),
    openSession: () => {
      throw new Error("no session here");
    },
    hostKey: () => Promise.resolve("A".repeat(43)),
    copy: () => Promise.resolve(true),
    prepareMedia: () => {},
    prepareKeys: () => {},
    ...change,
  };
}
