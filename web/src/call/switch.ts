/** What the switch of one's own microphone or camera shows: what is so, or that it is on its way. */

import type { MediaState } from "./call-media.ts";
import type { DeviceKind } from "./devices.ts";
import type { Intent } from "./intent.ts";
import type { Capture } from "./preview.ts";

export type Switch = "off" | "starting" | "on";

/** In a meeting. */
export function switchOf(kind: DeviceKind, media: MediaState, me: string, intent: Intent): Switch {
  const mine = media.people.get(me);
  const isOn = kind === "microphone" ? mine?.isMicrophoneOn === true : (mine?.camera ?? null) !== null;
  if (media.connection === "connected") return isOn ? "on" : media.isStarting[kind] ? "starting" : "off";
  // What is wanted comes back with the connection: who is taken off the air meanwhile can still mute.
  if (!intent[kind]) return "off";
  return isOn ? "on" : "starting";
}

/** In front of it. */
export function switchOfCapture({ status }: Capture): Switch {
  return status === "failed" ? "off" : status;
}
