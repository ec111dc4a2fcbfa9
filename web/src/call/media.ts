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
  type RoomOptions,
  setLogLevel,
  Track,
  type TrackPublication,
} from "livekit-client";

import { readingOf } from "./arrivals.ts";
import {
  type CallMedia,
  type MediaConnection,
  type MediaFailure,
  type MediaHandlers,
  type MediaState,
  NO_MEDIA,
  type Permits,
  type PersonMedia,
  type Quality,
  type VideoFeed,
} from "./call-media.ts";
import { type GivenTracks, openBoth, type OpenDevices, openOne } from "./capture.ts";
import { cameraConstraints, type DeviceKind, deviceProblem, isMirrored, microphoneConstraints, SHARED_SOUND } from "./devices.ts";
import type { Intent } from "./intent.ts";
import { OwnDevice } from "./own-device.ts";
import { labelOf } from "./packets.ts";
import type { CapturedTracks } from "./preview.ts";
import { drawTrackName, SealedRoom } from "./sealed-room.ts";
import { Silence } from "./silence.ts";
import type { Bytes } from "../e2ee/bytes.ts";
import type { Sealing } from "../e2ee/encryption.ts";
import { Store } from "../store.ts";

// Its chatter carries identities; a person's console is not the place for them.
setLogLevel("silent");

const QUALITY: Record<ConnectionQuality, Quality> = {
  [ConnectionQuality.Excellent]: "good",
  [ConnectionQuality.Good]: "good",
  [ConnectionQuality.Poor]: "weak",
  [ConnectionQuality.Lost]: "lost",
  [ConnectionQuality.Unknown]: "unknown",
};

const SOURCE = { camera: Track.Source.Camera, microphone: Track.Source.Microphone } as const;

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
  RoomEvent.ParticipantPermissionsChanged,
] as const;

type OwnTracks = Record<DeviceKind, OwnDevice<LocalAudioTrack | LocalVideoTrack>>;

/** What a connection is made of, given from outside. */
interface MediaWorld {
  /** `wss://meet.example` */
  url: string;
  openDevices: OpenDevices;
  /** Everything that goes out or comes in passes through it. */
  sealing: Sealing;
  makeRoom?: (options: RoomOptions) => Room;
  sleep?: (milliseconds: number) => Promise<void>;
  /** In milliseconds, of a clock that nobody sets. */
  now?: () => number;
  /** Returns what ends that. */
  everySecond?: (look: () => void) => () => void;
  /** On what others' media come over. */
  report?: (room: Room) => Promise<RTCStatsReport> | undefined;
}

/** Before a device that could not be published is tried again; doubled each time. */
const RETRY_MS = 500;

export class LiveKitMedia implements CallMedia {
  readonly #state = new Store<MediaState>(NO_MEDIA);
  readonly state = this.#state;
  readonly #world: Required<MediaWorld>;
  readonly #handlers: MediaHandlers;
  readonly #feeds = new WeakMap<Track, VideoFeed>();
  /** Of which connection the server said how good it is: LiveKit keeps that for whoever comes again. */
  readonly #judged = new WeakMap<Participant, string>();
  /** Counts connections and their ends, so that a slow one notices that it was given up. */
  #turn = 0;
  #room: Room | null = null;
  #sealed: SealedRoom | null = null;
  /** Absent until there is a connection to publish to. */
  #own: OwnTracks | null = null;
  #wanted: Intent = { microphone: false, camera: false };
  #isRefreshQueued = false;
  readonly #silence: Silence;
  #endWatch: () => void = () => {};

