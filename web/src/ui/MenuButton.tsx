import { Check } from "lucide-react";
import type { JSX, ReactNode } from "react";
import { Menu, MenuItem, MenuSection, MenuTrigger } from "react-aria-components/Menu";
import { Popover } from "react-aria-components/Popover";

import styles from "./MenuButton.module.css";

export interface MenuEntry {
  id: string;
  label: string;
  icon: ReactNode;
  onAction: () => void;
}

/** Entries of which exactly one holds. */
export interface MenuChoice {
  label: string;
  chosen: string;
  entries: readonly MenuEntry[];
}

interface MenuButtonProps {
  label: string;
  /** A single pressable element. */
  button: ReactNode;
  entries: readonly (MenuEntry | MenuChoice)[];
}

/** A button with a menu. */
export function MenuButton({ label, button, entries }: MenuButtonProps): JSX.Element {
  return (
    <MenuTrigger>
      {button}
      <Popover className={styles.popover ?? ""} offset={8}>
        <Menu className={styles.menu ?? ""} aria-label={label}>
          {entries.map((entry) =>
            "chosen" in entry ? (
              <MenuSection
                key={entry.label}
                className={styles.choice ?? ""}
                aria-label={entry.label}
                selectionMode="single"
                selectedKeys={[entry.chosen]}
                disallowEmptySelection
              >
                {entry.entries.map((choice) => item(choice, choice.id === entry.chosen))}
              </MenuSection>
            ) : (
              item(entry, false)
            ),
          )}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

function item({ id, label, icon, onAction }: MenuEntry, isChosen: boolean): JSX.Element {
  return (
    <MenuItem key={id} id={id} className={styles.item ?? ""} onAction={onAction} textValue={label}>
      {icon}
      <span>{label}</span>
      {isChosen && <Check aria-hidden />}
    </MenuItem>
  );
}
