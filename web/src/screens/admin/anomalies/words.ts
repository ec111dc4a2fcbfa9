/** Findings in plain words. */

import type { Anomaly } from "../../../api/wire.ts";
import { t } from "../../../i18n.ts";

const HOUR = 60;
const DAY = 24 * HOUR;

/** In the largest unit that fits. */
export function windowText(minutes: number): string {
  if (minutes % DAY === 0 && minutes > DAY) return t("anomalies.days", { count: minutes / DAY });
  if (minutes % HOUR === 0) return t("anomalies.hours", { count: minutes / HOUR });
  return t("anomalies.minutes", { count: minutes });
}

/** Whom or what it is about. */
export function subjectText({ display_name: name, network, subject }: Anomaly): string {
  const id = subject ?? null;
  const fallback = id === null ? t("anomalies.organisation") : t("anomalies.id", { id: id.slice(-8) });
  return name ?? network ?? fallback;
}
