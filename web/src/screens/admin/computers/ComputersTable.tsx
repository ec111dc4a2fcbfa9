import type { JSX } from "react";
import { Cell, Column, Row, Table, TableBody, TableHeader } from "react-aria-components/Table";

import type { SupportDevice } from "../../../api/wire.ts";
import { formatDate, t } from "../../../i18n.ts";
import { Button } from "../../../ui/Button.tsx";
import { computerState } from "../../computer-state.ts";
import { inGroups } from "../../fingerprint-text.ts";
import styles from "../people/People.module.css";
import own from "./ComputersTable.module.css";

interface ComputersTableProps {
  computers: readonly SupportDevice[];
  onPeople: (computer: SupportDevice) => void;
  onRenew: (computer: SupportDevice) => void;
  onRevoke: (computer: SupportDevice) => void;
}

const COLUMNS = ["name", "state", "fingerprint", "people", "actions"] as const;

/** Enrolled computers, and who may help at each. */
export function ComputersTable({ computers, onPeople, onRenew, onRevoke }: ComputersTableProps): JSX.Element {
  return (
    <Table aria-label={t("computers.title")} className={styles.table ?? ""}>
      <TableHeader>
        {COLUMNS.map((column) => (
          <Column key={column} id={column} isRowHeader={column === "name"}>
            {t(`computers.column.${column}`)}
          </Column>
        ))}
      </TableHeader>
      <TableBody>
        {computers.map((computer) => (
          <Row key={computer.id} id={computer.id} textValue={computer.name}>
            <Cell className={styles.name ?? ""}>
              {computer.name}
              <span className={styles.soft}> {t("computers.by", { name: computer.enrolled_by_name, date: formatDate(computer.enrolled_at) })}</span>
            </Cell>
            <Cell>
              {computer.has_ended ? t("computers.ended") : t(`computers.${computerState(computer)}`)}
              <span className={`${styles.soft} ${own.end}`}> {endText(computer)}</span>
            </Cell>
            <Cell>
              <code className={own.fingerprint}>{inGroups(computer.fingerprint)}</code>
            </Cell>
            <Cell className={own.people ?? ""}>{computer.grants.length === 0 ? t("computers.nobody") : computer.grants.map(({ display_name: name }) => name).join(", ")}</Cell>
            <Cell>
              <Button variant="quiet" aria-label={t("computers.people.name", { name: computer.name })} onPress={() => onPeople(computer)}>
                {t("computers.people")}
              </Button>
              <Button variant="quiet" aria-label={t("computers.renew.name", { name: computer.name })} onPress={() => onRenew(computer)}>
                {t("computers.renew")}
              </Button>
              <Button variant="quiet" aria-label={t("computers.revoke.name", { name: computer.name })} onPress={() => onRevoke(computer)}>
                {t("computers.revoke")}
              </Button>
            </Cell>
          </Row>
        ))}
      </TableBody>
    </Table>
  );
}

function endText({ ends_at: end, has_ended: hasEnded }: SupportDevice): string {
  if (end === undefined || end === null) return t("computers.end.none");
  return t(hasEnded ? "computers.end.was" : "computers.end.on", { day: formatDate(end) });
}
