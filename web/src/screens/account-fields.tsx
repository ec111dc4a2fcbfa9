/** Fields of everybody who makes an account, or chooses another password. */

import type { JSX } from "react";

import { t } from "../i18n.ts";
import { TextField } from "../ui/TextField.tsx";

interface FieldProps {
  value: string;
  onChange: (value: string) => void;
  error: string | null;
}

export function NameField(props: FieldProps): JSX.Element {
  return <TextField label={t("field.name")} hint={t("field.name.hint")} autoComplete="name" maxLength={64} {...props} />;
}

/** `label` says so where there is a password already. */
export function NewPasswordField({ label = t("field.password"), ...props }: FieldProps & { label?: string }): JSX.Element {
  return (
    <TextField
      label={label}
      hint={t("field.password.new")}
      type="password"
      showLabel={t("field.password.show")}
      autoComplete="new-password"
      maxLength={256}
      {...props}
    />
  );
}
