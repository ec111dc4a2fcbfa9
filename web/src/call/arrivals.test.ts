import { expect, it } from "vitest";

import { readingOf } from "./arrivals.ts";

/** As browsers report it, with more than is read. */
const report = new Map<string, unknown>([
  ["a", { type: "inbound-rtp", kind: "video", trackIdentifier: "bo", packetsReceived: 30 }],
  ["b", { type: "inbound-rtp", kind: "video", trackIdentifier: "off", packetsReceived: 4 }],
  ["c", { type: "inbound-rtp", kind: "audio", trackIdentifier: "voice", packetsReceived: 50 }],
  ["d", { type: "candidate-pair", bytesReceived: 1_000, responsesReceived: 7 }],
  ["e", { type: "candidate-pair" }],
  ["f", { type: "outbound-rtp", packetsSent: 99 }],
]) as unknown as RTCStatsReport;

it("counts all that came, and the packets of each picture that is to come", () => {
  const { arrived, pictures } = readingOf(report, new Set(["bo", "nobody"]));

  expect(arrived).toBe(30 + 4 + 50 + 1_000 + 7);
  expect([...pictures]).toEqual([["bo", 30]]);
});
