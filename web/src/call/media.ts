/**
 * The media of a meeting over LiveKit's client: the only file that names it.
 *
 * LiveKit's identity of a participant is the participant's id; names come from the meeting
 * channel. What somebody wants of their devices is told by the intent, never read back from
 * the connection, so that a reconnection can't turn anything on.
 */

import {
  ConnectionQuality,
  DisconnectReason,
  LocalAudioTrack,
  type LocalParticipant,
  type LocalTrack,
  LocalVideoTrack,
  type Participant,
  Room,
  RoomEvent,
  setLogLevel,
  Track,
  type TrackPublication,
  VideoPresets,
} from "livekit-client";

import {
  type CallMedia,
  type MediaConnection,
  type MediaFailure,
  type MediaHandlers,
  type MediaState,
  NO_MEDIA,
  type PersonMedia,
  type Quality,
  type VideoFeed,
} from "./call-media.ts";
import { cameraConstraints, deviceProblem, microphoneConstraints, SHARED_SOUND } from "./devices.ts";
import type { Intent } from "./intent.ts";
import { type CapturedTracks, stopTracks } from "./preview.ts";
import { Store } from "./store.ts";

// Its chatter carries identities; a person's console is not the place for them.
setLogLevel("silent");

const QUALITY: Record<ConnectionQuality, Quality> = {
  [ConnectionQuality.Excellent]: "good",
  [ConnectionQuality.Good]: "good",
  [ConnectionQuality.Poor]: "weak",
  [ConnectionQuality.Lost]: "lost",
  [ConnectionQuality.Unknown]: "unknown",
};

const KIND = { camera: "videoinput", microphone: "audioinput", speaker: "audiooutput" } as const;

/** Events after which the picture of the meeting may be another. */
const CHANGES = [
  RoomEvent.ParticipantConnected,
  RoomEvent.ParticipantDisconnected,
  RoomEvent.TrackSubscribed,
  RoomEvent.TrackUnsubscribed,
  RoomEvent.TrackMuted,
  RoomEvent.TrackUnmuted,
  RoomEvent.TrackStreamStateChanged,
  RoomEvent.LocalTrackPublished,
  RoomEvent.LocalTrackUnpublished,
  RoomEvent.ConnectionQualityChanged,
  RoomEvent.ActiveSpeakersChanged,
  RoomEvent.AudioPlaybackStatusChanged,
] as const;

export class LiveKitMedia implements CallMedia {
  readonly #state = new Store<MediaState>(NO_MEDIA);
  readonly state = this.#state;
  readonly #url: string;
  readonly #handlers: MediaHandlers;
  readonly #feeds = new WeakMap<Track, VideoFeed>();
  #room: Room | null = null;
  #wanted = { microphone: false, camera: false };
  #isRefreshQueued = false;

  constructor(url: string, handlers: MediaHandlers) {
    this.#url = url;
    this.#handlers = handlers;
  }

  async connect(ticket: string, intent: Intent, captured: CapturedTracks): Promise<void> {
    await this.disconnect();
    const room = new Room({
      adaptiveStream: true,
      dynacast: true,
      videoCaptureDefaults: { resolution: VideoPresets.h720.resolution },
      publishDefaults: { simulcast: true, videoCodec: "vp8" },
      ...(intent.speakerId === undefined ? {} : { audioOutput: { deviceId: intent.speakerId } }),
      // A reload keeps the participant; leaving is said to the server in so many words.
      disconnectOnPageLeave: false,
    });
    this.#room = room;
    this.#wanted = { microphone: intent.microphone, camera: intent.camera };
    this.#listen(room);
    this.#put({ connection: "connecting" });
    try {
      await room.connect(this.#url, ticket);
    } catch (error) {
      stopTracks(captured);
      throw error;
    }
    this.#put({ connection: "connected" });
    await Promise.all([
      this.#publishMicrophone(room.localParticipant, intent, captured.microphone),
      this.#publishCamera(room.localParticipant, intent, captured.camera),
    ]);
    this.#refresh();
  }

  async setMicrophone(on: boolean, id: string | undefined): Promise<boolean> {
    this.#wanted.microphone = on;
    const me = this.#room?.localParticipant;
    await this.#try("microphone", () => me?.setMicrophoneEnabled(on, audioCapture(id)));
    return me?.isMicrophoneEnabled ?? false;
  }

  async setCamera(on: boolean, id: string | undefined): Promise<boolean> {
    this.#wanted.camera = on;
    const me = this.#room?.localParticipant;
    await this.#try("camera", () => me?.setCameraEnabled(on, videoCapture(id)));
    return me?.isCameraEnabled ?? false;
  }

  async setScreen(on: boolean): Promise<boolean> {
    const me = this.#room?.localParticipant;
    await this.#try("screen", () =>
      me?.setScreenShareEnabled(on, {
        audio: { ...SHARED_SOUND, restrictOwnAudio: true },
        contentHint: "detail",
        selfBrowserSurface: "exclude",
        surfaceSwitching: "include",
        systemAudio: "include",
      }),
    );
    return me?.isScreenShareEnabled ?? false;
  }

