import type { JSX } from "react";

import type { LobbyEntry } from "../../api/wire.ts";
import { addTexts, t } from "../../i18n.ts";
import { inMeeting } from "../../locales/in-meeting.ts";
import { Button } from "../../ui/Button.tsx";
import { Sheet, SheetActions } from "../../ui/Sheet.tsx";

addTexts(inMeeting);

interface DenySheetProps {
  /** Stays while it fades out; `null` before the first time. */
  person: LobbyEntry | null;
  isOpen: boolean;
  onClose: () => void;
  onDeny: (participant: string) => void;
}

/** Asks a host before the first refusal of a meeting, and says what follows from it for everybody else. */
export function DenySheet({ person, isOpen, onClose, onDeny }: DenySheetProps): JSX.Element {
  function deny(): void {
    if (person !== null) onDeny(person.participant);
    onClose();
  }

  return (
    <Sheet title={t("deny.title", { name: person?.display_name ?? "" })} closeLabel={t("app.close")} isOpen={isOpen} onClose={onClose} isAlert>
      <p>{t("deny.text")}</p>
      <SheetActions>
        <Button onPress={onClose}>{t("deny.wait")}</Button>
        <Button variant="danger" onPress={deny}>
          {t("deny.now")}
        </Button>
      </SheetActions>
    </Sheet>
  );
}
