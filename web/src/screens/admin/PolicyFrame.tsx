import type { JSX, ReactNode } from "react";

import type { AccountRole } from "../../api/wire.ts";
import { t } from "../../i18n.ts";
import { Admin } from "./Admin.tsx";
import styles from "./Policy.module.css";

interface PolicyFrameProps {
  current: "groups" | "policies";
  role: AccountRole;
  onHome: () => void;
  children: ReactNode;
}

/** The frame of the pages about groups and policies. */
export function PolicyFrame({ current, role, onHome, children }: PolicyFrameProps): JSX.Element {
  return (
    <Admin title={t(`${current}.title`)} current={current} role={role} onHome={onHome}>
      <p className={styles.soft}>{t(`${current}.text`)}</p>
      {children}
    </Admin>
  );
}
