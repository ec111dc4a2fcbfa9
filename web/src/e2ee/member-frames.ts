/** The member's keys, as frames and messages need them. What can't be sealed or opened is `null`. */

import { type Bytes, fromUuid } from "./bytes.ts";
import type { FrameKeys } from "./frames.ts";
import type { Keeper, Module } from "./keeper.ts";
import type { Locked } from "./locked.ts";
import type { Attachment, Codec, Drops, Label, TrackKind } from "./orders.ts";
import type * as Wasm from "./wasm/conclave_wasm.js";

/** A track's stream, for as long as it has the same sender, kind and codec. */
interface Stream<T> {
  of: string;
  member: Wasm.Member;
  handle: T;
}

export class MemberFrames implements FrameKeys {
  readonly #keeper: Keeper;
  readonly #module: Module;
  readonly #locked: Locked;
  readonly #now: () => number;
  readonly #out = new Map<number, Stream<number>>();
  readonly #in = new Map<number, Stream<Wasm.Source>>();

  constructor(keeper: Keeper, module: Module, locked: Locked, now: () => number) {
    this.#keeper = keeper;
    this.#module = module;
    this.#locked = locked;
    this.#now = now;
  }

  seal(track: Attachment & { side: "out" }, codec: Codec, frame: Bytes): Bytes | null {
    return this.#attempt((member) => member.sealFrame(this.#now(), this.#outgoing(member, track, codec), frame));
  }

  open(track: Attachment & { side: "in" }, codec: Codec, frame: Bytes): Bytes | null {
    const now = this.#now();
    const opened = this.#attempt((member) => member.openFrame(now, this.#incoming(member, track, codec), frame));
    if (opened === null) this.#locked.dropped(track.participant, now);
    else this.#locked.opened(track.participant, now);
    return opened;
  }

  /** All that goes out travels reliably. */
  sealMessage(label: Label, topic: string, message: Uint8Array): Bytes | null {
    const { Channel } = this.#module;
    return this.#attempt((member) => member.sealMessage(this.#now(), this.#label(label), Channel.Reliable, boundTo(topic), message));
  }

  openMessage(participant: string, label: Label, topic: string, sealed: Uint8Array): Bytes | null {
    return this.#attempt((member) => member.openMessage(this.#now(), fromUuid(participant), this.#label(label), boundTo(topic), sealed));
  }

  drops(): Drops | null {
    const counts = this.#keeper.member?.drops;
    if (counts === undefined) return null;
    const drops = {
      malformed: Number(counts.malformed),
      misattributed: Number(counts.misattributed),
      keyless: Number(counts.keyless),
      replayed: Number(counts.replayed),
      forged: Number(counts.forged),
    };
    counts.free();
    return drops;
  }

  ended(id: number): void {
    const stream = this.#out.get(id);
    if (stream !== undefined && stream.member === this.#keeper.member) stream.member.removeTrack(stream.handle);
    this.#in.get(id)?.handle.free();
    this.#out.delete(id);
    this.#in.delete(id);
  }

  /** The number under which the member seals the track's frames. */
  #outgoing(member: Wasm.Member, { id, kind, name }: Attachment, codec: Codec): number {
    const of = `${kind} ${codec} ${name}`;
    const known = this.#out.get(id);
    if (known?.member === member && known.of === of) return known.handle;
    if (known?.member === member) member.removeTrack(known.handle);
    const handle = member.addTrack(this.#kind(kind), this.#codec(codec), name);
    this.#out.set(id, { of, member, handle });
    return handle;
  }

  #incoming(member: Wasm.Member, { id, kind, participant, name }: Attachment & { side: "in" }, codec: Codec): Wasm.Source {
    const of = `${participant} ${kind} ${codec} ${name}`;
    const known = this.#in.get(id);
    if (known?.member === member && known.of === of) return known.handle;
    known?.handle.free();
    const handle = new this.#module.Source(fromUuid(participant), this.#kind(kind), this.#codec(codec), name);
    this.#in.set(id, { of, member, handle });
    return handle;
  }

  #kind(kind: TrackKind): Wasm.TrackKind {
    const { TrackKind } = this.#module;
    return { microphone: TrackKind.Microphone, camera: TrackKind.Camera, screen: TrackKind.Screen, screen_sound: TrackKind.ScreenAudio }[kind];
  }

  #codec(codec: Codec): Wasm.Codec {
    const { Codec } = this.#module;
    return { opus: Codec.Opus, vp8: Codec.Vp8, vp9: Codec.Vp9, av1: Codec.Av1, h264: Codec.H264 }[codec];
  }

  #label(label: Label): Wasm.Label {
    const { Label } = this.#module;
    return { chat: Label.Chat, file: Label.File, input: Label.Input, app: Label.App }[label];
  }

  /** A missing key throws, and so does a failure of the WebAssembly, after which nothing of it is to be trusted. */
  #attempt(action: (member: Wasm.Member) => Uint8Array | undefined): Bytes | null {
    const member = this.#keeper.member;
    if (member === null) return null;
    try {
      const bytes = action(member);
      return bytes === undefined ? null : (bytes as Bytes);
    } catch (error) {
      if (error instanceof WebAssembly.RuntimeError) this.#keeper.fail();
      return null;
    }
  }
}

/** A message of one topic passes for no other. */
function boundTo(topic: string): Bytes {
  return new TextEncoder().encode(topic);
}
