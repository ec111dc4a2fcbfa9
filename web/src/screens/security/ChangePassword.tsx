import { type JSX, useState } from "react";

import { t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { NewPasswordField } from "../account-fields.tsx";
import { newPasswordError } from "../fields.ts";
import forms from "../forms.module.css";
import { useAction } from "../use-action.ts";
import { useChecked } from "../use-checked.ts";
import styles from "./Security.module.css";

interface ChangePasswordProps {
  /** Whether there is one to be changed. */
  hasOne: boolean;
  onChange: (password: string) => Promise<void>;
}

/** Another password, or a first one. */
export function ChangePassword({ hasOne, onChange }: ChangePasswordProps): JSX.Element {
  const [password, setPassword] = useState("");
  const [isDone, setDone] = useState(false);
  const { isRunning, failure, run } = useAction(async (chosen: string) => {
    setDone(false);
    await onChange(chosen);
    setPassword("");
    setDone(true);
  });
  const { isChecked, submit } = useChecked([newPasswordError(password)], () => run(password));

  return (
    <div className={styles.part}>
      <h3>{t("security.password")}</h3>
      <p className={styles.soft}>{t(hasOne ? "security.password.text" : "security.password.none")}</p>
      <form className={forms.form} onSubmit={submit} noValidate>
        <NewPasswordField
          label={t("field.newPassword")}
          value={password}
          onChange={setPassword}
          error={isChecked && !isDone ? newPasswordError(password) : null}
        />
        <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
        <div role="status">{isDone && <p>{t("security.password.done")}</p>}</div>
        <Button type="submit" isBusy={isRunning}>
          {t(hasOne ? "security.password.change" : "security.password.set")}
        </Button>
      </form>
    </div>
  );
}
