/** Opening the own camera and microphone, with one question of the browser where both are wanted. */

import { cameraConstraints, type DeviceKind, deviceProblem, microphoneConstraints } from "./devices.ts";
import type { Intent } from "./intent.ts";

/** The browser's `getUserMedia`. */
export type OpenDevices = (constraints: MediaStreamConstraints) => Promise<MediaStream>;

export type GivenTracks = Partial<Record<DeviceKind, Promise<MediaStreamTrack>>>;

/** Any device of the kind when the chosen one is gone. */
export async function openOne(open: OpenDevices, kind: DeviceKind, id: string | undefined): Promise<MediaStreamTrack> {
  try {
    return trackOf(await open(constraintsOf(kind, id)), kind);
  } catch (error) {
    if (id === undefined || deviceProblem(error) !== "missing") throw error;
    return trackOf(await open(constraintsOf(kind, undefined)), kind);
  }
}

/** After a refusal nobody is asked again. After anything else one of the two may still work: each that is still wanted is tried alone. */
export function openBoth(
  open: OpenDevices,
  intent: Intent,
  isWanted: (kind: DeviceKind) => boolean = () => true,
): Required<GivenTracks> {
  const both = open({ video: cameraConstraints(intent.cameraId), audio: microphoneConstraints(intent.microphoneId) });

  async function one(kind: DeviceKind, before: Promise<unknown>): Promise<MediaStreamTrack> {
    try {
      return trackOf(await both, kind);
    } catch (error) {
      await before.catch(() => {});
      if (deviceProblem(error) === "denied" || !isWanted(kind)) throw error;
      return await openOne(open, kind, intent[`${kind}Id`]);
    }
  }
  const microphone = one("microphone", both);
  return { microphone, camera: one("camera", microphone) };
}

function constraintsOf(kind: DeviceKind, id: string | undefined): MediaStreamConstraints {
  return kind === "camera" ? { video: cameraConstraints(id) } : { audio: microphoneConstraints(id) };
}

function trackOf(stream: MediaStream, kind: DeviceKind): MediaStreamTrack {
  const track = (kind === "camera" ? stream.getVideoTracks() : stream.getAudioTracks())[0];
  if (track === undefined) throw new DOMException("a stream without its track", "NotFoundError");
  return track;
}
