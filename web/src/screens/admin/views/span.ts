/** Days as a page has them, and as a saved view keeps them: those that end today move along with the days. */

import type { ViewSpan } from "../../../api/wire.ts";
import { boundsOf, type Days, lastDays } from "../days.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const MOST_DAYS = 366;

/** `null` where the days are none. */
export function spanOf(days: Days, now: Date): ViewSpan | null {
  const bounds = boundsOf(days);
  if (bounds === null) return null;
  const today = lastDays(1, now);
  const count = Math.round((Date.parse(bounds.to) - Date.parse(bounds.from)) / DAY_MS);
  if (days.to === today.to && count <= MOST_DAYS) return { last_days: count };
  return bounds;
}

/** What is kept without an end goes on until today. */
export function daysOf(span: ViewSpan, now: Date): Days {
  const last = span.last_days ?? null;
  if (last !== null) return lastDays(last, now);
  const today = lastDays(1, now);
  const from = span.from ?? null;
  const to = span.to ?? null;
  return {
    from: from === null ? lastDays(MOST_DAYS, now).from : lastDays(1, new Date(from)).from,
    // The end is the first moment that is not meant any more.
    to: to === null ? today.to : lastDays(1, new Date(Date.parse(to) - 1)).to,
  };
}
