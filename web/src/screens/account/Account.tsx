import { House } from "lucide-react";
import type { JSX, ReactNode } from "react";

import type { VaultState } from "../../call/vault.ts";
import { t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Card, Frame } from "../frame/Frame.tsx";
import { useAction } from "../use-action.ts";
import styles from "./Account.module.css";
import { AddBrowser } from "./AddBrowser.tsx";
import { Browsers } from "./Browsers.tsx";
import { Outside } from "./Outside.tsx";
import { RecoveryCode } from "./RecoveryCode.tsx";

export interface AccountActions {
  /** All reject with a `Problem` where they could not be done. */
  refresh(): Promise<unknown>;
  /** Asks for this browser to be added. */
  ask(): Promise<void>;
  recover(code: string): Promise<void>;
  approve(code: string): Promise<void>;
  remove(device: string): Promise<void>;
  /** Resolves to the new code. */
  renewCode(): Promise<string>;
  /** Takes an older state than this browser has seen. */
  accept(): Promise<void>;
  goHome(): void;
}

interface AccountProps {
  state: VaultState;
  /** The last look at the server got no answer. */
  isOffline: boolean;
  actions: AccountActions;
  /** How the account signs in, and what else is its holder's. */
  security: ReactNode;
}

/** Which browsers open the account's meetings, and how another one comes to do so. */
export function Account({ state, isOffline, actions, security }: AccountProps): JSX.Element {
  const home = (
    <Button variant="quiet" icon={<House aria-hidden size={18} />} onPress={actions.goHome}>
      {t("app.home")}
    </Button>
  );
  return (
    <Frame title={t(state.at === "outside" ? "outside.title" : "account.title")} width="wide" aside={home}>
      <div className={styles.page}>
        <div role="status">
          {isOffline && <Notice tone="warning">{t("account.offline")}</Notice>}
          {state.at === "unknown" && !isOffline && <p>{t("app.loading")}</p>}
        </div>
        <Content state={state} actions={actions} />
        {security}
      </div>
    </Frame>
  );
}

function Content({ state, actions }: Omit<AccountProps, "isOffline" | "security">): JSX.Element | null {
  switch (state.at) {
    case "unknown":
    case "unreachable":
      return null;
    case "open":
      return (
        <div className={styles.columns}>
          <Browsers devices={state.content.devices} hasRecovery={state.content.hasRecovery} onRemove={actions.remove} />
          <div className={styles.side}>
            <AddBrowser asking={state.asking.length} onApprove={actions.approve} />
            <RecoveryCode hasOne={state.content.hasRecovery} onRenew={actions.renewCode} />
          </div>
        </div>
      );
    case "outside":
      return <Outside state={state} onAsk={actions.ask} onRecover={actions.recover} />;
    case "rolled_back":
      return <Trouble title="rolledBack.title" text="rolledBack.text" go="rolledBack.accept" onGo={actions.accept} />;
    case "broken":
      return <Trouble title="broken.title" text="broken.text" go="app.again" onGo={actions.refresh} />;
    case "unkept":
      return <Trouble title="unkept.title" text="unkept.text" go="app.again" onGo={actions.refresh} />;
    case "failed":
      return <Trouble title="account.failed.title" text="failure.no_keys" go="app.again" onGo={actions.refresh} />;
  }
}

interface TroubleProps {
  title: "rolledBack.title" | "broken.title" | "unkept.title" | "account.failed.title";
  text: "rolledBack.text" | "broken.text" | "unkept.text" | "failure.no_keys";
  go: "rolledBack.accept" | "app.again";
  onGo: () => Promise<unknown>;
}

/** What keeps the vault shut, and what can be done about it. */
function Trouble({ title, text, go, onGo }: TroubleProps): JSX.Element {
  const { isRunning, failure, run } = useAction(onGo);
  return (
    <Card>
      <div role="alert">
        <Notice tone="danger">
          <strong>{t(title)}</strong>
          <span>{t(text)}</span>
        </Notice>
      </div>
      <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
      <Button onPress={() => run()} isBusy={isRunning}>
        {t(go)}
      </Button>
    </Card>
  );
}
