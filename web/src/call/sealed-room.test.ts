import { type BaseE2EEManager, EngineEvent, ParticipantEvent, type Room, RoomEvent, type RoomOptions, Track, version } from "livekit-client";
import { afterEach, beforeEach, describe, expect, expectTypeOf, it, vi } from "vitest";

import type { IncomingTrack, OutgoingTrack, Sealing } from "../e2ee/encryption.ts";
import { SealedRoom } from "./sealed-room.ts";

class Emitter {
  readonly #listeners = new Map<string, ((...values: never[]) => void)[]>();

  on(event: string, listener: (...values: never[]) => void): this {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]);
    return this;
  }

  emit(event: string, ...values: unknown[]): void {
    for (const listener of this.#listeners.get(event) ?? []) listener(...(values as never[]));
  }
}

class FakeRoom extends Emitter {
  readonly localParticipant = new Emitter();
  readonly remoteParticipants = new Map<string, object>();
}

/** Remembers what it was given. */
class Recorder implements Sealing {
  readonly out: [unknown, OutgoingTrack][] = [];
  readonly in: [unknown, IncomingTrack][] = [];
  readonly held: unknown[] = [];
  readonly released: unknown[] = [];
  holdReceiver = (receiver: unknown): void => void this.held.push(receiver);
  sealSender = (sender: RTCRtpSender, track: OutgoingTrack): void => void this.out.push([sender, track]);
  openReceiver = (receiver: RTCRtpReceiver, track: IncomingTrack): void => void this.in.push([receiver, track]);
  release = (end: unknown): void => void this.released.push(end);
  seal = (): Promise<never> => Promise.reject(new Error("not here"));
  open = (): Promise<null> => Promise.resolve(null);
}

function scene(): { room: FakeRoom; sealing: Recorder; seam: SealedRoom } {
  const room = new FakeRoom();
  const sealing = new Recorder();
  const seam = new SealedRoom(sealing);
  seam.setup(room as unknown as Room);
  return { room, sealing, seam };
}

function fails(): never {
  throw new DOMException("", "InvalidStateError");
}

beforeEach(() => Object.assign(globalThis, { RTCRtpScriptTransform: Emitter }));
afterEach(() => void Reflect.deleteProperty(globalThis, "RTCRtpScriptTransform"));

