// What must work in every browser and in both topologies.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";

import { launch } from "./browsers.js";
import { Party } from "./party.js";

const TOPOLOGIES = { "one connection (v1)": true, "two connections (v0)": false };

/** Tells each story in both topologies, with a page and a room of its own. */
export function stories(browserName, tell) {
  let browser;
  before(async () => {
    browser = await launch(browserName);
  });
  after(() => browser?.close());
  for (const [topology, single] of Object.entries(TOPOLOGIES)) {
    describe(`${browserName}, ${topology}`, () => {
      const story = (title, act, options = {}) =>
        test(title, { timeout: 240_000 }, async () => {
          const page = await browser.page();
          const party = new Party(page, { single, ...options });
          try {
            await act(party);
          } finally {
            await party.end().catch(() => {});
            await page.close();
          }
        });
      tell(story, { single });
    });
  }
}

/** What must work in every browser. */
export function common(story) {
  connecting(story);
  acting(story);
}

/** What hangs on how connections are made, and made again. */
export function connecting(story) {
  story("two people see and hear each other, encrypted by AES-256-GCM", async (party) => {
    await party.joinAll("ann", "bob");
    const tracks = {};
    for (const name of ["ann", "bob"]) {
      tracks[name] = [
        await party.call("publishCamera", name),
        await party.call("publishMicrophone", name),
      ];
    }

    for (const [name, other] of [
      ["ann", "bob"],
      ["bob", "ann"],
    ]) {
      const [camera, microphone] = tracks[other];
      await party.sees(name, other, camera);
      await party.hears(name, other, microphone);
    }
    for (const profile of await party.call("srtpProfiles")) {
      assert.match(profile, /AEAD_AES_256_GCM$/);
    }
  });

  story("who comes late sees and hears what was published before", async (party) => {
    await party.joinAll("ann");
    const camera = await party.call("publishCamera", "ann");
    const microphone = await party.call("publishMicrophone", "ann");

    await party.joinAll("bob");

    await party.sees("bob", "ann", camera);
    await party.hears("bob", "ann", microphone);
  });

  story("seven tracks at once all arrive", async (party) => {
    await party.joinAll("ann", "bob");
    const tracks = [];
    for (let number = 0; number < 7; number++) {
      tracks.push(await party.call("publishDrawing", "ann", `drawing ${number}`));
    }

    for (const track of tracks) await party.sees("bob", "ann", track, 5);
  });

  story("messages reach everybody, addressed ones nobody else", async (party) => {
    await party.joinAll("ann", "bob", "eve");

    await party.call("sendData", "ann", "to all", { reliable: true, topic: "t" });
    for (const name of ["bob", "eve"]) {
      await party.until(async () => (await party.data(name)).length === 1, `${name}'s message`);
      const [message] = await party.data(name);
      assert.deepEqual(message, { text: "to all", from: "ann", topic: "t" });
    }
    for (const reliable of [true, false]) {
      await party.until(async () => {
        await party.call("sendData", "ann", `to bob ${reliable}`, {
          reliable,
          destinationIdentities: ["bob"],
        });
        return (await party.data("bob")).some(({ text }) => text === `to bob ${reliable}`);
      }, "bob's own message");
    }
    await party.call("sendData", "ann", "to eve", { reliable: true, destinationIdentities: ["eve"] });
    await party.until(async () => (await party.data("eve")).length === 2, "eve's own message");

    const heard = (await party.data("eve")).map(({ text }) => text);
    assert.deepEqual(heard, ["to all", "to eve"]);
    assert.deepEqual(await party.data("ann"), []);
  });

  story("a lost signal resumes, with the same participant and media", async (party) => {
    await party.joinAll("ann", "bob");
    const camera = await party.call("publishCamera", "ann");
    await party.sees("bob", "ann", camera);
    const { sid } = await party.describe("bob", "ann");

    await party.call("simulate", "ann", "signal-reconnect");

    await reconnected(party, "ann");
    await party.sees("bob", "ann", camera);
    assert.equal((await party.describe("bob", "ann")).sid, sid);
  });

  story("a signal that is cut without a word resumes", async (party) => {
    await party.joinAll("ann", "bob");
    const camera = await party.call("publishCamera", "ann");
    await party.sees("bob", "ann", camera);

    await party.call("cutSignal", "bob");

    await reconnected(party, "bob");
    await party.sees("bob", "ann", camera);
  });

  story("a full reconnect publishes again", async (party) => {
    await party.joinAll("ann", "bob");
    await party.sees("bob", "ann", await party.call("publishCamera", "ann"));

    await party.call("simulate", "ann", "full-reconnect");

    await reconnected(party, "ann");
    await party.until(async () => {
      const tracks = Object.values(await party.call("received", "bob", "ann"));
      return tracks.length === 1 && tracks[0].shown > 15;
    }, "the republished camera");
  });
}

