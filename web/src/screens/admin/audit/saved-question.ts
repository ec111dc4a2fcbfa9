/** A question about the log, as it is kept and as the page asks it. */

import type { AuditQuestion } from "../../../api/audit.ts";
import type { SavedFilter } from "../../../api/wire.ts";
import { boundsOf, lastDays } from "../days.ts";

/** Which page of the answer it is of is not kept. */
export function filterOf({ from, to, event, actor, object, outcome }: AuditQuestion): SavedFilter {
  return {
    kind: "audit",
    span: { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) },
    ...(event === undefined ? {} : { event }),
    ...(actor === undefined ? {} : { actor }),
    ...(object === undefined ? {} : { object }),
    ...(outcome === undefined ? {} : { outcome }),
  };
}

/** `null` for what is kept of another page. */
export function questionOf(filter: SavedFilter, now: Date): AuditQuestion | null {
  if (filter.kind !== "audit") return null;
  const { span, event, actor, object, outcome } = filter;
  const last = span.last_days ?? null;
  const bounds = last === null ? null : boundsOf(lastDays(last, now));
  const from = bounds?.from ?? span.from ?? null;
  const to = bounds?.to ?? span.to ?? null;
  return {
    ...(from === null ? {} : { from }),
    ...(to === null ? {} : { to }),
    ...((event ?? null) === null ? {} : { event: event ?? "" }),
    ...((actor ?? null) === null ? {} : { actor: actor ?? "" }),
    ...((object ?? null) === null ? {} : { object: object ?? "" }),
    ...(outcome === null || outcome === undefined ? {} : { outcome }),
  };
}
