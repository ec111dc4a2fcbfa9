/** Entries in plain words. An event that this page has no words for is shown by its name. */

import type { Entry } from "../../../audit/entry.ts";
import { isTextKey, t } from "../../../i18n.ts";
import { enEvents } from "../../../locales/en-events.ts";

const EVENTS: ReadonlyMap<string, string> = new Map(Object.entries(enEvents));

export function eventText(event: string): string {
  return EVENTS.get(event) ?? event;
}

/** Those that there are words for, by their words. */
export function eventOptions(): { value: string; label: string }[] {
  const options = [...EVENTS].map(([value, label]) => ({ value, label }));
  return options.toSorted((one, other) => one.label.localeCompare(other.label));
}

export function actorText({ kind, role, id, account }: Entry["actor"], names: ReadonlyMap<string, string>): string {
  const known = names.get(account ?? id ?? "");
  const roleKey = `role.${role ?? ""}`;
  if (known !== undefined) return isTextKey(roleKey) ? t("audit.actor.known", { name: known, role: t(roleKey as "role.owner") }) : known;
  const kindKey = `audit.actor.${kind}`;
  const text = isTextKey(kindKey) ? t(kindKey as "audit.actor.system") : kind;
  return id === null ? text : t("audit.actor.id", { kind: text, id: id.slice(-8) });
}

export function outcomeText({ outcome, reason }: Entry): string {
  const key = `audit.outcome.${outcome}`;
  const text = isTextKey(key) ? t(key as "audit.outcome.done") : outcome;
  return reason === null ? text : t("audit.outcome.reason", { outcome: text, reason });
}

const moment = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });

/** To the second, in the reader's own time zone. */
export function formatMoment(milliseconds: number): string {
  return Number.isNaN(milliseconds) ? "" : moment.format(milliseconds);
}
