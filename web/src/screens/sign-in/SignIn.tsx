import { type JSX, useState } from "react";

import type { SignIn as SignInBody } from "../../api/wire.ts";
import { t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { requiredError } from "../fields.ts";
import { Card, Frame } from "../frame/Frame.tsx";
import forms from "../forms.module.css";
import { useAction } from "../use-action.ts";
import { useChecked } from "../use-checked.ts";

interface SignInProps {
  onSignIn: (body: SignInBody) => Promise<void>;
}

/** For those who have an account; guests never need this page. */
export function SignIn({ onSignIn }: SignInProps): JSX.Element {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const { isRunning, failure, run } = useAction(onSignIn);
  const { isChecked, submit } = useChecked([requiredError(email), requiredError(password)], () =>
    run({ email: email.trim(), password }),
  );

  return (
    <Frame title={t("signIn.title")}>
      <Card>
        <form className={forms.form} onSubmit={submit} noValidate>
          <TextField
            label={t("field.email")}
            type="email"
            value={email}
            onChange={setEmail}
            error={isChecked ? requiredError(email) : null}
            autoComplete="username"
            maxLength={254}
          />
          <TextField
            label={t("field.password")}
            type="password"
            showLabel={t("field.password.show")}
            value={password}
            onChange={setPassword}
            error={isChecked ? requiredError(password) : null}
            autoComplete="current-password"
            maxLength={256}
          />
          <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
          <Button type="submit" variant="primary" isWide isBusy={isRunning}>
            {t("signIn.submit")}
          </Button>
        </form>
      </Card>
    </Frame>
  );
}