  async chooseDevice(kind: "camera" | "microphone" | "speaker", id: string): Promise<void> {
    await this.#try(kind === "speaker" ? "microphone" : kind, () => this.#room?.switchActiveDevice(KIND[kind], id, false));
    this.#refresh();
  }

  async send(topic: string, payload: Uint8Array<ArrayBuffer>): Promise<void> {
    if (this.#room === null) throw new Error("not connected");
    await this.#room.localParticipant.publishData(payload, { reliable: true, topic });
  }

  async unblockSound(): Promise<void> {
    await this.#room?.startAudio();
  }

  async disconnect(): Promise<void> {
    const room = this.#room;
    this.#room = null;
    if (room === null) return;
    room.removeAllListeners();
    for (const participant of room.remoteParticipants.values()) {
      for (const { track } of participant.audioTrackPublications.values()) removeSound(track);
    }
    await room.disconnect(true).catch(() => {});
    this.#state.set(NO_MEDIA);
  }

  async #publishMicrophone(me: LocalParticipant, intent: Intent, captured: MediaStreamTrack | undefined): Promise<void> {
    if (!intent.microphone) {
      captured?.stop();
      return;
    }
    await this.#try("microphone", () =>
      captured?.readyState === "live"
        ? publish(me, Track.Source.Microphone, new LocalAudioTrack(captured, microphoneConstraints(intent.microphoneId), false))
        : me.setMicrophoneEnabled(true, audioCapture(intent.microphoneId)),
    );
    await this.#keepMuted();
  }

  async #publishCamera(me: LocalParticipant, intent: Intent, captured: MediaStreamTrack | undefined): Promise<void> {
    if (!intent.camera) {
      captured?.stop();
      return;
    }
    await this.#try("camera", () =>
      captured?.readyState === "live"
        ? publish(me, Track.Source.Camera, new LocalVideoTrack(captured, cameraConstraints(intent.cameraId), false))
        : me.setCameraEnabled(true, videoCapture(intent.cameraId)),
    );
    await this.#keepMuted();
  }

  /** The wish may have changed while something was published or republished. */
  async #keepMuted(): Promise<void> {
    const me = this.#room?.localParticipant;
    if (!this.#wanted.microphone) await me?.getTrackPublication(Track.Source.Microphone)?.mute();
    if (!this.#wanted.camera) await me?.getTrackPublication(Track.Source.Camera)?.mute();
  }

  #listen(room: Room): void {
    for (const event of CHANGES) room.on(event, () => this.#queueRefresh());
    room
      .on(RoomEvent.TrackSubscribed, (track) => {
        if (track.kind === Track.Kind.Audio) document.body.append(track.attach());
      })
      .on(RoomEvent.TrackUnsubscribed, (track) => removeSound(track))
      .on(RoomEvent.Reconnecting, () => this.#put({ connection: "reconnecting" }))
      .on(RoomEvent.SignalReconnecting, () => this.#put({ connection: "reconnecting" }))
      .on(RoomEvent.Reconnected, () => {
        this.#put({ connection: "connected" });
        void this.#keepMuted();
        this.#queueRefresh();
      })
      .on(RoomEvent.DataReceived, (payload, participant, _kind, topic) => {
        if (participant !== undefined && topic !== undefined) {
          this.#handlers.onMessage(topic, participant.identity, payload);
        }
      })
      .on(RoomEvent.Disconnected, (reason) => {
        if (room === this.#room && reason !== DisconnectReason.CLIENT_INITIATED) this.#lost();
      });
  }

  #lost(): void {
    this.#put({ connection: "reconnecting" });
    this.#handlers.onLost();
  }

  async #try(what: MediaFailure["what"], action: () => Promise<unknown> | undefined): Promise<void> {
    this.#put({ failure: null });
    try {
      await action();
    } catch (error) {
      const problem = deviceProblem(error);
      // Closing the browser's own chooser of screens is an answer, not a failure.
      if (what !== "screen" || problem !== "denied") this.#put({ failure: { what, problem } });
    }
    this.#refresh();
  }

  #queueRefresh(): void {
    if (this.#isRefreshQueued) return;
    this.#isRefreshQueued = true;
    queueMicrotask(() => {
      this.#isRefreshQueued = false;
      this.#refresh();
    });
  }

  #refresh(): void {
    const room = this.#room;
    if (room === null) return;
    const everybody: Participant[] = [room.localParticipant, ...room.remoteParticipants.values()];
    const speaking = room.activeSpeakers.find((participant) => !participant.isLocal);
    this.#put({
      people: new Map(everybody.map((participant) => [participant.identity, this.#person(participant)])),
      speaker: speaking?.identity ?? this.#state.get().speaker,
      isSoundBlocked: !room.canPlaybackAudio,
    });
  }

  #person(participant: Participant): PersonMedia {
    const camera = participant.getTrackPublication(Track.Source.Camera);
    return {
      camera: this.#feed(camera),
      screen: this.#feed(participant.getTrackPublication(Track.Source.ScreenShare)),
      isMicrophoneOn: participant.isMicrophoneEnabled,
      isSpeaking: participant.isSpeaking && participant.isMicrophoneEnabled,
      isCameraPaused: camera?.track?.streamState === Track.StreamState.Paused,
      quality: QUALITY[participant.connectionQuality],
    };
  }

  #feed(publication: TrackPublication | undefined): VideoFeed | null {
    const track = publication?.track;
    if (publication === undefined || track === undefined || publication.isMuted) return null;
    const known = this.#feeds.get(track);
    if (known !== undefined) return known;
    const feed = feedOf(track);
    this.#feeds.set(track, feed);
    return feed;
  }

  #put(change: Partial<MediaState> & { connection?: MediaConnection }): void {
    this.#state.update((state) => ({ ...state, ...change }));
  }
}

function publish(me: LocalParticipant, source: Track.Source, track: LocalAudioTrack | LocalVideoTrack): Promise<unknown> {
  // Its declarations were not written for exactOptionalPropertyTypes.
  return me.publishTrack(track as LocalTrack, { source });
}

function feedOf(track: Track): VideoFeed {
  const faces = track.mediaStreamTrack.getSettings().facingMode;
  return {
    id: track.mediaStreamTrack.id,
    isMirrored: track instanceof LocalVideoTrack && track.source === Track.Source.Camera && faces !== "environment",
    attach(element) {
      track.attach(element);
      return () => void track.detach(element);
    },
  };
}

function removeSound(track: Track | undefined): void {
  if (track?.kind !== Track.Kind.Audio) return;
  for (const element of track.detach()) element.remove();
}

function audioCapture(id: string | undefined): { deviceId?: ConstrainDOMString } {
  return id === undefined ? {} : { deviceId: { ideal: id } };
}

function videoCapture(id: string | undefined): { deviceId?: ConstrainDOMString; resolution: VideoResolution } {
  return { ...audioCapture(id), resolution: VideoPresets.h720.resolution };
}

type VideoResolution = (typeof VideoPresets.h720)["resolution"];
