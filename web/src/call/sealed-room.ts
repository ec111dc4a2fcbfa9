/**
 * Where LiveKit's client hands over its senders and receivers: every one of them gets its frames sealed
 * or opened, whatever the server says of a track.
 *
 * LiveKit's own manager fails open in four places: a sender passes frames as they are until it is told
 * to encrypt, a receiver stops decrypting when the server says that a track is plain, frames with the
 * server's trailer pass, and plain data is delivered. None of that is here. Data does not come by here at
 * all: messages are sealed before LiveKit gets them, each under the label of its subject.
 */

import { type BaseE2EEManager, EngineEvent, ParticipantEvent, type RemoteTrack, type RemoteTrackPublication, type Room, RoomEvent, Track } from "livekit-client";

import { canEncrypt, type Sealing } from "../e2ee/encryption.ts";
import { readCodec } from "../e2ee/frames.ts";
import type { Codec, TrackKind } from "../e2ee/orders.ts";

const KINDS: Partial<Record<Track.Source, TrackKind>> = {
  [Track.Source.Camera]: "camera",
  [Track.Source.Microphone]: "microphone",
  [Track.Source.ScreenShare]: "screen",
  [Track.Source.ScreenShareAudio]: "screen_sound",
};

/** LiveKit waits three seconds for the server's word about a track. */
const MOST_LOOKS = 100;
const BETWEEN_LOOKS_MS = 200;

export class SealedRoom implements BaseE2EEManager {
  /** LiveKit leaves its own encryption of data alone. */
  isDataChannelEncryptionEnabled = false;
  readonly isEnabled = true;
  readonly #sealing: Sealing;
  /** LiveKit has taken it from the track by the time that it says so. */
  readonly #senders = new WeakMap<Track, RTCRtpSender>();
  /** A member has so many streams and no more: what is over gives its own back. */
  readonly #ends = new Set<RTCRtpSender | RTCRtpReceiver>();
  /** What each receiver's frames are opened as. */
  readonly #opened = new WeakMap<RTCRtpReceiver, TrackKind>();
  readonly #onFound: () => void;
  #room: Room | null = null;

  /** `onFound`: a track is there of which LiveKit says nothing. */
  constructor(sealing: Sealing, onFound: () => void = () => {}) {
    this.#sealing = sealing;
    this.#onFound = onFound;
  }

  setup(room: Room): void {
    if (!canEncrypt()) throw new Error("this browser can't encrypt");
    this.#room = room;
    room
      .on(RoomEvent.TrackSubscribed, (track, publication, participant) =>
        this.#open(track, participant.identity, publication),
      )
      .on(RoomEvent.TrackUnsubscribed, ({ receiver }) => {
        if (receiver !== undefined) this.#release(receiver);
      });
    room.localParticipant
      // Before anything is negotiated: no frame goes out of a sender that is not sealed.
      .on(ParticipantEvent.LocalSenderCreated, (sender, track) => {
        this.#senders.set(track, sender);
        this.#seal(track, "");
      })
      .on(ParticipantEvent.LocalTrackPublished, ({ track, options }) => {
        // By our own word: the server's answer could name it like one before.
        if (track !== undefined) this.#seal(track, options?.name ?? "");
      })
      .on(ParticipantEvent.LocalTrackUnpublished, ({ track }) => {
        const sender = track === undefined ? undefined : this.#senders.get(track);
        if (sender !== undefined) this.#release(sender);
      });
  }

  /** The connection is over, and says nothing of its tracks. */
  close(): void {
    for (const end of this.#ends) this.#release(end);
  }

  /** Whether its frames are opened as what it is to be shown as: what the server calls it may change at any time. */
  isOpenedAs(track: object, source: Track.Source): boolean {
    const receiver = "receiver" in track ? (track.receiver as RTCRtpReceiver | undefined) : undefined;
    const kind = receiver === undefined ? undefined : this.#opened.get(receiver);
    return kind !== undefined && kind === KINDS[source];
  }

  /** Some browsers decode frames that come before there is a transform: the server could show and say something then. */
  setupEngine(engine: Parameters<BaseE2EEManager["setupEngine"]>[0] | undefined): void {
    engine?.on(EngineEvent.MediaTrackAdded, (_track, _stream, receiver) => {
      this.#hold(receiver);
      if (receiver !== undefined) this.#find(receiver, MOST_LOOKS);
    });
  }

  /** What the server says of a track turns nothing off. */
  setParticipantCryptorEnabled(): void {}

  /** Nor do frames that it makes up pass. */
  setSifTrailer(): void {}

  encryptData(): never {
    throw new Error("messages are sealed before they get here");
  }

  handleEncryptedData(): Promise<never> {
    return Promise.reject(new Error("not a message of ours"));
  }

  on(): this {
    return this;
  }

  #release(end: RTCRtpSender | RTCRtpReceiver): void {
    this.#ends.delete(end);
    this.#opened.delete(end as RTCRtpReceiver);
    this.#sealing.release(end);
  }

  /** One that can't be sealed sends nothing. */
  #seal(track: Track, name: string): void {
    const sender = this.#senders.get(track);
    if (sender === undefined) return;
    const codec = "codec" in track && typeof track.codec === "string" ? track.codec : "";
    try {
      this.#sealing.sealSender(sender, { kind: kindOf(track), codec: readCodec(codec) ?? usualCodec(track), name });
      this.#ends.add(sender);
    } catch (error) {
      void sender.replaceTrack(null).catch(() => {});
      throw error;
    }
  }

  /** Drops all until it is known whose track it is; LiveKit may say so in the same event, before. */
  #hold(receiver: RTCRtpReceiver | undefined): void {
    if (receiver === undefined || this.#ends.has(receiver)) return;
    try {
      this.#sealing.holdReceiver(receiver);
      this.#ends.add(receiver);
    } catch {
      receiver.track.enabled = false;
    }
  }

  /**
   * LiveKit keeps back its news of who comes in the moment in which it has itself come back from an interruption, until
   * the next one. The track is in its lists all the same.
   */
  #find(receiver: RTCRtpReceiver, looks: number): void {
    if (this.#opened.has(receiver) || !this.#ends.has(receiver) || looks === 0) return;
    for (const participant of this.#room?.remoteParticipants?.values() ?? []) {
      for (const publication of participant.trackPublications.values()) {
        const { track } = publication;
        if (track?.receiver !== receiver) continue;
        this.#open(track, participant.identity, publication);
        this.#onFound();
        return;
      }
    }
    setTimeout(() => this.#find(receiver, looks - 1), BETWEEN_LOOKS_MS);
  }

  /** One that can't be opened is not shown, and not heard. */
  #open(track: RemoteTrack, participant: string, { mimeType, trackName }: RemoteTrackPublication): void {
    const { receiver } = track;
    if (receiver === undefined) return;
    const [kind, codec] = [kindOf(track), readCodec(mimeType ?? "") ?? usualCodec(track)];
    try {
      this.#sealing.openReceiver(receiver, { participant, kind, codec, name: trackName });
      this.#ends.add(receiver);
      this.#opened.set(receiver, kind);
    } catch {
      receiver.track.enabled = false;
    }
  }
}

function kindOf({ source, kind }: Track): TrackKind {
  return KINDS[source] ?? (kind === Track.Kind.Audio ? "microphone" : "camera");
}

function usualCodec({ kind }: Track): Codec {
  return kind === Track.Kind.Audio ? "opus" : "vp8";
}

/** For a publication: receivers authenticate it, so that frames of one that is over pass on no other. */
export function drawTrackName(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
