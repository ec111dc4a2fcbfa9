import type { JSX } from "react";

import { t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Sheet, SheetActions } from "../../ui/Sheet.tsx";
import styles from "./Console.module.css";

export interface Colleague {
  participant: string;
  name: string;
}

interface HandOverSheetProps {
  /** Those who are in the session with an account. */
  colleagues: readonly Colleague[];
  isOpen: boolean;
  onClose: () => void;
  onHandOver: (participant: string) => void;
}

/** To whom of those who are there the session goes. */
export function HandOverSheet({ colleagues, isOpen, onClose, onHandOver }: HandOverSheetProps): JSX.Element {
  return (
    <Sheet title={t("console.handOver.title")} closeLabel={t("app.close")} isOpen={isOpen} onClose={onClose}>
      <p>{t("console.handOver.text")}</p>
      {colleagues.length === 0 && <p className={styles.soft}>{t("console.handOver.nobody")}</p>}
      <ul className={styles.files}>
        {colleagues.map(({ participant, name }) => (
          <li key={participant}>
            <Button isWide onPress={() => onHandOver(participant)}>
              {t("console.handOver.to", { name })}
            </Button>
          </li>
        ))}
      </ul>
      <SheetActions>
        <Button onPress={onClose}>{t("app.cancel")}</Button>
      </SheetActions>
    </Sheet>
  );
}
