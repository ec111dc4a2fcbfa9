import { type JSX, useState } from "react";

import { readPasscode } from "../../e2ee/passcode.ts";
import { t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { passcodeError } from "../fields.ts";
import forms from "../forms.module.css";
import { useChecked } from "../use-checked.ts";
import styles from "./Room.module.css";

interface PasscodeFormProps {
  /** No passcode is taken any more. */
  isSpent: boolean;
  onPasscode: (passcode: string | null) => void;
}

/** After a wrong passcode: another one, or none. */
export function PasscodeForm({ isSpent, onPasscode }: PasscodeFormProps): JSX.Element {
  const [passcode, setPasscode] = useState("");
  const { isChecked, submit } = useChecked([passcodeError(passcode)], () => onPasscode(readPasscode(passcode)));

  return (
    <form className={styles.banners} onSubmit={submit} noValidate>
      <div role="alert">
        <Notice tone="warning">{isSpent ? t("passcode.spent") : t("passcode.wrong")}</Notice>
      </div>
      {!isSpent && (
        <TextField
          label={t("field.passcode")}
          value={passcode}
          onChange={setPasscode}
          error={isChecked ? passcodeError(passcode) : null}
          autoComplete="off"
          inputMode="numeric"
          maxLength={20}
          isCode
        />
      )}
      <p>{t("passcode.without.text")}</p>
      <div className={forms.row}>
        {!isSpent && (
          <Button type="submit" variant="primary">
            {t("passcode.try")}
          </Button>
        )}
        <Button onPress={() => onPasscode(null)}>{t("passcode.without")}</Button>
      </div>
    </form>
  );
}
