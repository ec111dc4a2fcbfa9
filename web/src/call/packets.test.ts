import { describe, expect, it } from "vitest";

import { CHAT_TOPIC } from "./chat.ts";
import { labelOf, REMOTE_TOPICS } from "./packets.ts";

describe("a packet's label", () => {
  it("follows from its topic, so that what is typed passes for nothing else", () => {
    const { remote, input, file, tiles } = REMOTE_TOPICS;

    expect([CHAT_TOPIC, remote, input, file, tiles, "thing"].map(labelOf)).toEqual(["chat", "app", "input", "file", "app", "app"]);
  });
});
