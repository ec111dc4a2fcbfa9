/** Texts by typed key: a key without a text, or a text without its values, does not compile. */

import { en } from "./locales/en.ts";

type Texts = typeof en;
export type TextKey = keyof Texts;

/** The names in braces of a text. */
type Slots<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Slots<Rest> : never;
type Values<Key extends TextKey> = [Slots<Texts[Key]>] extends [never] ? [] : [Record<Slots<Texts[Key]>, string | number>];

export function t<Key extends TextKey>(key: Key, ...[values]: Values<Key>): string {
  return fill(en[key], values ?? {});
}

/** Keys that exist for one and for several. */
type CountedKey = TextKey extends infer Key ? (Key extends `${infer Stem}.one` ? Stem : never) : never;

const plural = new Intl.PluralRules("en");

export function counted(stem: CountedKey, count: number): string {
  const form = plural.select(count) === "one" ? "one" : "other";
  return fill(en[`${stem}.${form}`], { count });
}

/** Whether there is a text, for keys that are made of what the server says. */
export function isTextKey(key: string): key is TextKey {
  return key in en;
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

/** In the reader's own time zone. */
export function formatTime(milliseconds: number): string {
  return time.format(milliseconds);
}

export function formatDay(timestamp: string): string {
  return dayAndTime.format(new Date(timestamp));
}
