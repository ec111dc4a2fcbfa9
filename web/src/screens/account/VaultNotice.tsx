import { KeyRound } from "lucide-react";
import type { JSX } from "react";

import type { VaultState } from "../../call/vault.ts";
import { counted, t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";

interface VaultNoticeProps {
  state: VaultState;
  /** To the page of the account's browsers. */
  onBrowsers: () => void;
}

/** What somebody should do about their account's vault; nothing while all is well. */
export function VaultNotice({ state, onBrowsers }: VaultNoticeProps): JSX.Element | null {
  switch (state.at) {
    case "unknown":
    case "unreachable":
      return null;
    case "open":
      if (state.asking.length === 0) return null;
      return (
        <Notice tone="info" icon={<KeyRound aria-hidden />} action={<Button onPress={onBrowsers}>{t("vault.look")}</Button>}>
          {counted("add.asking", state.asking.length)}
        </Notice>
      );
    case "outside":
      return (
        <Notice tone="warning" icon={<KeyRound aria-hidden />} action={<Button onPress={onBrowsers}>{t("vault.add")}</Button>}>
          <strong>{t("vault.outside.title")}</strong>
          <span>{t("vault.outside.text")}</span>
        </Notice>
      );
    case "unkept":
      return <Notice tone="warning">{t("unkept.text")}</Notice>;
    case "rolled_back":
    case "broken":
    case "failed":
      return (
        <Notice tone="danger" icon={<KeyRound aria-hidden />} action={<Button onPress={onBrowsers}>{t("vault.look")}</Button>}>
          {t("vault.shut")}
        </Notice>
      );
  }
}
