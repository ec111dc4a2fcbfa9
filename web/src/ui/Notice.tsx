import type { JSX, ReactNode } from "react";

import styles from "./Notice.module.css";

interface NoticeProps {
  tone: "info" | "warning" | "danger" | "good";
  icon?: ReactNode;
  children: ReactNode;
  /** What can be done about it. */
  action?: ReactNode;
}

/** A message in the flow of the page. Spoken only when its container is a live region. */
export function Notice({ tone, icon, children, action }: NoticeProps): JSX.Element {
  return (
    <div className={styles.notice} data-tone={tone}>
      {icon}
      <div className={styles.text}>{children}</div>
      {action}
    </div>
  );
}
