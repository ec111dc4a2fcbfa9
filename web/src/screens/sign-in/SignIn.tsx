import { KeyRound } from "lucide-react";
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
import { WithProvider } from "./WithProvider.tsx";

interface SignInProps {
  /** What this server offers besides; nothing while it is not known. */
  offers?: { sends_mail: boolean; takes_account_requests: boolean; single_sign_on?: string | null } | null;
  /** What happened before, in words. */
  notice?: string | null;
  onSignIn: (body: SignInBody) => Promise<void>;
  /** Absent where the browser knows no passkeys. */
  onPasskey: (() => Promise<void>) | undefined;
  /** Leaves for the organisation's identity provider. */
  onProvider: () => Promise<void>;
  /** Why a passkey that the browser offered by itself came to nothing. */
  passkeyFailure?: string | null;
}

/** For those who have an account; guests never need this page. */
export function SignIn({ offers = null, notice = null, onSignIn, onPasskey, onProvider, passkeyFailure = null }: SignInProps): JSX.Element {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const { isRunning, failure, run } = useAction(onSignIn);
  const { isChecked, submit } = useChecked([requiredError(email), requiredError(password)], () =>
    run({ email: email.trim(), password }),
  );

  const provider = offers?.single_sign_on ?? null;

  return (
    <Frame title={t("signIn.title")}>
      <div role="status">{notice !== null && <Notice tone="good">{notice}</Notice>}</div>
      {onPasskey !== undefined && <WithPasskey onPasskey={onPasskey} unaskedFailure={passkeyFailure} />}
      {provider !== null && (
        <Card>
          <WithProvider name={provider} onLeave={onProvider} />
        </Card>
      )}
      <Card>
        {(onPasskey !== undefined || provider !== null) && <h2>{t("signIn.or")}</h2>}
        <form className={forms.form} onSubmit={submit} noValidate>
          <TextField
            label={t("field.email")}
            type="email"
            value={email}
            onChange={setEmail}
            error={isChecked ? requiredError(email) : null}
            autoComplete="username webauthn"
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
          <Button type="submit" variant={onPasskey === undefined ? "primary" : "secondary"} isWide isBusy={isRunning}>
            {t("signIn.submit")}
          </Button>
        </form>
        {offers?.sends_mail === true && <a href="/forgot">{t("forgot.link")}</a>}
        {offers?.takes_account_requests === true && <a href="/ask">{t("ask.link")}</a>}
        <a href="/emergency/sign-in">{t("sealed.signIn.link")}</a>
      </Card>
    </Frame>
  );
}

function WithPasskey({ onPasskey, unaskedFailure }: { onPasskey: () => Promise<void>; unaskedFailure: string | null }): JSX.Element {
  const action = useAction(onPasskey);
  const { isRunning, run } = action;
  const failure = action.failure ?? unaskedFailure;
  return (
    <Card>
      <div className={forms.form}>
        <p>{t("signIn.passkey.text")}</p>
        <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
        <Button variant="primary" isWide isBusy={isRunning} icon={<KeyRound aria-hidden size={18} />} onPress={() => run()}>
          {t("signIn.passkey")}
        </Button>
      </div>
    </Card>
  );
}
