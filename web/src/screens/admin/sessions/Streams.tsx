import type { JSX } from "react";

import type { ParticipantQuality, StreamInterval } from "../../../api/wire.ts";
import { formatTime, t } from "../../../i18n.ts";
import { Bars } from "../Bars.tsx";
import { formatBitRate, formatMilliseconds, formatPerMille, lossOf } from "../amounts.ts";
import policy from "../Policy.module.css";
import { Wide } from "../Wide.tsx";
import styles from "./Sessions.module.css";

/** How somebody's streams did, minute by minute. */
export function Streams({ name, quality: { intervals, is_cut: isCut } }: { name: string; quality: ParticipantQuality }): JSX.Element {
  return (
    <section className={styles.streams} aria-label={t("sessions.streams.of", { name })}>
      <h3>{t("sessions.streams.of", { name })}</h3>
      {intervals.length === 0 && <p className={policy.soft}>{t("sessions.streams.none")}</p>}
      {intervals.length > 0 && (
        <>
          <Bars title={t("sessions.interval.loss")} of={t("sessions.interval.minute")} bars={lossByMinute(intervals)} format={formatPerMille} />
          <Wide label={t("sessions.streams.table", { name })}>
            <thead>
              <tr>
                {(["minute", "stream", "loss", "jitter", "roundTrip", "rate"] as const).map((column) => (
                  <th key={column} scope="col">
                    {t(`sessions.interval.${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {intervals.map((interval) => (
                <tr key={`${interval.begins_at} ${interval.stream} ${String(interval.sent)}`}>
                  <td>{formatTime(Date.parse(interval.begins_at))}</td>
                  <td>
                    {t(interval.sent ? "sessions.sent" : "sessions.received", { kind: t(interval.kind === "video" ? "sessions.video" : "sessions.audio") })}
                  </td>
                  <td>{formatPerMille(lossOf(interval.flow))}</td>
                  <td>{formatMilliseconds(interval.flow.jitter)}</td>
                  <td>{interval.flow.round_trip === undefined || interval.flow.round_trip === null ? "–" : formatMilliseconds(interval.flow.round_trip)}</td>
                  <td>{formatBitRate(interval.flow.bits_per_second)}</td>
                </tr>
              ))}
            </tbody>
          </Wide>
        </>
      )}
      {isCut && <p className={policy.soft}>{t("sessions.cut")}</p>}
    </section>
  );
}

/** Of all streams together. */
function lossByMinute(intervals: readonly StreamInterval[]): { label: string; value: number }[] {
  const minutes = new Map<string, { packets: number; lost: number }>();
  for (const { begins_at: minute, flow } of intervals) {
    const sum = minutes.get(minute) ?? { packets: 0, lost: 0 };
    minutes.set(minute, { packets: sum.packets + flow.packets, lost: sum.lost + flow.lost });
  }
  return [...minutes].map(([minute, sum]) => ({ label: formatTime(Date.parse(minute)), value: lossOf(sum) }));
}
