import { type JSX, useEffect } from "react";

import { t } from "../../../i18n.ts";
import { Button } from "../../../ui/Button.tsx";
import { Notice } from "../../../ui/Notice.tsx";
import { Sheet, SheetActions } from "../../../ui/Sheet.tsx";
import { useAction } from "../../use-action.ts";
import type { PeopleActions } from "./People.tsx";
import { type Asked, nameOf } from "./PeopleTable.tsx";

interface ChangeSheetProps {
  /** Stays while the sheet fades out; `null` before the first time. */
  asked: Asked | null;
  isOpen: boolean;
  onClose: () => void;
  /** The row, and the button that had focus, are not there any more. */
  onGone: () => void;
  actions: Pick<PeopleActions, "withdraw" | "change">;
}

/** Asks before somebody loses their account or their invitation, and says what follows from it. */
export function ChangeSheet({ asked, isOpen, onClose, onGone, actions }: ChangeSheetProps): JSX.Element {
  const change = useAction(async () => {
    if (asked !== null) await carryOut(asked, actions);
    onClose();
    if (asked?.what === "remove" || asked?.what === "withdraw") onGone();
  });
  useEffect(() => {
    if (isOpen) change.forget();
  }, [isOpen]);
  const kind = asked === null ? "suspend" : kindOf(asked);
  const name = asked === null ? "" : nameOf(asked.about);

  return (
    <Sheet title={t(`people.sure.${kind}.title`, { name })} closeLabel={t("app.close")} isOpen={isOpen} onClose={onClose} isAlert>
      {/* Names are chosen by people themselves, and several may choose the same. */}
      {asked?.about.kind === "person" && <p>{asked.about.person.email}</p>}
      <p>{t(`people.sure.${kind}.text`)}</p>
      <div role="alert">{change.failure !== null && <Notice tone="danger">{change.failure}</Notice>}</div>
      <SheetActions>
        <Button onPress={onClose}>{t("app.cancel")}</Button>
        <Button variant="danger" onPress={() => change.run()} isBusy={change.isRunning}>
          {t(`people.sure.${kind}.now`)}
        </Button>
      </SheetActions>
    </Sheet>
  );
}

async function carryOut({ about, what }: Asked, actions: ChangeSheetProps["actions"]): Promise<void> {
  if (about.kind === "invited") await actions.withdraw(about.invitation);
  else if (what === "suspend" || what === "remove" || what === "reset-factors") await actions.change(about.person, what);
}

function kindOf({ about, what }: Asked): "suspend" | "remove" | "turnAway" | "withdraw" | "resetFactors" {
  if (about.kind === "invited") return "withdraw";
  if (what === "reset-factors") return "resetFactors";
  if (what === "remove") return about.person.state === "pending" ? "turnAway" : "remove";
  return "suspend";
}
