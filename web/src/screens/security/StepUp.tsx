import { type JSX, useState } from "react";

import type { StepUp as StepUpBody } from "../../api/wire.ts";
import { t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Sheet } from "../../ui/Sheet.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { requiredError } from "../fields.ts";
import forms from "../forms.module.css";
import { CodeField, codeError, codeOf } from "../sign-in/CodeField.tsx";
import { WithProvider } from "../sign-in/WithProvider.tsx";
import { useAction } from "../use-action.ts";
import { useChecked } from "../use-checked.ts";

interface StepUpProps {
  isOpen: boolean;
  /** Whether codes of an authenticator app are asked for; else those from paper. */
  hasTotp: boolean;
  /** Whether the account has a second factor at all. */
  hasSecond: boolean;
  onProve: (body: StepUpBody) => Promise<void>;
  /** Absent where the account has no passkey, or the browser knows none. */
  onPasskey: (() => Promise<void>) | undefined;
  /** Whether there is a password to ask for. */
  hasPassword: boolean;
  /** What people call the identity provider that the account is connected with. */
  provider: string | null;
  /** Leaves for it; what was wanted is to be done again afterwards. */
  onProvider: () => Promise<void>;
  onClose: () => void;
}

/** Who sits there, again, before something that matters. */
export function StepUp({ isOpen, hasTotp, hasSecond, onProve, onPasskey, hasPassword, provider, onProvider, onClose }: StepUpProps): JSX.Element {
  return (
    <Sheet title={t("stepUp.title")} closeLabel={t("app.close")} isOpen={isOpen} onClose={onClose}>
      <p>{t("stepUp.text")}</p>
      {onPasskey !== undefined && <WithPasskey onPasskey={onPasskey} />}
      {provider !== null && <WithProvider name={provider} text={t("stepUp.provider")} onLeave={onProvider} />}
      {hasPassword && <Proof way={hasTotp ? "totp" : "recovery_code"} hasSecond={hasSecond} onProve={onProve} />}
    </Sheet>
  );
}

function WithPasskey({ onPasskey }: { onPasskey: () => Promise<void> }): JSX.Element {
  const { isRunning, failure, run } = useAction(onPasskey);
  return (
    <div className={forms.form}>
      <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
      <Button variant="primary" isWide isBusy={isRunning} onPress={() => run()}>
        {t("stepUp.passkey")}
      </Button>
    </div>
  );
}

interface ProofProps extends Pick<StepUpProps, "hasSecond" | "onProve"> {
  way: "totp" | "recovery_code";
}

function Proof({ way, hasSecond, onProve }: ProofProps): JSX.Element {
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const { isRunning, failure, run } = useAction(onProve);
  const errors = hasSecond ? [requiredError(password), codeError(code)] : [requiredError(password)];
  const { isChecked, submit } = useChecked(errors, () =>
    run(hasSecond ? { password, second_factor: codeOf(way, code) } : { password }),
  );
  return (
    <form className={forms.form} onSubmit={submit} noValidate>
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
      {hasSecond && <CodeField way={way} value={code} onChange={setCode} isChecked={isChecked} />}
      <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
      <Button type="submit" isWide isBusy={isRunning}>
        {t("stepUp.submit")}
      </Button>
    </form>
  );
}
