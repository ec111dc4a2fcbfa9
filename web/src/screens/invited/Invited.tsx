import { type JSX, useState } from "react";

import type { Accept } from "../../api/wire.ts";
import { t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { NameField, NewPasswordField } from "../account-fields.tsx";
import { newPasswordError, requiredError } from "../fields.ts";
import forms from "../forms.module.css";
import { Card, Frame } from "../frame/Frame.tsx";
import { useAction } from "../use-action.ts";
import { WithProvider } from "../sign-in/WithProvider.tsx";
import { useChecked } from "../use-checked.ts";

interface InvitedProps {
  /** From the mailed link; absent when the page was opened without it. */
  token: string | null;
  /** By invitation, or on somebody's own request, which is then decided on. */
  by: "invitation" | "request";
  onAccept: (body: Accept) => Promise<void>;
  /** What people call the organisation's identity provider; absent where it is no way to an account. */
  provider?: string | null;
  /** Leaves for it: an account by it needs no password. */
  onProvider?: (body: Omit<Accept, "password">) => Promise<void>;
}

/** Makes an account with the link that somebody was sent. */
export function Invited({ token, by, onAccept, ...provided }: InvitedProps): JSX.Element {
  const [isDone, setDone] = useState(false);
  if (token === null) {
    return (
      <Frame title={t("mailedLink.missing.title")}>
        <p>{t("mailedLink.missing.text")}</p>
      </Frame>
    );
  }
  if (isDone) {
    return (
      <Frame title={t("requested.done.title")}>
        <p role="status">{t("requested.done.text")}</p>
      </Frame>
    );
  }
  async function accept(body: Accept): Promise<void> {
    await onAccept(body);
    if (by === "request") setDone(true);
  }
  return <InvitedForm token={token} by={by} onAccept={accept} {...provided} />;
}

function InvitedForm({ token, by, onAccept, provider = null, onProvider }: InvitedProps & { token: string }): JSX.Element {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const { isRunning, failure, run } = useAction(onAccept);
  const errors = { name: requiredError(name), password: newPasswordError(password) };
  const { isChecked, submit } = useChecked(Object.values(errors), () => run({ token, display_name: name.trim(), password }));
  const [isNameAsked, setNameAsked] = useState(false);
  async function leave(): Promise<void> {
    setNameAsked(true);
    if (errors.name === null) await onProvider?.({ token, display_name: name.trim() });
  }

  return (
    <Frame title={t(by === "invitation" ? "invited.title" : "requested.title")}>
      <Card>
        <p>{t(by === "request" ? "requested.text" : provider === null ? "invited.text" : "invited.either")}</p>
        <form className={forms.form} onSubmit={submit} noValidate>
          <NameField value={name} onChange={setName} error={isChecked || isNameAsked ? errors.name : null} />
          {provider !== null && onProvider !== undefined && (
            <>
              <WithProvider name={provider} text={t("invited.provider")} onLeave={leave} />
              <p>{t("invited.or")}</p>
            </>
          )}
          <NewPasswordField value={password} onChange={setPassword} error={isChecked ? errors.password : null} />
          <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
          <Button type="submit" variant="primary" isWide isBusy={isRunning}>
            {t("invited.submit")}
          </Button>
        </form>
      </Card>
    </Frame>
  );
}
