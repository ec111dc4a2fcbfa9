import { type JSX, type ReactNode, useContext, useEffect, useId, useRef } from "react";

import { t } from "../../i18n.ts";
import { Complaints } from "./complaints.ts";
import styles from "./Frame.module.css";
import { useTitle } from "../use-title.ts";

interface FrameProps {
  title: string;
  /** Beside the name, at the end of the first line. */
  aside?: ReactNode;
  /** The width that the content wants. */
  width?: "narrow" | "wide";
  /** A short picture or mark above the title. */
  children: ReactNode;
}

/** A page outside a meeting: the name, one title, its content. Focus begins at the title. */
export function Frame({ title, aside, width = "narrow", children }: FrameProps): JSX.Element {
  const id = useId();
  const complaints = useContext(Complaints);
  const heading = useRef<HTMLHeadingElement>(null);
  useTitle(title);
  useEffect(() => {
    if (document.activeElement === document.body) heading.current?.focus({ preventScroll: true });
  }, [title]);

  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <a href="/" className={styles.brand}>
          <img src="/mark.svg" alt="" width="36" height="36" />
          <span>{t("app.name")}</span>
        </a>
        {aside}
      </header>
      <main className={styles.main} data-width={width} aria-labelledby={id}>
        <h1 id={id} ref={heading} tabIndex={-1} className={styles.title}>
          {title}
        </h1>
        {children}
      </main>
      {complaints !== null && (
        <footer className={styles.footer}>
          <a href={complaints}>{t("app.complaints")}</a>
        </footer>
      )}
    </div>
  );
}

/** A raised part of a page. */
export function Card({ children }: { children: ReactNode }): JSX.Element {
  return <div className={styles.card}>{children}</div>;
}
