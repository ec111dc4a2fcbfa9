import { type JSX, useState } from "react";

import { t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import styles from "./Security.module.css";

interface BackupCodesProps {
  codes: readonly string[];
  /** Resolves to whether it was done. */
  onCopy: (text: string) => Promise<boolean>;
  onDone: () => void;
}

/** Codes on paper, shown once. */
export function BackupCodes({ codes, onCopy, onDone }: BackupCodesProps): JSX.Element {
  const [isCopied, setCopied] = useState(false);
  return (
    <div className={styles.part}>
      <p>{t("codes.text")}</p>
      <ol className={styles.codes} aria-label={t("codes.list")}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <div role="status">{isCopied && <p className={styles.soft}>{t("codes.copied")}</p>}</div>
      <Button isWide onPress={() => void onCopy(codes.join("\n")).then(setCopied)}>
        {t("codes.copy")}
      </Button>
      <Button variant="primary" isWide onPress={onDone}>
        {t("codes.done")}
      </Button>
    </div>
  );
}
