/** Emergency access. */

import type { Requests } from "./requests.ts";
import type {
  EmergencyCodes,
  EmergencyCodesMade,
  EmergencyStanding,
  EmergencyUses,
  EmergencyWords,
  InvokeEmergency,
  Joined,
  LiveMeeting,
  LiveMeetingList,
  Me,
  OpenEmergency,
  ReviewEmergency,
  SignInByEmergencyCode,
} from "./wire.ts";

export function emergencyRoutes(requests: Requests) {
  return {
    /** How emergency access stands for who is signed in. */
    emergency: () => requests.json<EmergencyStanding>({ method: "GET", path: "emergency" }),

    invokeEmergency: (body: InvokeEmergency) => requests.json<OpenEmergency>({ method: "POST", path: "emergency", body }),

    endEmergency: () => requests.nothing({ method: "POST", path: "emergency/end" }),

    /** The organisation's that go on, oldest first. */
    emergencyMeetings: async (): Promise<LiveMeeting[]> => {
      const list = await requests.json<LiveMeetingList>({ method: "GET", path: "emergency/meetings" });
      return list.meetings;
    },

    enterByEmergency: (meeting: string) => requests.json<Joined>({ method: "POST", path: `emergency/meetings/${meeting}/enter` }),

    emergencies: () => requests.json<EmergencyUses>({ method: "GET", path: "emergency/uses" }),

    /** What was said of a use. That it was read is on record. */
    emergencyWords: (id: string) => requests.json<EmergencyWords>({ method: "GET", path: `emergency/uses/${id}/words` }),

    reviewEmergency: (id: string, body: ReviewEmergency) => requests.nothing({ method: "POST", path: `emergency/uses/${id}/review`, body }),

    /** Which sealed codes are left; never the codes. */
    emergencyCodes: () => requests.json<EmergencyCodes>({ method: "GET", path: "emergency/codes" }),

    /** In place of those before. */
    makeEmergencyCodes: () => requests.json<EmergencyCodesMade>({ method: "POST", path: "emergency/codes" }),

    /** With one of the sealed codes, for emergency access alone. */
    signInByEmergencyCode: (body: SignInByEmergencyCode) => requests.json<Me>({ method: "POST", path: "session/emergency", body }),
  };
}
