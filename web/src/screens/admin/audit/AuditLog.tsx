import { Download } from "lucide-react";
import { type JSX, useState } from "react";

import type { AuditQuestion } from "../../../api/api.ts";
import type { AccountRole, AuditEntries } from "../../../api/wire.ts";
import type { VerifiedKit } from "../../../audit/verifier.ts";
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
import { KitCheck } from "./KitCheck.tsx";
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
  /** Derives a kit again. */
  check(file: File): Promise<VerifiedKit>;
  goHome(): void;
}

interface AuditLogProps {
  role: AccountRole;
  /** `null` until this browser has looked. */
  standing: Standing | null;
  question: AuditQuestion;
  /** `null` while they load. */
  shown: Shown | null;
  /** Of accounts. */
  names: ReadonlyMap<string, string>;
  proofs: ReadonlyMap<number, Proof>;
  failure: string | null;
  actions: AuditActions;
}

/** Who did what, and that nothing of it was changed. */
export function AuditLog({ role, standing, question, shown, names, proofs, failure, actions }: AuditLogProps): JSX.Element {
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
      <LogStanding standing={standing} />
      <div className={policy.actions}>
        <Button icon={<Download aria-hidden />} isBusy={kit.isRunning} onPress={() => kit.run()}>
          {t("audit.export")}
        </Button>
        <KitCheck onCheck={actions.check} />
      </div>
      <EntryFilter key={form} question={question} names={names} onFind={actions.find} />
      <div role="alert" className={people.alert}>
        {[failure, more.failure, verifying.failure, kit.failure].map((text) => text !== null && <Notice key={text} tone="danger">{text}</Notice>)}
      </div>
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
