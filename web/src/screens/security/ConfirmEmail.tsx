import { type JSX, useEffect, useState } from "react";

import { t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Card, Frame } from "../frame/Frame.tsx";
import { useAction } from "../use-action.ts";
import styles from "./Security.module.css";

interface ConfirmEmailProps {
  /** From the mailed link; absent when the page was opened without it. */
  token: string | null;
  /** The address that waits for this, as the server has it: whoever asked for it may be somebody else. */
  readAddress: () => Promise<string | null>;
  onConfirm: (token: string) => Promise<void>;
  onHome: () => void;
}

/** Makes the address that the link was mailed to the account's. Opening the link alone changes nothing. */
export function ConfirmEmail({ token, readAddress, onConfirm, onHome }: ConfirmEmailProps): JSX.Element {
  const [isDone, setDone] = useState(false);
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    let isHere = true;
    readAddress().then(
      (read) => isHere && setAddress(read),
      // The link says it all the same, once it is used.
      () => {},
    );
    return () => void (isHere = false);
  }, [readAddress]);
  const { isRunning, failure, run } = useAction(async () => {
    if (token !== null) await onConfirm(token);
    setDone(true);
  });
  if (token === null) {
    return (
      <Frame title={t("mailedLink.missing.title")}>
        <p>{t("mailedLink.missing.text")}</p>
      </Frame>
    );
  }
  return (
    <Frame title={t("confirmEmail.title")}>
      <Card>
        <div className={styles.part}>
          <div role="status">
            {address !== null && !isDone && <p className={styles.address}>{address}</p>}
            <p>{t(isDone ? "confirmEmail.done" : "confirmEmail.text")}</p>
          </div>
          <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
          {isDone ? (
            <Button variant="primary" isWide onPress={onHome}>
              {t("app.home")}
            </Button>
          ) : (
            <Button variant="primary" isWide isBusy={isRunning} onPress={() => run()}>
              {t("confirmEmail.submit")}
            </Button>
          )}
        </div>
      </Card>
    </Frame>
  );
}
