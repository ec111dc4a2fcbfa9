import { FileSignature } from "lucide-react";
import { type JSX, useState } from "react";

import type { Agreement, KeepAgreement } from "../../../api/wire.ts";
import { t } from "../../../i18n.ts";
import { Button } from "../../../ui/Button.tsx";
import { Choice } from "../../../ui/Choice.tsx";
import { Notice } from "../../../ui/Notice.tsx";
import { Sheet, SheetActions } from "../../../ui/Sheet.tsx";
import { TextField } from "../../../ui/TextField.tsx";
import { requiredError } from "../../fields.ts";
import forms from "../../forms.module.css";
import { useAction } from "../../use-action.ts";
import { useChecked } from "../../use-checked.ts";

interface AgreementSheetProps {
  /** `null` for one that is entered anew. */
  agreement: Agreement | null;
  isOpen: boolean;
  onClose: () => void;
  onKeep: (body: KeepAgreement) => Promise<void>;
}

const STATES = ["draft", "signed", "ended"] as const;

/** Asks what the register is to say of an agreement. */
export function AgreementSheet({ agreement, isOpen, onClose, onKeep }: AgreementSheetProps): JSX.Element {
  return (
    <Sheet title={t(agreement === null ? "agreements.add" : "agreements.change.title")} closeLabel={t("app.close")} isOpen={isOpen} onClose={onClose}>
      <AgreementForm agreement={agreement} onClose={onClose} onKeep={onKeep} />
    </Sheet>
  );
}

function AgreementForm({ agreement, onClose, onKeep }: Omit<AgreementSheetProps, "isOpen">): JSX.Element {
  const [party, setParty] = useState(agreement?.party ?? "");
  const [state, setState] = useState<KeepAgreement["state"]>(agreement?.state ?? "signed");
  const [signed, setSigned] = useState(dayOf(agreement?.signed_at));
  const [ends, setEnds] = useState(dayOf(agreement?.ends_at));
  const [document, setDocument] = useState(agreement?.document ?? "");
  const { isRunning, failure, run } = useAction(async () => {
    await onKeep({ party: party.trim(), state, signed_at: instantOf(signed), ends_at: instantOf(ends), document: document.trim() === "" ? null : document.trim().toLowerCase() });
    onClose();
  });
  const unsigned = state === "signed" ? requiredError(signed) : null;
  const { isChecked, submit } = useChecked([requiredError(party), unsigned], run);

  return (
    <form className={forms.form} onSubmit={submit} noValidate>
      <TextField label={t("agreements.party")} value={party} onChange={setParty} error={isChecked ? requiredError(party) : null} autoComplete="off" maxLength={120} />
      <Choice
        label={t("agreements.state")}
        icon={<FileSignature aria-hidden />}
        value={state}
        options={STATES.map((value) => ({ value, label: t(`agreements.state.${value}`) }))}
        onChange={(value) => setState(STATES.find((one) => one === value) ?? "draft")}
      />
      <TextField type="date" label={t("agreements.signed")} value={signed} onChange={setSigned} error={isChecked ? unsigned : null} />
      <TextField type="date" label={t("agreements.ends")} value={ends} onChange={setEnds} />
      <TextField label={t("agreements.document")} hint={t("agreements.document.hint")} value={document} onChange={setDocument} autoComplete="off" maxLength={64} />
      <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
      <SheetActions>
        <Button onPress={onClose}>{t("app.cancel")}</Button>
        <Button type="submit" variant="primary" isBusy={isRunning}>
          {t("agreements.keep")}
        </Button>
      </SheetActions>
    </form>
  );
}

/** Days of the calendar are days everywhere. */
function dayOf(instant: string | null | undefined): string {
  return instant?.slice(0, 10) ?? "";
}

function instantOf(day: string): string | null {
  return day === "" ? null : `${day}T00:00:00Z`;
}
