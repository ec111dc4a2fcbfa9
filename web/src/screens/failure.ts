/** What a failed request is called in plain words. */

import { Problem } from "../api/problem.ts";
import { counted, isTextKey, t } from "../i18n.ts";

export function failureText(error: unknown): string {
  if (!(error instanceof Problem)) return t("failure.unexpected");
  if (error.status === 429 && error.retryAfter !== undefined) return counted("failure.wait", error.retryAfter);
  return codeText(error.code);
}

/** By the problem's stable code. */
export function codeText(code: string): string {
  const key = `failure.${code}`;
  return isTextKey(key) ? t(key as "failure.unexpected") : t("failure.unexpected");
}
