import type { JSX } from "react";

import type { Recording } from "../../../api/wire.ts";
import { counted, formatDate, formatDay, t } from "../../../i18n.ts";
import { Button } from "../../../ui/Button.tsx";
import { Notice } from "../../../ui/Notice.tsx";
import live from "../live/LiveMeetings.module.css";

interface RecordingsProps {
  recordings: readonly Recording[];
  onWatch: (recording: Recording) => void;
}

/** Which sessions were kept. What is incomplete says so before anything else. */
export function Recordings({ recordings, onWatch }: RecordingsProps): JSX.Element {
  const incomplete = recordings.filter(({ state }) => state === "incomplete").length;
  if (recordings.length === 0) return <p>{t("recordings.none")}</p>;
  return (
    <>
      {incomplete > 0 && <Notice tone="danger">{counted("recordings.incomplete", incomplete)}</Notice>}
      <table className={live.table} aria-label={t("recordings.list")}>
        <thead>
          <tr>
            <th scope="col">{t("recordings.begun")}</th>
            <th scope="col">{t("recordings.technician")}</th>
            <th scope="col">{t("recordings.state")}</th>
            <th scope="col">{t("recordings.until")}</th>
            <th scope="col">{t("recordings.acts")}</th>
          </tr>
        </thead>
        <tbody>
          {recordings.map((recording) => (
            <tr key={recording.id}>
              <th scope="row">{formatDay(recording.begun_at)}</th>
              <td data-label={t("recordings.technician")} dir="auto">
                {recording.technician_name}
              </td>
              <td data-label={t("recordings.state")}>{recording.state === "incomplete" ? <strong>{t("recordings.state.incomplete")}</strong> : t(`recordings.state.${recording.state}`)}</td>
              <td data-label={t("recordings.until")}>{recording.keep_until === undefined || recording.keep_until === null ? "" : formatDate(recording.keep_until)}</td>
              <td>
                {(recording.state === "whole" || recording.state === "incomplete") && (
                  <Button
                    aria-label={t("recordings.watch.name", { day: formatDay(recording.begun_at), name: recording.technician_name })}
                    onPress={() => onWatch(recording)}
                  >
                    {t("recordings.watch")}
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
