import { type JSX, useState } from "react";

import type { Me, SignInByEmergencyCode } from "../../api/wire.ts";
import { t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { requiredError } from "../fields.ts";
import { Card, Frame } from "../frame/Frame.tsx";
import forms from "../forms.module.css";
import { useAction } from "../use-action.ts";
import { useChecked } from "../use-checked.ts";

interface SealedCodePageProps {
  /** Rejects with a `Problem`. */
  onSignIn: (body: SignInByEmergencyCode) => Promise<Me>;
  onSignedIn: (me: Me) => void;
}

/** For who may take emergency access, when nothing else signs them in: a code of the sealed envelope. */
export function SealedCodePage({ onSignIn, onSignedIn }: SealedCodePageProps): JSX.Element {
  const [email, setEmail] = useState("");
  const [code, setCode] = useState("");
  const { isRunning, failure, run } = useAction(async () => onSignedIn(await onSignIn({ email: email.trim(), code: code.trim() })));
  const { isChecked, submit } = useChecked([requiredError(email), requiredError(code)], run);

  return (
    <Frame title={t("sealed.signIn.title")}>
      <Card>
        <form className={forms.form} onSubmit={submit} noValidate>
          <p>{t("sealed.signIn.text")}</p>
          <TextField
            label={t("field.email")}
            type="email"
            value={email}
            onChange={setEmail}
            error={isChecked ? requiredError(email) : null}
            autoComplete="username"
            maxLength={254}
          />
          <TextField label={t("field.sealedCode")} value={code} onChange={setCode} error={isChecked ? requiredError(code) : null} autoComplete="off" inputMode="text" maxLength={32} isCode />
          <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
          <Button type="submit" variant="danger" isWide isBusy={isRunning}>
            {t("sealed.signIn.submit")}
          </Button>
        </form>
        <a href="/sign-in">{t("sealed.signIn.back")}</a>
      </Card>
    </Frame>
  );
}
