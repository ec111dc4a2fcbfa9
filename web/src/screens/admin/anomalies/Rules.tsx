import { type JSX, useId, useState } from "react";

import type { AnomalyRules, AnomalyRuleSetting, AnomalyRuleStanding, ChangeAnomalyRules } from "../../../api/wire.ts";
import { t } from "../../../i18n.ts";
import { Button } from "../../../ui/Button.tsx";
import { Notice } from "../../../ui/Notice.tsx";
import { TextField } from "../../../ui/TextField.tsx";
import { Toggle } from "../../../ui/Toggle.tsx";
import { useAction } from "../../use-action.ts";
import { useChecked } from "../../use-checked.ts";
import styles from "../Policy.module.css";
import { windowText } from "./words.ts";

interface RulesProps {
  rules: AnomalyRules;
  mayChange: boolean;
  /** Rejects with a `Problem`. */
  onSave: (body: ChangeAnomalyRules) => Promise<void>;
}

/** Numbers as they are typed. */
interface Typed {
  isOn: boolean;
  threshold: string;
  window: string;
  from: string;
  to: string;
}

const LAST_HOUR = 23;

/** How the rules look; for who may, as fields. */
export function Rules({ rules, mayChange, onSave }: RulesProps): JSX.Element {
  const title = useId();
  return (
    <section aria-labelledby={title} className={styles.list}>
      <h2 id={title}>{t("anomalies.rules")}</h2>
      <p className={styles.soft}>{t("anomalies.rules.text")}</p>
      {mayChange ? <RulesForm rules={rules} onSave={onSave} /> : <RulesAsTheyAre rules={rules.rules} />}
    </section>
  );
}

function RulesAsTheyAre({ rules }: { rules: readonly AnomalyRuleStanding[] }): JSX.Element {
  return (
    <ul className={styles.list}>
      {rules.map(({ rule, setting }) => (
        <li key={rule} className={styles.line}>
          <span>{t(`anomalies.rule.${rule}`)}</span>
          <span className={styles.soft}>
            {setting.is_on ? t("anomalies.rules.as", { count: setting.threshold, window: windowText(setting.window_minutes) }) : t("anomalies.rules.off")}
          </span>
        </li>
      ))}
    </ul>
  );
}

function RulesForm({ rules, onSave }: Omit<RulesProps, "mayChange">): JSX.Element {
  const [typed, setTyped] = useState<readonly Typed[]>(() => rules.rules.map(({ setting }) => typedOf(setting)));
  const { isRunning, failure, run } = useAction(onSave);
  const wrong = rules.rules.map((rule, at) => (settingOf(rule, typed[at]) === null ? rule.rule : null));
  const { submit } = useChecked(wrong, send);

  function send(): void {
    const chosen = rules.rules.flatMap((rule, at) => {
      const setting = settingOf(rule, typed[at]);
      return setting === null ? [] : [{ rule: rule.rule, setting }];
    });
    run({ revision: rules.revision, rules: chosen });
  }
  return (
    <form className={styles.list} onSubmit={submit} noValidate>
      {rules.rules.map((rule, at) => (
        <RuleFields
          key={rule.rule}
          rule={rule}
          typed={typed[at] ?? typedOf(rule.setting)}
          onChange={(next) => setTyped((before) => before.map((one, index) => (index === at ? next : one)))}
        />
      ))}
      <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
      <div className={styles.actions}>
        <Button type="submit" variant="primary" isBusy={isRunning}>
          {t("anomalies.rules.save")}
        </Button>
      </div>
    </form>
  );
}

interface RuleFieldsProps {
  rule: AnomalyRuleStanding;
  typed: Typed;
  onChange: (typed: Typed) => void;
}

function RuleFields({ rule, typed, onChange }: RuleFieldsProps): JSX.Element {
  const title = useId();
  const { least_threshold: least, most_threshold: most, shortest_window_minutes: shortest, longest_window_minutes: longest } = rule;
  const hasHours = (rule.usual.usual_hours ?? null) !== null;
  const numeric = { inputMode: "numeric", maxLength: 6 } as const;
  return (
    <div role="group" aria-labelledby={title} className={styles.row}>
      <h3 id={title}>{t(`anomalies.rule.${rule.rule}`)}</h3>
      <Toggle label={t("anomalies.rules.on")} isOn={typed.isOn} onChange={(isOn) => onChange({ ...typed, isOn })} />
      <TextField
        {...numeric}
        label={t("anomalies.rules.threshold", { least, most })}
        value={typed.threshold}
        onChange={(threshold) => onChange({ ...typed, threshold })}
        error={errorOf(typed.threshold, least, most)}
      />
      <TextField
        {...numeric}
        label={t("anomalies.rules.window", { least: shortest, most: longest })}
        value={typed.window}
        onChange={(window) => onChange({ ...typed, window })}
        error={errorOf(typed.window, shortest, longest)}
      />
      {hasHours && (
        <>
          <TextField
            {...numeric}
            label={t("anomalies.rules.from")}
            value={typed.from}
            onChange={(from) => onChange({ ...typed, from })}
            error={errorOf(typed.from, 0, LAST_HOUR)}
          />
          <TextField {...numeric} label={t("anomalies.rules.to")} value={typed.to} onChange={(to) => onChange({ ...typed, to })} error={errorOf(typed.to, 0, LAST_HOUR)} />
        </>
      )}
    </div>
  );
}

function typedOf({ is_on: isOn, threshold, window_minutes: window, usual_hours: hours }: AnomalyRuleSetting): Typed {
  return { isOn, threshold: String(threshold), window: String(window), from: String(hours?.from ?? ""), to: String(hours?.to ?? "") };
}

/** `null` where a number is none, or out of its bounds. */
function settingOf(rule: AnomalyRuleStanding, typed: Typed | undefined): AnomalyRuleSetting | null {
  if (typed === undefined) return null;
  const threshold = numberIn(typed.threshold, rule.least_threshold, rule.most_threshold);
  const minutes = numberIn(typed.window, rule.shortest_window_minutes, rule.longest_window_minutes);
  if (threshold === null || minutes === null) return null;
  const setting = { is_on: typed.isOn, threshold, window_minutes: minutes };
  if ((rule.usual.usual_hours ?? null) === null) return setting;
  const from = numberIn(typed.from, 0, LAST_HOUR);
  const to = numberIn(typed.to, 0, LAST_HOUR);
  return from === null || to === null ? null : { ...setting, usual_hours: { from, to } };
}

function numberIn(text: string, least: number, most: number): number | null {
  const number = /^\d{1,6}$/.test(text.trim()) ? Number(text) : Number.NaN;
  return number >= least && number <= most ? number : null;
}

function errorOf(text: string, least: number, most: number): string | null {
  return numberIn(text, least, most) === null ? t("anomalies.rules.wrong", { least, most }) : null;
}
