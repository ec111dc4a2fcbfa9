/**
 * A meeting as a calendar's file (iCalendar, RFC 5545), made in the browser: the link with its secret is in it, and goes
 * nowhere else. What has a schedule is told in its host's own time, with that time zone's rules, so that nine o'clock stays
 * nine o'clock in every calendar.
 */

import type { Repeats, Schedule, Weekday } from "../api/wire.ts";
import { changes, offsetAt } from "./zones.ts";

export interface CalendarMeeting {
  /** The same for the same meeting, so that a calendar replaces the entry that it has. */
  uid: string;
  title: string;
  description: string;
  /** What is opened to join. */
  link: string;
  startsAt: Date;
  /** Absent for what has an instant alone. */
  schedule: Schedule | null;
  /** How often it was changed. */
  sequence: number;
  /** It takes place no more: calendars take their entry away. */
  isCancelled: boolean;
  /** When the last occurrence begins. */
  lastBegins: Date | null;
  /** When the file is made. */
  now: Date;
}

/** Of what has an instant alone. An entry without an end is a line that nobody sees. */
const MINUTES = 60;
/** Of a line, in octets, without its end (RFC 5545, 3.1). */
const LONGEST_LINE = 75;
const DAY_MS = 86_400_000;
const DAYS: Record<Weekday, string> = { monday: "MO", tuesday: "TU", wednesday: "WE", thursday: "TH", friday: "FR", saturday: "SA", sunday: "SU" };
/** Weeks begin on Monday, here as at the server: a fortnight is counted from them. */
const FREQUENCIES = { day: "DAILY", week: "WEEKLY", fortnight: "WEEKLY;INTERVAL=2;WKST=MO", month: "MONTHLY" } as const;

export function calendarFile(meeting: CalendarMeeting): string {
  const { uid, title, description, link, schedule, sequence, isCancelled, now } = meeting;
  const lines = [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    "PRODID:-//Conclave//Meetings//EN",
    `METHOD:${isCancelled ? "CANCEL" : "PUBLISH"}`,
    ...(schedule === null ? [] : zoneLines(schedule, meeting.lastBegins ?? meeting.startsAt)),
    "BEGIN:VEVENT",
    `UID:${text(uid)}`,
    `SEQUENCE:${sequence}`,
    `STATUS:${isCancelled ? "CANCELLED" : "CONFIRMED"}`,
    `DTSTAMP:${instant(now)}`,
    ...(schedule === null ? instantLines(meeting.startsAt) : scheduleLines(schedule)),
    `SUMMARY:${text(title)}`,
    `DESCRIPTION:${text(description)}`,
    `LOCATION:${text(link)}`,
    // Nobody but the calendar's owner sees more than that they are busy.
    "CLASS:PRIVATE",
    "END:VEVENT",
    "END:VCALENDAR",
  ];
  return lines.map((line) => `${folded(line)}\r\n`).join("");
}

function instantLines(startsAt: Date): string[] {
  return [`DTSTART:${instant(startsAt)}`, `DTEND:${instant(new Date(startsAt.getTime() + MINUTES * 60_000))}`];
}

function scheduleLines({ start, zone, minutes, repeats, cancelled }: Schedule): string[] {
  const at = `TZID=${zone}`;
  return [
    `DTSTART;${at}:${local(start)}`,
    `DURATION:PT${minutes}M`,
    ...(repeats === undefined || repeats === null ? [] : [`RRULE:${rule(repeats, start, zone)}`]),
    ...(cancelled ?? []).map((time) => `EXDATE;${at}:${local(time)}`),
  ];
}

/** RFC 5545, 3.3.10. Its end is an instant where the start has a zone: the last moment of the last day there. */
function rule({ every, days = [], until, count }: Repeats, start: string, zone: string): string {
  const parts = [`FREQ=${FREQUENCIES[every]}`];
  if (every === "week" || every === "fortnight") parts.push(`BYDAY=${days.map((day) => DAYS[day]).join(",")}`);
  if (every === "month") parts.push(`BYMONTHDAY=${Number(start.slice(8, 10))}`);
  if (typeof count === "number") parts.push(`COUNT=${count}`);
  if (typeof until === "string") parts.push(`UNTIL=${instant(new Date(endOf(until, zone)))}`);
  return parts.join(";");
}

function endOf(day: string, zone: string): number {
  const shown = Date.parse(`${day}T23:59:59Z`);
  return shown - offsetAt(zone, shown - offsetAt(zone, shown) * 60_000) * 60_000;
}

/** The zone's rules for as long as the meeting repeats (RFC 5545, 3.6.5): each change of its clocks by itself. */
function zoneLines({ start, zone }: Schedule, lastBegins: Date): string[] {
  const first = Date.parse(`${start}:00Z`) - 2 * DAY_MS;
  const initial = offsetAt(zone, first);
  const observances = changes(zone, first, lastBegins.getTime() + 2 * DAY_MS).map(({ at, before, after }) =>
    observance(after > before ? "DAYLIGHT" : "STANDARD", new Date(at + before * 60_000), before, after),
  );
  return ["BEGIN:VTIMEZONE", `TZID:${zone}`, ...observance("STANDARD", new Date(0), initial, initial), ...observances.flat(), "END:VTIMEZONE"];
}

/** `begins`: what the clock showed before it was changed, as if in UTC. */
function observance(kind: "STANDARD" | "DAYLIGHT", begins: Date, before: number, after: number): string[] {
  return [
    `BEGIN:${kind}`,
    `DTSTART:${instant(begins).slice(0, -1)}`,
    `TZOFFSETFROM:${offset(before)}`,
    `TZOFFSETTO:${offset(after)}`,
    `END:${kind}`,
  ];
}

function offset(minutes: number): string {
  const size = Math.abs(minutes);
  const [hours, rest] = [Math.floor(size / 60), size % 60];
  return `${minutes < 0 ? "-" : "+"}${String(hours).padStart(2, "0")}${String(rest).padStart(2, "0")}`;
}

/** `2026-03-29T09:30` as `20260329T093000`. */
function local(time: string): string {
  return `${time.replaceAll(/[-:]/g, "")}00`;
}

function instant(date: Date): string {
  return `${date.toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}Z`;
}

/** RFC 5545, 3.3.11. Other control characters have no place in a text. */
function text(value: string): string {
  return value
    .replaceAll(/\r\n?/g, "\n")
    .replaceAll(/[\\;,]/g, String.raw`\$&`)
    .replaceAll("\n", String.raw`\n`)
    .replaceAll(/\p{Cc}/gu, "");
}

/** No character is cut in two. */
function folded(line: string): string {
  const encoder = new TextEncoder();
  let length = 0;
  let folds = "";
  for (const character of line) {
    const octets = encoder.encode(character).length;
    if (length + octets > LONGEST_LINE) {
      folds += "\r\n ";
      length = 1;
    }
    folds += character;
    length += octets;
  }
  return folds;
}
