// livekit-client in Firefox ESR.

import assert from "node:assert/strict";

import { common, stories } from "./stories.js";

stories("firefox", common);

stories("firefox without UDP", (story) => {
  story("media and data go over TCP", async (party) => {
    await party.joinAll("ann", "bob");
    const camera = await party.call("publishCamera", "ann");

    await party.sees("bob", "ann", camera);
    await party.call("sendData", "ann", "hello", { reliable: true });

    await party.until(async () => (await party.data("bob")).length, "the message");
    assert.deepEqual(await party.call("transports"), ["tcp"]);
  });
});
