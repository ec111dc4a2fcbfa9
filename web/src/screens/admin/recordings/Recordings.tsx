import type { JSX } from "react";

import type { Recording, RecordingAcknowledgement, RecordingList, RecordingTrouble } from "../../../api/wire.ts";
import { counted, formatDate, formatDay, t } from "../../../i18n.ts";
import { Button } from "../../../ui/Button.tsx";
import { Notice } from "../../../ui/Notice.tsx";
import live from "../live/LiveMeetings.module.css";

interface RecordingsProps {
  list: Pick<RecordingList, "recordings" | "incomplete" | "damaged" | "without_feedback">;
  onWatch: (recording: Recording) => void;
  /** `null` for whoever may not. */
  onAcknowledge: ((recording: Recording, trouble: RecordingTrouble) => void) | null;
  /** All of them, or those that somebody looked for. */
  isNarrowed: boolean;
  /** `null` where there are no earlier ones. */
  onEarlier: (() => void) | null;
}

/** Which sessions were kept. What lacks something that nobody has acknowledged, on whatever page, says so before anything else. */
export function Recordings({ list, isNarrowed, onWatch, onAcknowledge, onEarlier }: RecordingsProps): JSX.Element {
  const { recordings, incomplete, damaged, without_feedback: withoutFeedback } = list;
  return (
    <>
      {damaged > 0 && <Notice tone="danger">{counted("recordings.damaged", damaged)}</Notice>}
      {incomplete > 0 && <Notice tone="danger">{counted("recordings.incomplete", incomplete)}</Notice>}
      {withoutFeedback > 0 && <Notice tone="danger">{counted("recordings.withoutFeedback", withoutFeedback)}</Notice>}
      {recordings.length === 0 ? <p>{t(isNarrowed ? "recordings.none.found" : "recordings.none")}</p> : <Table recordings={recordings} onWatch={onWatch} onAcknowledge={onAcknowledge} />}
      {onEarlier !== null && <Button onPress={onEarlier}>{t("recordings.earlier")}</Button>}
    </>
  );
}

function Table({ recordings, onWatch, onAcknowledge }: { recordings: readonly Recording[] } & Pick<RecordingsProps, "onWatch" | "onAcknowledge">): JSX.Element {
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
                {recording.acknowledged.map((one) => (
                  <p key={one.trouble} dir="auto">
                    {acknowledged(one)}
                  </p>
                ))}
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
                {onAcknowledge !== null &&
                  unseen(recording).map((trouble) => (
                    <Button key={trouble} aria-label={t(`recordings.acknowledge.${trouble}.name`, namesOf(recording))} onPress={() => onAcknowledge(recording, trouble)}>
                      {t(`recordings.acknowledge.${trouble}`)}
                    </Button>
                  ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
  );
}

/** What lacks, and nobody has acknowledged. */
function unseen({ troubles, acknowledged }: Recording): readonly RecordingTrouble[] {
  return troubles.filter((trouble) => !acknowledged.some((one) => one.trouble === trouble));
}

/** By what a recording is told from others. */
export function namesOf({ begun_at: begun, technician_name: name }: Recording): { day: string; name: string } {
  return { day: formatDay(begun), name };
}

function acknowledged({ trouble, at, by_name: name, reason }: RecordingAcknowledgement): string {
  return t(`recordings.acknowledged.${trouble}`, { name, day: formatDay(at), reason: reason ?? t("recordings.acknowledged.unread") });
}

/** What there is of the feedback; nothing of what other recordings have. */
function sealed({ feedback }: Recording): JSX.Element | string {
  if (feedback === "elsewhere") return "";
  return feedback === "missing" ? <strong>{t("recordings.sealed.missing")}</strong> : t(`recordings.sealed.${feedback}`);
}
