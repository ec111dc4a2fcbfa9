import { Check } from "lucide-react";
import type { JSX, ReactNode } from "react";
import { Menu, MenuItem, MenuTrigger } from "react-aria-components/Menu";
import { Popover } from "react-aria-components/Popover";

import styles from "./MenuButton.module.css";

export interface MenuEntry {
  id: string;
  label: string;
  icon: ReactNode;
  /** One of several; `undefined` for a plain action. */
  isChosen?: boolean;
  onAction: () => void;
}

interface MenuButtonProps {
  label: string;
  /** A single pressable element. */
  button: ReactNode;
  entries: readonly MenuEntry[];
}

/** A button with a menu. */
export function MenuButton({ label, button, entries }: MenuButtonProps): JSX.Element {
  return (
    <MenuTrigger>
      {button}
      <Popover className={styles.popover ?? ""} offset={8}>
        <Menu className={styles.menu ?? ""} aria-label={label}>
          {entries.map(({ id, label: text, icon, isChosen, onAction }) => (
            <MenuItem
              key={id}
              id={id}
              className={styles.item ?? ""}
              onAction={onAction}
              textValue={text}
              {...(isChosen === undefined ? {} : { "aria-current": isChosen })}
            >
              {icon}
              <span>{text}</span>
              {isChosen === true && <Check aria-hidden />}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
