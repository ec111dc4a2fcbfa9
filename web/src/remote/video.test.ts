import { afterEach, expect, it, vi } from "vitest";

import { showsVideo } from "./video.ts";

afterEach(() => vi.unstubAllGlobals());

function decodes(...mimeTypes: string[]): void {
  vi.stubGlobal("RTCRtpReceiver", { getCapabilities: () => ({ codecs: mimeTypes.map((mimeType) => ({ mimeType })) }) });
}

it("shows what the browser decodes, and nothing that it does not know", () => {
  decodes("video/VP8", "video/VP9");
  expect([showsVideo(2), showsVideo(3)]).toEqual([true, false]);

  decodes("video/VP8");
  expect(showsVideo(2)).toBe(false);
});

it("shows none where there is no WebRTC", () => {
  vi.stubGlobal("RTCRtpReceiver", undefined);

  expect(showsVideo(2)).toBe(false);
});
