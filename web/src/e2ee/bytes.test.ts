import { describe, expect, it } from "vitest";

import { fromBase64, fromBase64Url, fromUuid, toBase64, toBase64Url, toUuid } from "./bytes.ts";

const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, (_, at) => (at * 251 + 7) % 256);

describe("bytes are text and back", () => {
  it.each([0, 1, 2, 3, 16, 8_191, 8_192, 8_193, 40_000])("%i of them", (length) => {
    const text = toBase64(bytes(length));

    expect(text).toBe(Buffer.from(bytes(length)).toString("base64"));
    expect(fromBase64(text)).toEqual(bytes(length));
    expect(fromBase64Url(toBase64Url(bytes(length)))).toEqual(bytes(length));
  });

  it("without padding and the two characters that addresses mean something by", () => {
    expect(toBase64Url(Uint8Array.of(0xfb, 0xff, 0xfe, 1))).toBe("-__-AQ");
  });

  it("as identifiers", () => {
    const uuid = "018f3a5c-0000-7abc-8def-00112233ff00";

    expect(toUuid(fromUuid(uuid))).toBe(uuid);
    expect(() => fromUuid("amy")).toThrow(TypeError);
  });
});
