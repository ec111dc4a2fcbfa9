/** Recordings of support sessions. */

import { Problem } from "./problem.ts";
import { queryOf, type Span } from "./query.ts";
import type { Requests } from "./requests.ts";
import type { AcknowledgeRecording, MakeRecordingKey, RecordingKey, RecordingList, RecordingPlay } from "./wire.ts";

/** What narrows the list; empty is anything. */
export interface RecordingsAsked extends Span {
  technician: string;
  group: string;
  device: string;
  state: string;
}

export function recordingRoutes(requests: Requests) {
  return {
    /** Which sessions were kept, what they are sealed to, and for how long. `before`: the last one of the page before. */
    recordings: (asked: RecordingsAsked, before = ""): Promise<RecordingList> =>
      requests.json({ method: "GET", path: `support/recordings${queryOf({ ...asked, before })}` }),

    makeRecordingKey: (body: MakeRecordingKey) => requests.json<RecordingKey>({ method: "POST", path: "support/recordings/keys", body }),

    setRecordingRetention: (days: number) => requests.nothing({ method: "PUT", path: "support/recordings/retention", body: { days } }),

    /** Somebody has seen what lacks of it, and says why it may be left so. */
    acknowledgeRecording: (id: string, body: AcknowledgeRecording) => requests.nothing({ method: "POST", path: `support/recordings/${id}/acknowledgement`, body }),

    /** Says why somebody wants to see it. */
    playRecording: (id: string, reason: string) =>
      requests.json<RecordingPlay>({ method: "POST", path: `support/recordings/${id}/plays`, body: { reason } }),

    /** A sealed piece; `null` where the server has none. */
    recordingPiece: async (recording: string, play: string, number: number): Promise<Uint8Array | null> => {
      try {
        return await requests.bytes(`support/recordings/${recording}/plays/${play}/${number}`);
      } catch (error) {
        if (error instanceof Problem && error.status === 404) return null;
        throw error;
      }
    },
  };
}
