import ICAL from "ical.js";
import { expect, it } from "vitest";

import type { Schedule } from "../api/wire.ts";
import { calendarFile } from "./calendar.ts";

const meeting = {
  uid: "018f3a5c-0000-7000-8000-000000000900@meet.example",
  title: "Ward round",
  description: "Open the link.",
  link: `https://meet.example/j/123-456-789#${"A".repeat(43)}.${"B".repeat(43)}`,
  startsAt: new Date("2026-03-29T01:30:00Z"),
  schedule: null,
  sequence: 0,
  isCancelled: false,
  lastBegins: null,
  now: new Date("2026-03-01T08:00:00Z"),
};

function read(file: string): ICAL.Event {
  const calendar = new ICAL.Component(ICAL.parse(file) as unknown[]);
  ICAL.TimezoneService.reset();
  for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(new ICAL.Timezone(zone));
  const event = calendar.getFirstSubcomponent("vevent");
  if (event === null) throw new Error("no event");
  return new ICAL.Event(event);
}

it("is read by another's parser as it was meant", () => {
  const event = read(calendarFile(meeting));

  expect(event.uid).toBe(meeting.uid);
  expect(event.summary).toBe("Ward round");
  expect(event.location).toBe(meeting.link);
  expect(event.startDate.toJSDate()).toEqual(meeting.startsAt);
  expect(event.endDate.toJSDate()).toEqual(new Date("2026-03-29T02:30:00Z"));
});

it.each([
  "Commas, semicolons; and back\\slashes",
  "Two\nlines, and a third\r\nwith another end",
  "Ärztin – 診察 🩺".repeat(12),
  "x".repeat(300),
  "END:VEVENT\r\nBEGIN:VEVENT",
])("keeps any words, in lines that are short enough: %j", (words) => {
  const file = calendarFile({ ...meeting, title: words, description: words });

  const event = read(file);
  const expected = words.replaceAll("\r\n", "\n");
  expect(event.summary).toBe(expected);
  expect(event.description).toBe(expected);
  const lines = file.split("\r\n");
  expect(lines.every((line) => new TextEncoder().encode(line).length <= 75)).toBe(true);
  expect(lines.filter((line) => line === "BEGIN:VEVENT")).toHaveLength(1);
  expect(file.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
});

/** Every occurrence, as another's program works it out from the file alone. */
function held(schedule: Schedule, lastBegins: string, change: Partial<typeof meeting> = {}): string[] {
  const event = read(calendarFile({ ...meeting, schedule, lastBegins: new Date(lastBegins), ...change }));
  const occurrences = event.iterator();
  const found: string[] = [];
  for (let next = occurrences.next(); next !== undefined && next !== null && found.length < 300; next = occurrences.next()) {
    found.push(event.getOccurrenceDetails(next).startDate.toJSDate().toISOString());
  }
  return found;
}

it("keeps nine o'clock at nine o'clock when the clocks change, without the one that is cancelled", () => {
  const weekly: Schedule = {
    start: "2026-03-17T09:00",
    zone: "Europe/Berlin",
    minutes: 45,
    repeats: { every: "week", days: ["tuesday"], count: 4 },
    cancelled: ["2026-03-24T09:00"],
  };

  expect(held(weekly, "2026-04-07T07:00:00Z")).toEqual(["2026-03-17T08:00:00.000Z", "2026-03-31T07:00:00.000Z", "2026-04-07T07:00:00.000Z"]);
  expect(read(calendarFile({ ...meeting, schedule: weekly })).duration.toSeconds()).toBe(45 * 60);
});

it.each<[string, Schedule, string, number, string]>([
  ["a month's day, behind Greenwich", { start: "2026-10-31T20:00", zone: "America/St_Johns", minutes: 30, repeats: { every: "month", days: [], until: "2027-03-31" }, cancelled: [] }, "2027-03-31T22:30:00Z", 4, "2027-03-31T22:30:00.000Z"],
  ["each day, up to the last at midnight", { start: "2026-03-27T23:45", zone: "Pacific/Auckland", minutes: 30, repeats: { every: "day", days: [], until: "2026-04-06" }, cancelled: [] }, "2026-04-06T11:45:00Z", 11, "2026-04-06T11:45:00.000Z"],
  ["two days a week", { start: "2026-11-27T16:00", zone: "Asia/Kolkata", minutes: 30, repeats: { every: "week", days: ["monday", "friday"], count: 3 }, cancelled: [] }, "2026-12-04T10:30:00Z", 3, "2026-12-04T10:30:00.000Z"],
  ["every second week, from Monday on", { start: "2026-11-27T16:00", zone: "Asia/Kolkata", minutes: 30, repeats: { every: "fortnight", days: ["monday", "friday"], count: 5 }, cancelled: [] }, "2026-12-25T10:30:00Z", 5, "2026-12-25T10:30:00.000Z"],
])("says when it is: %s", (_, schedule, lastBegins, many, last) => {
  const found = held(schedule, lastBegins);

  expect(found).toHaveLength(many);
  expect(found.at(-1)).toBe(last);
});

it("replaces the entry that a calendar has, and takes it away", () => {
  const changed = calendarFile({ ...meeting, sequence: 3 });
  const cancelled = calendarFile({ ...meeting, sequence: 4, isCancelled: true });

  expect(read(changed).sequence).toBe(3);
  expect(changed).toContain("METHOD:PUBLISH\r\n");
  expect(cancelled).toContain("METHOD:CANCEL\r\n");
  expect(cancelled).toContain("STATUS:CANCELLED\r\n");
  expect(read(cancelled).uid).toBe(read(changed).uid);
});
