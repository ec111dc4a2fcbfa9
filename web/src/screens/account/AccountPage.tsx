import { type JSX, useCallback, useEffect, useState } from "react";

import { Problem } from "../../api/problem.ts";
import type { Me } from "../../api/wire.ts";
import type { VaultState } from "../../call/vault.ts";
import type { World } from "../../call/world.ts";
import { t } from "../../i18n.ts";
import { useAnnouncer } from "../../ui/announcer.tsx";
import { SecurityPart } from "../security/SecurityPart.tsx";
import { useStore } from "../use-store.ts";
import { Account, type AccountActions } from "./Account.tsx";
import { OwnTraining } from "./OwnTraining.tsx";

interface AccountPageProps {
  world: World;
  me: Me;
  onHome: () => void;
  /** The server does not know this session any more. Stable. */
  onExpired: () => void;
}

/** Somebody stands in front of two browsers. */
const REFRESH_MS = 3_000;

/** Joins the page of the account's browsers to its vault. */
export function AccountPage({ world, me, onHome, onExpired }: AccountPageProps): JSX.Element {
  const vault = world.vault(me.account);
  const state = useStore(vault.state);
  const [isOffline, setOffline] = useState(false);

  const refresh = useCallback(async () => {
    try {
      await vault.refresh();
      setOffline(false);
    } catch (error) {
      if (error instanceof Problem && error.status === 401) onExpired();
      else setOffline(true);
    }
  }, [vault, onExpired]);

  useEffect(() => {
    void refresh();
    const timer = setInterval(() => void refresh(), REFRESH_MS);
    return () => clearInterval(timer);
  }, [refresh]);
  useSaid(state);

  const actions: AccountActions = {
    refresh: () => vault.refresh(),
    ask: () => vault.ask(),
    recover: (code) => vault.recover(code),
    approve: (code) => vault.approve(code),
    remove: (device) => vault.remove(device),
    renewCode: () => vault.renewCode(),
    accept: () => vault.accept(),
    goHome: onHome,
  };
  const own = (
    <>
      <SecurityPart world={world} email={me.email} />
      <OwnTraining api={world.api} />
    </>
  );
  return <Account state={state} isOffline={isOffline} actions={actions} security={own} />;
}

/** That this browser has come in is said once, when it happens. */
function useSaid({ at }: VaultState): void {
  const { say } = useAnnouncer();
  const [before, setBefore] = useState(at);

  useEffect(() => {
    if (before === at) return;
    setBefore(at);
    if (before === "outside" && at === "open") say(t("account.added"));
  }, [before, at, say]);
}
