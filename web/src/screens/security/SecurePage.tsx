import { type JSX, useEffect, useState } from "react";

import { Problem } from "../../api/problem.ts";
import type { SignInWays } from "../../api/wire.ts";
import type { World } from "../../call/world.ts";
import { browserName } from "../../call/browser.ts";
import { canUsePasskeys } from "../../call/passkey.ts";
import { t } from "../../i18n.ts";
import { newPasskey } from "./new-passkey.ts";
import { Secure } from "./Secure.tsx";

interface SecurePageProps {
  world: World;
  onDone: () => void;
  onSignedOut: () => void;
}

/** Joins the page of the first second factor to the server. */
export function SecurePage({ world, onDone, onSignedOut }: SecurePageProps): JSX.Element {
  const { api } = world;
  const [ways, setWays] = useState<SignInWays | null>(null);
  useEffect(() => {
    api.signInWays().then(setWays, () => {});
  }, [api]);
  async function leave(): Promise<void> {
    await api.signOut();
    onSignedOut();
  }
  /** A password of long ago proves nothing: whoever types it again is led back here. */
  async function withFreshProof<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      if (error instanceof Problem && error.code === "step_up_required") await leave();
      throw error;
    }
  }
  const hasPasskeys = canUsePasskeys(ways?.passkey_domain ?? null);

  return (
    <Secure
      actions={{
        addPasskey: hasPasskeys ? () => withFreshProof(() => newPasskey(api, t("security.passkeys.default", { browser: browserName(navigator) }))) : undefined,
        beginTotp: () => withFreshProof(() => api.beginTotp()),
        confirmTotp: async (code) => (await withFreshProof(() => api.setUpTotp(code))).recovery_codes,
        copy: world.copy,
        signOut: leave,
        done: onDone,
      }}
    />
  );
}
