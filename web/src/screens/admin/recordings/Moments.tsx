import { type JSX, memo } from "react";

import { t } from "../../../i18n.ts";
import type { Line } from "../../../recordings/player.ts";
import { FactsTable } from "./FactsTable.tsx";
import { momentText } from "./moment-text.ts";
import styles from "./Playback.module.css";

interface MomentsProps {
  told: readonly Line[];
  /** The last one that has been, by its place. */
  current: number | null;
  /** Stable, so that only what is another is drawn. */
  onGo: (at: number) => void;
}

/** What was said and done, each with the way to its moment. Drawn anew by the moment: the time goes on ten times a second. */
export const Moments = memo(function Moments({ told, current, onGo }: MomentsProps): JSX.Element {
  return (
    <ol className={styles.events} aria-label={t("recordings.events")}>
      {told.map((line) => (
        <Told key={line.place} line={line} isCurrent={line.place === current} onGo={onGo} />
      ))}
    </ol>
  );
});

interface ToldProps {
  line: Line;
  isCurrent: boolean;
  onGo: (at: number) => void;
}

const Told = memo(function Told({ line: { moment }, isCurrent, onGo }: ToldProps): JSX.Element {
  return (
    <li aria-current={isCurrent ? "step" : undefined}>
      <button type="button" aria-label={t("recordings.go", { time: clock(moment.at) })} onClick={() => onGo(moment.at)}>
        {clock(moment.at)}
      </button>
      {moment.kind === "facts" ? <FactsTable lines={moment.lines} /> : <span dir="auto">{momentText(moment)}</span>}
    </li>
  );
});

/** `75:03`: of a recording that is longer than an hour too. */
export function clock(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
