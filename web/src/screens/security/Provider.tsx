import { type JSX, useState } from "react";

import type { SignInWays } from "../../api/wire.ts";
import { formatDay, t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { useAction } from "../use-action.ts";
import { Removal } from "./Removal.tsx";
import styles from "./Security.module.css";

interface ProviderProps {
  way: NonNullable<SignInWays["single_sign_on"]>;
  /** Leaves this page. */
  onConnect: () => Promise<void>;
  onDisconnect: () => Promise<void>;
}

/** Whether the organisation's own sign-in opens the account. */
export function Provider({ way, onConnect, onDisconnect }: ProviderProps): JSX.Element {
  const [isAsked, setAsked] = useState(false);
  const since = way.connected_at ?? null;
  const connect = useAction(onConnect);
  const removal = useAction(async () => {
    await onDisconnect();
    setAsked(false);
  });
  return (
    <div className={styles.part}>
      <h3>{way.name}</h3>
      <p className={styles.soft}>{since === null ? t("provider.none", { name: way.name }) : t("provider.since", { day: formatDay(since) })}</p>
      <div role="alert">{connect.failure !== null && <Notice tone="danger">{connect.failure}</Notice>}</div>
      {since === null ? (
        <Button isBusy={connect.isRunning} onPress={() => connect.run()}>
          {t("provider.connect", { name: way.name })}
        </Button>
      ) : (
        <Button onPress={() => setAsked(true)}>{t("provider.disconnect")}</Button>
      )}
      <Removal label={way.name} isOpen={isAsked} removal={removal} onClose={() => setAsked(false)} />
    </div>
  );
}
