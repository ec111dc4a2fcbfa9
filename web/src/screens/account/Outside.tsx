import { type JSX, useEffect, useRef, useState } from "react";

import type { VaultState } from "../../call/vault.ts";
import { t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { requiredError } from "../fields.ts";
import forms from "../forms.module.css";
import { Card } from "../frame/Frame.tsx";
import { useAction } from "../use-action.ts";
import { useChecked } from "../use-checked.ts";
import styles from "./Account.module.css";

interface OutsideProps {
  state: VaultState & { at: "outside" };
  onAsk: () => Promise<void>;
  onRecover: (code: string) => Promise<void>;
}

/** A browser that is not among the account's: asks one that is, or takes the recovery code. */
export function Outside({ state, onAsk, onRecover }: OutsideProps): JSX.Element {
  return (
    <div className={styles.columns}>
      <Card>
        <Asking state={state} onAsk={onAsk} />
      </Card>
      <Card>
        <Recovery onRecover={onRecover} />
      </Card>
    </div>
  );
}

function Asking({ state: { code, asked, wasRemoved }, onAsk }: Omit<OutsideProps, "onRecover">): JSX.Element {
  const { isRunning, failure, run } = useAction(onAsk);
  const hasAsked = useRef(false);
  useEffect(() => {
    if (asked !== "no" || hasAsked.current) return;
    hasAsked.current = true;
    run();
  });

  return (
    <>
      <h2>{t("outside.approve")}</h2>
      {wasRemoved && <Notice tone="warning">{t("outside.wasRemoved")}</Notice>}
      <ol className={styles.steps}>
        <li>{t("outside.step.open")}</li>
        <li>{t("outside.step.page")}</li>
        <li>{t("outside.step.code")}</li>
      </ol>
      {asked === "yes" && <Code code={code} label={t("outside.code")} />}
      <div role="status">
        {asked === "yes" && <p className={styles.soft}>{t("outside.waiting")}</p>}
        {asked === "too_late" && <Notice tone="warning">{t("outside.tooLate")}</Notice>}
      </div>
      <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
      {(asked === "too_late" || failure !== null) && (
        <Button onPress={() => run()} isBusy={isRunning}>
          {t("outside.again")}
        </Button>
      )}
    </>
  );
}

function Recovery({ onRecover }: Pick<OutsideProps, "onRecover">): JSX.Element {
  const [code, setCode] = useState("");
  const { isRunning, failure, run, forget } = useAction(() => onRecover(code.trim()));
  const { isChecked, submit } = useChecked([requiredError(code)], run);

  return (
    <form className={forms.form} onSubmit={submit} noValidate>
      <h2>{t("outside.recovery")}</h2>
      <p className={styles.soft}>{t("outside.recovery.text")}</p>
      <TextField
        label={t("field.recoveryCode")}
        hint={t("field.recoveryCode.hint")}
        value={code}
        onChange={(typed) => {
          setCode(typed);
          forget();
        }}
        error={isChecked ? requiredError(code) : null}
        autoComplete="off"
        maxLength={80}
      />
      <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
      <Button type="submit" isBusy={isRunning}>
        {t("outside.recover")}
      </Button>
    </form>
  );
}

/** Character by character to a screen reader, in groups to the eye. */
export function Code({ code, label }: { code: string; label: string }): JSX.Element {
  const groups = code.split("-");
  const spoken = groups.map((group) => [...group].join(" ")).join(", ");
  return (
    <p className={styles.code} role="img" aria-label={`${label}: ${spoken}`}>
      {groups.map((group, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- the same characters may come twice
        <span key={index}>{group}</span>
      ))}
    </p>
  );
}
