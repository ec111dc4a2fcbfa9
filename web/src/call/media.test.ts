import { type BaseE2EEManager, type LocalAudioTrack, type Room, RoomEvent, type RoomOptions, Track } from "livekit-client";
import { describe, expect, it } from "vitest";

import type { Bytes } from "../e2ee/bytes.ts";
import type { Sealing } from "../e2ee/encryption.ts";
import { Gate } from "../test-gate.ts";
import { CHAT_TOPIC } from "./chat.ts";
import type { Intent } from "./intent.ts";
import { LiveKitMedia } from "./media.ts";
import type { CapturedTracks } from "./preview.ts";

class FakeDevice extends EventTarget {
  readonly kind: "audio" | "video";
  readonly id = crypto.randomUUID();
  readyState: "live" | "ended" = "live";
  enabled = true;
  facingMode: string | undefined;

  constructor(kind: "audio" | "video") {
    super();
    this.kind = kind;
  }

  stop(): void {
    this.readyState = "ended";
  }

  getSettings(): MediaTrackSettings {
    return this.facingMode === undefined ? {} : { facingMode: this.facingMode };
  }

  getConstraints(): MediaTrackConstraints {
    return {};
  }
}

interface Publication {
  track: { source: Track.Source; isMuted: boolean; mediaStreamTrack: FakeDevice };
}

/** A room as far as it is used, without a network. */
class FakeRoom {
  readonly identity = "me";
  readonly publications: Publication[] = [];
  readonly remoteParticipants = new Map();
  readonly activeSpeakers = [];
  readonly canPlaybackAudio = true;
  readonly localParticipant = {
    identity: "me",
    isLocal: true,
    isSpeaking: false,
    connectionQuality: "excellent",
    on(): unknown {
      return this;
    },
    publishData: (payload: Uint8Array, { topic, destinationIdentities: to }: { topic: string; destinationIdentities?: string[] }) =>
      Promise.resolve(void this.data.push({ payload, topic, to })),
    publishTrack: (track: Publication["track"]) => this.#publish(track),
    /** As the server told; it may not have. */
    permissions: undefined as { canPublish: boolean; canPublishData: boolean; canPublishSources: number[] } | undefined,
    isScreenShareEnabled: false,
    setScreenShareEnabled: (on: boolean, { audio }: { audio: unknown }) => {
      this.sharedSound.push(audio !== false);
      this.localParticipant.isScreenShareEnabled = on;
      return Promise.resolve();
    },
    getTrackPublication: (source: Track.Source) => this.publications.find(({ track }) => track.source === source),
  };
  readonly connecting: Gate;
  readonly publishing: Gate;
  isConnected = false;
  sealed: BaseE2EEManager | null = null;
  /** Whether tracks were declared as encrypted before there was a connection. */
  isDeclaredFirst = false;
  readonly data: { payload: Uint8Array; topic: string; to: string[] | undefined }[] = [];
  /** Of each shared screen: whether its sound was asked for. */
  readonly sharedSound: boolean[] = [];
  /** What went out while it was not muted. */
  readonly sent: Track.Source[] = [];
  #nextCamera: FakeDevice | null = null;
  readonly #listeners = new Map<string, ((...values: unknown[]) => void)[]>();

  constructor(connecting: Gate, publishing: Gate) {
    this.connecting = connecting;
    this.publishing = publishing;
  }

  setE2EEEnabled(): Promise<void> {
    this.isDeclaredFirst = !this.isConnected;
    return Promise.resolve();
  }

