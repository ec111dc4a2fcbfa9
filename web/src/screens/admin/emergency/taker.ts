/** Who took emergency access, in words. */

import type { EmergencyUse } from "../../../api/wire.ts";
import { t } from "../../../i18n.ts";

export function takerOf({ display_name: name }: EmergencyUse): string {
  return name ?? t("emergencies.operator");
}
