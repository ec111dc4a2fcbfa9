/** A presenter's computer, that others use in a meeting. */

import type { Requests, Seat } from "./requests.ts";
import type { CommandDone, CompanionCode, SupportTerms } from "./wire.ts";

export function companionRoutes(requests: Requests) {
  return {
    /** What whoever is here may do with a presenter's computer, and oneself with one's own: nothing where policy says so. */
    companionTerms: ({ meeting, credential }: Seat) =>
      requests.json<SupportTerms>({ method: "GET", path: `meetings/${meeting}/companion/terms`, credential }),

    /** For the helper program on one's own computer: good once. */
    offerCompanion: ({ meeting, credential }: Seat) =>
      requests.json<CompanionCode>({ method: "POST", path: `meetings/${meeting}/companion`, credential }),

    /** Whose hands may reach one's own computer; `null` for nobody's. */
    giveControl: ({ meeting, credential }: Seat, computer: string, to: string | null) =>
      requests.json<CommandDone>({
        method: "POST",
        path: `meetings/${meeting}/companion/${computer}/control`,
        body: { to },
        credential,
        isCommand: true,
      }),
  };
}
