import type { JSX, ReactNode } from "react";
import { Button, type ButtonProps } from "react-aria-components/Button";

import styles from "./ControlButton.module.css";

interface ControlButtonProps extends Pick<ButtonProps, "onPress" | "isDisabled" | "aria-expanded" | "aria-controls" | "id"> {
  /** What a press does. */
  label: string;
  icon: ReactNode;
  /** `off`: something is switched off; `active`: something is open or running; `danger`: leaving. */
  tone?: "plain" | "off" | "active" | "danger";
  /** A number on the icon's corner; the label says it in words. */
  badge?: number;
  /** Spoken instead of the label. */
  longLabel?: string;
}

/** A large button of a call: an icon with its word below. */
export function ControlButton({ label, icon, tone = "plain", badge = 0, longLabel, ...rest }: ControlButtonProps): JSX.Element {
  return (
    <Button {...rest} className={styles.control ?? ""} data-tone={tone} {...(longLabel === undefined ? {} : { "aria-label": longLabel })}>
      <span className={styles.icon} data-badge={badge > 0 ? Math.min(badge, 99) : undefined}>
        {icon}
      </span>
      <span className={styles.label}>{label}</span>
    </Button>
  );
}
