import type { JSX } from "react";

import type { AuditQuestion } from "../../../api/audit.ts";
import type { AuditEntries } from "../../../api/wire.ts";
import { readEntry } from "../../../audit/entry.ts";
import { t } from "../../../i18n.ts";
import { Button } from "../../../ui/Button.tsx";
import { Notice } from "../../../ui/Notice.tsx";
import { Sheet, SheetActions } from "../../../ui/Sheet.tsx";
import { useAction } from "../../use-action.ts";
import styles from "./Audit.module.css";
import type { AuditActions, Proof } from "./AuditLog.tsx";
import { ProofBadge } from "./EntryTable.tsx";
import { actorText, eventText, formatMoment, outcomeText } from "./entry-text.ts";

interface EntrySheetProps {
  entry: AuditEntries["entries"][number] | null;
  names: ReadonlyMap<string, string>;
  proof: Proof | null;
  isOpen: boolean;
  onClose: () => void;
  actions: Pick<AuditActions, "verify" | "takeProof">;
  onFind: (question: AuditQuestion) => void;
}

/** One entry: in words, exactly as it is in the log, and what proves it. */
export function EntrySheet({ entry, isOpen, onClose, ...rest }: EntrySheetProps): JSX.Element {
  const title = entry === null ? "" : t("audit.entry.title", { number: entry.seq });
  return (
    <Sheet title={title} closeLabel={t("app.close")} isOpen={isOpen && entry !== null} onClose={onClose}>
      {entry !== null && <Opened entry={entry} onClose={onClose} {...rest} />}
    </Sheet>
  );
}

type OpenedProps = Omit<EntrySheetProps, "entry" | "isOpen"> & { entry: AuditEntries["entries"][number] };

function Opened({ entry: { seq, entry: json }, names, proof, onClose, actions, onFind }: OpenedProps): JSX.Element {
  const entry = readEntry(json);
  const object = entry?.object ?? null;
  const what = entry === null ? t("audit.entry.unknown") : eventText(entry.event);
  const verifying = useAction(() => actions.verify(seq, json));
  const taking = useAction(() => actions.takeProof(seq));

  return (
    <>
      {entry !== null && (
        <dl className={styles.facts}>
          <dt>{t("audit.column.what")}</dt>
          <dd>
            {what}, {formatMoment(entry.at)}
          </dd>
          <dt>{t("audit.column.who")}</dt>
          <dd dir="auto">{actorText(entry.actor, names)}</dd>
          <dt>{t("audit.column.outcome")}</dt>
          <dd>{outcomeText(entry)}</dd>
          <dt>{t("audit.column.proof")}</dt>
          <dd>
            <ProofBadge proof={proof} what={what} onVerify={() => verifying.run()} />
          </dd>
        </dl>
      )}
      <div role="alert">
        {[verifying.failure, taking.failure].map((text) => text !== null && <Notice key={text} tone="danger">{text}</Notice>)}
      </div>
      <label className={styles.exact}>
        {t("audit.entry.exact")}
        <textarea className={styles.json} readOnly rows={8} value={json} spellCheck={false} />
      </label>
      <SheetActions>
        {object !== null && (
          <Button
            onPress={() => {
              onClose();
              onFind({ object: object.id });
            }}
          >
            {t("audit.entry.about")}
          </Button>
        )}
        <Button isBusy={taking.isRunning} onPress={() => taking.run()}>
          {t("audit.proof.take")}
        </Button>
      </SheetActions>
    </>
  );
}
