import { type JSX, useState } from "react";

import type { RecordingList } from "../../../api/wire.ts";
import { formatDate, t } from "../../../i18n.ts";
import { Button } from "../../../ui/Button.tsx";
import { Notice } from "../../../ui/Notice.tsx";
import { TextField } from "../../../ui/TextField.tsx";
import { inGroups } from "../../fingerprint-text.ts";
import forms from "../../forms.module.css";
import { useAction } from "../../use-action.ts";
import { useChecked } from "../../use-checked.ts";
import policy from "../Policy.module.css";

interface SettingsProps {
  list: RecordingList;
  /** Whoever only sees recordings changes nothing. */
  mayKeep: boolean;
  onMakeKey: () => void;
  onRetain: (days: number) => Promise<void>;
}

/** What recordings are sealed to, and how long they are kept. */
export function Settings({ list: { keys, days, bytes, most_bytes: most }, mayKeep, onMakeKey, onRetain }: SettingsProps): JSX.Element {
  return (
    <>
      <h2>{t("recordings.key")}</h2>
      {keys.length === 0 && <Notice tone="info">{t("recordings.key.none")}</Notice>}
      <ul className={policy.bullets}>
        {keys.map(({ id, fingerprint, custodians, made_at: made, made_by_name: name }, at) => (
          <li key={id}>
            <span dir="auto">
              {at === 0
                ? t("recordings.key.current", { day: formatDate(made), name, custodians: custodians.join(", ") })
                : t("recordings.key.earlier", { day: formatDate(made), custodians: custodians.join(", ") })}
            </span>
            <br />
            <code>{t("recordings.key.fingerprint", { fingerprint: inGroups(fingerprint) })}</code>
          </li>
        ))}
      </ul>
      {keys.length > 0 && <p>{t("recordings.key.compare")}</p>}
      {mayKeep && (
        <div className={policy.actions}>
          <Button variant="primary" onPress={onMakeKey}>
            {keys.length === 0 ? t("recordings.key.make") : t("recordings.key.makeOther")}
          </Button>
        </div>
      )}
      {mayKeep && <Retention days={days} onRetain={onRetain} />}
      <p className={policy.soft}>{t("recordings.used", { used: mebibytes(bytes), most: mebibytes(most) })}</p>
    </>
  );
}

function Retention({ days, onRetain }: { days: number; onRetain: (days: number) => Promise<void> }): JSX.Element {
  const [typed, setTyped] = useState(String(days));
  const { isRunning, failure, run } = useAction(() => onRetain(Number(typed)));
  const { isChecked, submit } = useChecked([daysError(typed)], run);
  return (
    <form className={forms.form} onSubmit={submit} noValidate>
      <TextField label={t("recordings.days")} hint={t("recordings.days.hint")} inputMode="numeric" value={typed} onChange={setTyped} error={isChecked ? daysError(typed) : null} maxLength={4} />
      <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
      <Button type="submit" isBusy={isRunning}>
        {t("recordings.days.set")}
      </Button>
    </form>
  );
}

function daysError(typed: string): string | null {
  const days = Number(typed);
  return /^\d+$/.test(typed) && days >= 1 && days <= 7_300 ? null : t("recordings.days.wrong");
}

function mebibytes(bytes: number): number {
  return Math.ceil(bytes / 1_048_576);
}
