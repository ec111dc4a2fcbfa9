import { type JSX, type RefObject, useEffect } from "react";

import { t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Sheet, SheetActions } from "../../ui/Sheet.tsx";
import { useAction } from "../use-action.ts";

interface DeclineSheetProps {
  /** Of whom it is about. */
  name: string;
  isOpen: boolean;
  /** Has the focus afterwards, where what opened the sheet is gone. */
  heading: RefObject<HTMLElement | null>;
  onClose: () => void;
  onDecline: () => Promise<void>;
}

/** After a sheet has given the focus back, which it does when it is gone. */
const AFTER_SHEET_MS = 100;

/** Asks before somebody is turned away: no other technician could take them then. */
export function DeclineSheet({ name, isOpen, heading, onClose, onDecline }: DeclineSheetProps): JSX.Element {
  const decline = useAction(async () => {
    await onDecline();
    onClose();
  });
  useEffect(() => {
    if (isOpen) {
      decline.forget();
      return undefined;
    }
    const timer = setTimeout(() => document.activeElement === document.body && heading.current?.focus(), AFTER_SHEET_MS);
    return () => clearTimeout(timer);
  }, [isOpen]);
  return (
    <Sheet title={t("queue.decline.title", { name })} closeLabel={t("app.close")} isOpen={isOpen} onClose={onClose} isAlert>
      <p>{t("queue.decline.text")}</p>
      <div role="alert">{decline.failure !== null && <Notice tone="danger">{decline.failure}</Notice>}</div>
      <SheetActions>
        <Button onPress={onClose}>{t("app.cancel")}</Button>
        <Button variant="danger" onPress={() => decline.run()} isBusy={decline.isRunning}>
          {t("queue.decline")}
        </Button>
      </SheetActions>
    </Sheet>
  );
}
