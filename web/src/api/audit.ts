/** The audit log. */

import type { Requests, Seat } from "./requests.ts";
import type { AuditCheckpoint, AuditEntries, AuditLog, ExportAudit } from "./wire.ts";

/** What entries are looked for; what is absent restricts nothing. */
export interface AuditQuestion {
  /** One by its id; the rest is not looked at. */
  entry?: string;
  /** Moments, RFC 3339. */
  from?: string;
  to?: string;
  event?: string;
  actor?: string;
  object?: string;
  outcome?: "done" | "failed" | "refused";
  /** What the page before gave as `next`. */
  before?: number;
}

export function auditRoutes(requests: Requests) {
  return {
    auditLog: () => requests.json<AuditLog>({ method: "GET", path: "audit/log" }),

    /** Newest first. */
    auditEntries: (question: AuditQuestion): Promise<AuditEntries> => {
      const asked = Object.entries(question).map(([name, value]): [string, string] => [name, String(value)]);
      const query = new URLSearchParams(asked).toString();
      return requests.json({ method: "GET", path: query === "" ? "audit/entries" : `audit/entries?${query}` });
    },

    /** The text of a `.tlog-proof` file. */
    auditProof: (seq: number) => requests.text(`audit/entries/${seq}/proof`),

    /** The log of the organisation of whoever is signed in, or of a meeting that somebody is in; asking keeps no session open. */
    auditCheckpoint: (since: number | null, seat?: Seat): Promise<AuditCheckpoint> => {
      const path = since === null ? "audit/checkpoint" : `audit/checkpoint?since=${since}`;
      return requests.json(seat === undefined ? { method: "GET", path } : { method: "GET", path, credential: seat.credential });
    },

    /** The log, or a part of it, as a ZIP. */
    exportAudit: (body: ExportAudit) => requests.file("audit/export", body),
  };
}
