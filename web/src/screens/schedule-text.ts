/** When a meeting is, in words. */

import type { Repeats, Schedule } from "../api/wire.ts";
import { counted, formatDay, t } from "../i18n.ts";

const onItsClock = new Intl.DateTimeFormat(undefined, { weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit", timeZone: "UTC" });
const dayOnItsClock = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

/** For whoever is invited, who may be elsewhere: on its host's clock, with the zone's name; and how it repeats. */
export function whenText(schedule: Schedule | null, startsAt: string | null): string | null {
  if (schedule === null) return startsAt === null ? null : formatDay(startsAt);
  const { start, zone, repeats } = schedule;
  const time = t("when.zoned", { time: onItsClock.format(new Date(`${start}:00Z`)), zone: zone.replaceAll("_", " ") });
  return repeats === undefined || repeats === null ? time : t("when.again", { time, rhythm: rhythmText(repeats) });
}

/** For example “every week on Monday, Friday, 10 times”. */
export function rhythmText({ every, days = [], until, count }: Repeats): string {
  const named = days.map((day) => t(`weekday.${day}`)).join(", ");
  const rhythm = every === "week" || every === "fortnight" ? t(`rhythm.${every}`, { days: named }) : t(`rhythm.${every}`);
  const end = typeof until === "string" ? t("rhythm.until", { day: dayOnItsClock.format(new Date(`${until}T00:00:00Z`)) }) : counted("rhythm.times", count ?? 1);
  return t("rhythm.whole", { rhythm, end });
}