  constructor(world: MediaWorld, handlers: MediaHandlers) {
    this.#world = {
      makeRoom: (options) => new Room(options),
      sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
      now: () => performance.now(),
      everySecond,
      report: reportOf,
      ...world,
    };
    this.#handlers = handlers;
    this.#silence = new Silence({
      now: this.#world.now,
      ask: () => handlers.ask(),
      onChange: () => this.#put({ isSilent: this.#silence.isSilent }),
    });
  }

  async connect(ticket: string, intent: Intent, take: () => CapturedTracks): Promise<void> {
    this.#wanted = { ...intent };
    const room = await this.#reach(ticket);
    this.#forgoForbidden(room);
    this.#own = this.#ownTracks(room.localParticipant, this.#current(take(), intent));
    this.#put({ connection: "connected" });
    for (const kind of ["microphone", "camera"] as const) void this.#own[kind].want(this.#wanted[kind]);
    this.#endWatch = this.#world.everySecond(() => void this.#look(room));
    this.#refresh();
  }

  setMicrophone(on: boolean, id: string | undefined): Promise<boolean> {
    return this.#want("microphone", on, id);
  }

  setCamera(on: boolean, id: string | undefined): Promise<boolean> {
    return this.#want("camera", on, id);
  }

  async setScreen(on: boolean): Promise<boolean> {
    const me = this.#room?.localParticipant;
    if (me === undefined) return false;
    await this.#try("screen", () =>
      me.setScreenShareEnabled(
        on,
        {
          // What comes with a picture and is refused takes the picture down with it.
          audio: mayPublish(me, Track.Source.ScreenShareAudio) ? { ...SHARED_SOUND, restrictOwnAudio: true } : false,
          contentHint: "detail",
          selfBrowserSurface: "exclude",
          surfaceSwitching: "include",
          systemAudio: "include",
        },
        { name: drawTrackName() },
      ),
    );
    return me.isScreenShareEnabled;
  }

  async chooseDevice(kind: "camera" | "microphone" | "speaker", id: string): Promise<void> {
    this.#wanted = { ...this.#wanted, [`${kind}Id`]: id };
    await this.#try(kind, () => this.#room?.switchActiveDevice(KIND[kind], id));
    this.#refresh();
  }

  async send(topic: string, payload: Bytes, to?: string): Promise<void> {
    const sealed = await this.#world.sealing.seal(labelOf(topic), topic, payload);
    if (this.#room === null) throw new Error("not connected");
    await this.#room.localParticipant.publishData(sealed, { reliable: true, topic, ...(to === undefined ? {} : { destinationIdentities: [to] }) });
  }

  /** What nobody in the meeting sealed was not said. */
  async #receive(topic: string, participant: string, sealed: Uint8Array): Promise<void> {
    const payload = await this.#world.sealing.open(participant, labelOf(topic), topic, sealed);
    if (payload !== null) this.#handlers.onMessage(topic, participant, payload);
  }

  async unblockSound(): Promise<void> {
    await this.#room?.startAudio();
  }

  disconnect(): Promise<void> {
    this.#turn += 1;
    return this.#hangUp("idle");
  }

  async #hangUp(connection: MediaConnection): Promise<void> {
    const room = this.#room;
    this.#room = null;
    this.#closeOwn();
    this.#endWatch();
    this.#silence.forget();
    if (room === null) return;
    room.removeAllListeners();
    for (const participant of room.remoteParticipants.values()) {
      for (const { track } of participant.audioTrackPublications.values()) removeSound(track);
    }
    const sealed = this.#sealed;
    await room.disconnect(true).catch(() => {});
    sealed?.close();
    this.#state.set({ ...NO_MEDIA, connection });
  }

  /** A connected room, unless it was given up meanwhile. */
  async #reach(ticket: string): Promise<Room> {
    const turn = (this.#turn += 1);
    // To those who were connected once this is one interruption, however many tries it takes.
    const { connection } = this.#state.get();
    const meanwhile = connection === "connected" || connection === "reconnecting" ? "reconnecting" : "connecting";
    await this.#hangUp(meanwhile);
    if (turn !== this.#turn) throw new Error("given up");
    const sealed = new SealedRoom(this.#world.sealing, () => this.#queueRefresh());
    const room = this.#world.makeRoom(roomOptions(this.#wanted, sealed));
    this.#sealed = sealed;
    this.#room = room;
    this.#listen(room);
    this.#put({ connection: meanwhile });
    // Declares each track as encrypted: the server takes no other in a meeting.
    await room.setE2EEEnabled(true);
    await room.connect(this.#world.url, ticket);
    if (turn !== this.#turn) {
      void room.disconnect(true).catch(() => {});
      throw new Error("given up");
    }
    return room;
  }

  /** Nothing is opened for what the server would not take, nor by itself when it would take it later. */
  #forgoForbidden({ localParticipant: me }: Room): void {
    for (const kind of ["microphone", "camera"] as const) {
      if (!this.#wanted[kind] || mayPublish(me, SOURCE[kind])) continue;
      this.#wanted = { ...this.#wanted, [kind]: false };
      this.#handlers.onUnavailable(kind);
    }
  }

  /** Without those of a device in whose place another was chosen meanwhile. */
  #current(captured: CapturedTracks, before: Intent): CapturedTracks {
    const { camera, microphone } = captured;
    const isCurrent = { camera: before.cameraId === this.#wanted.cameraId, microphone: before.microphoneId === this.#wanted.microphoneId };
    if (!isCurrent.camera) camera?.stop();
    if (!isCurrent.microphone) microphone?.stop();
    return {
      ...(camera !== undefined && isCurrent.camera ? { camera } : {}),
      ...(microphone !== undefined && isCurrent.microphone ? { microphone } : {}),
    };
  }

  /** By the wish of this moment, which may be another than before connecting. */
  #ownTracks(me: LocalParticipant, captured: CapturedTracks): OwnTracks {
    const given = this.#given(captured);
    return { microphone: this.#ownTrack(me, "microphone", given), camera: this.#ownTrack(me, "camera", given) };
  }

  #ownTrack(me: LocalParticipant, kind: DeviceKind, given: GivenTracks): OwnTracks[DeviceKind] {
    return new OwnDevice({
      open: async () => localTrack(kind, await this.#open(kind, given), this.#wanted),
      // Its declarations were not written for exactOptionalPropertyTypes.
      publish: (track) => this.#publish(me, kind, track as LocalTrack),
      unpublish: (track) => me.unpublishTrack(track as LocalTrack),
      isConnected: () => this.#state.get().connection === "connected",
      pause: (failures) => this.#world.sleep(RETRY_MS * 2 ** failures),
      isPublished: (track) => me.getTrackPublication(SOURCE[kind])?.track === (track as LocalTrack),
      onFailed: (problem) => {
        this.#wanted = { ...this.#wanted, [kind]: false };
        this.#put({ failure: { what: kind, problem } });
        this.#handlers.onUnavailable(kind);
      },
      onChange: () => this.#refresh(),
    });
  }

  /** Running tracks that are wanted; the others are stopped. Asks once where both are wanted and none runs. */
  #given(captured: CapturedTracks): GivenTracks {
    const { microphone, camera } = this.#wanted;
    if (!microphone) captured.microphone?.stop();
    if (!camera) captured.camera?.stop();
    const isNoneRunning = captured.microphone?.readyState !== "live" && captured.camera?.readyState !== "live";
    if (microphone && camera && isNoneRunning) {
      const turn = this.#turn;
      return openBoth(this.#world.openDevices, this.#wanted, (kind) => turn === this.#turn && this.#wanted[kind]);
    }
    return {
      ...(captured.microphone === undefined ? {} : { microphone: Promise.resolve(captured.microphone) }),
      ...(captured.camera === undefined ? {} : { camera: Promise.resolve(captured.camera) }),
    };
  }

  /** The given track, once; afterwards, or where it has ended, a fresh one; of the device that is chosen in the end. */
  async #open(kind: DeviceKind, given: GivenTracks): Promise<MediaStreamTrack> {
    const chosen = this.#wanted[`${kind}Id`];
    const offered = given[kind];
    delete given[kind];
    const before = await offered;
    const track = before?.readyState === "live" ? before : await openOne(this.#world.openDevices, kind, chosen);
    if (chosen === this.#wanted[`${kind}Id`] || !this.#wanted[kind]) return track;
    track.stop();
    return await this.#open(kind, given);
  }

  /** Another device may be chosen meanwhile: LiveKit changes only what is published. */
  async #publish(me: LocalParticipant, kind: DeviceKind, track: LocalTrack): Promise<void> {
    const chosen = this.#wanted[`${kind}Id`];
    await me.publishTrack(track, { source: SOURCE[kind], name: drawTrackName() });
    const id = this.#wanted[`${kind}Id`];
    if (id !== undefined && id !== chosen) await this.chooseDevice(kind, id);
  }

  #want(kind: DeviceKind, on: boolean, id: string | undefined): Promise<boolean> {
    this.#wanted = { ...this.#wanted, [kind]: on, ...(id === undefined ? {} : { [`${kind}Id`]: id }) };
    this.#put({ failure: null });
    return this.#own?.[kind].want(on) ?? Promise.resolve(on);
  }

  #closeOwn(): void {
    this.#own?.microphone.close();
    this.#own?.camera.close();
    this.#own = null;
  }

  #listen(room: Room): void {
    // Before anything is shown of it.
    room.on(RoomEvent.ConnectionQualityChanged, (_quality, participant) => void this.#judged.set(participant, participant.sid));
    for (const event of CHANGES) room.on(event, () => this.#queueRefresh());
    room
      .on(RoomEvent.TrackSubscribed, (_track, _publication, participant) => {
        // Whose picture has just come is there, whatever was said before.
        if (participant.connectionQuality === ConnectionQuality.Lost) this.#judged.delete(participant);
      })
      .on(RoomEvent.TrackMuted, ({ source }, { isLocal }) => {
        if (isLocal) this.#wasMuted(source);
      })
      .on(RoomEvent.TrackUnmuted, (_publication, { isLocal }) => {
        if (isLocal) this.#wasUnmuted();
      })
      .on(RoomEvent.TrackUnsubscribed, (track) => removeSound(track))
      .on(RoomEvent.Reconnecting, () => this.#put({ connection: "reconnecting" }))
      .on(RoomEvent.SignalReconnecting, () => this.#put({ connection: "reconnecting" }))
      .on(RoomEvent.Reconnected, () => {
        this.#put({ connection: "connected" });
        // What was republished meanwhile may not be what is wanted.
        void this.#own?.microphone.keep();
        void this.#own?.camera.keep();
        this.#queueRefresh();
      })
      .on(RoomEvent.DataReceived, (payload, participant, _kind, topic) => {
        if (participant !== undefined && topic !== undefined) {
          void this.#receive(topic, participant.identity, payload);
        }
      })
      .on(RoomEvent.Disconnected, (reason) => {
        if (room === this.#room && reason !== DisconnectReason.CLIENT_INITIATED) this.#lost();
      });
  }

  /** At what has arrived. */
  async #look(room: Room): Promise<void> {
    if (this.#state.get().connection !== "connected") return this.#silence.forget();
    const report = await this.#world.report(room)?.catch(() => undefined);
    if (report === undefined || room !== this.#room || this.#state.get().connection !== "connected") return;
    this.#silence.take(readingOf(report, picturesToCome(room)));
    const { people } = this.#state.get();
    // Whether they are lost is seen by what comes of them.
    if ([...room.remoteParticipants.values()].some((one) => this.#quality(one) !== people.get(one.identity)?.quality)) this.#refresh();
  }

  /** While it was wanted, so not by the person. It stays off until they turn it on. */
  #wasMuted(source: Track.Source): void {
    const kind = source === Track.Source.Camera ? "camera" : source === Track.Source.Microphone ? "microphone" : null;
    if (kind === null || !this.#wanted[kind]) return;
    void this.#want(kind, false, undefined);
    this.#handlers.onStopped(kind);
  }

  /** LiveKit's client does what the server says: whatever it opened that is not wanted is muted again at once. */
  #wasUnmuted(): void {
    for (const kind of ["microphone", "camera"] as const) {
      if (!this.#wanted[kind]) void this.#own?.[kind].keep();
    }
  }

  #lost(): void {
    if (this.#own === null) {
      // Not connected yet: `connect` rejects, which says the same.
      this.#turn += 1;
      return;
    }
    this.#closeOwn();
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
    playAll(room);
    const everybody: Participant[] = [room.localParticipant, ...room.remoteParticipants.values()];
    const speaking = room.activeSpeakers.find((participant) => !participant.isLocal);
    this.#put({
      people: new Map(everybody.map((participant) => [participant.identity, this.#person(participant)])),
      speaker: speaking?.identity ?? this.#state.get().speaker,
      isStarting: {
        microphone: this.#own?.microphone.isStarting ?? false,
        camera: this.#own?.camera.isStarting ?? false,
      },
      isSoundBlocked: !room.canPlaybackAudio,
      permits: permitsOf(room.localParticipant),
    });
  }

  #person(participant: Participant): PersonMedia {
    const camera = participant.getTrackPublication(Track.Source.Camera);
    return {
      camera: this.#feed(camera, Track.Source.Camera),
      screen: this.#feed(participant.getTrackPublication(Track.Source.ScreenShare), Track.Source.ScreenShare),
      isMicrophoneOn: participant.isMicrophoneEnabled,
      isSpeaking: participant.isSpeaking && participant.isMicrophoneEnabled,
      isCameraPaused: camera?.track?.streamState === Track.StreamState.Paused,
      quality: this.#quality(participant),
    };
  }

  /** The server judges now and then: whose picture comes at this moment is not lost. */
  #quality(participant: Participant): Quality {
    if (this.#judged.get(participant) !== participant.sid) return "unknown";
    const quality = QUALITY[participant.connectionQuality];
    const comes = quality === "lost" && picturesOf(participant).some((id) => this.#silence.flows(id));
    return comes ? "unknown" : quality;
  }

  /** The publication is what the server calls it; a picture is shown only as what its sender sealed it as. */
  #feed(publication: TrackPublication | undefined, source: Track.Source): VideoFeed | null {
    const track = publication?.track;
    if (publication === undefined || track === undefined || publication.isMuted) return null;
    const isTrue = track.isLocal ? track.source === source : (this.#sealed?.isOpenedAs(track, source) ?? false);
    if (!isTrue) return null;
    const known = this.#feeds.get(track);
    // Switching cameras keeps LiveKit's track and changes what is in it.
    if (known?.id === track.mediaStreamTrack.id) return known;
    const feed = feedOf(track);
    this.#feeds.set(track, feed);
    return feed;
  }

  #put(change: Partial<MediaState> & { connection?: MediaConnection }): void {
    this.#state.update((state) => ({ ...state, ...change }));
  }
}

function everySecond(look: () => void): () => void {
  const timer = setInterval(look, 1_000);
  return () => clearInterval(timer);
}

/** One connection goes both ways, or one each. */
function reportOf({ engine: { pcManager } }: Room): Promise<RTCStatsReport> | undefined {
  return (pcManager?.subscriber ?? pcManager?.publisher)?.getStats();
}

function picturesToCome({ remoteParticipants }: Room): ReadonlySet<string> {
  return new Set([...remoteParticipants.values()].flatMap(picturesOf));
}

/** Not what is off, paused by the router, or looked at by nobody. */
function picturesOf({ videoTrackPublications }: Participant): string[] {
  return [...videoTrackPublications.values()].flatMap(({ track, isMuted, isEnabled }) =>
    track === undefined || isMuted || !isEnabled || track.streamState === Track.StreamState.Paused ? [] : [track.mediaStreamTrack.id],
  );
}

function roomOptions({ speakerId }: Intent, e2eeManager: SealedRoom): RoomOptions {
  return {
    // By its older name, which leaves messages to us.
    e2ee: { e2eeManager },
    adaptiveStream: true,
    dynacast: true,
    publishDefaults: { simulcast: true, videoCodec: "vp8" },
    ...(speakerId === undefined ? {} : { audioOutput: { deviceId: speakerId } }),
    // A reload keeps the participant; leaving is said to the server in so many words.
    disconnectOnPageLeave: false,
  };
}

function permitsOf(me: LocalParticipant): Permits {
  return {
    microphone: mayPublish(me, Track.Source.Microphone),
    camera: mayPublish(me, Track.Source.Camera),
    screen: mayPublish(me, Track.Source.ScreenShare),
    messages: me.permissions?.canPublishData ?? NO_MEDIA.permits.messages,
  };
}

/** As the server told; where it names no sources, all are permitted. */
function mayPublish({ permissions }: LocalParticipant, source: Track.Source): boolean {
  if (permissions === undefined) return true;
  const { canPublish, canPublishSources } = permissions;
  return canPublish && (canPublishSources.length === 0 || canPublishSources.includes(Track.sourceToProto(source)));
}

function localTrack(kind: DeviceKind, track: MediaStreamTrack, intent: Intent): LocalAudioTrack | LocalVideoTrack {
  const local =
    kind === "camera"
      ? new LocalVideoTrack(track, cameraConstraints(intent.cameraId), false)
      : new LocalAudioTrack(track, microphoneConstraints(intent.microphoneId), false);
  // Known before it is published, because muting stops a camera and only a camera.
  local.source = SOURCE[kind];
  return local;
}

function feedOf(track: Track): VideoFeed {
  return {
    id: track.mediaStreamTrack.id,
    isMirrored: track instanceof LocalVideoTrack && track.source === Track.Source.Camera && isMirrored(track.mediaStreamTrack),
    attach(element) {
      track.attach(element);
      return () => void track.detach(element);
    },
  };
}

/** By what there is, not by LiveKit's news, which it may keep back. One that can't be opened says nothing: it is turned off. */
function playAll({ remoteParticipants }: Room): void {
  for (const { audioTrackPublications } of remoteParticipants.values()) {
    for (const { track } of audioTrackPublications.values()) {
      if (track !== undefined && track.attachedElements.length === 0) document.body.append(track.attach());
    }
  }
}

function removeSound(track: Track | undefined): void {
  if (track?.kind !== Track.Kind.Audio) return;
  for (const element of track.detach()) element.remove();
}
