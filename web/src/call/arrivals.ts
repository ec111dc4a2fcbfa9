/** What has arrived over a connection, by the browser's own report. */

import type { Reading } from "./silence.ts";

/** `expected`: the ids of the pictures that are to come. */
export function readingOf(report: Pick<RTCStatsReport, "forEach">, expected: ReadonlySet<string>): Reading {
  const pictures = new Map<string, number>();
  let arrived = 0;
  report.forEach((part: unknown) => {
    if (isStream(part)) {
      const { packetsReceived = 0, trackIdentifier } = part;
      arrived += packetsReceived;
      if (expected.has(trackIdentifier)) pictures.set(trackIdentifier, (pictures.get(trackIdentifier) ?? 0) + packetsReceived);
    } else if (isWay(part)) {
      const { bytesReceived = 0, responsesReceived = 0 } = part;
      arrived += bytesReceived + responsesReceived;
    }
  });
  return { arrived, pictures };
}

function isStream(part: unknown): part is RTCInboundRtpStreamStats {
  return (part as RTCStats).type === "inbound-rtp";
}

/** Checks of the way go over it too, when nobody says or shows anything. */
function isWay(part: unknown): part is RTCIceCandidatePairStats {
  return (part as RTCStats).type === "candidate-pair";
}
