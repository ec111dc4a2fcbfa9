import { type JSX, useState } from "react";

import type { SecondFactor, SecondFactorAsked } from "../../api/wire.ts";
import { t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Card, Frame } from "../frame/Frame.tsx";
import forms from "../forms.module.css";
import { useAction } from "../use-action.ts";
import { useChecked } from "../use-checked.ts";
import { type CodeWay, CodeField, codeError, codeOf } from "./CodeField.tsx";

interface SecondStepProps {
  ways: SecondFactorAsked["ways"];
  onCode: (code: SecondFactor) => Promise<void>;
  /** Absent where the browser knows no passkeys. */
  onPasskey: (() => Promise<void>) | undefined;
  onBack: () => void;
}

/** The password was right; the account asks for more. */
export function SecondStep({ ways, onCode, onPasskey, onBack }: SecondStepProps): JSX.Element {
  const [way, setWay] = useState<CodeWay>(ways.includes("totp") ? "totp" : "recovery_code");
  const [typed, setTyped] = useState("");
  const code = useAction(onCode);
  const passkey = useAction(async () => onPasskey?.());
  const { isChecked, submit } = useChecked([codeError(typed)], () => code.run(codeOf(way, typed)));
  const failure = code.failure ?? passkey.failure;
  const other: CodeWay = way === "totp" ? "recovery_code" : "totp";

  function change(): void {
    setWay(other);
    setTyped("");
    code.forget();
  }

  return (
    <Frame title={t("signIn.second.title")}>
      <Card>
        <form className={forms.form} onSubmit={submit} noValidate>
          <p>{t(way === "totp" ? "signIn.second.totp" : "signIn.second.recovery")}</p>
          <CodeField way={way} value={typed} onChange={setTyped} isChecked={isChecked} />
          <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
          <Button type="submit" variant="primary" isWide isBusy={code.isRunning}>
            {t("signIn.second.submit")}
          </Button>
          {ways.includes("passkey") && onPasskey !== undefined && (
            <Button isWide isBusy={passkey.isRunning} onPress={() => passkey.run()}>
              {t("signIn.second.usePasskey")}
            </Button>
          )}
          {ways.includes(other) && (
            <Button variant="quiet" isWide onPress={change}>
              {t(other === "totp" ? "signIn.second.useTotp" : "signIn.second.useRecovery")}
            </Button>
          )}
          <Button variant="quiet" isWide onPress={onBack}>
            {t("signIn.second.back")}
          </Button>
        </form>
      </Card>
    </Frame>
  );
}
