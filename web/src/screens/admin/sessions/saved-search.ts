/** A search of sessions, as it is kept and as the page has it. */

import type { SavedFilter } from "../../../api/wire.ts";
import { daysOf, spanOf } from "../views/span.ts";
import type { Search } from "./SessionSearch.tsx";

type SessionsFilter = Extract<SavedFilter, { kind: "sessions" }>;

/** `null` where its days are none. */
export function filterOf({ from, to, host, group, device, outcome }: Search, now: Date): SavedFilter | null {
  const span = spanOf({ from, to }, now);
  if (span === null) return null;
  return {
    kind: "sessions",
    span,
    ...(host === "" ? {} : { host }),
    ...(group === "" ? {} : { group }),
    // The page's own lists are the only ones that these come from.
    ...(device === "" ? {} : { device: device as NonNullable<SessionsFilter["device"]> }),
    ...(outcome === "" ? {} : { outcome: outcome as NonNullable<SessionsFilter["outcome"]> }),
  };
}

/** `null` for what is kept of another page. */
export function searchOf(filter: SavedFilter, now: Date): Search | null {
  if (filter.kind !== "sessions") return null;
  const { span, host, group, device, outcome } = filter;
  return { ...daysOf(span, now), host: host ?? "", group: group ?? "", device: device ?? "", outcome: outcome ?? "" };
}
