import { describe, expect, it } from "vitest";

import { appended, type ChatMessage, decodeChat, encodeChat, LONGEST_MESSAGE, MOST_MESSAGES, outgoingText } from "./chat.ts";

const packet = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

describe("a chat message", () => {
  it("comes out as it went in", () => {
    expect(decodeChat(encodeChat("1", "Grüße 👋\nzwei Zeilen"))).toEqual({ id: "1", text: "Grüße 👋\nzwei Zeilen" });
  });

  // Shows: ABUSE-29.
  it("stays inert text", () => {
    for (const text of ["<img src=x onerror=alert(1)>", "<script>alert(1)</script>", "[x](javascript:alert(1))", "javascript:alert(1)", "'; DROP TABLE meeting; --", "=HYPERLINK(1)"]) {
      expect(decodeChat(encodeChat("1", text))?.text).toBe(text);
    }
  });

  // Shows: ABUSE-29.
  it("moves no cursor and ends no text", () => {
    expect(decodeChat(packet({ id: "1", text: "\u001b[31mred\u0000\u009b0m" }))?.text).toBe("[31mred0m");
  });

  // Shows: ABUSE-29.
  it("of a megabyte is dropped", () => {
    expect(decodeChat(packet({ id: "1", text: "x".repeat(1 << 20) }))).toBeNull();
  });

  it("of nothing but space is none", () => {
    expect(outgoingText("  \n ")).toBeNull();
    expect(decodeChat(packet({ id: "1", text: " " }))).toBeNull();
  });

  it("is cut at the longest length, between characters", () => {
    const text = outgoingText("👋".repeat(LONGEST_MESSAGE + 1)) ?? "";

    expect([...text]).toHaveLength(LONGEST_MESSAGE);
    expect(decodeChat(encodeChat("1", text))?.text).toBe(text);
  });

  it("can't turn its neighbours round", () => {
    expect(decodeChat(packet({ id: "1", text: "Dr\u202eymA\u0007" }))?.text).toBe("DrymA");
  });

  it.each([
    ["no JSON", new TextEncoder().encode("hello")],
    ["no object", packet(null)],
    ["no id", packet({ text: "x" })],
    ["an endless id", packet({ id: "i".repeat(65), text: "x" })],
    ["a text that is none", packet({ id: "1", text: 7 })],
    ["broken UTF-8", Uint8Array.of(0xff, 0xfe)],
    ["a flood", packet({ id: "1", text: "x".repeat(LONGEST_MESSAGE * 7) })],
  ])("with %s is dropped", (_, payload) => {
    expect(decodeChat(payload)).toBeNull();
  });
});

const message = (id: string, participant = "amy"): ChatMessage => ({ id, participant, text: id, at: 0 });

describe("the list of messages", () => {
  it("drops a repetition, but not another person's message of the same id", () => {
    const once = appended([], message("1"));

    expect(appended(once, message("1"))).toBe(once);
    expect(appended(once, message("1", "bo"))).toHaveLength(2);
  });

  it("forgets the oldest when it is full", () => {
    let messages: readonly ChatMessage[] = [];
    for (let count = 0; count <= MOST_MESSAGES; count += 1) messages = appended(messages, message(String(count)));

    expect(messages).toHaveLength(MOST_MESSAGES);
    expect(messages[0]?.id).toBe("1");
  });
});
