import { type JSX, useState } from "react";

import { t } from "../../../i18n.ts";
import { Button } from "../../../ui/Button.tsx";
import { FileField } from "../../../ui/FileField.tsx";
import { Notice } from "../../../ui/Notice.tsx";
import { SheetActions } from "../../../ui/Sheet.tsx";
import { TextArea } from "../../../ui/TextArea.tsx";
import { TextField } from "../../../ui/TextField.tsx";
import { requiredError } from "../../fields.ts";
import forms from "../../forms.module.css";
import { useAction } from "../../use-action.ts";
import { useChecked } from "../../use-checked.ts";

interface OpenFormProps {
  onClose: () => void;
  /** Why it does not open, in words; `null` where it does. Rejects with a `Problem`. */
  onOpen: (reason: string, file: Uint8Array, passphrase: string) => Promise<string | null>;
}

/** In bytes. A key's is a hundred; a film that was chosen by mistake is not read. */
const LARGEST_FILE = 4_096;

/** Why somebody wants to see a recording, and by which key. */
export function OpenForm({ onClose, onOpen }: OpenFormProps): JSX.Element {
  const [reason, setReason] = useState("");
  const [file, setFile] = useState<File | null>(null);
  const [passphrase, setPassphrase] = useState("");
  const [wrong, setWrong] = useState<string | null>(null);
  const { isRunning, failure, run } = useAction(async () => {
    // The same words again are said again.
    setWrong(null);
    if (file !== null) setWrong(await openedBy(file));
  });
  async function openedBy(file: File): Promise<string | null> {
    if (file.size > LARGEST_FILE) return t("recordings.wrong.not_opened");
    const bytes = new Uint8Array(await file.arrayBuffer());
    return onOpen(reason.trim(), bytes, passphrase.normalize("NFC"));
  }
  const missing = file === null ? t("recordings.file.missing") : null;
  const { isChecked, submit } = useChecked([requiredError(reason), missing, requiredError(passphrase)], run);
  const said = failure ?? wrong;

  return (
    <form className={forms.form} onSubmit={submit} noValidate>
      <TextArea label={t("recordings.reason")} hint={t("recordings.reason.hint")} value={reason} onChange={setReason} error={isChecked ? requiredError(reason) : null} maxLength={2_000} />
      <FileField label={t("recordings.file")} error={isChecked ? missing : null} onChange={setFile} />
      <TextField
        type="password"
        label={t("recordings.key.passphrase")}
        showLabel={t("recordings.key.passphrase.show")}
        autoComplete="off"
        value={passphrase}
        onChange={setPassphrase}
        error={isChecked ? requiredError(passphrase) : null}
      />
      <div role="status">{isRunning && <p>{t("recordings.file.opening")}</p>}</div>
      <div role="alert">{said !== null && <Notice tone="danger">{said}</Notice>}</div>
      <SheetActions>
        <Button onPress={onClose}>{t("app.cancel")}</Button>
        <Button type="submit" variant="primary" isBusy={isRunning}>
          {t("recordings.open")}
        </Button>
      </SheetActions>
    </form>
  );
}