  on(event: RoomEvent, listener: (...values: unknown[]) => void): this {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]);
    return this;
  }

  removeAllListeners(): void {
    this.#listeners.clear();
  }

  emit(event: RoomEvent, ...values: unknown[]): void {
    for (const listener of this.#listeners.get(event) ?? []) listener(...values);
  }

  /** What the next choice of a camera leads to. */
  switchTo(camera: FakeDevice): void {
    this.#nextCamera = camera;
  }

  switchActiveDevice(_kind: string, id: string): Promise<void> {
    if (id === "gone") return Promise.reject(new DOMException("", "NotFoundError"));
    const track = this.localParticipant.getTrackPublication(Track.Source.Camera)?.track;
    if (track !== undefined) Reflect.set(track, "_mediaStreamTrack", this.#nextCamera);
    return Promise.resolve();
  }

  /** One that fails says so in an event, too. */
  async connect(): Promise<void> {
    await this.connecting.passed.catch((error: unknown) => {
      this.emit(RoomEvent.Disconnected);
      throw error;
    });
    this.isConnected = true;
  }

  disconnect(): Promise<void> {
    this.isConnected = false;
    return Promise.resolve();
  }

  async #publish(track: Publication["track"]): Promise<void> {
    await this.publishing.passed;
    if (track.mediaStreamTrack.enabled) this.sent.push(track.source);
    this.publications.push({ track });
  }
}

/** Puts its label in front, as long as it has a key. */
class FakeSealing implements Sealing {
  hasKey = true;
  sealSender(): void {}
  holdReceiver(): void {}
  openReceiver(): void {}
  release(): void {}

  seal(label: string, _topic: string, payload: Bytes): Promise<Bytes> {
    if (!this.hasKey) return Promise.reject(new Error("no key"));
    return Promise.resolve(new TextEncoder().encode(`${label} ${new TextDecoder().decode(payload)}`));
  }

  open(participant: string, label: string, _topic: string, payload: Uint8Array): Promise<Uint8Array | null> {
    const text = new TextDecoder().decode(payload);
    const isSealed = this.hasKey && text.startsWith(`${label} `);
    return Promise.resolve(isSealed ? new TextEncoder().encode(`${participant}: ${text.slice(label.length + 1)}`) : null);
  }
}

interface Scene {
  media: LiveKitMedia;
  sealing: FakeSealing;
  heard: string[];
  rooms: FakeRoom[];
  asked: MediaStreamConstraints[];
  opened: FakeDevice[];
  /** How often the connection was said to be gone for good. */
  losses: () => number;
  unavailable: string[];
  /** What was turned off from outside. */
  stopped: string[];
  /** Goes by, and so many packets of each picture come in it. */
  second: (came: Record<string, number>) => Promise<void>;
  /** What the browser reports from then on; by default what came. */
  report: (what: () => Promise<RTCStatsReport> | undefined) => void;
  /** How often it is looked at what comes, in a second. */
  watches: () => number;
  connecting: Gate;
  publishing: Gate;
  opening: Gate;
}

type Slow = "connecting" | "publishing" | "opening";

/** Everything answers at once but for what is named; `permissions`: of whoever connects. */
function scene(...named: readonly (Slow | Pick<FakeRoom["localParticipant"], "permissions">)[]): Scene {
  const slow = new Set(named.filter((one) => typeof one === "string"));
  const permissions = named.find((one) => typeof one === "object")?.permissions;
  const gates = { connecting: new Gate(), publishing: new Gate(), opening: new Gate() };
  for (const name of ["connecting", "publishing", "opening"] as const) if (!slow.has(name)) gates[name].open();
  const rooms: FakeRoom[] = [];
  const asked: MediaStreamConstraints[] = [];
  const opened: FakeDevice[] = [];
  const unavailable: string[] = [];
  const stopped: string[] = [];
  const sealing = new FakeSealing();
  const heard: string[] = [];
  let losses = 0;
  let seconds = 0;
  const looks = new Set<() => void>();
  const report = new Map<string, object>();
  let reported: () => Promise<RTCStatsReport> | undefined = () => Promise.resolve(report as unknown as RTCStatsReport);
  async function second(came: Record<string, number>): Promise<void> {
    seconds += 1;
    for (const [id, packets] of Object.entries(came)) {
      const { packetsReceived = 0 } = (report.get(id) ?? {}) as RTCInboundRtpStreamStats;
      report.set(id, { type: "inbound-rtp", trackIdentifier: id, packetsReceived: packetsReceived + packets });
    }
    for (const look of looks) look();
    await settled();
  }

  async function openDevices(constraints: MediaStreamConstraints): Promise<MediaStream> {
    asked.push(constraints);
    await gates.opening.passed;
    const made = [
      ...(constraints.video === undefined ? [] : [new FakeDevice("video")]),
      ...(constraints.audio === undefined ? [] : [new FakeDevice("audio")]),
    ];
    opened.push(...made);
    return {
      getAudioTracks: () => made.filter(({ kind }) => kind === "audio"),
      getVideoTracks: () => made.filter(({ kind }) => kind === "video"),
    } as unknown as MediaStream;
  }
  function makeRoom({ e2ee }: RoomOptions): Room {
    const room = new FakeRoom(gates.connecting, gates.publishing);
    room.localParticipant.permissions = permissions;
    room.sealed = e2ee === undefined || !("e2eeManager" in e2ee) ? null : e2ee.e2eeManager;
    rooms.push(room);
    return room as unknown as Room;
  }
  const media = new LiveKitMedia(
    {
      url: "ws://meet.example",
      openDevices,
      makeRoom,
      sealing,
      now: () => seconds * 1_000,
      everySecond: (look) => {
        looks.add(look);
        return () => looks.delete(look);
      },
      report: () => reported(),
    },
    { ask: () => new Promise(() => {}), onMessage: (_topic, _participant, payload) => void heard.push(new TextDecoder().decode(payload)), onLost: () => void (losses += 1), onUnavailable: (kind) => unavailable.push(kind), onStopped: (kind) => stopped.push(kind) },
  );
  return { media, sealing, heard, rooms, asked, opened, losses: () => losses, unavailable, stopped, second, report: (what) => void (reported = what), watches: () => looks.size, ...gates };
}

