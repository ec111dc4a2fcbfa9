import { Fragment, type JSX } from "react";

import { t } from "../../../i18n.ts";
import type { Judged } from "../../../recordings/player.ts";
import styles from "./Playback.module.css";

interface FeedbackProps {
  judged: Judged;
}

interface Line {
  question: string;
  said: string;
}

/** What the person who was helped thinks of it, as far as they said so. */
export function Feedback({ judged }: FeedbackProps): JSX.Element {
  const lines = linesOf(judged);
  if (lines.length === 0) return <p>{t("recordings.feedback.none")}</p>;
  return (
    <section aria-label={t("recordings.feedback")}>
      <dl className={styles.feedback}>
        {lines.map(({ question, said }) => (
          <Fragment key={question}>
            <dt dir="auto">{question}</dt>
            <dd dir="auto">{said}</dd>
          </Fragment>
        ))}
      </dl>
    </section>
  );
}

/** None where nothing was said. */
function linesOf(judged: Judged): Line[] {
  if (judged.kind === "answered") return judged.answers.map(({ question, said }) => ({ question, said: typeof said === "number" ? t("recordings.feedback.of", { rating: said }) : said }));
  const { solved, rating } = judged;
  if (solved === undefined && rating === undefined) return [];
  return [
    { question: t("recordings.feedback.solved"), said: solved === undefined ? t("recordings.feedback.unsaid") : t(solved ? "recordings.feedback.yes" : "recordings.feedback.no") },
    { question: t("recordings.feedback.rating"), said: rating === undefined ? t("recordings.feedback.unsaid") : t("recordings.feedback.of", { rating }) },
  ];
}
