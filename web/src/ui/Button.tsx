import { LoaderCircle } from "lucide-react";
import type { JSX, ReactNode } from "react";
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from "react-aria-components/Button";

import styles from "./Button.module.css";

interface ButtonProps extends Omit<AriaButtonProps, "className" | "children" | "style" | "isPending"> {
  variant?: "primary" | "secondary" | "quiet" | "danger";
  /** As wide as its container. */
  isWide?: boolean;
  /** What it started still runs. The button stays focusable, so that focus is not lost. */
  isBusy?: boolean;
  icon?: ReactNode;
  children: ReactNode;
}

/** The ordinary button. One `primary` per screen. */
export function Button({ variant = "secondary", isWide = false, isBusy = false, icon, children, ...rest }: ButtonProps): JSX.Element {
  return (
    <AriaButton
      {...rest}
      className={styles.button ?? ""}
      data-variant={variant}
      data-wide={isWide || undefined}
      data-busy={isBusy || undefined}
    >
      {isBusy ? <LoaderCircle aria-hidden className={styles.turning} /> : icon}
      <span>{children}</span>
    </AriaButton>
  );
}

interface IconButtonProps extends Omit<AriaButtonProps, "className" | "children" | "style" | "aria-label"> {
  label: string;
  icon: ReactNode;
}

/** A button that is only an icon; its label is spoken, and shown on hover. */
export function IconButton({ label, icon, ...rest }: IconButtonProps): JSX.Element {
  return (
    <AriaButton {...rest} className={styles.icon ?? ""} aria-label={label} render={(props) => <button {...props} title={label} />}>
      {icon}
    </AriaButton>
  );
}
