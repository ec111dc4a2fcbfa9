import { type JSX, useState } from "react";

import type { OpenSession, SignInWays, TotpBegun } from "../../api/wire.ts";
import { counted, formatDay, t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Sheet } from "../../ui/Sheet.tsx";
import { Card } from "../frame/Frame.tsx";
import { useAction } from "../use-action.ts";
import { BackupCodes } from "./BackupCodes.tsx";
import { ChangeEmail } from "./ChangeEmail.tsx";
import { ChangePassword } from "./ChangePassword.tsx";
import { Passkeys } from "./Passkeys.tsx";
import { Removal } from "./Removal.tsx";
import { Provider } from "./Provider.tsx";
import styles from "./Security.module.css";
import { Sessions } from "./Sessions.tsx";
import { SetUpTotp } from "./SetUpTotp.tsx";

interface SecurityActions {
  /** Absent where this browser makes no passkeys here. All resolve to codes that are shown this once. */
  addPasskey: (() => Promise<string[]>) | undefined;
  confirmTotp: (code: string) => Promise<string[]>;
  makeCodes: () => Promise<string[]>;
  renamePasskey: (id: string, label: string) => Promise<void>;
  removePasskey: (id: string) => Promise<void>;
  beginTotp: () => Promise<TotpBegun>;
  removeTotp: () => Promise<void>;
  changePassword: (password: string) => Promise<void>;
  askForEmail: (email: string) => Promise<void>;
  /** Leaves for the organisation's identity provider. */
  connectProvider: () => Promise<void>;
  disconnectProvider: () => Promise<void>;
  endSession: (id: string) => Promise<void>;
  endOtherSessions: () => Promise<void>;
  copy: (text: string) => Promise<boolean>;
}

interface SecurityProps {
  /** Of the account. */
  email: string;
  ways: SignInWays;
  sessions: readonly OpenSession[];
  actions: SecurityActions;
}

/** How somebody signs in, and where they are signed in. */
export function Security({ email, ways, sessions, actions }: SecurityProps): JSX.Element {
  const [codes, setCodes] = useState<string[]>([]);
  const since = ways.totp ?? null;
  async function shown(made: Promise<string[]>): Promise<void> {
    setCodes(await made);
  }

  return (
    <section className={styles.part}>
      <h2>{t("security.title")}</h2>
      <Card>
        <Passkeys
          passkeys={ways.passkeys}
          onAdd={actions.addPasskey && (() => shown(actions.addPasskey?.() ?? Promise.resolve([])))}
          onRename={actions.renamePasskey}
          onRemove={actions.removePasskey}
        />
      </Card>
      <Card>
        <Totp since={since} onBegin={actions.beginTotp} onConfirm={(code) => shown(actions.confirmTotp(code))} onRemove={actions.removeTotp} />
      </Card>
      {(since !== null || ways.passkeys.length > 0) && (
        <Card>
          <Codes left={ways.recovery_codes} onMake={() => shown(actions.makeCodes())} />
        </Card>
      )}
      {ways.single_sign_on && (
        <Card>
          <Provider way={ways.single_sign_on} onConnect={actions.connectProvider} onDisconnect={actions.disconnectProvider} />
        </Card>
      )}
      <Card>
        <ChangePassword hasOne={ways.has_password} onChange={actions.changePassword} />
      </Card>
      <Card>
        <ChangeEmail email={email} onAsk={actions.askForEmail} />
      </Card>
      <Card>
        <Sessions sessions={sessions} onEnd={actions.endSession} onEndOthers={actions.endOtherSessions} />
      </Card>
      <Sheet title={t("codes.title")} closeLabel={t("app.close")} isOpen={codes.length > 0} onClose={() => setCodes([])} isAlert>
        <BackupCodes codes={codes} onCopy={actions.copy} onDone={() => setCodes([])} />
      </Sheet>
    </section>
  );
}

interface TotpProps {
  since: string | null;
  onBegin: () => Promise<TotpBegun>;
  onConfirm: (code: string) => Promise<void>;
  onRemove: () => Promise<void>;
}

function Totp({ since, onBegin, onConfirm, onRemove }: TotpProps): JSX.Element {
  const [begun, setBegun] = useState<TotpBegun | null>(null);
  const [isAsked, setAsked] = useState(false);
  const begin = useAction(async () => setBegun(await onBegin()));
  const removal = useAction(async () => {
    await onRemove();
    setAsked(false);
  });
  return (
    <div className={styles.part}>
      <h3>{t("security.totp")}</h3>
      <p className={styles.soft}>{since === null ? t("security.totp.none") : t("security.totp.since", { day: formatDay(since) })}</p>
      <div role="alert">{begin.failure !== null && <Notice tone="danger">{begin.failure}</Notice>}</div>
      <div className={styles.buttons}>
        <Button isBusy={begin.isRunning} onPress={() => begin.run()}>
          {t(since === null ? "security.totp.set" : "security.totp.again")}
        </Button>
        {since !== null && <Button onPress={() => setAsked(true)}>{t("security.totp.remove")}</Button>}
      </div>
      <Sheet title={t("security.totp")} closeLabel={t("app.close")} isOpen={begun !== null} onClose={() => setBegun(null)}>
        {begun !== null && (
          <SetUpTotp
            begun={begun}
            onConfirm={async (code) => {
              await onConfirm(code);
              setBegun(null);
            }}
          />
        )}
      </Sheet>
      <Removal label={t("security.totp")} isOpen={isAsked} removal={removal} onClose={() => setAsked(false)} />
    </div>
  );
}

function Codes({ left, onMake }: { left: number; onMake: () => Promise<void> }): JSX.Element {
  const { isRunning, failure, run } = useAction(onMake);
  return (
    <div className={styles.part}>
      <h3>{t("security.codes")}</h3>
      <p className={styles.soft}>
        {counted("security.codes.left", left)} {t("security.codes.void")}
      </p>
      <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
      <Button isBusy={isRunning} onPress={() => run()}>
        {t("security.codes.make")}
      </Button>
    </div>
  );
}
