/** For tests: a world of this browser's own values, without a network, devices or sound. */

import { Api } from "./api/api.ts";
import { Witness } from "./audit/witness.ts";
import { DeviceList } from "./call/devices.ts";
import { IntentStore } from "./call/intent.ts";
import { Journey } from "./call/journey.ts";
import { Preference } from "./call/preference.ts";
import { Seats } from "./call/seats.ts";
import { Vault } from "./call/vault.ts";
import type { World } from "./call/world.ts";
import { FakeKeyWorker } from "./test-worker.ts";

export function testWorld(change: Partial<World> = {}): World {
  const api = change.api ?? new Api(() => Promise.reject(new Error("no network here")));
  return {
    origin: "https://meet.example",
    api,
    seats: new Seats(sessionStorage, localStorage),
    intent: new IntentStore(sessionStorage, localStorage),
    journey: new Journey(sessionStorage, () => {}),
    canEncrypt: () => true,
    devices: new DeviceList(undefined),
    shortcuts: new Preference(localStorage, "shortcuts", true),
    openDevices: () => Promise.reject(new DOMException("", "NotFoundError")),
    mayCaptureUnasked: () => Promise.resolve(false),
    openSession: () => {
      throw new Error("no session here");
    },
    vault: (account) => new Vault({ api, openWorker: () => new FakeKeyWorker(), label: "Firefox on Linux" }, account),
    closeVault: () => {},
    save: () => {},
    copy: () => Promise.resolve(true),
    witness: new Witness(api, localStorage, noVerifier),
    loadVerifier: noVerifier,
    loadRemote: noVerifier,
    prepareMedia: () => {},
    prepareKeys: () => {},
    ...change,
  };
}

function noVerifier(): Promise<never> {
  return Promise.reject(new Error("no WebAssembly here"));
}
