/** What a session came to, as far as this page saw it: for the end of it, and kept nowhere. */

import type { SupportState } from "../../remote/support-state.ts";
import type { FileTransfer } from "../../remote/transfers.ts";
import type { Capability, EndReason } from "../../remote/words.ts";

export interface SessionRecord {
  /** Since somebody was there, in milliseconds since 1970. */
  since: number | null;
  until: number | null;
  permitted: ReadonlySet<Capability>;
  /** Nothing was permitted of which this page was not told: nobody else led, before or after. */
  isWhole: boolean;
  /** Files that arrived, either way. */
  files: ReadonlySet<number>;
  /** Those of the computer's that are here, and were not saved. */
  unsaved: readonly FileTransfer[];
  /** `null` while it goes on. */
  why: EndReason | null;
}

export const NOTHING_YET: SessionRecord = { since: null, until: null, permitted: new Set(), isWhole: true, files: new Set(), unsaved: [], why: null };

export function recorded(record: SessionRecord, state: SupportState, now: number): SessionRecord {
  const { phase, agent, leads, permitted, files, diagnostics } = state;
  const arrived = files.filter((file) => file.state === "complete");
  return {
    since: record.since ?? (agent === null ? null : now),
    until: record.until ?? (phase.at === "ended" ? now : null),
    permitted: new Set([
      ...record.permitted,
      ...permitted.keys(),
      ...arrived.map(({ way }) => (way === "in" ? "file_in" : "file_out") as Capability),
      ...(diagnostics === null ? [] : (["diagnostics"] as const)),
    ]),
    isWhole: record.isWhole && (agent === null || leads),
    files: new Set([...record.files, ...arrived.map(({ id }) => id)]),
    unsaved: arrived.filter(({ content }) => content !== null),
    why: phase.at === "ended" ? phase.why : record.why,
  };
}
