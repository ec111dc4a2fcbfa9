/** A host's meetings as their day has them: what goes on, what is today, what comes, what is over. */

import type { Meeting, Occurrence } from "../api/wire.ts";

/** One line of the agenda. */
export interface Item {
  meeting: Meeting;
  /** Which of its times; `null` for a meeting without any. */
  occurrence: Occurrence | null;
  /** The meeting's next: everything can be done with it here. */
  isNext: boolean;
}

export interface Agenda {
  /** Those that go on first, then those without a time, then by the clock. */
  today: readonly Item[];
  later: readonly { day: string; items: readonly Item[] }[];
  past: readonly Meeting[];
}

/** After today; of what is later still, the next is shown. */
const DAYS_AHEAD = 7;
const DAY_MS = 86_400_000;

/** `dayOf`: the day that an instant is on, where its reader is. */
export function agenda(meetings: readonly Meeting[], now: number, dayOf: (instant: number) => string): Agenda {
  const open = meetings.filter(({ state }) => state !== "ended");
  const today = dayOf(now);
  const items = open.flatMap((meeting) => itemsOf(meeting, now));
  const later = new Map<string, Item[]>();
  for (const item of items.filter((known) => !isToday(known)).toSorted(byTime)) {
    const day = dayOf(beginsAt(item));
    later.set(day, [...(later.get(day) ?? []), item]);
  }
  return {
    today: items.filter(isToday).toSorted((a, b) => rank(a) - rank(b) || byTime(a, b)),
    later: [...later].map(([day, group]) => ({ day, items: group })),
    past: meetings.filter(({ state }) => state === "ended"),
  };

  function isToday(item: Item): boolean {
    return rank(item) < 2 || beginsAt(item) <= now || dayOf(beginsAt(item)) === today;
  }
}

function itemsOf(meeting: Meeting, now: number): Item[] {
  const near = meeting.occurrences.filter(({ begins }) => Date.parse(begins) < now + DAYS_AHEAD * DAY_MS);
  const shown = near.length > 0 ? near : meeting.occurrences.slice(0, 1);
  if (shown.length === 0) return [{ meeting, occurrence: null, isNext: true }];
  return shown.map((occurrence, index) => ({ meeting, occurrence, isNext: index === 0 }));
}

function rank({ meeting, occurrence, isNext }: Item): number {
  if (meeting.state === "live" && isNext) return 0;
  return occurrence === null && !isAhead(meeting) ? 1 : 2;
}

/** What has an instant alone. */
function isAhead({ starts_at: startsAt }: Meeting): boolean {
  return typeof startsAt === "string";
}

function beginsAt({ meeting, occurrence }: Item): number {
  return Date.parse(occurrence?.begins ?? meeting.starts_at ?? meeting.created_at);
}

function byTime(a: Item, b: Item): number {
  return beginsAt(a) - beginsAt(b);
}
