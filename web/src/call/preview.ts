/**
 * The own camera and microphone before the meeting.
 *
 * There is one owner of a captured track at a time: on some phones a second capture silences
 * the first. Joining takes the running tracks over with `release`.
 */

import { openBoth, type OpenDevices, openOne } from "./capture.ts";
import { type DeviceKind, type DeviceProblem, deviceProblem } from "./devices.ts";
import type { Intent } from "./intent.ts";
import { Store } from "../store.ts";

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

export class Preview extends Store<PreviewState> {
  readonly #open: OpenDevices;
  /** Counts the wishes per device, so that a slow answer to an old one is dropped. */
  readonly #wish: Record<DeviceKind, number> = { camera: 0, microphone: 0 };

  constructor(open: OpenDevices, { camera, microphone }: CapturedTracks = {}) {
    super({ camera: { status: "off" }, microphone: { status: "off" } });
    this.#open = open;
    if (camera !== undefined) this.#started("camera", this.#wish.camera, camera);
    if (microphone !== undefined) this.#started("microphone", this.#wish.microphone, microphone);
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

  turnOn(kind: DeviceKind, id: string | undefined): Promise<void> {
    const wish = this.#begin(kind);
    return this.#follow(kind, wish, openOne(this.#open, kind, id));
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

  /** Resolves once nothing starts any more. */
  settled(): Promise<void> {
    return new Promise((resolve) => {
      const stop = this.subscribe(look);
      const isStarting = (): boolean => Object.values(this.get()).some(({ status }) => status === "starting");
      function look(): void {
        if (isStarting()) return;
        stop();
        resolve();
      }
      look();
    });
  }

  async #startBoth(intent: Intent): Promise<void> {
    const wish = { camera: this.#begin("camera"), microphone: this.#begin("microphone") };
    const tracks = openBoth(this.#open, intent, (kind) => wish[kind] === this.#wish[kind]);
    await Promise.all([
      this.#follow("camera", wish.camera, tracks.camera),
      this.#follow("microphone", wish.microphone, tracks.microphone),
    ]);
  }

  async #follow(kind: DeviceKind, wish: number, opening: Promise<MediaStreamTrack>): Promise<void> {
    try {
      this.#started(kind, wish, await opening);
    } catch (error) {
      this.#failed(kind, wish, deviceProblem(error));
    }
  }

  #begin(kind: DeviceKind): number {
    this.#wish[kind] += 1;
    this.#stop(kind);
    this.#put(kind, { status: "starting" });
    return this.#wish[kind];
  }

  #started(kind: DeviceKind, wish: number, track: MediaStreamTrack): void {
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

function stopTracks({ camera, microphone }: CapturedTracks): void {
  camera?.stop();
  microphone?.stop();
}
