/** What a session's state is called. */

import type { Phase, SupportState } from "../../remote/support-state.ts";
import type { FileTransfer } from "../../remote/transfers.ts";
import type { Capability, Refusal } from "../../remote/words.ts";
import { formatTime, t } from "../../i18n.ts";

export function whatText(capability: Capability): string {
  return t(`console.what.${capability}`);
}

function phaseText({ at }: Phase): string {
  return t(`console.phase.${at}`);
}

/** Whoever came by browser is there, but not as a computer. */
export function stateText({ phase, guest, isSilent, restartsSince }: Pick<SupportState, "phase" | "guest" | "isSilent" | "restartsSince">): string {
  if (phase.at === "lost" && restartsSince !== null) return t("console.restarting.state");
  if (phase.at !== "waiting" || guest === null) return phaseText(phase);
  return t(isSilent ? "console.silent" : "console.greeting");
}

export function refusalText(capability: Capability, refusal: Refusal): string {
  return t(`console.refused.${refusal}`, { what: whatText(capability) });
}

/** As long as the computer keeps what brings it back. */
const COMES_BACK_WITHIN_MS = 15 * 60_000;

/** Why the computer is gone for a moment. */
export function lostText({ restartsSince }: Pick<SupportState, "restartsSince">): string {
  return restartsSince === null ? t("console.lost") : t("console.restarting", { time: formatTime(restartsSince + COMES_BACK_WITHIN_MS) });
}

export function endsSoonText({ reason, at }: NonNullable<SupportState["endsSoon"]>): string {
  const time = formatTime(at);
  return reason === "idle" || reason === "too_long" ? t(`console.endsSoon.${reason}`, { time }) : t("console.endsSoon.other", { time });
}

export function fileName({ name }: Pick<FileTransfer, "name">): string {
  return name ?? t("console.files.unnamed");
}

const tenth = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });
const UNITS = ["bytes", "kib", "mib", "gib"] as const;

export function sizeText(bytes: number): string {
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), UNITS.length - 1);
  return t(`console.size.${UNITS[power] ?? "bytes"}`, { number: tenth.format(bytes / 1_024 ** power) });
}

/** `Ctrl+Alt+Shift+Enter`: no browser and no desktop takes it for itself, as they do with others that end in Escape or Tab. */
export function leavesView({ ctrlKey, altKey, shiftKey, code }: Pick<KeyboardEvent, "ctrlKey" | "altKey" | "shiftKey" | "code">): boolean {
  return ctrlKey && altKey && shiftKey && (code === "Enter" || code === "NumpadEnter");
}
