import { type JSX, type RefObject, useEffect, useRef } from "react";

import { formatTime, t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Sheet, SheetActions } from "../../ui/Sheet.tsx";
import { useFocusAfterSheet } from "../../ui/use-focus-after-sheet.ts";
import { useAction } from "../use-action.ts";
import type { Waiting } from "./Queue.tsx";

interface DecliningProps {
  request: Waiting;
  onClose: () => void;
  onDecline: (request: Waiting) => Promise<void>;
}

interface DeclineSheetProps extends Omit<DecliningProps, "request"> {
  /** Stays while the sheet fades out; `null` before the first time. */
  request: Waiting | null;
  isOpen: boolean;
  /** Has the focus afterwards, where what opened the sheet is gone. */
  heading: RefObject<HTMLElement | null>;
}

/** Asks before somebody is turned away: no other technician could take them then. */
export function DeclineSheet({ request, isOpen, heading, onClose, onDecline }: DeclineSheetProps): JSX.Element {
  useFocusAfterSheet(isOpen, heading);
  return (
    <Sheet title={t("queue.decline.title", { name: request?.name ?? "" })} closeLabel={t("app.close")} isOpen={isOpen} onClose={onClose} isAlert>
      {request !== null && <Declining key={request.id} request={request} onClose={onClose} onDecline={onDecline} />}
    </Sheet>
  );
}

/** Of one person: what became of another's request is not theirs. */
function Declining({ request, onClose, onDecline }: DecliningProps): JSX.Element {
  const isGone = useRef(false);
  useEffect(() => {
    isGone.current = false;
    return () => {
      isGone.current = true;
    };
  }, []);
  const { isRunning, failure, run } = useAction(async () => {
    await onDecline(request);
    // The sheet may ask about somebody else by this time.
    if (!isGone.current) onClose();
  });
  return (
    <>
      {/* People type their own names, and several may type the same. */}
      <p>{t("queue.since", { time: formatTime(Date.parse(request.asked_at)) })}</p>
      <p>{t("queue.number", { number: request.number })}</p>
      <p>{t("queue.decline.text")}</p>
      <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
      <SheetActions>
        <Button onPress={onClose}>{t("app.cancel")}</Button>
        <Button variant="danger" onPress={() => run()} isBusy={isRunning}>
          {t("queue.decline")}
        </Button>
      </SheetActions>
    </>
  );
}
