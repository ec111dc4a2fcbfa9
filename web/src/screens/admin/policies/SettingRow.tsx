import type { JSX } from "react";

import type { Setting, SettingValue } from "../../../api/wire.ts";
import { t } from "../../../i18n.ts";
import { Choice } from "../../../ui/Choice.tsx";
import { Toggle } from "../../../ui/Toggle.tsx";
import styles from "../Policy.module.css";
import { settingText, valueText } from "./words.ts";

export interface Word {
  value: SettingValue;
  locked: boolean;
}

interface SettingRowProps {
  setting: Setting;
  values: readonly SettingValue[];
  /** `null`: the layer says nothing. */
  word: Word | null;
  inForce: SettingValue;
  floor: SettingValue;
  isHeld: boolean;
  mayChange: boolean;
  onChange: (word: Word | null) => void;
}

const NOTHING = "";

/** What a layer says of one setting, and what holds. */
export function SettingRow({ setting, values, word, inForce, floor, isHeld, mayChange, onChange }: SettingRowProps): JSX.Element {
  const label = settingText(setting);
  const known = word === null || values.includes(word.value) ? values : [...values, word.value];
  const options = known.map((value) => ({ value: JSON.stringify(value), label: valueText(setting, value) }));

  function choose(chosen: string): void {
    onChange(chosen === NOTHING ? null : { value: JSON.parse(chosen) as SettingValue, locked: word?.locked ?? false });
  }

  const canChange = mayChange && !isHeld;
  return (
    <li className={styles.row}>
      {canChange ? (
        <>
          <Choice
            label={label}
            icon={null}
            value={word === null ? NOTHING : JSON.stringify(word.value)}
            options={[{ value: NOTHING, label: t("policies.nothing") }, ...options]}
            onChange={choose}
          />
          {word !== null && (
            <Toggle label={t("policies.lock.name", { setting: label })} isOn={word.locked} onChange={(locked) => onChange({ ...word, locked })} />
          )}
        </>
      ) : (
        <strong>{label}</strong>
      )}
      <p>
        {t("policies.inForce", { value: valueText(setting, inForce) })} {t("policies.floor", { value: valueText(setting, floor) })} {isHeld && t("policies.held")}
      </p>
    </li>
  );
}