describe("the seam with LiveKit's client", () => {
  it("is the one of the version that is pinned", () => {
    expect(version).toBe("2.23.0");
    expectTypeOf<keyof BaseE2EEManager>().toEqualTypeOf<
      | "setup"
      | "setupEngine"
      | "isEnabled"
      | "isDataChannelEncryptionEnabled"
      | "setParticipantCryptorEnabled"
      | "setSifTrailer"
      | "encryptData"
      | "handleEncryptedData"
      | "on"
      | "dispose"
    >();
    expectTypeOf<{ e2eeManager: SealedRoom }>().toExtend<NonNullable<RoomOptions["e2ee"]>>();
  });

  it("seals each sender, with what is known of its track", () => {
    const { room, sealing } = scene();
    const sound = { source: Track.Source.Microphone, kind: Track.Kind.Audio };
    const picture = { source: Track.Source.ScreenShare, kind: Track.Kind.Video, codec: "vp9" };
    room.localParticipant.emit(ParticipantEvent.LocalSenderCreated, "one", sound);
    room.localParticipant.emit(ParticipantEvent.LocalSenderCreated, "two", picture);

    expect(sealing.out).toEqual([
      ["one", { kind: "microphone", codec: "opus", name: "" }],
      ["two", { kind: "screen", codec: "vp9", name: "" }],
    ]);
    room.localParticipant.emit(ParticipantEvent.LocalTrackPublished, { track: picture, options: { name: "drawn" }, trackName: "the server's" });
    expect(sealing.out.at(-1)).toEqual(["two", { kind: "screen", codec: "vp9", name: "drawn" }]);

    room.localParticipant.emit(ParticipantEvent.LocalTrackUnpublished, { track: picture });
    expect(sealing.released).toEqual(["two"]);
  });

  it("opens each receiver, whatever the server says of its track", () => {
    const { room, sealing } = scene();
    const [one, two] = [{ number: 1 }, { number: 2 }];
    const tracks = [
      [{ receiver: one, source: Track.Source.Camera, kind: Track.Kind.Video }, { mimeType: "video/AV1", trackName: "a", isEncrypted: false }],
      [{ receiver: two, source: Track.Source.Unknown, kind: Track.Kind.Audio }, { trackName: "" }],
    ];
    for (const [track, publication] of tracks) room.emit(RoomEvent.TrackSubscribed, track, publication, { identity: "amy" });

    expect(sealing.in).toEqual([
      [one, { participant: "amy", kind: "camera", codec: "av1", name: "a" }],
      [two, { participant: "amy", kind: "microphone", codec: "opus", name: "" }],
    ]);

    room.emit(RoomEvent.TrackUnsubscribed, { receiver: one });
    expect(sealing.released).toEqual([one]);
  });

  it("lets nothing through a receiver from the moment there is one, until it is opened", () => {
    const { room, sealing, seam } = scene();
    const engine = new Emitter();
    seam.setupEngine(engine as never);
    const [early, same] = [{ number: 1 }, { number: 2 }];
    const subscribed = (receiver: object): void =>
      room.emit(RoomEvent.TrackSubscribed, { receiver, source: Track.Source.Camera, kind: Track.Kind.Video }, { trackName: "a" }, { identity: "amy" });
    engine.emit(EngineEvent.MediaTrackAdded, {}, {}, early);
    expect([sealing.held, sealing.in]).toEqual([[early], []]);
    subscribed(early);
    expect(sealing.in.map(([receiver]) => receiver)).toEqual([early]);

    // LiveKit's own listener comes first.
    subscribed(same);
    engine.emit(EngineEvent.MediaTrackAdded, {}, {}, same);
    expect(sealing.held).toEqual([early]);
    seam.close();
    expect(sealing.released).toEqual([early, same]);
  });

  it("opens a track that LiveKit has in its lists and says nothing of", () => {
    vi.useFakeTimers();
    const room = new FakeRoom();
    const sealing = new Recorder();
    const onFound = vi.fn<() => void>();
    const seam = new SealedRoom(sealing, onFound);
    seam.setup(room as unknown as Room);
    const engine = new Emitter();
    seam.setupEngine(engine as never);
    const receiver = {} as RTCRtpReceiver;
    engine.emit(EngineEvent.MediaTrackAdded, {}, {}, receiver);
    expect(sealing.in).toEqual([]);

    const track = { receiver, source: Track.Source.Camera, kind: Track.Kind.Video };
    const publication = { track, mimeType: "video/VP8", trackName: "a" };
    room.remoteParticipants.set("amy", { identity: "amy", trackPublications: new Map([["t", publication]]) });
    vi.advanceTimersByTime(1_000);

    expect(sealing.in).toEqual([[receiver, { participant: "amy", kind: "camera", codec: "vp8", name: "a" }]]);
    expect(onFound).toHaveBeenCalledTimes(1);
    vi.useRealTimers();
  });

  it("says what a receiver is opened as, by what its track was when it came", () => {
    const { room, seam } = scene();
    const track = { receiver: {} as RTCRtpReceiver, source: Track.Source.Camera, kind: Track.Kind.Video };
    expect(seam.isOpenedAs(track, Track.Source.Camera)).toBe(false);
    room.emit(RoomEvent.TrackSubscribed, track, { trackName: "a", source: Track.Source.ScreenShare }, { identity: "amy" });

    expect(seam.isOpenedAs(track, Track.Source.Camera)).toBe(true);
    expect(seam.isOpenedAs(track, Track.Source.ScreenShare)).toBe(false);
    room.emit(RoomEvent.TrackUnsubscribed, track);
    expect(seam.isOpenedAs(track, Track.Source.Camera)).toBe(false);
  });

  it("has nothing sent or shown of what it could not attach to", () => {
    const { room, sealing, seam } = scene();
    Object.assign(sealing, { sealSender: fails, openReceiver: fails });
    const replaced: unknown[] = [];
    const sender = { replaceTrack: (track: unknown) => Promise.resolve(void replaced.push(track)) };
    const receiver = { track: { enabled: true } } as RTCRtpReceiver;
    const track = { receiver, source: Track.Source.Camera, kind: Track.Kind.Video };
    expect(() => room.localParticipant.emit(ParticipantEvent.LocalSenderCreated, sender, track)).toThrow();
    room.emit(RoomEvent.TrackSubscribed, track, { trackName: "a" }, { identity: "amy" });

    expect([replaced, receiver.track.enabled, seam.isOpenedAs(track, Track.Source.Camera)]).toEqual([[null], false, false]);
  });

  it("gives back what is left when the connection is over, once", () => {
    const { room, sealing, seam } = scene();
    const hers = {};
    const sound = { source: Track.Source.Microphone, kind: Track.Kind.Audio };
    room.localParticipant.emit(ParticipantEvent.LocalSenderCreated, "mine", sound);
    room.emit(RoomEvent.TrackSubscribed, { receiver: hers, source: Track.Source.Camera, kind: Track.Kind.Video }, { trackName: "a" }, { identity: "amy" });
    room.emit(RoomEvent.TrackUnsubscribed, { receiver: hers });
    seam.close();
    seam.close();

    expect(sealing.released).toEqual([hers, "mine"]);
  });

  it("refuses a browser that can't encrypt, rather than have it send in clear", () => {
    Reflect.deleteProperty(globalThis, "RTCRtpScriptTransform");

    expect(() => scene()).toThrow("can't encrypt");
  });
});
