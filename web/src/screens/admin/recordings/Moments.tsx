import type { JSX } from "react";

import { t } from "../../../i18n.ts";
import type { Line } from "../../../recordings/player.ts";
import { momentText } from "./moment-text.ts";
import styles from "./Playback.module.css";

interface MomentsProps {
  told: readonly Line[];
  /** The last one that has been, by its place. */
  current: number | null;
  onGo: (at: number) => void;
}

/** What was said and done, each with the way to its moment. */
export function Moments({ told, current, onGo }: MomentsProps): JSX.Element {
  return (
    <ol className={styles.events} aria-label={t("recordings.events")}>
      {told.map(({ place, moment }) => (
        <li key={place} aria-current={place === current ? "step" : undefined}>
          <button type="button" aria-label={t("recordings.go", { time: clock(moment.at) })} onClick={() => onGo(moment.at)}>
            {clock(moment.at)}
          </button>
          <span dir="auto">{momentText(moment)}</span>
        </li>
      ))}
    </ol>
  );
}

/** `75:03`: of a recording that is longer than an hour too. */
export function clock(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
