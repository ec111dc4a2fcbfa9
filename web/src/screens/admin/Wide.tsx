import type { JSX, ReactNode } from "react";

import styles from "./Wide.module.css";

/** A table that may be wider than its page: it scrolls by itself, also by keyboard. */
export function Wide({ label, children }: { label: string; children: ReactNode }): JSX.Element {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
    <div className={styles.wide} role="region" aria-label={label} tabIndex={0}>
      <table className={styles.table}>{children}</table>
    </div>
  );
}
