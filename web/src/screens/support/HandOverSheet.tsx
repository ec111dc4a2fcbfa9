import { Copy } from "lucide-react";
import { type JSX, useState } from "react";

import { t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Sheet, SheetActions } from "../../ui/Sheet.tsx";
import styles from "./Console.module.css";

export interface Colleague {
  participant: string;
  name: string;
}

interface HandOverSheetProps {
  /** Those who are in the session with an account. */
  colleagues: readonly Colleague[];
  isOpen: boolean;
  onClose: () => void;
  onHandOver: (participant: string) => void;
  /** `false` where the browser does not let it. */
  onCopyLink: () => Promise<boolean>;
}

/** To whom of those who are there the session goes, and how somebody comes to be there. */
export function HandOverSheet({ colleagues, isOpen, onClose, onHandOver, onCopyLink }: HandOverSheetProps): JSX.Element {
  return (
    <Sheet title={t("console.handOver.title")} closeLabel={t("app.close")} isOpen={isOpen} onClose={onClose}>
      <p>{t("console.handOver.text")}</p>
      {colleagues.length === 0 && <p className={styles.soft}>{t("console.handOver.nobody")}</p>}
      <ul className={styles.files}>
        {colleagues.map(({ participant, name }) => (
          <li key={participant}>
            <Button isWide onPress={() => onHandOver(participant)}>
              {t("console.handOver.to", { name })}
            </Button>
          </li>
        ))}
      </ul>
      <LinkToGive onCopy={onCopyLink} />
      <SheetActions>
        <Button onPress={onClose}>{t("app.cancel")}</Button>
      </SheetActions>
    </Sheet>
  );
}

/** For a colleague who is not there yet. */
function LinkToGive({ onCopy }: { onCopy: () => Promise<boolean> }): JSX.Element {
  const [isCopied, setCopied] = useState<boolean | null>(null);
  return (
    <>
      <Button isWide icon={<Copy aria-hidden size={18} />} onPress={() => void onCopy().then(setCopied)}>
        {t("console.handOver.link")}
      </Button>
      <div role="status">
        {isCopied !== null && <Notice tone={isCopied ? "good" : "warning"}>{isCopied ? t("console.handOver.link.copied") : t("console.handOver.link.not")}</Notice>}
      </div>
    </>
  );
}
