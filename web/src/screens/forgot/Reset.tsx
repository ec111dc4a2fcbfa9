import { type JSX, useState } from "react";

import type { ResetPassword } from "../../api/wire.ts";
import { t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { NewPasswordField } from "../account-fields.tsx";
import { newPasswordError } from "../fields.ts";
import forms from "../forms.module.css";
import { Card, Frame } from "../frame/Frame.tsx";
import { useAction } from "../use-action.ts";
import { useChecked } from "../use-checked.ts";

interface ResetProps {
  /** From the mailed link; absent when the page was opened without it. */
  token: string | null;
  onReset: (body: ResetPassword) => Promise<void>;
}

/** Chooses another password with the link that somebody was sent. */
export function Reset({ token, onReset }: ResetProps): JSX.Element {
  if (token === null) {
    return (
      <Frame title={t("mailedLink.missing.title")}>
        <p>{t("mailedLink.missing.text")}</p>
      </Frame>
    );
  }
  return <ResetForm token={token} onReset={onReset} />;
}

function ResetForm({ token, onReset }: ResetProps & { token: string }): JSX.Element {
  const [password, setPassword] = useState("");
  const { isRunning, failure, run } = useAction(onReset);
  const { isChecked, submit } = useChecked([newPasswordError(password)], () => run({ token, password }));

  return (
    <Frame title={t("reset.title")}>
      <Card>
        <p>{t("reset.text")}</p>
        <form className={forms.form} onSubmit={submit} noValidate>
          <NewPasswordField value={password} onChange={setPassword} error={isChecked ? newPasswordError(password) : null} />
          <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
          <Button type="submit" variant="primary" isWide isBusy={isRunning}>
            {t("reset.submit")}
          </Button>
        </form>
      </Card>
    </Frame>
  );
}
