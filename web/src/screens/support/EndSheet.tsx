import { type JSX, useEffect } from "react";

import { t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Sheet, SheetActions } from "../../ui/Sheet.tsx";
import { useAction } from "../use-action.ts";

interface EndSheetProps {
  isOpen: boolean;
  /** Whoever does not only leaves. */
  isLeading?: boolean;
  onClose: () => void;
  onEnd: () => Promise<void>;
}

/** Asks before a session ends: the person would have to be given another code. */
export function EndSheet({ isOpen, isLeading = true, onClose, onEnd }: EndSheetProps): JSX.Element {
  const end = useAction(onEnd);
  useEffect(() => {
    if (isOpen) end.forget();
  }, [isOpen]);
  return (
    <Sheet title={isLeading ? t("support.end.title") : t("console.leave.title")} closeLabel={t("app.close")} isOpen={isOpen} onClose={onClose} isAlert>
      <p>{isLeading ? t("support.end.text") : t("console.leave.text")}</p>
      <div role="alert">{end.failure !== null && <Notice tone="danger">{end.failure}</Notice>}</div>
      <SheetActions>
        <Button onPress={onClose}>{t("app.cancel")}</Button>
        <Button variant="danger" onPress={() => end.run()} isBusy={end.isRunning}>
          {isLeading ? t("support.end.yes") : t("console.leave.yes")}
        </Button>
      </SheetActions>
    </Sheet>
  );
}
