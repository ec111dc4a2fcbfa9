/** What a meeting needs of its media, whoever carries it. */

import type { DeviceKind, DeviceProblem } from "./devices.ts";
import type { Intent } from "./intent.ts";
import type { CapturedTracks } from "./preview.ts";
import type { Watchable } from "../store.ts";

export type Quality = "unknown" | "good" | "weak" | "lost";

/** A picture that can be put into a video element. */
export interface VideoFeed {
  id: string;
  isMirrored: boolean;
  /** Returns what takes it out again. */
  attach(element: HTMLVideoElement): () => void;
}

export interface PersonMedia {
  camera: VideoFeed | null;
  screen: VideoFeed | null;
  isMicrophoneOn: boolean;
  isSpeaking: boolean;
  /** The router paused the picture, because the connection can't carry it. */
  isCameraPaused: boolean;
  quality: Quality;
}

export type MediaConnection = "idle" | "connecting" | "connected" | "reconnecting";

/** Something of one's own that could not be turned on. */
export interface MediaFailure {
  what: "camera" | "microphone" | "screen" | "speaker";
  problem: DeviceProblem;
}

/** What one's organisation lets one send; the server takes nothing else. */
export interface Permits {
  microphone: boolean;
  camera: boolean;
  screen: boolean;
  messages: boolean;
}

export interface MediaState {
  connection: MediaConnection;
  /** By participant; the own one too. */
  people: ReadonlyMap<string, PersonMedia>;
  /** Nothing comes any more, over the media's connection or the server's, and neither is given up yet. */
  isSilent: boolean;
  /** Who spoke last, other than oneself. */
  speaker: string | null;
  /** Of one's own: wanted, but the person, the browser or the network have not answered yet. */
  isStarting: Readonly<Record<DeviceKind, boolean>>;
  /** The browser plays sound only after a click. */
  isSoundBlocked: boolean;
  permits: Permits;
  failure: MediaFailure | null;
}

export const SILENT: PersonMedia = {
  camera: null,
  screen: null,
  isMicrophoneOn: false,
  isSpeaking: false,
  isCameraPaused: false,
  quality: "unknown",
};

export const NO_MEDIA: MediaState = {
  connection: "idle",
  people: new Map(),
  isSilent: false,
  speaker: null,
  isStarting: { camera: false, microphone: false },
  isSoundBlocked: false,
  permits: { microphone: true, camera: true, screen: true, messages: true },
  failure: null,
};

export interface MediaHandlers {
  /** Asks the server for a sign, by another way than the media's. Resolves with its next word. */
  ask(): Promise<void>;
  onMessage(topic: string, participant: string, payload: Uint8Array): void;
  /** The connection is gone for good: a fresh ticket is needed. */
  onLost(): void;
  /** It was wanted, and can't be had. */
  onUnavailable(kind: DeviceKind): void;
  /** It was on, and the server passes it on no longer: a host's doing. It is off now. */
  onStopped(kind: DeviceKind): void;
}

export interface CallMedia {
  readonly state: Watchable<MediaState>;
  /**
   * Resolves once connected. Then publishes what is wanted at that moment, without waiting for it:
   * the browser may ask somebody who takes their time. What was captured is taken only then; tracks
   * that are not wanted are stopped.
   */
  connect(ticket: string, intent: Intent, take: () => CapturedTracks): Promise<void>;
  /** Each resolves to whether the device is on then; before there is a connection, to whether it will be. */
  setMicrophone(on: boolean, id: string | undefined): Promise<boolean>;
  setCamera(on: boolean, id: string | undefined): Promise<boolean>;
  setScreen(on: boolean): Promise<boolean>;
  chooseDevice(kind: "camera" | "microphone" | "speaker", id: string): Promise<void>;
  /** Sealed for the members of the group, and sent to all of them or to one. Rejects while there is no key. */
  send(topic: string, payload: Uint8Array<ArrayBuffer>, to?: string): Promise<void>;
  /** Inside a click. */
  unblockSound(): Promise<void>;
  disconnect(): Promise<void>;
}
