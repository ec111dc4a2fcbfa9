/** A range of days as a person picks them, in their own time zone. */

export interface Days {
  /** `2026-11-26`; the first and the last one, both within the range. */
  from: string;
  to: string;
}

/** The last so many, today with them. */
export function lastDays(count: number, now: Date): Days {
  const from = new Date(now.getFullYear(), now.getMonth(), now.getDate() - count + 1);
  return { from: dayOf(from), to: dayOf(now) };
}

/** The instants that bound it, for the server; `null` where a day is missing or the last is before the first. */
export function boundsOf({ from, to }: Days): { from: string; to: string } | null {
  const first = midnight(from, 0);
  const end = midnight(to, 1);
  if (first === null || end === null || first >= end) return null;
  return { from: first.toISOString(), to: end.toISOString() };
}

function midnight(day: string, later: number): Date | null {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day);
  if (parts === null) return null;
  const [year = 0, month = 1, date = 1] = parts.slice(1).map(Number);
  return new Date(year, month - 1, date + later);
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}

function dayOf(date: Date): string {
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
