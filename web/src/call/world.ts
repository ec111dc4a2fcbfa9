/** Everything of this browser and this server that screens work with. */

import { Api } from "../api/api.ts";
import { mayCaptureUnasked } from "./browser.ts";
import type { OpenDevices } from "./capture.ts";
import { DeviceList } from "./devices.ts";
import { IntentStore } from "./intent.ts";
import type { LiveKitMedia } from "./media.ts";
import { Preference } from "./preference.ts";
import type { CapturedTracks } from "./preview.ts";
import { type KeptSeat, Seats } from "./seats.ts";
import { shelfOf } from "./shelf.ts";
import { Session } from "./session.ts";

export interface World {
  /** `https://meet.example`, as people type it. */
  origin: string;
  api: Api;
  seats: Seats;
  intent: IntentStore;
  devices: DeviceList;
  /** Camera and microphone; the browser may ask. */
  openDevices: OpenDevices;
  /** Whether it would not ask. */
  mayCaptureUnasked(): Promise<boolean>;
  shortcuts: Preference;
  openSession(seat: KeptSeat, captured: CapturedTracks): Session;
  /** Resolves to whether the browser allowed it. */
  copy(text: string): Promise<boolean>;
  /** Fetches what a meeting needs while somebody still types their name. */
  prepareMedia(): void;
}

export function browserWorld(): World {
  const { origin, host, protocol } = location;
  const sockets = `${protocol === "https:" ? "wss:" : "ws:"}//${host}`;
  const api = new Api();
  const tab = shelfOf(() => sessionStorage);
  const browser = shelfOf(() => localStorage);
  const intent = new IntentStore(tab, browser);

  return {
    origin,
    api,
    seats: new Seats(tab, browser),
    intent,
    devices: new DeviceList(),
    openDevices,
    mayCaptureUnasked,
    shortcuts: new Preference(browser, "conclave.shortcuts", true),
    openSession: (seat, captured) =>
      new Session(
        {
          api,
          openSocket: (meeting) => new WebSocket(`${sockets}/api/v1/meetings/${meeting}/channel`),
          openDevices,
          loadMedia: async (handlers) => new (await mediaClass())({ url: sockets, openDevices }, handlers),
          now: () => Date.now(),
          onWake,
          sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
        },
        seat,
        intent,
        captured,
      ),
    copy: (text) =>
      navigator.clipboard?.writeText(text).then(
        () => true,
        () => false,
      ) ?? Promise.resolve(false),
    prepareMedia: () => void mediaClass().catch(() => {}),
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

/** By far the largest part of the application; nothing before a meeting waits for it. */
async function mediaClass(): Promise<typeof LiveKitMedia> {
  return (await import("./media.ts")).LiveKitMedia;
}
