// One room of the server under test, with guests made by LiveKit's Node SDK.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";

import {
  LocalVideoTrack,
  Room,
  RoomEvent,
  TrackKind,
  TrackPublishOptions,
  TrackSource,
  VideoBufferType,
  VideoFrame,
  VideoSource,
  VideoStream,
} from "@livekit/rtc-node";
import { AccessToken, RoomServiceClient } from "livekit-server-sdk";

const URL = process.env.LIVEKIT_URL ?? "ws://127.0.0.1:7880";
const KEY = process.env.LIVEKIT_API_KEY ?? "devkey";
const SECRET = process.env.LIVEKIT_API_SECRET ?? "secret";

const WIDTH = 640;
const HEIGHT = 360;
const FRAME_INTERVAL_MS = 66;

export function roomService() {
  return new RoomServiceClient(URL.replace(/^ws/, "http"), KEY, SECRET);
}

export class Party {
  name = randomUUID();
  guests = [];

  async join(identity, grants = {}) {
    const token = new AccessToken(KEY, SECRET, { identity, ttl: 3600 });
    token.addGrant({ roomJoin: true, room: this.name, canUpdateOwnMetadata: true, ...grants });
    const guest = new Guest();
    await guest.room.connect(URL, await token.toJwt(), { autoSubscribe: true, dynacast: false });
    this.guests.push(guest);
    return guest;
  }

  async end() {
    for (const guest of this.guests) await guest.leave();
  }
}

class Guest {
  room = new Room();
  frames = new Map();
  data = [];
  disconnected = [];
  #timer;

  constructor() {
    this.room
      .on(RoomEvent.DataReceived, (payload, from, _kind, topic) => {
        this.data.push({ text: new TextDecoder().decode(payload), from: from?.identity, topic });
      })
      .on(RoomEvent.Disconnected, (reason) => this.disconnected.push(reason))
      .on(RoomEvent.TrackSubscribed, (track, _publication, participant) => {
        if (track.kind === TrackKind.KIND_VIDEO) this.#watch(track, participant.identity);
      });
  }

  get me() {
    return this.room.localParticipant;
  }

  peer(identity) {
    return this.room.remoteParticipants.get(identity);
  }

  async publishCamera() {
    const source = new VideoSource(WIDTH, HEIGHT);
    const track = LocalVideoTrack.createVideoTrack("camera", source);
    let step = 0;
    this.#timer = setInterval(() => {
      const pixels = new Uint8Array((WIDTH * HEIGHT * 3) / 2).fill(128);
      pixels.fill(220, (step % HEIGHT) * WIDTH, ((step % HEIGHT) + 1) * WIDTH);
      step += 4;
      source.captureFrame(new VideoFrame(pixels, WIDTH, HEIGHT, VideoBufferType.I420));
    }, FRAME_INTERVAL_MS);
    const options = new TrackPublishOptions({ source: TrackSource.SOURCE_CAMERA });
    return this.me.publishTrack(track, options);
  }

  async sees(identity, more = 15) {
    const start = this.frames.get(identity) ?? 0;
    await until(
      () => (this.frames.get(identity) ?? 0) >= start + more,
      `${more} more frames of ${identity}`,
    );
  }

  async leave() {
    clearInterval(this.#timer);
    await this.room.disconnect();
  }

  async #watch(track, identity) {
    for await (const _frame of new VideoStream(track)) {
      this.frames.set(identity, (this.frames.get(identity) ?? 0) + 1);
    }
  }
}

export async function until(condition, what, seconds = 20) {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > deadline) assert.fail(`not within ${seconds} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
