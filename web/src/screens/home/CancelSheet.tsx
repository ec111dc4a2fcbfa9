import type { JSX } from "react";

import type { Meeting, Occurrence } from "../../api/wire.ts";
import { formatDay, t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Sheet, SheetActions } from "../../ui/Sheet.tsx";
import { useAction } from "../use-action.ts";

interface CancelSheetProps {
  meeting: Meeting;
  /** Which of its times; `null` for a meeting without any. */
  occurrence: Occurrence | null;
  isOpen: boolean;
  onClose: () => void;
  /** This time alone; it can be taken back. */
  onOne: (occurrence: Occurrence) => Promise<void>;
  onAll: () => Promise<void>;
}

/** Asks what is to be cancelled, and says what becomes of it. */
export function CancelSheet({ meeting, occurrence, isOpen, onClose, onOne, onAll }: CancelSheetProps): JSX.Element {
  const one = useAction(async (which: Occurrence) => {
    await onOne(which);
    onClose();
  });
  const all = useAction(async () => {
    await onAll();
    onClose();
  });
  // The last that is left is cancelled with the meeting.
  const isOneOfMany = occurrence !== null && (meeting.occurrences.length > 1 || occurrence.begins !== meeting.last_begins);
  const failure = one.failure ?? all.failure;

  return (
    <Sheet title={t("cancel.title")} closeLabel={t("app.close")} isOpen={isOpen} onClose={onClose} isAlert>
      {isOneOfMany && <p>{t("cancel.single.text", { day: formatDay(occurrence.begins) })}</p>}
      {meeting.state === "live" ? <p>{t("cancel.all.live")}</p> : <p>{isOneOfMany ? t("cancel.all.text") : t("cancel.only.text")}</p>}
      <p>{t("cancel.tell")}</p>
      <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
      <SheetActions>
        <Button onPress={onClose}>{t("cancel.keep")}</Button>
        {isOneOfMany && (
          <Button onPress={() => one.run(occurrence)} isBusy={one.isRunning}>
            {t("cancel.single")}
          </Button>
        )}
        {meeting.state !== "live" && (
          <Button variant="danger" onPress={() => all.run()} isBusy={all.isRunning}>
            {isOneOfMany ? t("cancel.all") : t("cancel.only")}
          </Button>
        )}
      </SheetActions>
    </Sheet>
  );
}
