import type { JSX } from "react";

import { t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Sheet, SheetActions } from "../../ui/Sheet.tsx";
import { useAction } from "../use-action.ts";

interface LeaveSheetProps {
  isOpen: boolean;
  onClose: () => void;
  onLeave: () => void;
  onEnd: () => Promise<void>;
}

/** A host's two ways out. */
export function LeaveSheet({ isOpen, onClose, onLeave, onEnd }: LeaveSheetProps): JSX.Element {
  const end = useAction(onEnd);
  return (
    <Sheet title={t("leave.title")} closeLabel={t("app.close")} isOpen={isOpen} onClose={onClose} isAlert>
      <p>{t("leave.host")}</p>
      <div role="alert">{end.failure !== null && <Notice tone="danger">{end.failure}</Notice>}</div>
      <SheetActions>
        <Button onPress={onLeave}>{t("leave.only")}</Button>
        <Button variant="danger" onPress={() => end.run()} isBusy={end.isRunning}>
          {t("leave.all")}
        </Button>
      </SheetActions>
    </Sheet>
  );
}