const ON: Intent = { microphone: true, camera: true };
const NOTHING = (): CapturedTracks => ({});
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

async function connected(): Promise<Scene & { microphone: LocalAudioTrack }> {
  const all = scene();
  await all.media.connect("ticket", ON, NOTHING);
  await settled();
  const track = all.rooms[0]?.localParticipant.getTrackPublication(Track.Source.Microphone)?.track;
  return { ...all, microphone: track as unknown as LocalAudioTrack };
}

describe("what the server says about one's own devices", () => {
  it("turns a microphone off, for as long as the person wants it so", async () => {
    const { media, rooms, microphone, stopped } = await connected();

    await microphone.mute();
    rooms[0]?.emit(RoomEvent.TrackMuted, { source: Track.Source.Microphone }, { isLocal: true });
    rooms[0]?.emit(RoomEvent.Reconnected);
    await settled();

    expect(stopped).toEqual(["microphone"]);
    expect(microphone.isMuted).toBe(true);
    await media.setMicrophone(true, undefined);
    expect(microphone.isMuted).toBe(false);
  });

  it("turns no microphone on", async () => {
    const { media, rooms, microphone, stopped } = await connected();
    await media.setMicrophone(false, undefined);
    expect(microphone.isMuted).toBe(true);

    await microphone.unmute();
    rooms[0]?.emit(RoomEvent.TrackUnmuted, { source: Track.Source.Microphone }, { isLocal: true });
    await settled();

    expect(microphone.isMuted).toBe(true);
    expect(stopped).toEqual([]);
  });

  it("is nothing where the person did it themselves", async () => {
    const { media, rooms, stopped } = await connected();

    await media.setMicrophone(false, undefined);
    rooms[0]?.emit(RoomEvent.TrackMuted, { source: Track.Source.Microphone }, { isLocal: true });

    expect(stopped).toEqual([]);
  });
});

/** Amy's camera has come; `source` is what the server calls it. */
function fromAmy(room: FakeRoom, source: { now: Track.Source }): void {
  const track = { source: Track.Source.Camera, kind: Track.Kind.Video, isLocal: false, receiver: {}, mediaStreamTrack: { id: "hers" } };
  const amy = {
    identity: "amy",
    isLocal: false,
    connectionQuality: "good",
    audioTrackPublications: new Map(),
    getTrackPublication: (wanted: Track.Source) => (wanted === source.now ? { track, isMuted: false } : undefined),
  };
  room.remoteParticipants.set("amy", amy);
  room.emit(RoomEvent.TrackSubscribed, track, { trackName: "a" }, amy);
}

