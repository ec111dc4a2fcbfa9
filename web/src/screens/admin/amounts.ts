/** Numbers as people say them. */

import { t } from "../../i18n.ts";

const whole = new Intl.NumberFormat("en");
const tenth = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

export function formatCount(count: number): string {
  return whole.format(count);
}

/** From seconds. */
export function formatLength(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? t("amount.minutes", { minutes }) : t("amount.hours", { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
}

export function formatMilliseconds(microseconds: number): string {
  return t("amount.milliseconds", { number: tenth.format(microseconds / 1_000) });
}

export function formatPerMille(parts: number): string {
  return t("amount.percent", { number: tenth.format(parts / 10) });
}

export function formatBitRate(bitsPerSecond: number): string {
  return t("amount.kilobits", { number: whole.format(Math.round(bitsPerSecond / 1_000)) });
}

/** Of what should have come, what was lost. */
export function lossOf({ packets, lost }: { packets: number; lost: number }): number {
  return packets + lost === 0 ? 0 : (lost / (packets + lost)) * 1_000;
}
