import { Copy, SquareTerminal } from "lucide-react";
import type { JSX } from "react";

import { groupPasscode } from "../../e2ee/passcode.ts";
import { counted, t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import type { CopyAnswer } from "../use-invitation-copy.ts";
import styles from "./Support.module.css";
import { spokenDigits } from "./support-link.ts";
import { usePasscode } from "./use-passcode.ts";

interface CodeToGiveProps {
  code: string;
  origin: string;
  /** What opens the session; the server never learns it. */
  fragment: string | null;
  technician: string;
  /** Until when the code is good. */
  until: number;
  now: number;
  copied: CopyAnswer | null;
  onCopyLink: () => void;
  onCopyCommand: () => void;
}

/** A session's code, to be read out over the telephone, with the words around it. */
export function CodeToGive({ code, origin, fragment, technician, until, now, copied, onCopyLink, onCopyCommand }: CodeToGiveProps): JSX.Element {
  const passcode = usePasscode(fragment);
  const [first, second, third] = code.split("-");
  const minutes = Math.ceil((until - now) / 60_000);
  if (minutes <= 0) return <Notice tone="warning">{t("support.late")}</Notice>;
  return (
    <div className={styles.give}>
      {/* Drawn large, and read out digit by digit. */}
      <p className={styles.digits} role="img" aria-label={t("support.code.spoken", { digits: spokenDigits(code) })}>
        <span>{first}</span>
        <span>{second}</span>
        <span>{third}</span>
      </p>
      <p className={styles.soft}>{counted("support.left", minutes)}</p>
      <div className={styles.acts}>
        <Button icon={<Copy aria-hidden size={18} />} onPress={onCopyLink}>
          {t("support.copy.link")}
        </Button>
        {/* Without the link nothing here lets anybody in by the passcode. */}
        {fragment !== null && (
          <Button variant="quiet" icon={<SquareTerminal aria-hidden size={18} />} onPress={onCopyCommand}>
            {t("support.copy.command")}
          </Button>
        )}
      </div>
      <div role="status" className={styles.answer}>
        {copied !== null && <Notice tone={copied.isCopied ? "good" : "warning"}>{copied.text}</Notice>}
      </div>
      <details className={styles.words}>
        <summary>{t("support.say")}</summary>
        <ol>
          <li>{t("support.say.1", { place: `${new URL(origin).host}/help` })}</li>
          <li>{t("support.say.2", { digits: spokenDigits(code) })}</li>
          <li>{t("support.say.3", { name: technician })}</li>
          <li>{t("support.say.4")}</li>
          {passcode !== null && <li>{t("support.say.5", { passcode: groupPasscode(passcode) })}</li>}
        </ol>
      </details>
    </div>
  );
}