it("shows a picture only as what its sender sealed it as, whatever the server calls it afterwards", async () => {
  const { media, rooms } = scene();
  Object.assign(globalThis, { RTCRtpScriptTransform: FakeDevice });
  await media.connect("ticket", { microphone: false, camera: false }, NOTHING);
  const room = rooms[0] as FakeRoom;
  room.sealed?.setup(room as unknown as Room);
  const source = { now: Track.Source.Camera };
  fromAmy(room, source);
  await settled();
  expect(media.state.get().people.get("amy")).toMatchObject({ camera: { id: "hers" }, screen: null });

  source.now = Track.Source.ScreenShare;
  room.emit(RoomEvent.ActiveSpeakersChanged);
  await settled();
  expect(media.state.get().people.get("amy")).toMatchObject({ camera: null, screen: null });
  Reflect.deleteProperty(globalThis, "RTCRtpScriptTransform");
});

it("plays the sound of whom LiveKit says nothing, once", async () => {
  const { media, rooms } = scene();
  await media.connect("ticket", { microphone: false, camera: false }, NOTHING);
  const attachedElements: Element[] = [];
  const attach = (): Element => {
    const element = document.createElement("audio");
    attachedElements.push(element);
    return element;
  };
  const publications = new Map([["s", { track: { kind: Track.Kind.Audio, attachedElements, attach } }]]);
  const amy = { identity: "amy", connectionQuality: "good", audioTrackPublications: publications, getTrackPublication: () => undefined };
  rooms[0]?.remoteParticipants.set("amy", amy);

  for (const _ of [1, 2]) {
    rooms[0]?.emit(RoomEvent.ActiveSpeakersChanged);
    await settled();
  }

  expect(document.querySelectorAll("audio")).toHaveLength(1);
  attachedElements[0]?.remove();
});

interface Shown {
  track: object;
  isMuted: boolean;
  isEnabled: boolean;
}

/** Bo, who shows a picture. */
function withPicture(): { identity: string; picture: Shown; trackPublications: Map<string, Shown>; videoTrackPublications: Map<string, Shown>; audioTrackPublications: Map<string, Shown>; getTrackPublication: () => undefined } {
  const picture = { track: { mediaStreamTrack: { id: "bo" }, streamState: "active" }, isMuted: false, isEnabled: true };
  const publications = new Map([["p", picture]]);
  return { identity: "bo", picture, trackPublications: publications, videoTrackPublications: publications, audioTrackPublications: new Map(), getTrackPublication: () => undefined };
}

/** Bo, and how the server judges their connection, which LiveKit says when it changes. `isAnother`: it heard that they left. */
async function bo(): Promise<{ room: FakeRoom; second: Scene["second"]; tell: (quality: string) => void; come: (sid: string, isAnother?: boolean) => void; changes: () => number; quality: () => Promise<string | undefined> }> {
  const { media, rooms, second } = scene();
  await media.connect("ticket", { microphone: false, camera: false }, NOTHING);
  const room = rooms[0] as FakeRoom;
  let participant = { ...withPicture(), sid: "before", connectionQuality: "unknown" };
  room.remoteParticipants.set("bo", participant);
  let changes = 0;
  media.state.subscribe(() => (changes += 1));
  return {
    room,
    second,
    changes: () => changes,
    tell(quality) {
      // LiveKit's client says nothing where it is what it was.
      if (participant.connectionQuality === quality) return;
      participant.connectionQuality = quality;
      room.emit(RoomEvent.ConnectionQualityChanged, quality, participant);
    },
    come(sid, isAnother = false) {
      if (isAnother) participant = { ...participant, connectionQuality: "unknown" };
      participant.sid = sid;
      room.remoteParticipants.set("bo", participant);
      room.emit(RoomEvent.ActiveSpeakersChanged);
    },
    async quality() {
      await settled();
      return media.state.get().people.get("bo")?.quality;
    },
  };
}

