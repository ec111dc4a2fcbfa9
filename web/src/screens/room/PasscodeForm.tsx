import { type JSX, useState } from "react";

import { readPasscode } from "../../e2ee/passcode.ts";
import { t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { passcodeError } from "../fields.ts";
import forms from "../forms.module.css";
import { useChecked } from "../use-checked.ts";

interface PasscodeFormProps {
  /** `spent`: no passcode is taken any more. `unanswered`: nobody said whether it is right. */
  why: "missing" | "wrong" | "spent" | "unanswered";
  /** Nobody goes on without it. */
  isNeeded: boolean;
  /** What whoever typed none is told of that. */
  need: "passcode.needed" | "passcode.needed.lobby";
  className: string | undefined;
  onPasscode: (passcode: string | null) => void;
}

/** Where none was typed: the passcode. After a wrong one: another, or none. */
export function PasscodeForm({ why, isNeeded, need, className, onPasscode }: PasscodeFormProps): JSX.Element {
  const isSpent = why === "spent";
  const mayGoOn = why !== "missing" && !isNeeded;
  const [passcode, setPasscode] = useState("");
  const { isChecked, submit } = useChecked([passcodeError(passcode)], () => onPasscode(readPasscode(passcode)));

  return (
    <form className={className} onSubmit={submit} noValidate>
      {why !== "missing" && (
        <div role="alert">
          <Notice tone="warning">{t(`passcode.${why}`)}</Notice>
        </div>
      )}
      {why === "missing" && isNeeded && (
        <div role="status">
          <Notice tone="warning">{t(need)}</Notice>
        </div>
      )}
      {!isSpent && (
        <TextField
          label={t(isNeeded ? "field.passcode.needed" : "field.passcode")}
          value={passcode}
          onChange={setPasscode}
          error={isChecked ? passcodeError(passcode) : null}
          autoComplete="off"
          inputMode="numeric"
          maxLength={20}
          isCode
        />
      )}
      {mayGoOn && <p>{t("passcode.without.text")}</p>}
      <div className={forms.row}>
        {!isSpent && (
          <Button type="submit" variant="primary">
            {t(why === "missing" ? "passcode.use" : "passcode.try")}
          </Button>
        )}
        {mayGoOn && <Button onPress={() => onPasscode(null)}>{t("passcode.without")}</Button>}
      </div>
    </form>
  );
}
