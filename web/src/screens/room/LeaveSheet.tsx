import { type JSX, useEffect } from "react";

import { addTexts, t } from "../../i18n.ts";
import { inMeeting } from "../../locales/in-meeting.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Sheet, SheetActions } from "../../ui/Sheet.tsx";
import { useAction } from "../use-action.ts";

addTexts(inMeeting);

interface LeaveSheetProps {
  isOpen: boolean;
  isHost: boolean;
  onClose: () => void;
  onLeave: () => void;
  onEnd: () => Promise<void>;
}

/** A host's two ways out; for others only the question whether they meant it. */
export function LeaveSheet({ isOpen, isHost, onClose, onLeave, onEnd }: LeaveSheetProps): JSX.Element {
  const end = useAction(onEnd);
  useEffect(() => {
    if (isOpen) end.forget();
  }, [isOpen]);
  return (
    <Sheet title={t("leave.title")} closeLabel={t("app.close")} isOpen={isOpen} onClose={onClose} isAlert>
      <p>{isHost ? t("leave.host") : t("leave.guest")}</p>
      <div role="alert">{end.failure !== null && <Notice tone="danger">{end.failure}</Notice>}</div>
      <SheetActions>
        {!isHost && <Button onPress={onClose}>{t("leave.stay")}</Button>}
        <Button onPress={onLeave}>{t("leave.only")}</Button>
        {isHost && (
          <Button variant="danger" onPress={() => end.run()} isBusy={end.isRunning}>
            {t("leave.all")}
          </Button>
        )}
      </SheetActions>
    </Sheet>
  );
}