describe("the quality of somebody's connection", () => {
  it("is what the server said last of this connection, and nothing of one before", async () => {
    const { tell, come, quality } = await bo();
    tell("lost");
    expect(await quality()).toBe("lost");

    come("after");
    expect(await quality()).toBe("unknown");

    tell("excellent");
    expect(await quality()).toBe("good");
  });

  it.each([
    ["excellent", "good"],
    ["lost", "lost"],
  ])("is what is said first of a connection that follows one that was lost: %s", async (first, shown) => {
    const { tell, come, quality } = await bo();
    tell("lost");
    come("after", true);
    expect(await quality()).toBe("unknown");

    tell(first);
    expect(await quality()).toBe(shown);
  });

  it("is not lost where a picture of theirs has come since, until that is said again", async () => {
    const { room, tell, quality } = await bo();
    const participant = room.remoteParticipants.get("bo") as object;
    tell("lost");
    room.emit(RoomEvent.TrackSubscribed, { kind: Track.Kind.Video }, { trackName: "a" }, participant);
    expect(await quality()).toBe("unknown");

    tell("good");
    tell("lost");
    expect(await quality()).toBe("lost");

    tell("poor");
    room.emit(RoomEvent.TrackSubscribed, { kind: Track.Kind.Video }, { trackName: "b" }, participant);
    expect(await quality()).toBe("weak");
  });
});

it("is not shown as lost while their picture comes, whatever the server has judged", async () => {
  const { tell, second, quality } = await bo();
  for (let seconds = 0; seconds < 3; seconds += 1) await second({ bo: 30 });
  tell("lost");
  expect(await quality()).toBe("unknown");

  await second({ bo: 0 });
  expect(await quality()).toBe("lost");

  await second({ bo: 30 });
  expect(await quality()).toBe("unknown");
});

it("changes nothing each second of who is lost, or was before they came again", async () => {
  const { tell, come, second, quality, changes } = await bo();
  tell("lost");
  expect(await quality()).toBe("lost");
  const before = changes();

  for (let seconds = 0; seconds < 3; seconds += 1) await second({ bo: 0 });
  expect(changes()).toBe(before);

  come("after");
  expect(await quality()).toBe("unknown");
  for (let seconds = 0; seconds < 3; seconds += 1) await second({ bo: 0 });
  expect(changes()).toBe(before + 1);
});

/** Bo has been seen for some seconds. */
async function shown(): Promise<Scene & { picture: Shown; isSilent: () => boolean }> {
  const all = scene();
  await all.media.connect("ticket", { microphone: false, camera: false }, NOTHING);
  const { picture, ...participant } = withPicture();
  all.rooms[0]?.remoteParticipants.set("bo", participant);
  for (let seconds = 0; seconds < 4; seconds += 1) await all.second({ bo: 30 });
  return { ...all, picture, isSilent: () => all.media.state.get().isSilent };
}

describe("a connection over which nothing comes any more", () => {
  it("is told of as silent, until something comes", async () => {
    const { second, isSilent } = await shown();
    for (let seconds = 0; seconds < 3; seconds += 1) await second({ bo: 0 });
    expect(isSilent()).toBe(true);

    await second({ bo: 1 });
    expect(isSilent()).toBe(false);
  });

  it.each([
    ["is off", { isMuted: true }],
    ["is looked at by nobody", { isEnabled: false }],
    ["is paused", { track: { mediaStreamTrack: { id: "bo" }, streamState: "paused" } }],
  ])("is none where the picture %s", async (_, change) => {
    const { second, picture, isSilent } = await shown();
    Object.assign(picture, change);

    for (let seconds = 0; seconds < 5; seconds += 1) await second({ bo: 0 });

    expect(isSilent()).toBe(false);
  });

  it("is none where the one who was seen has left", async () => {
    const { second, rooms, isSilent } = await shown();
    rooms[0]?.remoteParticipants.clear();

    for (let seconds = 0; seconds < 5; seconds += 1) await second({ bo: 0 });

    expect(isSilent()).toBe(false);
  });

  it("gives way to an interruption, and to the end", async () => {
    const { second, rooms, media, isSilent, watches } = await shown();
    for (let seconds = 0; seconds < 3; seconds += 1) await second({ bo: 0 });
    rooms[0]?.emit(RoomEvent.Reconnecting);
    await second({ bo: 0 });
    expect(isSilent()).toBe(false);
    expect(watches()).toBe(1);

    await media.disconnect();
    expect(watches()).toBe(0);
  });
});

