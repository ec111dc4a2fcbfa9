import { type JSX, useCallback, useEffect, useState } from "react";

import type { OpenSession, SignInWays } from "../../api/wire.ts";
import { browserName } from "../../call/browser.ts";
import { canUsePasskeys } from "../../call/passkey.ts";
import type { World } from "../../call/world.ts";
import { t } from "../../i18n.ts";
import { newPasskey } from "./new-passkey.ts";
import { Security } from "./Security.tsx";
import { useStepUp } from "./use-step-up.tsx";

/** Joins the part about signing in to the server, which may ask first who sits there. */
export function SecurityPart({ world, email }: { world: World; email: string }): JSX.Element | null {
  const { api } = world;
  const [ways, setWays] = useState<SignInWays | null>(null);
  const [sessions, setSessions] = useState<OpenSession[]>([]);
  const stepUp = useStepUp(world);

  const refresh = useCallback(async () => {
    const [found, open] = await Promise.all([api.signInWays(), api.sessions()]);
    setWays(found);
    setSessions(open);
  }, [api]);
  useEffect(() => {
    refresh().catch(() => {});
  }, [refresh]);

  /** Shows what has changed, too. */
  async function sensitive<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await stepUp.sensitive(act);
    } finally {
      await refresh().catch(() => {});
    }
  }

  if (ways === null) return null;
  const hasPasskeys = canUsePasskeys(ways.passkey_domain);
  const label = t("security.passkeys.default", { browser: browserName(navigator) });
  return (
    <>
      <Security
        email={email}
        ways={ways}
        sessions={sessions}
        actions={{
          addPasskey: hasPasskeys ? () => sensitive(() => newPasskey(api, label)) : undefined,
          confirmTotp: (code) => sensitive(async () => (await api.setUpTotp(code)).recovery_codes),
          makeCodes: () => sensitive(async () => (await api.makeRecoveryCodes()).recovery_codes),
          renamePasskey: (id, name) => sensitive(() => api.renamePasskey(id, name)),
          removePasskey: (id) => sensitive(() => api.removePasskey(id)),
          beginTotp: () => sensitive(() => api.beginTotp()),
          removeTotp: () => sensitive(() => api.removeTotp()),
          changePassword: (password) => sensitive(() => api.changePassword(password)),
          askForEmail: (address) => sensitive(() => api.askForEmail(address)),
          connectProvider: () => sensitive(async () => world.journey.leave((await api.connectSingleSignOn()).address, "/account")),
          disconnectProvider: () => sensitive(() => api.disconnectSingleSignOn()),
          endSession: (id) => sensitive(() => api.endSession(id)),
          endOtherSessions: () => sensitive(() => api.endOtherSessions()),
          copy: world.copy,
        }}
      />
      {stepUp.dialog}
    </>
  );
}
