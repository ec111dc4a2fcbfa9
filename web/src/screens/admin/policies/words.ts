/** Settings, values and layers of policy in plain words. */

import type { Explanation, Group, PolicyChange, PolicySource, Setting, SettingValue } from "../../../api/wire.ts";
import { addTexts, counted, t } from "../../../i18n.ts";
import { policies } from "../../../locales/policies.ts";
import { support } from "../../../locales/support.ts";

addTexts(policies);
addTexts(support);

const MINUTES = [2, 5, 10, 15, 20, 30, 45, 60] as const;

const MEBIBYTES = [1, 2, 5, 10, 20, 50, 100] as const;

const FILES = [1, 2, 5, 10, 20] as const;

const SWITCH: readonly SettingValue[] = [true, false];

/** In the order of the page, each with what it can be. */
export const SETTINGS: readonly { setting: Setting; values: readonly SettingValue[] }[] = [
  { setting: "host_meetings", values: SWITCH },
  { setting: "guests", values: SWITCH },
  { setting: "enter_by_link", values: SWITCH },
  { setting: "screen_sharing", values: SWITCH },
  { setting: "camera", values: SWITCH },
  { setting: "messages", values: SWITCH },
  { setting: "co_hosts", values: SWITCH },
  { setting: "meeting_control", values: SWITCH },
  { setting: "idle_minutes", values: MINUTES },
  { setting: "second_factor", values: ["roles", "everybody"] },
  { setting: "data_mode", values: ["conduit", "retain", "archive"] },
  { setting: "key_without_passcode", values: SWITCH },
  { setting: "emergency_access", values: SWITCH },
  { setting: "support", values: SWITCH },
  { setting: "support_control", values: SWITCH },
  { setting: "support_clipboard", values: SWITCH },
  { setting: "support_files", values: SWITCH },
  { setting: "support_file_mebibytes", values: MEBIBYTES },
  { setting: "support_file_count", values: FILES },
  { setting: "support_diagnostics", values: SWITCH },
  { setting: "support_chat", values: SWITCH },
  { setting: "support_idle_minutes", values: MINUTES },
  { setting: "support_unattended", values: SWITCH },
  { setting: "support_administrator", values: SWITCH },
  { setting: "support_queue", values: SWITCH },
];

export function settingText(setting: Setting): string {
  return t(`policies.setting.${setting}`);
}

export function valueText(setting: Setting, value: SettingValue): string {
  if (typeof value === "boolean") return value ? t("policies.value.on") : t("policies.value.off");
  if (typeof value === "number") return numberText(setting, value);
  return t(`policies.value.${value}`);
}

function numberText(setting: Setting, value: number): string {
  if (setting === "support_file_mebibytes") return t("policies.value.mebibytes", { count: value });
  if (setting === "support_file_count") return counted("policies.value.files", value);
  return counted("policies.value.minutes", value);
}

export function changeText({ setting, from, to, accounts, guests }: PolicyChange): string {
  const people = accounts > 0 ? counted("policies.preview.people", accounts) : null;
  const both = people !== null && guests ? t("policies.preview.and", { one: people, other: t("policies.preview.guests") }) : null;
  const whom = both ?? people ?? t("policies.preview.guests");
  return `${t("policies.preview.change", { setting: settingText(setting), from: valueText(setting, from), to: valueText(setting, to) })}, ${whom}.`;
}

export function whyText({ setting, value, decided_by, held_by }: Explanation, groups: readonly Group[]): string {
  return t("policies.why.line", { setting: settingText(setting), value: valueText(setting, value), why: reasonText(decided_by, held_by ?? null, groups) });
}

function reasonText(decidedBy: PolicySource, heldBy: PolicySource | null, groups: readonly Group[]): string {
  if (heldBy !== null) return t("policies.why.held", { source: sourceText(decidedBy, groups), holder: sourceText(heldBy, groups) });
  if (decidedBy.layer === "default") return t("policies.why.default");
  return t("policies.why.said", { source: sourceText(decidedBy, groups) });
}

function sourceText(source: PolicySource, groups: readonly Group[]): string {
  if (source.layer !== "group") return t(`policies.source.${source.layer}`);
  const name = groups.find(({ id }) => id === source.group)?.name ?? "";
  return t("policies.source.group", { name });
}
