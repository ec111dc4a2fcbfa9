/** What stands out in the audit log. */

import type { Requests } from "./requests.ts";
import type { AnomalyList, AnomalyRules, AnomalyWords, ChangeAnomalyRules, ReviewAnomaly } from "./wire.ts";

export function anomalyRoutes(requests: Requests) {
  return {
    anomalies: () => requests.json<AnomalyList>({ method: "GET", path: "admin/anomalies" }),

    /** What its reviewer said of a finding. That it was read is on record. */
    anomalyWords: (id: string) => requests.json<AnomalyWords>({ method: "GET", path: `admin/anomalies/${id}/words` }),

    reviewAnomaly: (id: string, body: ReviewAnomaly) => requests.nothing({ method: "POST", path: `admin/anomalies/${id}/review`, body }),

    anomalyRules: () => requests.json<AnomalyRules>({ method: "GET", path: "admin/anomalies/rules" }),

    changeAnomalyRules: (body: ChangeAnomalyRules) => requests.json<AnomalyRules>({ method: "PUT", path: "admin/anomalies/rules", body }),
  };
}
