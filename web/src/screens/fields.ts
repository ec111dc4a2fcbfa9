/** What is wrong with what somebody typed, before the server is asked. */

import { readPasscode } from "../e2ee/passcode.ts";
import { t } from "../i18n.ts";

/** NIST SP 800-63B-4, 3.1.1.2. */
const SHORTEST_PASSWORD = 15;

export function requiredError(value: string): string | null {
  return value.trim() === "" ? t("wrong.empty") : null;
}

export function passcodeError(value: string): string | null {
  return requiredError(value) ?? (readPasscode(value) === null ? t("wrong.passcode") : null);
}

export function emailError(value: string): string | null {
  return requiredError(value) ?? (/^[^@\s]+@[^@\s]+$/.test(value.trim()) ? null : t("wrong.email"));
}

export function newPasswordError(value: string): string | null {
  return requiredError(value) ?? ([...value].length < SHORTEST_PASSWORD ? t("wrong.password") : null);
}
