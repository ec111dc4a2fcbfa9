import type { JSX } from "react";

import type { MediaFlow } from "../../api/wire.ts";
import { t } from "../../i18n.ts";
import { formatBitRate, formatMilliseconds, formatPerMille, lossOf } from "./amounts.ts";
import styles from "./people/People.module.css";

/** Loss, jitter, round trip and rate, in one line. */
export function Flow({ flow }: { flow: MediaFlow | null | undefined }): JSX.Element {
  if (flow === undefined || flow === null) return <span className={styles.soft}>–</span>;
  return (
    <span className={styles.soft}>
      {t("sessions.flow", { loss: formatPerMille(lossOf(flow)), jitter: formatMilliseconds(flow.jitter), rate: formatBitRate(flow.bits_per_second) })}
      {flow.round_trip !== undefined && flow.round_trip !== null && ` ${t("sessions.roundTrip", { time: formatMilliseconds(flow.round_trip) })}`}
    </span>
  );
}
