import { X } from "lucide-react";
import { type JSX, type ReactNode, useEffect, useId, useRef } from "react";

import { t } from "../../i18n.ts";
import { IconButton } from "../../ui/Button.tsx";
import styles from "./Panel.module.css";

interface PanelProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
}

/** Beside the stage on a large screen, over it on a small one. Escape closes it. */
export function Panel({ title, onClose, children }: PanelProps): JSX.Element {
  const id = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    if (panel.current?.contains(document.activeElement) !== true) heading.current?.focus();
  }, []);
  useEffect(() => {
    function onKey(event: KeyboardEvent): void {
      if (event.key === "Escape" && panel.current?.contains(document.activeElement) === true) onClose();
    }
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  });

  return (
    <aside className={styles.panel} ref={panel} aria-labelledby={id}>
      <header className={styles.header}>
        <h2 id={id} ref={heading} tabIndex={-1} className={styles.title}>
          {title}
        </h2>
        <IconButton label={t("app.close")} icon={<X aria-hidden />} onPress={onClose} />
      </header>
      {children}
    </aside>
  );
}
