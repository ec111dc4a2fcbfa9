/** Everything of this browser and this server that screens work with. */

import { Api } from "../api/api.ts";
import { loadVerifier, type Verifier } from "../audit/verifier.ts";
import { Witness } from "../audit/witness.ts";
import { browserName, mayCaptureUnasked } from "./browser.ts";
import type { OpenDevices } from "./capture.ts";
import { DeviceList } from "./devices.ts";
import { IntentStore } from "./intent.ts";
import { Journey } from "./journey.ts";
import { canEncrypt, type KeyWorker } from "../e2ee/encryption.ts";
import keysUrl from "../e2ee/wasm/conclave_wasm_bg.wasm?url";
import type { LiveKitMedia } from "./media.ts";
import { loadRemote } from "../remote/codec.ts";
import type { RemoteCodec } from "../remote/words.ts";
import { Preference } from "./preference.ts";
import type { CapturedTracks } from "./preview.ts";
import { type KeptSeat, Seats } from "./seats.ts";
import { shelfOf } from "./shelf.ts";
import { Session } from "./session.ts";
import { Vault } from "./vault.ts";

export interface World {
  /** `https://meet.example`, as people type it. */
  origin: string;
  api: Api;
  seats: Seats;
  intent: IntentStore;
  /** To the organisation's identity provider and back. */
  journey: Journey;
  devices: DeviceList;
  /** Whether there can be a meeting in this browser at all. */
  canEncrypt(): boolean;
  /** Camera and microphone; the browser may ask. */
  openDevices: OpenDevices;
  /** Whether it would not ask. */
  mayCaptureUnasked(): Promise<boolean>;
  shortcuts: Preference;
  /** With what this tab wants of its devices, unless the page wants something else. */
  openSession(code: string, seat: KeptSeat, captured: CapturedTracks, wish?: IntentStore): Session;
  /** What the account's browsers share. The same one for each question, until somebody signs out. */
  vault(account: string): Vault;
  closeVault(): void;
  /** Resolves to whether the browser allowed it. */
  copy(text: string): Promise<boolean>;
  /** Gives the person a file, made here. */
  save(name: string, type: string, content: string | Blob): void;
  /** How far this browser has seen the organisation's log. */
  witness: Witness;
  /** Verifies the log's proofs, in this browser. */
  loadVerifier(): Promise<Verifier>;
  /** Reads and writes what a technician's page and a supported computer say. */
  loadRemote(): Promise<RemoteCodec>;
  /** Fetches what a meeting needs while somebody still types their name. */
  prepareMedia(): void;
  /** Fetches what keys are made with while somebody still looks around. */
  prepareKeys(): void;
}

export function browserWorld(): World {
  const { origin, host, protocol } = location;
  const sockets = `${protocol === "https:" ? "wss:" : "ws:"}//${host}`;
  const api = new Api();
  const tab = shelfOf(() => sessionStorage);
  const browser = shelfOf(() => localStorage);
  const intent = new IntentStore(tab, browser);
  const seats = new Seats(tab, browser);
  let vault: Vault | null = null;

  return {
    origin,
    api,
    seats,
    canEncrypt,
    intent,
    journey: new Journey(tab, (address) => location.assign(address)),
    devices: new DeviceList(),
    openDevices,
    mayCaptureUnasked,
    shortcuts: new Preference(browser, "conclave.shortcuts", true),
    vault(account) {
      if (vault?.account === account) return vault;
      vault?.close();
      return (vault = new Vault({ api, openWorker, label: browserName(navigator) }, account));
    },
    closeVault() {
      vault?.close();
      vault = null;
    },
    openSession: (code, seat, captured, wish = intent) =>
      new Session(
        {
          api,
          openSocket: (meeting) => new WebSocket(`${sockets}/api/v1/meetings/${meeting}/channel`),
          openDevices,
          loadMedia: async (handlers, sealing) => new (await mediaClass())({ url: sockets, openDevices, sealing }, handlers),
          openWorker,
          canEncrypt,
          now: () => Date.now(),
          onWake,
          sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
        },
        seat,
        seats.secrets(code),
        wish,
        captured,
      ),
    copy: (text) =>
      navigator.clipboard?.writeText(text).then(
        () => true,
        () => false,
      ) ?? Promise.resolve(false),
    save(name, type, content) {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([content], { type }));
      link.download = name;
      link.click();
      URL.revokeObjectURL(link.href);
    },
    witness: new Witness(api, browser, loadVerifier),
    loadVerifier,
    loadRemote,
    prepareMedia: () => void mediaClass().catch(() => {}),
    prepareKeys: () => void intoTheCache(keysUrl).catch(() => {}),
  };
}

function onWake(listener: () => void): () => void {
  const onVisible = (): void => {
    if (document.visibilityState === "visible") listener();
  };
  addEventListener("online", listener);
  document.addEventListener("visibilitychange", onVisible);
  return () => {
    removeEventListener("online", listener);
    document.removeEventListener("visibilitychange", onVisible);
  };
}

/** Refuses where there is nothing to open devices with: in an insecure page, in another app's browser. */
async function openDevices(constraints: MediaStreamConstraints): Promise<MediaStream> {
  return await navigator.mediaDevices.getUserMedia(constraints);
}

/** Whoever needs it next finds it there. */
async function intoTheCache(url: string): Promise<void> {
  const answer = await fetch(url);
  await answer.arrayBuffer();
}

/** A chunk of its own with the WebAssembly, which no page loads before it needs keys. */
function openWorker(): KeyWorker {
  return new Worker(new URL("../e2ee/worker.ts", import.meta.url), { type: "module", name: "keys" });
}

/** By far the largest part of the application; nothing before a meeting waits for it. */
async function mediaClass(): Promise<typeof LiveKitMedia> {
  return (await import("./media.ts")).LiveKitMedia;
}
