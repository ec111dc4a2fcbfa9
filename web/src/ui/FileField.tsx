import { type ChangeEvent, type JSX, useId } from "react";

import styles from "./TextField.module.css";

interface FileFieldProps {
  label: string;
  /** What is wrong with the choice; shown as soon as it is given. */
  error: string | null;
  onChange: (file: File | null) => void;
}

/** A labelled choice of one file, with its error. The platform's own control: it says by itself which file was chosen. */
export function FileField({ label, error, onChange }: FileFieldProps): JSX.Element {
  const id = useId();
  const wrong = useId();
  const choose = ({ target }: ChangeEvent<HTMLInputElement>): void => onChange(target.files?.[0] ?? null);
  return (
    <div className={styles.field}>
      <label htmlFor={id} className={styles.label}>
        {label}
      </label>
      <input
        id={id}
        type="file"
        className={styles.input}
        data-invalid={error !== null || undefined}
        aria-invalid={error !== null}
        aria-describedby={error === null ? undefined : wrong}
        onChange={choose}
      />
      {error !== null && (
        <span id={wrong} className={styles.error}>
          {error}
        </span>
      )}
    </div>
  );
}