describe("where the browser reports nothing of a connection", () => {
  const NO_REPORTS: [string, () => Promise<RTCStatsReport> | undefined][] = [
    ["there is none", () => undefined],
    ["it refuses", () => Promise.reject(new DOMException("", "InvalidStateError"))],
  ];

  it.each(NO_REPORTS)("nothing is told of: %s", async (_, what) => {
    const { second, report, isSilent } = await shown();
    report(what);
    for (let seconds = 0; seconds < 5; seconds += 1) await second({ bo: 0 });
    expect(isSilent()).toBe(false);
  });

  it.each(NO_REPORTS)("an interruption ends silence all the same: %s", async (_, what) => {
    const { second, report, rooms, isSilent } = await shown();
    for (let seconds = 0; seconds < 3; seconds += 1) await second({ bo: 0 });
    expect(isSilent()).toBe(true);

    report(what);
    rooms[0]?.emit(RoomEvent.Reconnecting);
    await second({ bo: 0 });

    expect(isSilent()).toBe(false);
  });
});

describe("what the server would not take", () => {
  const SCREEN_ALONE = { canPublish: true, canPublishData: true, canPublishSources: [Track.sourceToProto(Track.Source.ScreenShare)] };

  it("is not opened, and what was captured for it is stopped", async () => {
    const { media, rooms, asked } = scene({ permissions: SCREEN_ALONE });
    const microphone = new FakeDevice("audio");

    await media.connect("ticket", ON, () => ({ microphone: microphone as unknown as MediaStreamTrack }));
    await settled();

    expect(microphone.readyState).toBe("ended");
    expect(asked).toEqual([]);
    expect(rooms[0]?.publications).toEqual([]);
    expect(media.state.get()).toMatchObject({ isStarting: { microphone: false, camera: false }, permits: { microphone: false, camera: false, screen: true } });
  });

  it("is wanted no more, so that it is not turned on by itself when it is permitted later; nobody is alarmed", async () => {
    const { media, unavailable } = scene({ permissions: SCREEN_ALONE });
    await media.connect("ticket", ON, NOTHING);
    expect(unavailable).toEqual(["microphone", "camera"]);
    expect(media.state.get().failure).toBeNull();

    const other = scene({ permissions: SCREEN_ALONE });
    await other.media.connect("ticket", { microphone: true, camera: false }, NOTHING);
    expect(other.unavailable).toEqual(["microphone"]);
  });

  it("does not keep a screen from being shared: its sound is asked for only where that is permitted", async () => {
    const alone = scene({ permissions: SCREEN_ALONE });
    await alone.media.connect("ticket", { microphone: false, camera: false }, NOTHING);
    const all = scene();
    await all.media.connect("ticket", { microphone: false, camera: false }, NOTHING);

    expect(await alone.media.setScreen(true)).toBe(true);
    expect(await all.media.setScreen(true)).toBe(true);

    expect([alone, all].map(({ rooms }) => rooms[0]?.sharedSound)).toEqual([[false], [true]]);
  });
});

