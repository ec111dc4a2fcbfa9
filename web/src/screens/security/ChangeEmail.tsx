import { type JSX, useState } from "react";

import { t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { emailError } from "../fields.ts";
import forms from "../forms.module.css";
import { useAction } from "../use-action.ts";
import { useChecked } from "../use-checked.ts";
import styles from "./Security.module.css";

interface ChangeEmailProps {
  /** That the account has. */
  email: string;
  onAsk: (email: string) => Promise<void>;
}

/** Another address: it counts once the link that is mailed there is opened. */
export function ChangeEmail({ email, onAsk }: ChangeEmailProps): JSX.Element {
  const [wanted, setWanted] = useState("");
  const [sentTo, setSentTo] = useState<string | null>(null);
  const { isRunning, failure, run } = useAction(async (address: string) => {
    setSentTo(null);
    await onAsk(address);
    setWanted("");
    setSentTo(address);
  });
  const { isChecked, submit } = useChecked([emailError(wanted)], () => run(wanted.trim()));

  return (
    <div className={styles.part}>
      <h3>{t("security.email")}</h3>
      <p className={styles.soft}>{t("security.email.text", { email })}</p>
      <form className={forms.form} onSubmit={submit} noValidate>
        <TextField
          label={t("field.newEmail")}
          type="email"
          value={wanted}
          onChange={setWanted}
          error={isChecked && sentTo === null ? emailError(wanted) : null}
          autoComplete="off"
          maxLength={254}
        />
        <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
        <div role="status">{sentTo !== null && <p>{t("security.email.sent", { to: sentTo })}</p>}</div>
        <Button type="submit" isBusy={isRunning}>
          {t("security.email.ask")}
        </Button>
      </form>
    </div>
  );
}
