import { BadgeCheck, ShieldAlert } from "lucide-react";
import type { JSX } from "react";
import { Cell, Column, Row, Table, TableBody, TableHeader } from "react-aria-components/Table";

import type { AuditEntries } from "../../../api/wire.ts";
import { type Entry, readEntry } from "../../../audit/entry.ts";
import { t } from "../../../i18n.ts";
import { Button } from "../../../ui/Button.tsx";
import people from "../people/People.module.css";
import styles from "./Audit.module.css";
import type { Proof } from "./AuditLog.tsx";
import { actorText, eventText, formatMoment, outcomeText } from "./entry-text.ts";

interface EntryTableProps {
  entries: AuditEntries["entries"];
  names: ReadonlyMap<string, string>;
  proofs: ReadonlyMap<number, Proof>;
  onVerify: (seq: number, entry: string) => void;
  onOpen: (seq: number) => void;
}

const COLUMNS = ["what", "who", "outcome", "proof"] as const;

/** The entries in words, newest first. */
export function EntryTable({ entries, names, proofs, onVerify, onOpen }: EntryTableProps): JSX.Element {
  return (
    <Table aria-label={t("audit.title")} className={people.table ?? ""}>
      <TableHeader>
        {COLUMNS.map((column) => (
          <Column key={column} id={column} isRowHeader={column === "what"}>
            {t(`audit.column.${column}`)}
          </Column>
        ))}
      </TableHeader>
      <TableBody dependencies={[proofs, names]}>
        {entries.map(({ seq, entry: json }) => {
          const entry = readEntry(json);
          const what = entry === null ? t("audit.entry.unknown") : eventText(entry.event);
          return (
            <Row key={seq} id={seq} textValue={what}>
              <Cell className={people.name ?? ""}>
                <button type="button" className={styles.open ?? ""} onClick={() => onOpen(seq)}>
                  {what}
                </button>
                <span className={people.soft}>
                  {entry !== null && formatMoment(entry.at)} · {t("audit.number", { number: seq })}
                </span>
              </Cell>
              <Cell>{entry !== null && <Who entry={entry} names={names} />}</Cell>
              <Cell>
                {entry !== null && (
                  <span className={styles.outcome} data-outcome={entry.outcome}>
                    {outcomeText(entry)}
                  </span>
                )}
              </Cell>
              <Cell className={people.actions ?? ""}>
                <ProofBadge proof={proofs.get(seq) ?? null} what={what} onVerify={() => onVerify(seq, json)} />
              </Cell>
            </Row>
          );
        })}
      </TableBody>
    </Table>
  );
}

function Who({ entry: { actor }, names }: { entry: Entry; names: ReadonlyMap<string, string> }): JSX.Element {
  return <span dir="auto">{actorText(actor, names)}</span>;
}

interface ProofBadgeProps {
  proof: Proof | null;
  what: string;
  onVerify: () => void;
}

/** A badge only for what this browser verified itself. */
export function ProofBadge({ proof, what, onVerify }: ProofBadgeProps): JSX.Element {
  if (proof === "true") {
    return (
      <span className={styles.proof} data-proof="true">
        <BadgeCheck aria-hidden size={18} />
        {t("audit.proof.true")}
      </span>
    );
  }
  if (proof === "false") {
    return (
      <span className={styles.proof} data-proof="false">
        <ShieldAlert aria-hidden size={18} />
        {t("audit.proof.false")}
      </span>
    );
  }
  return (
    <Button variant="quiet" isBusy={proof === "asked"} aria-label={t("audit.proof.verify.name", { what })} onPress={onVerify}>
      {t("audit.proof.verify")}
    </Button>
  );
}
