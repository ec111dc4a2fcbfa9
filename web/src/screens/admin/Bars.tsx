import { type JSX, useId } from "react";

import { t } from "../../i18n.ts";
import styles from "./Bars.module.css";

interface Bar {
  label: string;
  value: number;
}

interface BarsProps {
  title: string;
  /** What the bars stand for: days, minutes. */
  of: string;
  bars: readonly Bar[];
  format: (value: number) => string;
}

/** In the picture's own units: it grows with its page. */
const WIDTH = 600;
const HEIGHT = 120;

/** Bars beside each other, and the same numbers as a table. */
export function Bars({ title, of, bars, format }: BarsProps): JSX.Element {
  const caption = useId();
  const most = Math.max(...bars.map(({ value }) => value), 0);
  const step = WIDTH / Math.max(bars.length, 1);
  const height = (value: number): number => (most === 0 ? 0 : (value / most) * HEIGHT);
  return (
    <figure className={styles.figure} aria-labelledby={caption}>
      <figcaption id={caption} className={styles.caption}>
        <span>{title}</span>
        <span className={styles.soft}>{t("bars.most", { value: format(most) })}</span>
      </figcaption>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden className={styles.picture}>
        {bars.map(({ label, value }, at) => (
          <rect key={label} className={styles.bar} x={at * step + step * 0.1} y={HEIGHT - height(value)} width={step * 0.8} height={height(value)}>
            <title>{`${label}: ${format(value)}`}</title>
          </rect>
        ))}
      </svg>
      <div className={styles.ends} aria-hidden>
        <span>{bars[0]?.label}</span>
        <span>{bars.at(-1)?.label}</span>
      </div>
      <details>
        <summary className={styles.summary}>{t("bars.table")}</summary>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{of}</th>
              <th scope="col">{title}</th>
            </tr>
          </thead>
          <tbody>
            {bars.map(({ label, value }) => (
              <tr key={label}>
                <th scope="row">{label}</th>
                <td>{format(value)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}
