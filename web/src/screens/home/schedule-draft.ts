/** What a form has of a meeting's time, and the schedule that it makes. */

import type { Meeting, Repeats, Schedule, Weekday } from "../../api/wire.ts";
import { localTime, ownZone } from "../../call/zones.ts";
import { t } from "../../i18n.ts";
import { requiredError } from "../fields.ts";

export const REPEAT_CHOICES = ["once", "day", "week", "fortnight", "month"] as const;
export const END_CHOICES = ["count", "until"] as const;
export const WEEKDAYS: readonly Weekday[] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
export const DURATIONS = [15, 30, 45, 60, 90, 120, 240] as const;

export interface Draft {
  title: string;
  /** As the field has it: `2026-03-29T09:30`, in `zone`. */
  when: string;
  zone: string;
  minutes: number;
  repeats: (typeof REPEAT_CHOICES)[number];
  days: readonly Weekday[];
  ends: (typeof END_CHOICES)[number];
  count: string;
  until: string;
  /** The starts of those that don't take place. */
  cancelled: readonly string[];
}

/** Of a local time: `2026-03-29`. */
const DAY = 10;
/** Of the server's bounds. */
const MOST_TIMES = 200;
const FEWEST_TIMES = 2;
const USUAL_TIMES = "10";
const USUAL_MINUTES = 30;

export function newDraft(now: number): Draft {
  const zone = ownZone();
  const when = `${localTime(zone, now + 3_600_000).slice(0, 13)}:00`;
  return { title: "", when, zone, minutes: USUAL_MINUTES, repeats: "once", days: [], ends: "count", count: USUAL_TIMES, until: "", cancelled: [] };
}

/** Of a meeting that has one instant alone, in the reader's zone. */
export function draftOf({ title, schedule, starts_at: startsAt }: Meeting, now: number): Draft {
  const fresh = { ...newDraft(now), title };
  if (schedule === undefined || schedule === null) {
    return typeof startsAt === "string" ? { ...fresh, when: localTime(fresh.zone, Date.parse(startsAt)) } : fresh;
  }
  const { start, zone, minutes, repeats, cancelled } = schedule;
  return {
    ...fresh,
    when: start,
    zone,
    minutes,
    repeats: repeats?.every ?? "once",
    days: repeats?.days ?? [],
    ends: typeof repeats?.until === "string" ? "until" : "count",
    count: typeof repeats?.count === "number" ? String(repeats.count) : USUAL_TIMES,
    until: repeats?.until ?? "",
    cancelled: cancelled ?? [],
  };
}

/** What was cancelled stays so where it is on the same days as before, at whatever time. */
export function scheduleOf(draft: Draft, before: Schedule | null = null): Schedule {
  const { when, zone, minutes, cancelled } = draft;
  const repeats = repeatsOf(draft);
  const fresh: Schedule = { start: when, zone, minutes, cancelled: [], ...(repeats === null ? {} : { repeats }) };
  return isOnSameDays(fresh, before) ? { ...fresh, cancelled: cancelled.map((start) => `${start.slice(0, DAY)}${when.slice(DAY)}`) } : fresh;
}

/** Whether times that were cancelled would take place again. */
export function takesPlaceAgain(draft: Draft, before: Schedule | null): boolean {
  return draft.cancelled.length > 0 && !isOnSameDays(scheduleOf(draft), before);
}

/** To another start. The weekday of the one before was named by it: another day takes its place. */
export function startingAt(draft: Draft, when: string): Partial<Draft> {
  const [before, after] = [weekdayOf(draft.when), weekdayOf(when)];
  return before === after ? { when } : { when, days: draft.days.filter((day) => day !== before) };
}

function isOnSameDays(schedule: Schedule, before: Schedule | null): boolean {
  return before !== null && JSON.stringify(rhythm(before)) === JSON.stringify(rhythm(schedule));
}

function rhythm({ start, zone, repeats }: Schedule): unknown {
  const { every, days, until, count } = repeats ?? {};
  return [start.slice(0, DAY), zone, every ?? null, days ?? [], until ?? null, count ?? null];
}

function repeatsOf({ repeats, days, when, ends, count, until }: Draft): Repeats | null {
  if (repeats === "once") return null;
  const named = isWeekly(repeats) ? WEEKDAYS.filter((day) => days.includes(day) || day === weekdayOf(when)) : [];
  return { every: repeats, days: named, ...(ends === "count" ? { count: Number(count) } : { until }) };
}

/** On days of a week that are named. */
export function isWeekly(repeats: Draft["repeats"]): boolean {
  return repeats === "week" || repeats === "fortnight";
}

export function weekdayOf(when: string): Weekday | undefined {
  const day = new Date(`${when.slice(0, 10)}T00:00:00Z`).getUTCDay();
  return WEEKDAYS[(day + 6) % 7];
}

export function whenError({ when, zone, repeats }: Draft, now: number): string | null {
  const empty = requiredError(when);
  if (empty !== null) return empty;
  // A series may have begun before it is changed.
  return repeats !== "once" || when > localTime(zone, now) ? null : t("wrong.past");
}

export function countError({ repeats, ends, count }: Draft): string | null {
  if (repeats === "once" || ends !== "count") return null;
  const isRight = /^\d+$/.test(count) && Number(count) >= FEWEST_TIMES && Number(count) <= MOST_TIMES;
  return isRight ? null : t("wrong.times");
}

export function untilError({ repeats, ends, until, when }: Draft): string | null {
  if (repeats === "once" || ends !== "until") return null;
  return requiredError(until) ?? (until >= when.slice(0, 10) ? null : t("wrong.until"));
}
