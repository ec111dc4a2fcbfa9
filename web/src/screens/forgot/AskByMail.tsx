import { type JSX, useState } from "react";

import { t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { emailError } from "../fields.ts";
import forms from "../forms.module.css";
import { Card, Frame } from "../frame/Frame.tsx";
import { useAction } from "../use-action.ts";
import { useChecked } from "../use-checked.ts";

interface AskByMailProps {
  /** For another password, or for an account. */
  wants: "forgot" | "ask";
  /** The same for every address: nobody learns who has an account. */
  onAsk: (email: string) => Promise<void>;
}

/** Asks for an address, and says that a mail may be on its way to it. */
export function AskByMail({ wants, onAsk }: AskByMailProps): JSX.Element {
  const [email, setEmail] = useState("");
  const [isSent, setSent] = useState(false);
  const { isRunning, failure, run } = useAction(async () => {
    await onAsk(email.trim());
    setSent(true);
  });
  const { isChecked, submit } = useChecked([emailError(email)], run);

  return (
    <Frame title={t(`${wants}.title`)}>
      <Card>
        <p>{t(`${wants}.text`)}</p>
        <form className={forms.form} onSubmit={submit} noValidate>
          <TextField
            label={t("field.email")}
            type="email"
            value={email}
            onChange={setEmail}
            error={isChecked ? emailError(email) : null}
            autoComplete="username"
            maxLength={254}
          />
          <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
          <div role="status">{isSent && <Notice tone="info">{t(`${wants}.sent`)}</Notice>}</div>
          <Button type="submit" variant="primary" isWide isBusy={isRunning}>
            {t(`${wants}.submit`)}
          </Button>
        </form>
      </Card>
    </Frame>
  );
}
