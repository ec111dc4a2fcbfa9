/**
 * The own camera and microphone before the meeting.
 *
 * There is one owner of a captured track at a time: on some phones a second capture silences
 * the first. Joining takes the running tracks over with `release`.
 */

import {
  cameraConstraints,
  type DeviceKind,
  type DeviceProblem,
  deviceProblem,
  microphoneConstraints,
} from "./devices.ts";
import type { Intent } from "./intent.ts";
import { Store } from "./store.ts";

export type Capture =
  | { status: "off" }
  | { status: "starting" }
  | { status: "on"; track: MediaStreamTrack }
  | { status: "failed"; problem: DeviceProblem };

export interface PreviewState {
  camera: Capture;
  microphone: Capture;
}

/** Running tracks that their new owner has to stop. */
export interface CapturedTracks {
  camera?: MediaStreamTrack;
  microphone?: MediaStreamTrack;
}

type Open = (constraints: MediaStreamConstraints) => Promise<MediaStream>;

export class Preview extends Store<PreviewState> {
  readonly #open: Open;
  /** Counts the wishes per device, so that a slow answer to an old one is dropped. */
  readonly #wish: Record<DeviceKind, number> = { camera: 0, microphone: 0 };

  constructor(open: Open = (constraints) => navigator.mediaDevices.getUserMedia(constraints)) {
    super({ camera: { status: "off" }, microphone: { status: "off" } });
    this.#open = open;
  }

  /** Turns both to what the intent says; asks once for both where both are wanted. */
  async start(intent: Intent): Promise<void> {
    if (intent.camera && intent.microphone) {
      await this.#startBoth(intent);
      return;
    }
    if (intent.camera) await this.turnOn("camera", intent.cameraId);
    if (intent.microphone) await this.turnOn("microphone", intent.microphoneId);
  }

  async turnOn(kind: DeviceKind, id: string | undefined): Promise<void> {
    this.#stop(kind);
    const wish = this.#begin(kind);
    try {
      const stream = await this.#open(constraintsOf(kind, id));
      this.#started(kind, wish, stream.getTracks()[0]);
    } catch (error) {
      this.#failed(kind, wish, deviceProblem(error));
    }
  }

  turnOff(kind: DeviceKind): void {
    this.#wish[kind] += 1;
    this.#stop(kind);
    this.#put(kind, { status: "off" });
  }

  /** Hands the running tracks to their next owner. */
  release(): CapturedTracks {
    const { camera, microphone } = this.get();
    this.#wish.camera += 1;
    this.#wish.microphone += 1;
    this.set({ camera: { status: "off" }, microphone: { status: "off" } });
    return {
      ...(camera.status === "on" ? { camera: camera.track } : {}),
      ...(microphone.status === "on" ? { microphone: microphone.track } : {}),
    };
  }

  stop(): void {
    stopTracks(this.release());
  }

  async #startBoth(intent: Intent): Promise<void> {
    const camera = this.#begin("camera");
    const microphone = this.#begin("microphone");
    const both = {
      video: cameraConstraints(intent.cameraId),
      audio: microphoneConstraints(intent.microphoneId),
    };
    try {
      const stream = await this.#open(both);
      this.#started("camera", camera, stream.getVideoTracks()[0]);
      this.#started("microphone", microphone, stream.getAudioTracks()[0]);
    } catch (error) {
      if (deviceProblem(error) === "denied") {
        this.#failed("camera", camera, "denied");
        this.#failed("microphone", microphone, "denied");
        return;
      }
      // One of the two is missing or busy: the other may still work.
      await this.turnOn("microphone", intent.microphoneId);
      await this.turnOn("camera", intent.cameraId);
    }
  }

  #begin(kind: DeviceKind): number {
    this.#wish[kind] += 1;
    this.#put(kind, { status: "starting" });
    return this.#wish[kind];
  }

  #started(kind: DeviceKind, wish: number, track: MediaStreamTrack | undefined): void {
    if (track === undefined) return;
    if (wish !== this.#wish[kind]) {
      track.stop();
      return;
    }
    track.addEventListener("ended", () => this.#failed(kind, wish, "missing"));
    this.#put(kind, { status: "on", track });
  }

  #failed(kind: DeviceKind, wish: number, problem: DeviceProblem): void {
    if (wish === this.#wish[kind]) this.#put(kind, { status: "failed", problem });
  }

  #stop(kind: DeviceKind): void {
    const capture = this.get()[kind];
    if (capture.status === "on") capture.track.stop();
  }

  #put(kind: DeviceKind, capture: Capture): void {
    this.update((state) => ({ ...state, [kind]: capture }));
  }
}

export function stopTracks({ camera, microphone }: CapturedTracks): void {
  camera?.stop();
  microphone?.stop();
}

function constraintsOf(kind: DeviceKind, id: string | undefined): MediaStreamConstraints {
  return kind === "camera" ? { video: cameraConstraints(id) } : { audio: microphoneConstraints(id) };
}
