import type { JSX } from "react";
import { Cell, Column, Row, Table, TableBody, TableHeader } from "react-aria-components/Table";

import type { EmergencyUse } from "../../../api/wire.ts";
import { formatDay, t } from "../../../i18n.ts";
import { Button } from "../../../ui/Button.tsx";
import styles from "../people/People.module.css";
import { takerOf } from "./taker.ts";

interface EmergenciesTableProps {
  /** Newest first. */
  uses: readonly EmergencyUse[];
  onShow: (used: EmergencyUse) => void;
}

const COLUMNS = ["who", "reason", "when", "review", "actions"] as const;

/** Uses of emergency access, without what was said of them. */
export function EmergenciesTable({ uses, onShow }: EmergenciesTableProps): JSX.Element {
  return (
    <Table aria-label={t("emergencies.title")} className={styles.table ?? ""}>
      <TableHeader>
        {COLUMNS.map((column) => (
          <Column key={column} id={column} isRowHeader={column === "who"}>
            {t(`emergencies.column.${column}`)}
          </Column>
        ))}
      </TableHeader>
      <TableBody>
        {uses.map((used) => (
          <Row key={used.id} id={used.id} textValue={takerOf(used)}>
            <Cell className={styles.name ?? ""}>
              <span dir="auto">{takerOf(used)}</span>
            </Cell>
            <Cell>{t(`emergency.reason.${used.reason}`)}</Cell>
            <Cell className={styles.day ?? ""}>{formatDay(used.invoked_at)}</Cell>
            <Cell>
              <Review used={used} />
            </Cell>
            <Cell className={styles.actions ?? ""}>
              <Button variant="quiet" aria-label={t("emergencies.show.name", { name: takerOf(used), day: formatDay(used.invoked_at) })} onPress={() => onShow(used)}>
                {t("emergencies.show")}
              </Button>
            </Cell>
          </Row>
        ))}
      </TableBody>
    </Table>
  );
}

/** What was decided looks as an account in good standing, what is overdue as one that was suspended. */
function Review({ used: { review, overdue, ended_at: ended, review_due_at: due } }: { used: EmergencyUse }): JSX.Element {
  if (review !== undefined && review !== null) {
    return (
      <span className={styles.state} data-state="active">
        {t(`emergencies.outcome.${review.outcome}`)}
      </span>
    );
  }
  if ((ended ?? null) === null) return <span className={styles.soft}>{t("emergencies.isOpen")}</span>;
  return (
    <span className={styles.state} data-state={overdue ? "suspended" : "pending"}>
      {overdue ? t("emergencies.since", { day: formatDay(due) }) : t("emergencies.until", { day: formatDay(due) })}
    </span>
  );
}
