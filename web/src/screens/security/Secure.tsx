import { KeyRound, Smartphone } from "lucide-react";
import { type JSX, useState } from "react";

import type { TotpBegun } from "../../api/wire.ts";
import { t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Card, Frame } from "../frame/Frame.tsx";
import { useAction } from "../use-action.ts";
import { BackupCodes } from "./BackupCodes.tsx";
import styles from "./Security.module.css";
import { SetUpTotp } from "./SetUpTotp.tsx";

export interface SecureActions {
  /** Both resolve to the codes that are shown this once. Absent where this browser makes no passkeys here. */
  addPasskey: (() => Promise<string[]>) | undefined;
  confirmTotp: (code: string) => Promise<string[]>;
  beginTotp: () => Promise<TotpBegun>;
  copy: (text: string) => Promise<boolean>;
  signOut: () => Promise<void>;
  done: () => void;
}

/** The second factor that a role needs, before anything else. */
export function Secure({ actions }: { actions: SecureActions }): JSX.Element {
  const [begun, setBegun] = useState<TotpBegun | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);

  if (codes !== null) {
    return (
      <Frame title={t("codes.title")}>
        <Card>
          <BackupCodes codes={codes} onCopy={actions.copy} onDone={actions.done} />
        </Card>
      </Frame>
    );
  }
  return (
    <Frame title={t("secure.title")} aside={<SignOut onPress={actions.signOut} />}>
      <p>{t("secure.text")}</p>
      <Passkey onAdd={actions.addPasskey} onDone={setCodes} />
      <Card>
        <div className={styles.part}>
          <h2>{t("secure.totp.title")}</h2>
          {begun === null ? (
            <Begin onBegin={async () => setBegun(await actions.beginTotp())} />
          ) : (
            <SetUpTotp begun={begun} onConfirm={async (code) => setCodes(await actions.confirmTotp(code))} />
          )}
        </div>
      </Card>
    </Frame>
  );
}

function Passkey({ onAdd, onDone }: { onAdd: SecureActions["addPasskey"]; onDone: (codes: string[]) => void }): JSX.Element {
  const { isRunning, failure, run } = useAction(async () => {
    if (onAdd !== undefined) onDone(await onAdd());
  });
  return (
    <Card>
      <div className={styles.part}>
        <h2>{t("secure.passkey.title")}</h2>
        <p className={styles.soft}>{t(onAdd === undefined ? "secure.passkey.none" : "secure.passkey.text")}</p>
        <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
        {onAdd !== undefined && (
          <Button variant="primary" isWide isBusy={isRunning} icon={<KeyRound aria-hidden size={18} />} onPress={() => run()}>
            {t("secure.passkey.set")}
          </Button>
        )}
      </div>
    </Card>
  );
}

function Begin({ onBegin }: { onBegin: () => Promise<void> }): JSX.Element {
  const { isRunning, failure, run } = useAction(onBegin);
  return (
    <>
      <p className={styles.soft}>{t("secure.totp.text")}</p>
      <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
      <Button isWide isBusy={isRunning} icon={<Smartphone aria-hidden size={18} />} onPress={() => run()}>
        {t("secure.totp.set")}
      </Button>
    </>
  );
}

function SignOut({ onPress }: { onPress: () => Promise<void> }): JSX.Element {
  const { isRunning, run } = useAction(onPress);
  return (
    <Button variant="quiet" isBusy={isRunning} onPress={() => run()}>
      {t("secure.signOut")}
    </Button>
  );
}
