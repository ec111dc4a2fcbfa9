/** Meetings from outside: made, changed, entered. */

import type { Requests } from "./requests.ts";
import type { ChangeMeeting, CommandDone, CreateMeeting, InvitedList, JoinMeeting, Joined, Meeting, MeetingList } from "./wire.ts";

export function meetingRoutes(requests: Requests) {
  return {
    createMeeting: (body: CreateMeeting) => requests.json<Meeting>({ method: "POST", path: "meetings", body, isCommand: true }),

    meetings: async (): Promise<Meeting[]> => {
      const list = await requests.json<MeetingList>({ method: "GET", path: "meetings" });
      return list.meetings;
    },

    /** Refused as `changed_meanwhile` where it was changed since it was read. */
    changeMeeting: (meeting: string, body: ChangeMeeting) => requests.json<Meeting>({ method: "PUT", path: `meetings/${meeting}`, body }),

    /** All of it, with what would follow. */
    cancelMeeting: (meeting: string, sequence: number) =>
      requests.json<CommandDone>({ method: "POST", path: `meetings/${meeting}/cancel`, body: { sequence }, isCommand: true }),

    /** The addresses on a meeting's list. */
    invited: async (meeting: string): Promise<string[]> => {
      const { invited } = await requests.json<InvitedList>({ method: "GET", path: `meetings/${meeting}/invited` });
      return invited;
    },

    inviteToMeeting: (meeting: string, email: string) =>
      requests.json<CommandDone>({ method: "POST", path: `meetings/${meeting}/invited/add`, body: { email }, isCommand: true }),

    /** Who is in by it is put out. */
    uninvite: (meeting: string, email: string) =>
      requests.json<CommandDone>({ method: "POST", path: `meetings/${meeting}/invited/remove`, body: { email }, isCommand: true }),

    join: (code: string, body: JoinMeeting) =>
      requests.json<Joined>({ method: "POST", path: `meetings/${encodeURIComponent(code)}/join`, body, isCommand: true }),
  };
}
