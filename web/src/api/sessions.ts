/** Meetings as who supervises them sees them. */

import { queryOf } from "./query.ts";
import type { Requests } from "./requests.ts";
import type {
  CommandDone,
  LiveMeetingList,
  LivePeople,
  LivePerson,
  MeetingSessionDetail,
  MeetingSessionList,
  ParticipantQuality,
} from "./wire.ts";

export function sessionRoutes(requests: Requests) {
  return {
    /** Those of the organisation that go on. For who supervises them; asking keeps no session open. */
    liveMeetings: () => requests.json<LiveMeetingList>({ method: "GET", path: "admin/meetings" }),

    /** Who is in one of them. */
    livePeople: async (meeting: string): Promise<LivePerson[]> => {
      const { people } = await requests.json<LivePeople>({ method: "GET", path: `admin/meetings/${meeting}/participants` });
      return people;
    },

    /** By the session of who supervises the meeting, without being in it. */
    expelFromOutside: (meeting: string, participant: string) =>
      requests.json<CommandDone>({ method: "POST", path: `meetings/${meeting}/participants/${participant}/expel`, isCommand: true }),

    /** Meetings that went on or took place, the latest first. What is empty does not narrow. */
    meetingSessions: (search: Record<string, string>) =>
      requests.json<MeetingSessionList>({ method: "GET", path: `admin/sessions${queryOf(search)}` }),

    /** Who was in one, and what happened. */
    meetingSession: (id: string) => requests.json<MeetingSessionDetail>({ method: "GET", path: `admin/sessions/${id}` }),

    /** How somebody's media did in it, minute by minute. */
    participantQuality: (session: string, participant: string) =>
      requests.json<ParticipantQuality>({ method: "GET", path: `admin/sessions/${session}/participants/${participant}/quality` }),
  };
}
