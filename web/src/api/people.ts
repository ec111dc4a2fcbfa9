/** Who has an account, and who is invited. */

import { queryOf, type Span } from "./query.ts";
import type { Requests } from "./requests.ts";
import type { AccountRole, Invite, Invited, People, PersonTimeline } from "./wire.ts";

/** What is made of somebody's account. */
export type PersonChange = "approve" | "suspend" | "restore" | "remove" | "reset-factors" | "unlock";

export function peopleRoutes(requests: Requests) {
  return {
    /** Who has an account, and who is invited: every page. */
    people: async (): Promise<People> => {
      const all = await requests.json<People>({ method: "GET", path: "people" });
      let next = all.next ?? null;
      while (next !== null) {
        const page = await requests.json<People>({ method: "GET", path: `people?after=${next}` });
        all.people.push(...page.people);
        next = page.next ?? null;
      }
      return all;
    },

    /** Inviting an address again sends a fresh link. */
    invite: (body: Invite) => requests.json<Invited>({ method: "POST", path: "invitations", body }),

    withdrawInvitation: (id: string) => requests.nothing({ method: "DELETE", path: `invitations/${id}` }),

    changePerson: (account: string, what: PersonChange) =>
      requests.nothing({ method: "POST", path: `people/${account}/${what}`, isCommand: true }),

    changeRole: (account: string, role: AccountRole) =>
      requests.nothing({ method: "POST", path: `people/${account}/role`, body: { role }, isCommand: true }),

    /** What somebody did, and what was done to their account. That it was read is on record. */
    personTimeline: (account: string, { from, to }: Span, before: string | null) =>
      requests.json<PersonTimeline>({ method: "GET", path: `admin/people/${account}/timeline${queryOf({ from, to, before: before ?? "" })}` }),
  };
}
