/** What the switch of one's own microphone or camera shows: what is so, or that it is on its way. Never the wish alone. */

import type { MediaState } from "./call-media.ts";
import type { DeviceKind } from "./devices.ts";
import type { Intent } from "./intent.ts";
import type { Capture } from "./preview.ts";

export type Switch = "off" | "starting" | "on";

/** In a meeting. */
export function switchOf(kind: DeviceKind, media: MediaState, me: string, intent: Intent): Switch {
  const mine = media.people.get(me);
  const isOn = kind === "microphone" ? mine?.isMicrophoneOn === true : (mine?.camera ?? null) !== null;
  if (isOn) return "on";
  const isUnconnected = media.connection === "idle" || media.connection === "connecting";
  return (isUnconnected ? intent[kind] : media.isStarting[kind]) ? "starting" : "off";
}

/** In front of it. */
export function switchOfCapture({ status }: Capture): Switch {
  return status === "failed" ? "off" : status;
}
