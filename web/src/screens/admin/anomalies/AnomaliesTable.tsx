import type { JSX } from "react";
import { Cell, Column, Row, Table, TableBody, TableHeader } from "react-aria-components/Table";

import type { Anomaly } from "../../../api/wire.ts";
import { formatDay, t } from "../../../i18n.ts";
import { Button } from "../../../ui/Button.tsx";
import styles from "../people/People.module.css";
import { subjectText } from "./words.ts";

interface AnomaliesTableProps {
  /** Newest first. */
  findings: readonly Anomaly[];
  onShow: (finding: Anomaly) => void;
}

const COLUMNS = ["rule", "subject", "when", "review", "actions"] as const;

/** What the rules found, without what was said of it. */
export function AnomaliesTable({ findings, onShow }: AnomaliesTableProps): JSX.Element {
  return (
    <Table aria-label={t("anomalies.title")} className={styles.table ?? ""}>
      <TableHeader>
        {COLUMNS.map((column) => (
          <Column key={column} id={column} isRowHeader={column === "rule"}>
            {t(`anomalies.column.${column}`)}
          </Column>
        ))}
      </TableHeader>
      <TableBody>
        {findings.map((finding) => (
          <Row key={finding.id} id={finding.id} textValue={t(`anomalies.rule.${finding.rule}`)}>
            <Cell className={styles.name ?? ""}>{t(`anomalies.rule.${finding.rule}`)}</Cell>
            <Cell>
              <span dir="auto">{subjectText(finding)}</span>
            </Cell>
            <Cell className={styles.day ?? ""}>{formatDay(finding.found_at)}</Cell>
            <Cell>
              <Review finding={finding} />
            </Cell>
            <Cell className={styles.actions ?? ""}>
              <Button
                variant="quiet"
                aria-label={t("anomalies.show.name", { rule: t(`anomalies.rule.${finding.rule}`), day: formatDay(finding.found_at) })}
                onPress={() => onShow(finding)}
              >
                {t("anomalies.show")}
              </Button>
            </Cell>
          </Row>
        ))}
      </TableBody>
    </Table>
  );
}

/** What was decided looks as an account in good standing, what waits as one that does. */
function Review({ finding: { review } }: { finding: Anomaly }): JSX.Element {
  const known = review ?? null;
  return (
    <span className={styles.state} data-state={known === null ? "pending" : "active"}>
      {known === null ? t("anomalies.waits") : t(`anomalies.outcome.${known.outcome}`)}
    </span>
  );
}
