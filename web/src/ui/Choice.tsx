import { type JSX, type ReactNode, useId } from "react";

import styles from "./Choice.module.css";

interface Option {
  value: string;
  label: string;
}

interface ChoiceProps {
  label: string;
  icon: ReactNode;
  value: string;
  options: readonly Option[];
  onChange: (value: string) => void;
}

/** One of a list. The platform's own control: phones show their own large wheel for it. */
export function Choice({ label, icon, value, options, onChange }: ChoiceProps): JSX.Element {
  const id = useId();
  return (
    <div className={styles.choice}>
      <label htmlFor={id} className={styles.label}>
        {icon}
        {label}
      </label>
      <select id={id} className={styles.select} value={value} onChange={(event) => onChange(event.target.value)}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  );
}
