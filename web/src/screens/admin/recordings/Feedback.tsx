import type { JSX } from "react";

import { t } from "../../../i18n.ts";
import type { Judged } from "../../../recordings/player.ts";
import styles from "./Playback.module.css";

interface FeedbackProps {
  judged: Judged;
}

/** What the person who was helped thinks of it, as far as they said so. */
export function Feedback({ judged: { solved, rating } }: FeedbackProps): JSX.Element {
  if (solved === undefined && rating === undefined) return <p>{t("recordings.feedback.none")}</p>;
  return (
    <section aria-label={t("recordings.feedback")}>
      <dl className={styles.feedback}>
        <dt>{t("recordings.feedback.solved")}</dt>
        <dd>{solved === undefined ? t("recordings.feedback.unsaid") : t(solved ? "recordings.feedback.yes" : "recordings.feedback.no")}</dd>
        <dt>{t("recordings.feedback.rating")}</dt>
        <dd>{rating === undefined ? t("recordings.feedback.unsaid") : t("recordings.feedback.of", { rating })}</dd>
      </dl>
    </section>
  );
}
