import { type JSX, useState } from "react";

import type { SetUp as SetUpBody } from "../../api/wire.ts";
import { t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { NameField, NewPasswordField } from "../account-fields.tsx";
import { emailError, newPasswordError, requiredError } from "../fields.ts";
import { Card, Frame } from "../frame/Frame.tsx";
import forms from "../forms.module.css";
import { useAction } from "../use-action.ts";
import { useChecked } from "../use-checked.ts";

interface SetUpProps {
  /** From the one-time link; absent when the page was opened without it. */
  token: string | null;
  onSetUp: (body: SetUpBody) => Promise<void>;
}

/** Makes the first account, with the link that the server printed. */
export function SetUp({ token, onSetUp }: SetUpProps): JSX.Element {
  if (token === null) {
    return (
      <Frame title={t("setup.noLink.title")}>
        <p>{t("setup.noLink.text")}</p>
      </Frame>
    );
  }
  return <SetUpForm token={token} onSetUp={onSetUp} />;
}

function SetUpForm({ token, onSetUp }: SetUpProps & { token: string }): JSX.Element {
  const [organisation, setOrganisation] = useState("");
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const { isRunning, failure, run } = useAction(onSetUp);
  const errors = {
    organisation: requiredError(organisation),
    name: requiredError(name),
    email: emailError(email),
    password: newPasswordError(password),
  };

  const { isChecked, submit } = useChecked(Object.values(errors), () =>
    run({ token, organisation: organisation.trim(), email: email.trim(), display_name: name.trim(), password }),
  );

  return (
    <Frame title={t("setup.title")}>
      <Card>
        <p>{t("setup.text")}</p>
        <form className={forms.form} onSubmit={submit} noValidate>
          <TextField
            label={t("field.organisation")}
            hint={t("field.organisation.hint")}
            value={organisation}
            onChange={setOrganisation}
            error={isChecked ? errors.organisation : null}
            autoComplete="organization"
            maxLength={120}
          />
          <NameField value={name} onChange={setName} error={isChecked ? errors.name : null} />
          <TextField
            label={t("field.email")}
            type="email"
            value={email}
            onChange={setEmail}
            error={isChecked ? errors.email : null}
            autoComplete="username"
            maxLength={254}
          />
          <NewPasswordField value={password} onChange={setPassword} error={isChecked ? errors.password : null} />
          <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
          <Button type="submit" variant="primary" isWide isBusy={isRunning}>
            {t("setup.submit")}
          </Button>
        </form>
      </Card>
    </Frame>
  );
}
