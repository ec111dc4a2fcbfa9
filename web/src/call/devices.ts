/** Cameras, microphones and speakers: which there are, and how they are opened. */

import { Store } from "../store.ts";

export interface Device {
  id: string;
  /** Empty until the browser may tell. */
  label: string;
}

export interface Devices {
  cameras: readonly Device[];
  microphones: readonly Device[];
  speakers: readonly Device[];
}

export type DeviceKind = "camera" | "microphone";

/** Why a device can't be used, in what the person can do about it. */
export type DeviceProblem = "denied" | "missing" | "busy" | "unsupported" | "failed";

const NO_DEVICES: Devices = { cameras: [], microphones: [], speakers: [] };

/** The devices of this machine, kept up to date while watched. */
export class DeviceList extends Store<Devices> {
  readonly #media: MediaDevices | undefined;
  readonly #refresh = (): void => void this.refresh();

  constructor(media: MediaDevices | undefined = navigator.mediaDevices) {
    super(NO_DEVICES);
    this.#media = media;
  }

  watch(): () => void {
    this.#media?.addEventListener("devicechange", this.#refresh);
    this.#refresh();
    return () => this.#media?.removeEventListener("devicechange", this.#refresh);
  }

  async refresh(): Promise<void> {
    const found = (await this.#media?.enumerateDevices().catch(() => [])) ?? [];
    this.set({
      cameras: ofKind(found, "videoinput"),
      microphones: ofKind(found, "audioinput"),
      speakers: ofKind(found, "audiooutput"),
    });
  }
}

/** Before permission browsers list devices without ids: nothing to choose from. */
function ofKind(found: readonly MediaDeviceInfo[], kind: MediaDeviceKind): Device[] {
  return found
    .filter((device) => device.kind === kind && device.deviceId !== "")
    .map(({ deviceId, label }) => ({ id: deviceId, label }));
}

/** 720p where the camera can; the router sends each viewer as much of it as they can use. */
export function cameraConstraints(id: string | undefined): MediaTrackConstraints {
  return {
    width: { ideal: 1280 },
    height: { ideal: 720 },
    frameRate: { ideal: 30, max: 30 },
    ...(id === undefined ? { facingMode: "user" } : chosen(id)),
  };
}

export function microphoneConstraints(id: string | undefined): MediaTrackConstraints {
  return {
    echoCancellation: true,
    noiseSuppression: true,
    autoGainControl: true,
    ...(id === undefined ? {} : chosen(id)),
  };
}

/** Exactly, because Chromium takes the default microphone where another is only preferred. Who opens it falls back when it is gone. */
function chosen(id: string): MediaTrackConstraints {
  return { deviceId: { exact: id } };
}

/** Sound of a shared tab is not speech: processing would duck it whenever somebody talks. */
export const SHARED_SOUND = {
  echoCancellation: false,
  noiseSuppression: false,
  autoGainControl: false,
} as const;

/** Whether the picture of one's own camera is shown as in a mirror: not what a phone's rear camera sees. */
export function isMirrored(track: Pick<MediaStreamTrack, "getSettings">): boolean {
  return track.getSettings().facingMode !== "environment";
}

export function deviceProblem(error: unknown): DeviceProblem {
  // Not every browser's capture errors are instances of Error.
  switch ((error as { name?: unknown } | null)?.name) {
    case "NotAllowedError":
    case "SecurityError":
      return "denied";
    case "NotFoundError":
    case "OverconstrainedError":
      return "missing";
    case "NotReadableError":
    case "AbortError":
      return "busy";
    case "NotSupportedError":
    case "TypeError":
      return "unsupported";
    default:
      return "failed";
  }
}

export function canShareScreen(media: MediaDevices | undefined = navigator.mediaDevices): boolean {
  return typeof media?.getDisplayMedia === "function";
}

export function canChooseSpeaker(): boolean {
  return "setSinkId" in HTMLMediaElement.prototype;
}
