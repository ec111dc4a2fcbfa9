// livekit-client in Firefox ESR.

import assert from "node:assert/strict";

import { common, connecting, stories } from "./stories.js";

stories("firefox", (story, { single }) => {
  // What is done over two connections is shown with Chromium: two browsers at once take all that two cores have.
  if (!single) return connecting(story);
  common(story);

  story("a lower quality lowers the resolution and a higher raises it", async (party) => {
    await party.joinAll("ann", "bob");
    const camera = await party.call("publishCamera", "ann", { codec: "vp8" });
    await party.width("bob", "ann", camera, (width) => width === 1280, "the full width");

    await party.call("setQuality", "bob", "ann", camera, "LOW");
    await party.width("bob", "ann", camera, (width) => width > 0 && width <= 320, "the low width");
    await party.call("setQuality", "bob", "ann", camera, "HIGH");

    await party.width("bob", "ann", camera, (width) => width === 1280, "the full width again");
  });
});

stories("firefox without UDP", (story) => {
  // Shows: REQ-MT-04.
  story("media and data go over TCP", async (party) => {
    await party.joinAll("ann", "bob");
    const camera = await party.call("publishCamera", "ann");

    await party.sees("bob", "ann", camera);
    await party.call("sendData", "ann", "hello", { reliable: true });

    await party.until(async () => (await party.data("bob")).length, "the message");
    assert.deepEqual(await party.call("transports"), ["tcp"]);
  });
});
