import { Eye, EyeOff } from "lucide-react";
import { type JSX, useState } from "react";
import { FieldError } from "react-aria-components/FieldError";
import { Input } from "react-aria-components/Input";
import { Label } from "react-aria-components/Label";
import { Text } from "react-aria-components/Text";
import { TextField as AriaTextField } from "react-aria-components/TextField";
import { ToggleButton } from "react-aria-components/ToggleButton";

import styles from "./TextField.module.css";

interface TextFieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  hint?: string | undefined;
  /** What is wrong with the value; shown as soon as it is given. */
  error?: string | null;
  type?: "text" | "email" | "password" | "datetime-local" | "date";
  name?: string;
  autoComplete?: string;
  inputMode?: "text" | "numeric" | "email";
  maxLength?: number;
  /** Spoken label of the button that makes a password readable. */
  showLabel?: string;
  /** Larger digits, for codes. */
  isCode?: boolean;
}

/** A labelled line of text with its hint and its error. */
export function TextField(props: TextFieldProps): JSX.Element {
  const { label, value, onChange, hint, error = null, type = "text", showLabel, isCode = false, ...input } = props;
  const [isShown, setShown] = useState(false);
  const isPassword = type === "password";

  return (
    <AriaTextField
      className={styles.field ?? ""}
      value={value}
      onChange={onChange}
      type={isPassword && isShown ? "text" : type}
      isInvalid={error !== null}
      validationBehavior="aria"
      {...input}
    >
      <Label className={styles.label}>{label}</Label>
      <div className={styles.line}>
        <Input className={styles.input ?? ""} data-code={isCode || undefined} spellCheck={false} dir="auto" />
        {isPassword && showLabel !== undefined && (
          <ToggleButton className={styles.reveal ?? ""} isSelected={isShown} onChange={setShown} aria-label={showLabel}>
            {isShown ? <EyeOff aria-hidden /> : <Eye aria-hidden />}
          </ToggleButton>
        )}
      </div>
      {hint !== undefined && (
        <Text slot="description" className={styles.hint ?? ""}>
          {hint}
        </Text>
      )}
      <FieldError className={styles.error ?? ""}>{error}</FieldError>
    </AriaTextField>
  );
}
