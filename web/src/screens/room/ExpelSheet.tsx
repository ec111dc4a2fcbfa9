import { type JSX, useEffect } from "react";

import type { RosterEntry } from "../../api/wire.ts";
import { addTexts, t } from "../../i18n.ts";
import { inMeeting } from "../../locales/in-meeting.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Sheet, SheetActions } from "../../ui/Sheet.tsx";
import { useAction } from "../use-action.ts";

addTexts(inMeeting);

interface ExpelSheetProps {
  /** Stays while it fades out; `null` before the first time. */
  person: RosterEntry | null;
  isOpen: boolean;
  onClose: () => void;
  onExpel: (participant: string) => Promise<void>;
}

/** Asks a host before they put somebody out, and says what follows from it. */
export function ExpelSheet({ person, isOpen, onClose, onExpel }: ExpelSheetProps): JSX.Element {
  const expel = useAction(async () => {
    if (person === null) return;
    await onExpel(person.participant);
    onClose();
  });
  useEffect(() => {
    if (isOpen) expel.forget();
  }, [isOpen]);

  return (
    <Sheet title={t("expel.title", { name: person?.display_name ?? "" })} closeLabel={t("app.close")} isOpen={isOpen} onClose={onClose} isAlert>
      <p>{t("expel.text")}</p>
      <div role="alert">{expel.failure !== null && <Notice tone="danger">{expel.failure}</Notice>}</div>
      <SheetActions>
        <Button onPress={onClose}>{t("expel.stay")}</Button>
        <Button variant="danger" onPress={() => expel.run()} isBusy={expel.isRunning}>
          {t("expel.now")}
        </Button>
      </SheetActions>
    </Sheet>
  );
}
