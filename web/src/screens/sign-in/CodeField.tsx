import type { JSX } from "react";

import type { SecondFactor } from "../../api/wire.ts";
import { t } from "../../i18n.ts";
import { TextField } from "../../ui/TextField.tsx";
import { requiredError } from "../fields.ts";

export type CodeWay = "totp" | "recovery_code";

interface CodeFieldProps {
  way: CodeWay;
  value: string;
  onChange: (value: string) => void;
  isChecked: boolean;
}

/** A code of an authenticator app, or one from paper. */
export function CodeField({ way, value, onChange, isChecked }: CodeFieldProps): JSX.Element {
  return (
    <TextField
      label={t(way === "totp" ? "field.totp" : "field.backupCode")}
      value={value}
      onChange={onChange}
      error={isChecked ? codeError(value) : null}
      autoComplete={way === "totp" ? "one-time-code" : "off"}
      inputMode={way === "totp" ? "numeric" : "text"}
      maxLength={32}
      isCode
    />
  );
}

export function codeError(typed: string): string | null {
  return requiredError(typed);
}

export function codeOf(way: CodeWay, typed: string): SecondFactor {
  return way === "totp" ? { totp: typed.trim() } : { recovery_code: typed.trim() };
}
