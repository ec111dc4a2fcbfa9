import { type JSX, useState } from "react";

import { t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Sheet, SheetActions } from "../../ui/Sheet.tsx";
import { Card } from "../frame/Frame.tsx";
import { useAction } from "../use-action.ts";
import styles from "./Account.module.css";
import { Code } from "./Outside.tsx";

interface RecoveryCodeProps {
  hasOne: boolean;
  onRenew: () => Promise<string>;
}

/** The code on paper that stands for a browser, shown once. */
export function RecoveryCode({ hasOne, onRenew }: RecoveryCodeProps): JSX.Element {
  const [code, setCode] = useState<string | null>(null);
  const { isRunning, failure, run } = useAction(async () => setCode(await onRenew()));

  return (
    <Card>
      <div className={styles.part}>
        <h2>{t("recovery.title")}</h2>
        <p className={styles.soft}>{t(hasOne ? "recovery.has" : "recovery.none")}</p>
        <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
        <Button onPress={() => run()} isBusy={isRunning}>
          {t(hasOne ? "recovery.renew" : "recovery.make")}
        </Button>
      </div>
      <Sheet title={t("recovery.title")} closeLabel={t("app.close")} isOpen={code !== null} onClose={() => setCode(null)} isAlert>
        <p>{t("recovery.write")}</p>
        <Code code={code ?? ""} label={t("recovery.title")} />
        <SheetActions>
          <Button variant="primary" onPress={() => setCode(null)}>
            {t("recovery.written")}
          </Button>
        </SheetActions>
      </Sheet>
    </Card>
  );
}
