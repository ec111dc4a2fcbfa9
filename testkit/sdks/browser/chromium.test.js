// livekit-client in Chromium.

import assert from "node:assert/strict";

import { common, stories } from "./stories.js";

stories("chromium", (story, { single }) => {
  common(story);

  story("sound is sent with redundancy unless it is not wanted", async (party) => {
    await party.joinAll("ann", "bob");

    const [plain, redundant] = [
      await party.call("publishTone", "ann", { red: false, dtx: false }),
      await party.call("publishTone", "ann", { red: true, dtx: false }),
    ];

    await party.hears("bob", "ann", plain);
    await party.hears("bob", "ann", redundant);
    const size = async (sid) => {
      const before = await party.call("sent", "ann", sid);
      let after;
      await party.until(async () => {
        after = await party.call("sent", "ann", sid);
        return after.packets >= before.packets + 50;
      }, "fifty packets");
      return (after.bytes - before.bytes) / (after.packets - before.packets);
    };
    // Browsers tell only the codec inside; each packet carries the one before it again.
    assert.ok((await size(redundant)) > 1.5 * (await size(plain)));
  });

  // Which connection carries a codec makes no difference to it.
  for (const codec of single ? ["vp8", "h264", "vp9", "av1"] : ["vp8"]) {
    story(`${codec} decodes, and each of two gets the layer that they want`, async (party) => {
      await party.joinAll("ann", "bob", "eve");
      const camera = await party.call("publishCamera", "ann", { codec });
      for (const name of ["bob", "eve"]) {
        await party.width(name, "ann", camera, (width) => width === 1280, "the full width");
        assert.equal((await party.track(name, "ann", camera)).codec, `video/${codec}`);
      }

      await party.call("setQuality", "bob", "ann", camera, "LOW");

      await party.width("bob", "ann", camera, (width) => width > 0 && width <= 320, "the low width");
      await party.sees("bob", "ann", camera);
      await party.width("eve", "ann", camera, (width) => width === 1280, "the full width still");
      await party.call("setQuality", "bob", "ann", camera, "HIGH");
      await party.width("bob", "ann", camera, (width) => width === 1280, "the full width again");
    });
  }

  story(
    "only what is wanted is sent",
    async (party) => {
      await party.joinAll("ann", "bob");
      const camera = await party.call("publishCamera", "ann", { codec: "vp8" });
      await party.sees("bob", "ann", camera);

      await party.call("setEnabled", "bob", "ann", camera, false);

      let last = -1;
      await party.until(async () => {
        const { packets } = await party.call("sent", "ann", camera);
        const stood = packets === last;
        last = packets;
        await new Promise((resolve) => setTimeout(resolve, 1_000));
        return stood;
      }, "the publisher stops sending");
      await party.call("setEnabled", "bob", "ann", camera, true);
      await party.sees("bob", "ann", camera);
    },
    { dynacast: true },
  );

  story("who speaks is announced", async (party) => {
    await party.joinAll("ann", "bob");

    await party.call("publishTone", "ann");

    await party.until(
      async () => (await party.call("events", "bob")).speakers.includes("ann"),
      "ann is announced as speaking",
    );
  });
});
