/** Computers that are helped when nobody is there. */

import type { Requests } from "./requests.ts";
import type {
  EnrolmentMade,
  EnrolmentTerm,
  GrantedDevice,
  GrantedDevices,
  OpenSupport,
  SendCredentials,
  SupportDevice,
  SupportDevices,
  UnattendedOpened,
} from "./wire.ts";

export function computerRoutes(requests: Requests) {
  return {
    /** Computers that are helped when nobody is there. Asking keeps no session open. */
    supportDevices: async (): Promise<SupportDevice[]> => {
      const { devices } = await requests.json<SupportDevices>({ method: "GET", path: "support/devices" });
      return devices;
    },

    /** Resolves to a link that is typed at one computer, once. Its enrolment ends after these days. */
    inviteSupportDevice: (days: number) =>
      requests.json<EnrolmentMade>({ method: "POST", path: "support/devices/enrolments", body: { days } satisfies EnrolmentTerm }),

    /** Its enrolment ends after these days from now on, also where it is over. */
    renewSupportDevice: (device: string, days: number) =>
      requests.nothing({ method: "POST", path: `support/devices/${device}/renew`, body: { days } satisfies EnrolmentTerm }),

    revokeSupportDevice: (device: string) => requests.nothing({ method: "DELETE", path: `support/devices/${device}` }),

    grantSupportDevice: (device: string, account: string) =>
      requests.nothing({ method: "POST", path: `support/devices/${device}/grants`, body: { account } }),

    withdrawSupportDevice: (device: string, account: string) =>
      requests.nothing({ method: "DELETE", path: `support/devices/${device}/grants/${account}` }),

    /** Where the caller may help when nobody is there. Asking keeps no session open. */
    grantedDevices: async (): Promise<GrantedDevice[]> => {
      const { devices } = await requests.json<GrantedDevices>({ method: "GET", path: "support/devices/granted" });
      return devices;
    },

    /** A session at a computer, and what is needed to be let in there. */
    openUnattended: (device: string, body: OpenSupport) =>
      requests.json<UnattendedOpened>({ method: "POST", path: `support/devices/${device}/sessions`, body, isCommand: true }),

    /** What was typed for a computer, sealed for it. Resolves once the computer lets its technician in. */
    sendCredentials: (session: string, body: SendCredentials) =>
      requests.nothing({ method: "POST", path: `support/sessions/${session}/credentials`, body }),
  };
}
