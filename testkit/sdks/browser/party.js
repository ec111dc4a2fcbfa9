// One room of the server under test, and the guests of one page in it.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";

import { AccessToken } from "livekit-server-sdk";

const URL = process.env.LIVEKIT_URL ?? "ws://127.0.0.1:7880";
const KEY = process.env.LIVEKIT_API_KEY ?? "devkey";
const SECRET = process.env.LIVEKIT_API_SECRET ?? "secret";

export class Party {
  constructor(page, { single, ...options }) {
    this.page = page;
    this.room = randomUUID();
    this.options = { singlePeerConnection: single, ...options };
    this.guests = new Set();
  }

  async token(identity, grants = {}) {
    const token = new AccessToken(KEY, SECRET, { identity, ttl: 3600 });
    token.addGrant({ roomJoin: true, room: this.room, canUpdateOwnMetadata: true, ...grants });
    return token.toJwt();
  }

  /** Two guests may have one identity; their names in the page differ. */
  async join(identity, { name = identity, token, options, grants } = {}) {
    const joined = await this.page.call(
      "join",
      name,
      URL,
      token ?? (await this.token(identity, grants)),
      { ...this.options, ...options },
    );
    this.guests.add(name);
    return joined;
  }

  async joinAll(...identities) {
    for (const identity of identities) {
      assert.deepEqual(Object.keys(await this.join(identity)), ["sid"], `${identity} joins`);
    }
    for (const one of identities) {
      for (const other of identities) {
        if (one !== other) await this.until(() => this.describe(one, other), `${one} knows ${other}`);
      }
    }
  }

  call(method, name, ...parameters) {
    return this.page.call(method, name, ...parameters);
  }

  describe(name, identity) {
    return this.call("describe", name, identity);
  }

  async track(name, identity, sid) {
    return (await this.call("received", name, identity))[sid] ?? {};
  }

  async data(name) {
    return (await this.call("events", name)).data;
  }

  /** `more` further frames are shown. */
  async sees(name, identity, sid, more = 15, seconds = 30) {
    const { shown = 0 } = await this.track(name, identity, sid);
    await this.until(
      async () => (await this.track(name, identity, sid)).shown >= shown + more,
      `${name} sees ${more} more frames of ${identity}`,
      seconds,
    );
  }

  async hears(name, identity, sid) {
    const { energy = 0, packets = 0 } = await this.track(name, identity, sid);
    await this.until(async () => {
      const track = await this.track(name, identity, sid);
      return track.packets > packets + 20 && track.energy > energy;
    }, `${name} hears ${identity}`);
  }

  async width(name, identity, sid, fits, what, seconds = 60) {
    let width;
    await this.until(
      async () => {
        ({ width } = await this.track(name, identity, sid));
        return fits(width);
      },
      async () => {
        const made = JSON.stringify(await this.call("layers", identity, sid));
        return `${what} for ${name}, not ${width}, while ${identity} makes ${made}`;
      },
      seconds,
    );
  }

  async until(condition, what, seconds = 30) {
    const deadline = Date.now() + seconds * 1000;
    for (;;) {
      const value = await condition();
      if (value) return value;
      if (Date.now() > deadline) {
        assert.fail(`not within ${seconds} s: ${typeof what === "function" ? await what() : what}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async end() {
    for (const name of this.guests) await this.call("leave", name);
  }
}
