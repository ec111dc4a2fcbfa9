/** What the register's stable names are called on a page. */

import type { Ground } from "../../../api/wire.ts";
import { addTexts, formatDay, isTextKey, t } from "../../../i18n.ts";
import { policies } from "../../../locales/policies.ts";
import { support } from "../../../locales/support.ts";
import { eventText, formatMoment } from "../audit/entry-text.ts";

addTexts(policies);
addTexts(support);

/** What a claim rests on or is seen in, and how that stands. */
export function groundText({ kind, name, standing, against, entry, seen_at: seenAt }: Ground): string {
  if (kind === "entry") {
    const what = eventText(name);
    if (entry === undefined || entry === null) return t("evidence.entry.never", { what });
    return t("evidence.entry", { what, seq: entry.seq, time: formatMoment(Date.parse(seenAt ?? "")) });
  }
  const told = t(`evidence.standing.${standing}`, { what: what(kind, name) });
  if (against === undefined || against === null) return told;
  return `${told} ${t("evidence.against", { count: against.count, day: formatDay(against.since) })}`;
}

function what(kind: Ground["kind"], name: string): string {
  if (kind === "tests") return t("evidence.tests", { name });
  if (kind === "sign_off") return t("evidence.signOff");
  const key = `evidence.${kind}.${name}`;
  return isTextKey(key) ? t(key as "evidence.setting.tls") : name;
}

/** What a setting of the review is called: as policy's pages do, or as the configuration file does. */
export function settingText(name: string): string {
  const key = `policies.setting.${name}`;
  return isTextKey(key) ? t(key as "policies.setting.guests") : name;
}
