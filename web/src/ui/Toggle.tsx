import type { JSX } from "react";
import { Switch } from "react-aria-components/Switch";

import styles from "./Toggle.module.css";

interface ToggleProps {
  label: string;
  isOn: boolean;
  onChange: (isOn: boolean) => void;
}

/** A setting that is on or off. */
export function Toggle({ label, isOn, onChange }: ToggleProps): JSX.Element {
  return (
    <Switch className={styles.toggle ?? ""} isSelected={isOn} onChange={onChange}>
      <span>{label}</span>
      <span className={styles.track} aria-hidden>
        <span className={styles.thumb} />
      </span>
    </Switch>
  );
}
