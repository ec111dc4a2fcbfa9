import { type JSX, useState } from "react";

import { t } from "../../i18n.ts";
import type { SupportState } from "../../remote/support-state.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { requiredError } from "../fields.ts";
import forms from "../forms.module.css";
import { Panel } from "../room/Panel.tsx";
import { useChecked } from "../use-checked.ts";
import { AskFor } from "./AskFor.tsx";
import type { ConsoleActions } from "./Console.tsx";
import styles from "./Console.module.css";

interface RightsPanelProps {
  support: SupportState;
  actions: Pick<ConsoleActions, "ask" | "raise" | "restart">;
  onClose: () => void;
}

/** An administrator's rights at the computer: the person's yes first, then a name and password, then a restart. */
export function RightsPanel({ support, actions, onClose }: RightsPanelProps): JSX.Element {
  const isPermitted = support.permitted.has("administrator");
  const isRaised = support.rights === "raised";
  return (
    <Panel title={t("console.rights")} onClose={onClose}>
      <div className={styles.body}>
        <p className={styles.soft}>{t("console.rights.text")}</p>
        {!isPermitted && <AskFor what="administrator" need={t("console.rights.need")} support={support} onAsk={actions.ask} />}
        {isPermitted && !isRaised && <Credential support={support} onRaise={actions.raise} />}
        {isPermitted && isRaised && <Restart support={support} onRestart={actions.restart} />}
      </div>
    </Panel>
  );
}

interface CredentialProps {
  support: Pick<SupportState, "rights" | "notRaised" | "phase">;
  onRaise: (name: string, password: string) => boolean;
}

function Credential({ support: { rights, notRaised, phase }, onRaise }: CredentialProps): JSX.Element {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [isUnfit, setUnfit] = useState(false);
  const isAsked = rights === "asked";
  const { isChecked, submit, reset } = useChecked([requiredError(name), requiredError(password)], send);

  function send(): void {
    setUnfit(!onRaise(name.trim(), password));
    // Right or wrong, it is typed again.
    setPassword("");
    reset();
  }
  return (
    <form className={forms.form} onSubmit={submit} noValidate>
      <TextField label={t("console.rights.name")} value={name} onChange={setName} error={isChecked ? requiredError(name) : null} autoComplete="off" maxLength={120} />
      <TextField
        label={t("console.rights.password")}
        type="password"
        showLabel={t("console.rights.password.show")}
        value={password}
        onChange={setPassword}
        error={isChecked ? requiredError(password) : null}
        autoComplete="off"
        maxLength={240}
      />
      <div role="alert" className={styles.answer}>
        {isUnfit && <Notice tone="danger">{t("console.rights.unfit")}</Notice>}
        {notRaised !== null && <Notice tone="danger">{t(`console.rights.${notRaised}`)}</Notice>}
      </div>
      <div role="status" className={styles.answer}>
        {isAsked && <Notice tone="info">{t("console.rights.asked")}</Notice>}
      </div>
      <Button type="submit" variant="primary" isDisabled={isAsked || notRaised === "too_many" || phase.at === "lost"}>
        {t("console.rights.submit")}
      </Button>
    </form>
  );
}

interface RestartProps {
  support: Pick<SupportState, "restart" | "phase">;
  onRestart: () => void;
}

function Restart({ support: { restart, phase }, onRestart }: RestartProps): JSX.Element {
  return (
    <section className={styles.part}>
      <p>{t("console.restart.text")}</p>
      <Button variant="danger" isDisabled={restart === "asked" || phase.at === "lost"} onPress={onRestart}>
        {t("console.restart")}
      </Button>
      <div role="status" className={styles.answer}>
        {restart === "asked" && <Notice tone="info">{t("console.restart.asked")}</Notice>}
        {restart === "refused" && <Notice tone="warning">{t("console.restart.refused")}</Notice>}
      </div>
    </section>
  );
}
