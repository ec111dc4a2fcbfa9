import type { JSX } from "react";

import { t } from "../../../i18n.ts";
import type { Told } from "../../../recordings/player.ts";
import styles from "./Playback.module.css";

type FactsTableProps = Pick<Extract<Told, { kind: "facts" }>, "lines">;

/** Facts about the computer, as the technician got them. */
export function FactsTable({ lines }: FactsTableProps): JSX.Element {
  return (
    <table className={styles.facts} aria-label={t("recordings.moment.facts")}>
      <tbody>
        {lines.map(({ item, text }) => (
          <tr key={item}>
            <th scope="row">{t(`console.report.${item}`)}</th>
            <td dir="auto">{text}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
