/** The evidence: what holds, and what people decided and signed. */

import type { Requests } from "./requests.ts";
import type { AgreementList, Decide, Decision, Evidence, EvidenceExportList, KeepAgreement, KeptExport, Review } from "./wire.ts";

export function evidenceRoutes(requests: Requests) {
  return {
    /** As things are, or as they stood on record at a moment before. */
    evidence: (at: string | null) =>
      requests.json<Evidence>({ method: "GET", path: at === null ? "evidence" : `evidence?at=${encodeURIComponent(at)}` }),

    decide: (subject: string, body: Decide) => requests.json<Decision>({ method: "PUT", path: `evidence/decisions/${subject}`, body }),

    settingsReview: () => requests.json<Review>({ method: "GET", path: "evidence/review" }),

    /** Refused as `changed_meanwhile` where a setting is another than it was. */
    signSettingsReview: (digest: string) => requests.nothing({ method: "POST", path: "evidence/review", body: { digest } }),

    agreements: () => requests.json<AgreementList>({ method: "GET", path: "agreements" }),

    addAgreement: (body: KeepAgreement) => requests.nothing({ method: "POST", path: "agreements", body }),

    changeAgreement: (id: string, body: KeepAgreement) => requests.nothing({ method: "PUT", path: `agreements/${id}`, body }),

    /** The evidence as a file: as it stood at a moment, or as it is. */
    exportEvidence: (format: "pdf" | "json", at: string | null) => requests.file("evidence/export", { format, at }),

    /** What was taken out lately, newest first. */
    evidenceExports: async (): Promise<KeptExport[]> =>
      (await requests.json<EvidenceExportList>({ method: "GET", path: "evidence/exports" })).exports,
  };
}
