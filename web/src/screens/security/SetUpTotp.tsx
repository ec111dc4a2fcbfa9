import { type JSX, useState } from "react";
import { renderSVG } from "uqr";

import type { TotpBegun } from "../../api/wire.ts";
import { t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import forms from "../forms.module.css";
import { CodeField, codeError } from "../sign-in/CodeField.tsx";
import { useAction } from "../use-action.ts";
import { useChecked } from "../use-checked.ts";
import styles from "./Security.module.css";

interface SetUpTotpProps {
  begun: TotpBegun;
  onConfirm: (code: string) => Promise<void>;
}

/** The secret for an authenticator app, as a picture and as letters, and its first code. */
export function SetUpTotp({ begun, onConfirm }: SetUpTotpProps): JSX.Element {
  const [code, setCode] = useState("");
  const { isRunning, failure, run } = useAction(onConfirm);
  const { isChecked, submit } = useChecked([codeError(code)], () => run(code.trim()));
  // Drawn here: the secret goes to nobody.
  const picture = `data:image/svg+xml,${encodeURIComponent(renderSVG(begun.uri, { border: 2 }))}`;
  const groups = begun.secret.match(/.{1,4}/g) ?? [];

  return (
    <form className={forms.form} onSubmit={submit} noValidate>
      <p>{t("secure.totp.scan")}</p>
      <img className={styles.picture} src={picture} alt={t("secure.totp.picture")} width="220" height="220" />
      <p className={styles.soft}>{t("secure.totp.key")}</p>
      <p className={styles.key}>{groups.join(" ")}</p>
      <p>{t("secure.totp.confirm")}</p>
      <CodeField way="totp" value={code} onChange={setCode} isChecked={isChecked} />
      <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
      <Button type="submit" variant="primary" isWide isBusy={isRunning}>
        {t("secure.totp.submit")}
      </Button>
    </form>
  );
}
