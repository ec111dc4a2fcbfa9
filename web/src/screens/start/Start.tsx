import type { JSX } from "react";

import type { Invitation } from "../../call/invitation.ts";
import { t } from "../../i18n.ts";
import { Notice } from "../../ui/Notice.tsx";
import { Card, Frame } from "../frame/Frame.tsx";
import { CodeForm } from "./CodeForm.tsx";
import styles from "./Start.module.css";

interface StartProps {
  /** Nobody has set this server up. */
  needsOwner: boolean;
  onInvitation: (invitation: Invitation) => void;
}

/** The front door for those who are not signed in. */
export function Start({ needsOwner, onInvitation }: StartProps): JSX.Element {
  const signIn = (
    <a className={styles.signIn} href="/sign-in">
      {t("signIn.link")}
    </a>
  );
  return (
    <Frame title={t("start.title")} aside={needsOwner ? undefined : signIn}>
      {needsOwner && (
        <Notice tone="warning">
          <strong>{t("start.setup.title")}</strong>
          <span>{t("start.setup.text")}</span>
        </Notice>
      )}
      <Card>
        <p>{t("start.text")}</p>
        <CodeForm onInvitation={onInvitation} isPrimary />
      </Card>
      <a className={styles.signIn} href="/help">
        {t("help.link")}
      </a>
    </Frame>
  );
}
