import { Download, ShieldAlert } from "lucide-react";
import { type JSX, type ReactNode, useState } from "react";

import type { AuditQuestion } from "../../../api/audit.ts";
import type { AccountRole, AuditEntries } from "../../../api/wire.ts";
import type { Standing } from "../../../audit/witness.ts";
import { t } from "../../../i18n.ts";
import { Button } from "../../../ui/Button.tsx";
import { Notice } from "../../../ui/Notice.tsx";
import { useAction } from "../../use-action.ts";
import { Admin } from "../Admin.tsx";
import people from "../people/People.module.css";
import policy from "../Policy.module.css";
import { EntryFilter } from "./EntryFilter.tsx";
import { EntrySheet } from "./EntrySheet.tsx";
import { EntryTable } from "./EntryTable.tsx";
import { type CheckedKit, KitCheck } from "./KitCheck.tsx";
import { LogStanding } from "./LogStanding.tsx";

/** Of an entry: being verified, proven by this browser, or not what the log was signed with. */
export type Proof = "asked" | "true" | "false";

export interface Shown {
  entries: AuditEntries["entries"];
  /** Where older ones begin. */
  next: number | null;
}

export interface AuditActions {
  find(question: AuditQuestion): void;
  /** Rejects with a `Problem`, as all do. */
  more(next: number): Promise<void>;
  /** Proves an entry in this browser. */
  verify(seq: number, entry: string): Promise<void>;
  /** Gives the person the proof's file. */
  takeProof(seq: number): Promise<void>;
  /** Gives the person the log between the days that are looked at. */
  takeKit(): Promise<void>;
  /** Derives a kit again, and holds it against what this browser remembers. */
  check(file: File): Promise<CheckedKit>;
  /** Goes on from the log as it is, where it is not what this browser remembers. */
  accept(): Promise<void>;
  /** Gives the person the checkpoint that this browser remembers. */
  takeHeld(): void;
  goHome(): void;
}

interface AuditLogProps {
  role: AccountRole;
  /** `null` until this browser has looked. */
  standing: Standing | null;
  /** The server gave a proof that is signed, of another log than this browser remembers. */
  isForked: boolean;
  question: AuditQuestion;
  /** `null` while they load. */
  shown: Shown | null;
  /** Of accounts. */
  names: ReadonlyMap<string, string>;
  proofs: ReadonlyMap<number, Proof>;
  failure: string | null;
  /** Those that are saved. */
  views: ReactNode;
  /** How often one was opened: the form is filled anew. */
  opened: number;
  actions: AuditActions;
}

/** Who did what, and that nothing of it was changed. */
export function AuditLog({ role, standing, isForked, question, shown, names, proofs, failure, views, opened: filled, actions }: AuditLogProps): JSX.Element {
  /** Stays while its sheet fades out. */
  const [opened, setOpened] = useState<number | null>(null);
  const [isOpen, setOpen] = useState(false);
  /** The form is filled anew when something else than itself asks. */
  const [form, setForm] = useState(0);
  const more = useAction(actions.more);
  const verifying = useAction(actions.verify);
  const kit = useAction(actions.takeKit);
  const entry = shown?.entries.find(({ seq }) => seq === opened);

  return (
    <Admin title={t("audit.title")} current="audit" role={role} onHome={actions.goHome}>
      <p className={policy.soft}>{t("audit.text")}</p>
      <LogStanding standing={standing} onAccept={actions.accept} onTakeHeld={actions.takeHeld} />
      <div role="alert" className={people.alert}>
        {isForked && (
          <Notice tone="danger" icon={<ShieldAlert aria-hidden />}>
            <strong>{t("audit.forked.title")}</strong>
            <span>{t("audit.forked.text")}</span>
          </Notice>
        )}
      </div>
      <div className={policy.actions}>
        <Button icon={<Download aria-hidden />} isBusy={kit.isRunning} onPress={() => kit.run()}>
          {t("audit.export")}
        </Button>
        <KitCheck onCheck={actions.check} />
      </div>
      <EntryFilter key={`${form} ${filled}`} question={question} names={names} onFind={actions.find} />
      {views}
      <div role="alert" className={people.alert}>
        {[failure, more.failure, verifying.failure, kit.failure].map((text) => text !== null && <Notice key={text} tone="danger">{text}</Notice>)}
      </div>
      {question.entry !== undefined && shown?.entries.length === 1 && <p className={policy.soft}>{t("audit.one")}</p>}
      {shown === null && failure === null && <p role="status">{t("app.loading")}</p>}
      {shown?.entries.length === 0 && <p className={policy.soft}>{t("audit.none")}</p>}
      {shown !== null && shown.entries.length > 0 && (
        <EntryTable
          entries={shown.entries}
          names={names}
          proofs={proofs}
          onVerify={(seq, json) => verifying.run(seq, json)}
          onOpen={(seq) => {
            setOpened(seq);
            setOpen(true);
          }}
        />
      )}
      {shown !== null && shown.next !== null && (
        <Button isBusy={more.isRunning} onPress={() => more.run(shown.next ?? 0)}>
          {t("audit.more")}
        </Button>
      )}
      <EntrySheet
        entry={entry ?? null}
        names={names}
        proof={opened === null ? null : (proofs.get(opened) ?? null)}
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        actions={actions}
        onFind={(asked) => {
          setForm((before) => before + 1);
          actions.find(asked);
        }}
      />
    </Admin>
  );
}
