import { ShieldQuestionMark } from "lucide-react";
import type { JSX } from "react";

import type { BrowserKind } from "../../call/browser.ts";
import { t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";

interface PermissionHelpProps {
  browser: BrowserKind;
  onRetry: () => void;
}

/** How to take back a “Block” in this very browser, or the way out of one that never allows it. */
export function PermissionHelp({ browser, onRetry }: PermissionHelpProps): JSX.Element {
  return (
    <Notice
      tone="info"
      icon={<ShieldQuestionMark aria-hidden />}
      action={<Button onPress={onRetry}>{t("app.again")}</Button>}
    >
      <strong>{browser === "inApp" ? t("permission.title.inApp") : t("permission.title")}</strong>
      <span>{t(`permission.${browser}`)}</span>
    </Notice>
  );
}
