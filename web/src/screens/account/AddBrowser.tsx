import { type JSX, useState } from "react";

import { counted, t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { requiredError } from "../fields.ts";
import forms from "../forms.module.css";
import { Card } from "../frame/Frame.tsx";
import { useAction } from "../use-action.ts";
import { useChecked } from "../use-checked.ts";
import styles from "./Account.module.css";

interface AddBrowserProps {
  /** How many browsers ask to be added. */
  asking: number;
  onApprove: (code: string) => Promise<void>;
}

/** Adds the browser whose code somebody types: only who sees both screens can. */
export function AddBrowser({ asking, onApprove }: AddBrowserProps): JSX.Element {
  const [code, setCode] = useState("");
  const [isDone, setDone] = useState(false);
  const { isRunning, failure, run, forget } = useAction(async () => {
    await onApprove(code.trim());
    setCode("");
    setDone(true);
  });
  const { isChecked, submit } = useChecked([requiredError(code)], run);

  function change(typed: string): void {
    setCode(typed);
    setDone(false);
    forget();
  }
  return (
    <Card>
      <form className={forms.form} onSubmit={submit} noValidate>
        <h2>{t("add.title")}</h2>
        <div role="status">{asking > 0 ? <Notice tone="info">{counted("add.asking", asking)}</Notice> : <p className={styles.soft}>{t("add.text")}</p>}</div>
        <TextField
          label={t("field.approvalCode")}
          hint={t("field.approvalCode.hint")}
          value={code}
          onChange={change}
          error={isChecked && !isDone ? requiredError(code) : null}
          autoComplete="off"
          maxLength={40}
          isCode
        />
        <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
        <div role="status">{isDone && <Notice tone="good">{t("add.done")}</Notice>}</div>
        <Button type="submit" variant="primary" isBusy={isRunning}>
          {t("add.submit")}
        </Button>
      </form>
    </Card>
  );
}
