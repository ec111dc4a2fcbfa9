import type { JSX } from "react";

import type { Recording, RecordingList } from "../../../api/wire.ts";
import { counted, formatDate, formatDay, t } from "../../../i18n.ts";
import { Button } from "../../../ui/Button.tsx";
import { Notice } from "../../../ui/Notice.tsx";
import live from "../live/LiveMeetings.module.css";

interface RecordingsProps {
  list: Pick<RecordingList, "recordings" | "incomplete" | "damaged" | "without_feedback">;
  onWatch: (recording: Recording) => void;
  /** All of them, or those that somebody looked for. */
  isNarrowed: boolean;
  /** `null` where there are no earlier ones. */
  onEarlier: (() => void) | null;
}

/** Which sessions were kept. What lacks something, on whatever page, says so before anything else. */
export function Recordings({ list, isNarrowed, onWatch, onEarlier }: RecordingsProps): JSX.Element {
  const { recordings, incomplete, damaged, without_feedback: withoutFeedback } = list;
  return (
    <>
      {damaged > 0 && <Notice tone="danger">{counted("recordings.damaged", damaged)}</Notice>}
      {incomplete > 0 && <Notice tone="danger">{counted("recordings.incomplete", incomplete)}</Notice>}
      {withoutFeedback > 0 && <Notice tone="danger">{counted("recordings.withoutFeedback", withoutFeedback)}</Notice>}
      {recordings.length === 0 ? <p>{t(isNarrowed ? "recordings.none.found" : "recordings.none")}</p> : <Table recordings={recordings} onWatch={onWatch} />}
      {onEarlier !== null && <Button onPress={onEarlier}>{t("recordings.earlier")}</Button>}
    </>
  );
}

function Table({ recordings, onWatch }: { recordings: readonly Recording[] } & Pick<RecordingsProps, "onWatch">): JSX.Element {
  return (
      <table className={live.table} aria-label={t("recordings.list")}>
        <thead>
          <tr>
            <th scope="col">{t("recordings.begun")}</th>
            <th scope="col">{t("recordings.technician")}</th>
            <th scope="col">{t("recordings.where")}</th>
            <th scope="col">{t("recordings.state")}</th>
            <th scope="col">{t("recordings.sealed")}</th>
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
              <td data-label={t("recordings.where")} dir="auto">
                {recording.device?.name ?? t("recordings.where.attended")}
              </td>
              <td data-label={t("recordings.state")}>
                {recording.state === "incomplete" || recording.state === "damaged" ? <strong>{t(`recordings.state.${recording.state}`)}</strong> : t(`recordings.state.${recording.state}`)}
              </td>
              <td data-label={t("recordings.sealed")}>{sealed(recording)}</td>
              <td data-label={t("recordings.until")}>{recording.keep_until === undefined || recording.keep_until === null ? "" : formatDate(recording.keep_until)}</td>
              <td>
                {recording.state !== "open" && recording.state !== "deleted" && (
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
  );
}

/** What there is of the feedback; nothing of what other recordings have. */
function sealed({ feedback }: Recording): JSX.Element | string {
  if (feedback === "elsewhere") return "";
  return feedback === "missing" ? <strong>{t("recordings.sealed.missing")}</strong> : t(`recordings.sealed.${feedback}`);
}