describe("the media of a meeting", () => {
  it("publishes what is wanted, asking once for both devices", async () => {
    const { media, rooms, asked } = scene();

    await media.connect("ticket", ON, NOTHING);
    await settled();

    expect(asked).toHaveLength(1);
    expect(rooms[0]?.sent.toSorted()).toEqual([Track.Source.Camera, Track.Source.Microphone]);
  });

  it("opens nothing that is not wanted, and stops what was captured for it", async () => {
    const { media, rooms, asked } = scene();
    const camera = new FakeDevice("video");

    await media.connect("ticket", { microphone: false, camera: false }, () => ({ camera: camera as unknown as MediaStreamTrack }));
    await settled();

    expect(camera.readyState).toBe("ended");
    expect(asked).toEqual([]);
    expect(rooms[0]?.publications).toEqual([]);
  });

  it("sends no sound of somebody who muted themselves while it was connecting", async () => {
    const { media, rooms, connecting } = scene("connecting");
    const connected = media.connect("ticket", ON, NOTHING);
    await settled();

    expect(await media.setMicrophone(false, undefined)).toBe(false);
    connecting.open();
    await connected;
    await settled();

    expect(rooms[0]?.sent).toEqual([Track.Source.Camera]);
  });

  it("sends no sound of somebody who muted themselves before they answered the browser", async () => {
    const { media, rooms, opening, opened } = scene("opening");
    await media.connect("ticket", ON, NOTHING);
    await settled();

    const muting = media.setMicrophone(false, undefined);
    opening.open();
    await muting;
    await settled();

    expect(rooms[0]?.sent).toEqual([Track.Source.Camera]);
    expect(opened.find(({ kind }) => kind === "audio")?.readyState).toBe("ended");
  });

  it("sends no sound of somebody who muted themselves while it was being published", async () => {
    const { media, rooms, publishing } = scene("publishing");
    await media.connect("ticket", { microphone: true, camera: false }, NOTHING);
    await settled();

    const muting = media.setMicrophone(false, undefined);
    await settled();
    publishing.open();
    await muting;

    expect(rooms[0]?.sent).toEqual([]);
    expect(rooms[0]?.publications[0]?.track.isMuted).toBe(true);
  });

  it("is connected before anybody answered the browser, and says what starts", async () => {
    const { media, opening } = scene("opening");

    await media.connect("ticket", ON, NOTHING);
    await settled();
    expect(media.state.get()).toMatchObject({ connection: "connected", isStarting: { microphone: true, camera: true } });

    opening.open();
    await settled();
    expect(media.state.get().isStarting).toEqual({ microphone: false, camera: false });
  });

  it("says which device can't be had", async () => {
    const { media, opening, unavailable } = scene("opening");
    await media.connect("ticket", ON, NOTHING);

    opening.refuse(new DOMException("", "NotAllowedError"));
    await settled();

    expect(unavailable.toSorted()).toEqual(["camera", "microphone"]);
    expect(media.state.get().failure?.problem).toBe("denied");
  });

  it.each(["at once", "while it connects"])("leaves no connection behind that was given up %s", async (when) => {
    const { media, rooms, connecting, asked } = scene("connecting");
    const connected = media.connect("ticket", ON, NOTHING);
    if (when !== "at once") await settled();

    await media.disconnect();
    connecting.open();

    await expect(connected).rejects.toThrow("given up");
    await settled();
    expect(rooms.every(({ isConnected }) => !isConnected)).toBe(true);
    expect(asked).toEqual([]);
  });

  it("stays muted when a reconnection unmuted it", async () => {
    const { media, rooms } = scene();
    await media.connect("ticket", ON, NOTHING);
    await settled();
    await media.setMicrophone(false, undefined);
    const [room] = rooms;
    const sound = room?.publications.find(({ track }) => track.source === Track.Source.Microphone)?.track;
    await (sound as unknown as { unmute(): Promise<void> }).unmute();

    room?.emit(RoomEvent.Reconnected);
    await settled();

    expect(sound?.isMuted).toBe(true);
  });

  it("ceases to mirror when somebody turns to their phone's other camera", async () => {
    const { media, rooms } = scene();
    await media.connect("ticket", ON, NOTHING);
    await settled();
    expect(media.state.get().people.get("me")?.camera?.isMirrored).toBe(true);
    const rear = new FakeDevice("video");
    rear.facingMode = "environment";
    rooms[0]?.switchTo(rear);

    await media.chooseDevice("camera", "rear");

    expect(media.state.get().people.get("me")?.camera).toMatchObject({ id: rear.id, isMirrored: false });
  });

  it("names the speaker when it could not be changed", async () => {
    const { media } = scene();
    await media.connect("ticket", { microphone: false, camera: false }, NOTHING);

    await media.chooseDevice("speaker", "gone");

    expect(media.state.get().failure).toEqual({ what: "speaker", problem: "missing" });
  });

  it("leaves what was captured to its owner when it can't connect, and says nothing of a loss", async () => {
    const { media, connecting, losses } = scene("connecting");
    const camera = new FakeDevice("video");
    const connections: string[] = [];
    media.state.subscribe(() => connections.push(media.state.get().connection));
    const connected = media.connect("ticket", ON, () => ({ camera: camera as unknown as MediaStreamTrack }));
    await settled();

    connecting.refuse(new Error("unreachable"));

    await expect(connected).rejects.toThrow("unreachable");
    expect(camera.readyState).toBe("live");
    expect(connections).not.toContain("reconnecting");
    expect(losses()).toBe(0);
  });

  it("is one interruption until it is connected again, however many tries that takes", async () => {
    const { media, rooms, losses } = scene();
    await media.connect("ticket", ON, NOTHING);
    await settled();
    const connections = new Set<string>();
    media.state.subscribe(() => connections.add(media.state.get().connection));

    rooms[0]?.emit(RoomEvent.Disconnected);
    expect(losses()).toBe(1);
    const [room] = rooms;
    if (room !== undefined) room.isConnected = false;
    await media.connect("another ticket", ON, NOTHING);
    await settled();

    expect([...connections]).toEqual(["reconnecting", "connected"]);
  });

  it("opens nothing one by one for somebody who has left", async () => {
    const { media, opening, asked } = scene("opening");
    await media.connect("ticket", ON, NOTHING);
    await settled();

    await media.disconnect();
    opening.refuse(new DOMException("", "NotFoundError"));
    await settled();

    expect(asked).toHaveLength(1);
  });

  it("opens the camera that was chosen while it was connecting", async () => {
    const { media, connecting, asked } = scene("connecting");
    const front = new FakeDevice("video");
    const wanted = { microphone: false, camera: true, cameraId: "front" };
    const connected = media.connect("ticket", wanted, () => ({ camera: front as unknown as MediaStreamTrack }));
    await settled();

    await media.chooseDevice("camera", "rear");
    connecting.open();
    await connected;
    await settled();

    expect(front.readyState).toBe("ended");
    expect(asked.map(({ video }) => video)).toMatchObject([{ deviceId: { exact: "rear" } }]);
  });

  it("opens the camera that was chosen while another was opening", async () => {
    const { media, opening, opened, asked } = scene("opening");
    await media.connect("ticket", { microphone: false, camera: true }, NOTHING);
    await settled();

    await media.chooseDevice("camera", "rear");
    opening.open();
    await settled();

    expect(opened.map(({ readyState }) => readyState)).toEqual(["ended", "live"]);
    expect(asked[1]?.video).toMatchObject({ deviceId: { exact: "rear" } });
  });
});

