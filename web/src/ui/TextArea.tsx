import type { JSX } from "react";
import { FieldError } from "react-aria-components/FieldError";
import { Label } from "react-aria-components/Label";
import { Text } from "react-aria-components/Text";
import { TextArea as AriaTextArea } from "react-aria-components/TextArea";
import { TextField as AriaTextField } from "react-aria-components/TextField";

import styles from "./TextField.module.css";

interface TextAreaProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  hint?: string;
  /** What is wrong with the value; shown as soon as it is given. */
  error: string | null;
  maxLength: number;
}

/** Some lines of text, with their label, hint and error. */
export function TextArea({ label, value, onChange, hint, error, maxLength }: TextAreaProps): JSX.Element {
  return (
    <AriaTextField className={styles.field ?? ""} value={value} onChange={onChange} isInvalid={error !== null} validationBehavior="aria" maxLength={maxLength}>
      <Label className={styles.label}>{label}</Label>
      <AriaTextArea className={styles.input ?? ""} rows={4} dir="auto" />
      {hint !== undefined && (
        <Text slot="description" className={styles.hint ?? ""}>
          {hint}
        </Text>
      )}
      <FieldError className={styles.error ?? ""}>{error}</FieldError>
    </AriaTextField>
  );
}
