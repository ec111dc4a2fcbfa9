/** What each layer of policy says. */

import type { Requests } from "./requests.ts";
import type { Explained, Policy, PolicyPreview, PolicySettings } from "./wire.ts";

/** Whose words a layer of policy has. */
export type PolicySubject = { layer: "organisation" } | { layer: "group"; id: string } | { layer: "account"; id: string };

export function policyRoutes(requests: Requests) {
  return {
    policy: (subject: PolicySubject) => requests.json<Policy>({ method: "GET", path: pathOf(subject) }),

    /** Refused as `changed_meanwhile` where somebody changed any policy since `revision`. */
    changePolicy: (subject: PolicySubject, revision: number, settings: PolicySettings) =>
      requests.json<Policy>({ method: "PUT", path: pathOf(subject), body: { revision, settings } }),

    previewPolicy: (subject: PolicySubject, settings: PolicySettings): Promise<PolicyPreview> => {
      const about = subject.layer === "organisation" ? {} : { [subject.layer]: subject.id };
      return requests.json({ method: "POST", path: "policies/preview", body: { ...about, settings } });
    },

    explainPolicy: (account: string) => requests.json<Explained>({ method: "GET", path: `policies/explain?account=${account}` }),

    enterProfile: () => requests.json<Policy>({ method: "POST", path: "policies/profile" }),

    askToLeaveProfile: () => requests.json<Policy>({ method: "POST", path: "policies/profile/leave" }),

    confirmToLeaveProfile: () => requests.json<Policy>({ method: "POST", path: "policies/profile/leave/confirm" }),
  };
}

function pathOf(subject: PolicySubject): string {
  return subject.layer === "organisation" ? "policies/organisation" : `policies/${subject.layer}s/${subject.id}`;
}