describe("nobody else can listen", () => {
  it("to tracks: they are declared as encrypted before there is a connection", async () => {
    const { media, rooms } = scene();
    await media.connect("ticket", ON, NOTHING);

    expect(rooms[0]?.isDeclaredFirst).toBe(true);
  });

  it("to messages: they are sealed under their subject, and not sent without a key", async () => {
    const { media, rooms, sealing } = scene();
    await media.connect("ticket", ON, NOTHING);
    await media.send(CHAT_TOPIC, new TextEncoder().encode("hello"));
    await media.send("other", new TextEncoder().encode("thing"));
    sealing.hasKey = false;
    await expect(media.send(CHAT_TOPIC, new TextEncoder().encode("secret"))).rejects.toThrow("no key");

    expect(rooms[0]?.data.map(({ payload }) => new TextDecoder().decode(payload))).toEqual(["chat hello", "app thing"]);
  });

  it("to what is for one: it is sealed under the label of its topic, and sent to nobody else", async () => {
    const { media, rooms } = scene();
    await media.connect("ticket", ON, NOTHING);
    await media.send("conclave.input", new TextEncoder().encode("key"), "agent");
    await media.send(CHAT_TOPIC, new TextEncoder().encode("hello"));

    expect(rooms[0]?.data.map(({ payload, to }) => [new TextDecoder().decode(payload), to])).toEqual([
      ["input key", ["agent"]],
      ["chat hello", undefined],
    ]);
  });

  it("nor speak: what was not sealed by a member was not said", async () => {
    const { media, rooms, heard } = scene();
    await media.connect("ticket", ON, NOTHING);
    for (const text of ["chat hello", "plain", "app hello"]) {
      rooms[0]?.emit(RoomEvent.DataReceived, new TextEncoder().encode(text), { identity: "amy" }, undefined, CHAT_TOPIC);
    }
    await settled();

    expect(heard).toEqual(["amy: hello"]);
  });
});
