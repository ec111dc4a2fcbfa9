import type { JSX } from "react";
import { Cell, Column, Row, Table, TableBody, TableHeader } from "react-aria-components/Table";

import type { Program } from "../../../api/wire.ts";
import { formatDate, t } from "../../../i18n.ts";
import { Button } from "../../../ui/Button.tsx";
import styles from "../people/People.module.css";

interface ProgramsTableProps {
  programs: readonly Program[];
  mayRevoke: boolean;
  onRevoke: (program: Program) => void;
}

const COLUMNS = ["name", "scopes", "end", "used", "actions"] as const;

/** Programs that act, and those that ended lately. */
export function ProgramsTable({ programs, mayRevoke, onRevoke }: ProgramsTableProps): JSX.Element {
  return (
    <Table aria-label={t("programs.title")} className={styles.table ?? ""}>
      <TableHeader>
        {COLUMNS.map((column) => (
          <Column key={column} id={column} isRowHeader={column === "name"}>
            {t(`programs.column.${column}`)}
          </Column>
        ))}
      </TableHeader>
      <TableBody>
        {programs.map((program) => (
          <Row key={program.id} id={program.id} textValue={program.name}>
            <Cell className={styles.name ?? ""}>
              <span dir="auto">{program.name}</span>
              <span className={styles.soft}>{t("programs.by", { name: program.made_by_name })}</span>
            </Cell>
            <Cell>{program.scopes.map((scope) => t(`programs.scope.${scope}`)).join(", ")}</Cell>
            <Cell className={styles.day ?? ""}>
              <End program={program} />
            </Cell>
            <Cell className={styles.day ?? ""}>
              <LastUse program={program} />
            </Cell>
            <Cell className={styles.actions ?? ""}>
              {mayRevoke && program.state === "active" && (
                <Button variant="quiet" aria-label={t("programs.revoke.name", { name: program.name })} onPress={() => onRevoke(program)}>
                  {t("programs.revoke")}
                </Button>
              )}
            </Cell>
          </Row>
        ))}
      </TableBody>
    </Table>
  );
}

/** A program that ended looks as an account that was suspended. */
function End({ program: { state, expires_at: end } }: { program: Program }): JSX.Element {
  return (
    <span className={styles.state} data-state={state === "active" ? "active" : "suspended"}>
      {t(`programs.state.${state}`, { day: formatDate(end) })}
    </span>
  );
}

function LastUse({ program: { last_used_on: day } }: { program: Program }): JSX.Element {
  const isUnused = day === undefined || day === null;
  return <span className={styles.soft}>{isUnused ? t("programs.unused") : formatDate(day)}</span>;
}
