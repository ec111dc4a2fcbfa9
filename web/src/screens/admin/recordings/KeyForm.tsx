import { type JSX, useState } from "react";

import { t } from "../../../i18n.ts";
import { Button } from "../../../ui/Button.tsx";
import { Notice } from "../../../ui/Notice.tsx";
import { SheetActions } from "../../../ui/Sheet.tsx";
import { TextArea } from "../../../ui/TextArea.tsx";
import { TextField } from "../../../ui/TextField.tsx";
import { requiredError } from "../../fields.ts";
import forms from "../../forms.module.css";
import { useAction } from "../../use-action.ts";
import { useChecked } from "../../use-checked.ts";

interface KeyFormProps {
  onClose: () => void;
  /** Rejects with a `Problem`. */
  onMake: (custodians: string[], passphrase: string) => Promise<void>;
}

/** As the server takes them, which hears of them only when the file is saved already. */
const MOST_CUSTODIANS = 20;
const LONGEST_NAME = 64;
/** What reorders or hides text, and what is none; emoji and ideographs have variation selectors. */
const UNSEEN = /(?![\u{fe00}-\u{fe0f}\u{e0100}-\u{e01ef}])[\p{Cc}\p{Default_Ignorable_Code_Point}\u{2028}-\u{202e}\u{fff9}-\u{fffb}]/u;
/** Selectors that vary nothing: the server takes those of ideographs behind one, and others behind what is seen. */
const STRAY = /(?<!\p{Unified_Ideograph})[\u{e0100}-\u{e01ef}]|(?<![^\s\u{fe00}-\u{fe0f}\u{e0100}-\u{e01ef}])[\u{fe00}-\u{fe0f}]/u;
/** More than any names that are taken: what is too much is said, not cut off. */
const LONGEST_LIST = 10_000;

/** Who keeps a recording key, and by which passphrase. */
export function KeyForm({ onClose, onMake }: KeyFormProps): JSX.Element {
  const [custodians, setCustodians] = useState("");
  const [passphrase, setPassphrase] = useState("");
  const [again, setAgain] = useState("");
  const { isRunning, failure, run } = useAction(async () => {
    await onMake(namesOf(custodians), passphrase.normalize("NFC"));
    onClose();
  });
  const wrong = { custodians: custodiansError(custodians), passphrase: passphraseError(passphrase), again: againError(passphrase, again) };
  const { isChecked, submit } = useChecked(Object.values(wrong), run);

  return (
    <form className={forms.form} onSubmit={submit} noValidate>
      <Notice tone="info">{t("recordings.key.warning")}</Notice>
      <TextArea
        label={t("recordings.key.custodians")}
        hint={t("recordings.key.custodians.hint")}
        value={custodians}
        onChange={setCustodians}
        error={isChecked ? wrong.custodians : null}
        maxLength={LONGEST_LIST}
      />
      <TextField
        type="password"
        label={t("recordings.key.passphrase")}
        hint={t("recordings.key.passphrase.hint")}
        showLabel={t("recordings.key.passphrase.show")}
        autoComplete="off"
        value={passphrase}
        onChange={setPassphrase}
        error={isChecked ? wrong.passphrase : null}
      />
      <TextField
        type="password"
        label={t("recordings.key.again")}
        showLabel={t("recordings.key.again.show")}
        autoComplete="off"
        value={again}
        onChange={setAgain}
        error={isChecked ? wrong.again : null}
      />
      <div role="status">{isRunning && <p>{t("recordings.key.making")}</p>}</div>
      <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
      <SheetActions>
        <Button onPress={onClose}>{t("app.cancel")}</Button>
        <Button type="submit" variant="primary" isBusy={isRunning}>
          {t("recordings.key.download")}
        </Button>
      </SheetActions>
    </form>
  );
}

function namesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

function custodiansError(text: string): string | null {
  const names = namesOf(text);
  if (names.length > MOST_CUSTODIANS) return t("recordings.key.custodians.many", { count: names.length });
  if (names.some((name) => [...name].length > LONGEST_NAME || UNSEEN.test(name) || STRAY.test(name))) return t("recordings.key.custodians.wrong");
  return requiredError(text);
}

function passphraseError(value: string): string | null {
  const { length } = [...value.normalize("NFC")];
  return length < 12 || length > 128 ? t("recordings.key.passphrase.wrong") : null;
}

/** A passphrase that was mistyped once would open nothing. */
function againError(value: string, again: string): string | null {
  return requiredError(again) ?? (again.normalize("NFC") === value.normalize("NFC") ? null : t("recordings.key.again.wrong"));
}
