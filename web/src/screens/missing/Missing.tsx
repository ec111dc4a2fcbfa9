import type { JSX } from "react";

import type { Invitation } from "../../call/invitation.ts";
import { t } from "../../i18n.ts";
import { Card, Frame } from "../frame/Frame.tsx";
import { CodeForm } from "../start/CodeForm.tsx";

/** For addresses that lead nowhere. */
export function Missing({ onInvitation }: { onInvitation: (invitation: Invitation) => void }): JSX.Element {
  return (
    <Frame title={t("missing.title")}>
      <p>{t("missing.text")}</p>
      <Card>
        <CodeForm onInvitation={onInvitation} isPrimary />
      </Card>
      <a href="/">{t("app.home")}</a>
    </Frame>
  );
}
