import { type JSX, useState } from "react";

import { t } from "../../../i18n.ts";
import { Button } from "../../../ui/Button.tsx";
import { Notice } from "../../../ui/Notice.tsx";
import { SheetActions } from "../../../ui/Sheet.tsx";
import { TextArea } from "../../../ui/TextArea.tsx";
import { requiredError } from "../../fields.ts";
import forms from "../../forms.module.css";
import { useAction } from "../../use-action.ts";
import { useChecked } from "../../use-checked.ts";

interface AcknowledgeFormProps {
  onClose: () => void;
  /** Rejects with a `Problem`. */
  onAcknowledge: (reason: string) => Promise<void>;
}

/** That somebody has seen what lacks of a recording, and why it may be left so. */
export function AcknowledgeForm({ onClose, onAcknowledge }: AcknowledgeFormProps): JSX.Element {
  const [reason, setReason] = useState("");
  const wrong = requiredError(reason);
  const { isRunning, failure, run } = useAction(async () => {
    await onAcknowledge(reason.trim());
    onClose();
  });
  const { isChecked, submit } = useChecked([wrong], run);

  return (
    <form className={forms.form} onSubmit={submit} noValidate>
      <p>{t("recordings.acknowledge.text")}</p>
      <TextArea label={t("recordings.acknowledge.reason")} hint={t("recordings.acknowledge.reason.hint")} value={reason} onChange={setReason} error={isChecked ? wrong : null} maxLength={1_000} />
      <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
      <SheetActions>
        <Button onPress={onClose}>{t("app.cancel")}</Button>
        <Button type="submit" variant="primary" isBusy={isRunning}>
          {t("recordings.acknowledge")}
        </Button>
      </SheetActions>
    </form>
  );
}
