/** What the people in a meeting are told that ends by itself before long. */

import type { Ending } from "../../api/wire.ts";
import { formatTime, t } from "../../i18n.ts";

export function endingText({ at, cause, is_near }: Ending): string {
  const why = cause === "host_absent" ? t("ending.host_absent") : t("ending.too_long");
  const when = is_near ? t("ending.near") : t("ending.at", { time: formatTime(Date.parse(at)) });
  return `${when} ${why}`;
}
