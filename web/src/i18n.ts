/** Texts by typed key: a key without a text, or a text without its values, does not compile. */

import type { centre } from "./locales/centre.ts";
import type { emergencies } from "./locales/emergencies.ts";
import { en } from "./locales/en.ts";
import type { evidence } from "./locales/evidence.ts";
import type { examination } from "./locales/examination.ts";
import type { inMeeting } from "./locales/in-meeting.ts";
import type { log } from "./locales/log.ts";
import type { policies } from "./locales/policies.ts";
import type { programs } from "./locales/programs.ts";
import type { recordings } from "./locales/recordings.ts";
import type { sealed } from "./locales/sealed.ts";
import type { support } from "./locales/support.ts";
import type { supportQueue } from "./locales/support-queue.ts";
import type { unattended } from "./locales/unattended.ts";

type Texts = typeof en & typeof centre & typeof emergencies & typeof evidence & typeof examination & typeof inMeeting & typeof log & typeof policies & typeof programs & typeof recordings & typeof sealed & typeof support & typeof supportQueue & typeof unattended;
export type TextKey = keyof Texts;

const texts: Record<string, string> = { ...en };

/** Of pages that few people open: they bring their own, before they are shown. */
export function addTexts(more: Partial<Record<TextKey, string>>): void {
  Object.assign(texts, more);
}

/** The names in braces of a text. */
type Slots<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Slots<Rest> : never;
type Values<Key extends TextKey> = [Slots<Texts[Key]>] extends [never] ? [] : [Record<Slots<Texts[Key]>, string | number>];

export function t<Key extends TextKey>(key: Key, ...[values]: Values<Key>): string {
  return fill(texts[key] ?? "", values ?? {});
}

/** Keys that exist for one and for several. */
type CountedKey = TextKey extends infer Key ? (Key extends `${infer Stem}.one` ? Stem : never) : never;

const plural = new Intl.PluralRules("en");

export function counted(stem: CountedKey, count: number): string {
  const form = plural.select(count) === "one" ? "one" : "other";
  return fill(texts[`${stem}.${form}`] ?? "", { count });
}

/** Whether there is a text, for keys that are made of what the server says. */
export function isTextKey(key: string): key is TextKey {
  return key in texts;
}

function fill(text: string, values: Record<string, string | number>): string {
  return text.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}

const time = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const dayAndTime = new Intl.DateTimeFormat(undefined, {
  weekday: "short",
  day: "numeric",
  month: "short",
  hour: "numeric",
  minute: "2-digit",
});

const date = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

/** In the reader's own time zone. */
export function formatTime(milliseconds: number): string {
  return time.format(milliseconds);
}

export function formatDay(timestamp: string): string {
  return dayAndTime.format(new Date(timestamp));
}

/** A day as the server has it, which is the same day everywhere. */
export function formatDate(timestamp: string): string {
  return date.format(new Date(timestamp));
}

const weekday = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" });

/** A day of the calendar: `2026-03-29`. */
export function formatWeekday(day: string): string {
  return weekday.format(new Date(`${day}T00:00:00Z`));
}
