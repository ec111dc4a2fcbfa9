/** Reports of a span of time. */

import { queryOf, type Span } from "./query.ts";
import type { Requests } from "./requests.ts";
import type { Report, ReportKind } from "./wire.ts";

export function reportRoutes(requests: Requests) {
  return {
    report: (kind: ReportKind, { from, to }: Span) =>
      requests.json<Report>({ method: "GET", path: `admin/reports/${kind}${queryOf({ from, to })}` }),

    /** Where the browser finds the same as a file. */
    reportFile: (kind: ReportKind, { from, to }: Span, format: "csv" | "pdf") =>
      `/api/v1/admin/reports/${kind}${queryOf({ from, to, format })}`,
  };
}
