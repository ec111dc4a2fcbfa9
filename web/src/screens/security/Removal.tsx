import type { JSX } from "react";

import { t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Sheet, SheetActions } from "../../ui/Sheet.tsx";

interface RemovalProps {
  label: string;
  isOpen: boolean;
  removal: { isRunning: boolean; failure: string | null; run: () => void };
  onClose: () => void;
}

/** Asks before a way to sign in is gone. */
export function Removal({ label, isOpen, removal, onClose }: RemovalProps): JSX.Element {
  return (
    <Sheet title={t("security.remove.title")} closeLabel={t("app.close")} isOpen={isOpen} onClose={onClose} isAlert>
      <p>{t("security.remove.text", { label })}</p>
      <div role="alert">{removal.failure !== null && <Notice tone="danger">{removal.failure}</Notice>}</div>
      <SheetActions>
        <Button onPress={onClose}>{t("app.cancel")}</Button>
        <Button variant="danger" isBusy={removal.isRunning} onPress={() => removal.run()}>
          {t("security.passkeys.remove")}
        </Button>
      </SheetActions>
    </Sheet>
  );
}