/** What is done over a connection, however it was made. */
export function acting(story) {
  story("a muted camera is muted for others and comes back", async (party) => {
    await party.joinAll("ann", "bob");
    const camera = await party.call("publishCamera", "ann");
    await party.sees("bob", "ann", camera);

    await party.call("setMuted", "ann", camera, true);
    await party.until(async () => (await party.track("bob", "ann", camera)).muted, "muted");
    await party.call("setMuted", "ann", camera, false);

    await party.until(async () => !(await party.track("bob", "ann", camera)).muted, "unmuted");
    await party.sees("bob", "ann", camera);
  });

  story("a disabled and an unsubscribed track stop and come back", async (party) => {
    await party.joinAll("ann", "bob");
    const camera = await party.call("publishCamera", "ann");
    await party.sees("bob", "ann", camera);

    for (const method of ["setEnabled", "setSubscribed"]) {
      await party.call(method, "bob", "ann", camera, false);
      await stands(party, "bob", "ann", camera);
      await party.call(method, "bob", "ann", camera, true);
      await party.sees("bob", "ann", camera);
    }
  });

  story("an unpublished track disappears, and another takes its place", async (party) => {
    await party.joinAll("ann", "bob");
    for (let round = 0; round < 3; round++) {
      const drawing = await party.call("publishDrawing", "ann", `round ${round}`);
      await party.sees("bob", "ann", drawing);
      await party.call("unpublish", "ann", drawing);
      await party.until(
        async () => !(drawing in (await party.call("received", "bob", "ann"))),
        "the track is gone",
      );
    }
  });

  story("a procedure is called, a text streamed, attributes told", async (party) => {
    await party.joinAll("ann", "bob", "eve");
    const text = "Grüße! ".repeat(8_000);

    assert.equal(await party.call("call", "ann", "bob", "greet", "Ann"), "Hello, Ann");
    assert.deepEqual(await party.call("call", "ann", "bob", "missing", ""), { error: 1400 });
    await party.call("sendText", "ann", text, ["bob"]);
    await party.call("rename", "ann", { name: "Ann", metadata: "m", attributes: { hand: "up" } });

    await party.until(async () => (await party.call("events", "bob")).texts.length, "the text");
    assert.deepEqual((await party.call("events", "bob")).texts, [text]);
    assert.deepEqual((await party.call("events", "eve")).texts, []);
    const { name, metadata, attributes } = await party.describe("bob", "ann");
    assert.deepEqual({ name, metadata, attributes }, {
      name: "Ann",
      metadata: "m",
      attributes: { hand: "up" },
    });
  });

  story("the second of one identity replaces the first", async (party) => {
    await party.joinAll("ann", "bob");

    const { sid } = await party.join("ann", { name: "ann again" });

    const events = () => party.call("events", "ann");
    await party.until(async () => (await events()).disconnected.length, "the first is sent away");
    // DUPLICATE_IDENTITY
    assert.deepEqual((await events()).disconnected, [2]);
    await party.until(
      async () => (await party.describe("bob", "ann"))?.sid === sid,
      "bob knows the second",
    );
  });

  story("a malformed token is refused as not allowed", async (party) => {
    const refused = await party.join("ann", { token: "nonsense" });

    assert.equal(refused.error, "ConnectionError");
    assert.equal(refused.status, 401);
  });
}

/** Frames stop within a moment. */
async function stands(party, name, identity, sid) {
  let last = -1;
  await party.until(async () => {
    const { frames = 0 } = await party.track(name, identity, sid);
    const stood = frames === last;
    last = frames;
    await new Promise((resolve) => setTimeout(resolve, 500));
    return stood;
  }, "no more frames");
}

export async function reconnected(party, name) {
  await party.until(
    async () => (await party.call("events", name)).states.includes("reconnected"),
    `${name} is reconnected`,
    45,
  );
}
