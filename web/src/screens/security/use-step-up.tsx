import { type JSX, useRef, useState } from "react";

import { Problem } from "../../api/problem.ts";
import type { SignInWays } from "../../api/wire.ts";
import { canUsePasskeys, signWithPasskey } from "../../call/passkey.ts";
import type { World } from "../../call/world.ts";
import { StepUp } from "./StepUp.tsx";

interface Waiting {
  goOn: () => void;
  giveUp: () => void;
}

interface SensitiveActs {
  /** Does it. Where the server wants to know first who sits there, asks, and does it again. */
  sensitive: <T>(act: () => Promise<T>) => Promise<T>;
  /** What asks. */
  dialog: JSX.Element | null;
}

/** What the server says where it wants to know that first. */
const WANTED: ReadonlySet<string> = new Set(["step_up_required", "stronger_proof_required"]);

/** Acts for which the server may want to know who sits there at this very moment; by the strongest way that they have, where
 * they say so. */
export function useStepUp({ api, journey }: Pick<World, "api" | "journey">, byStrongest = false): SensitiveActs {
  const [ways, setWays] = useState<SignInWays | null>(null);
  const [isAsked, setAsked] = useState(false);
  const waiting = useRef<Waiting | null>(null);

  async function sensitive<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof Problem) || !WANTED.has(error.code)) throw error;
      setWays(await api.signInWays());
      await new Promise<void>((resolve, reject) => {
        waiting.current = { goOn: resolve, giveUp: () => reject(error) };
        setAsked(true);
      });
      return await act();
    }
  }
  function proved(): void {
    setAsked(false);
    waiting.current?.goOn();
  }
  async function usePasskey(): Promise<void> {
    const me = await api.session();
    const begun = await api.beginPasskey();
    const credential = await signWithPasskey(begun);
    // At a machine of several people the browser offers all their passkeys: the act must not fall on somebody else.
    await api.signInWithPasskey({ ceremony: begun.ceremony, credential, account: me?.account ?? null });
    proved();
  }

  if (ways === null) return { sensitive, dialog: null };
  const hasTotp = (ways.totp ?? null) !== null;
  const hasPasskeys = canUsePasskeys(ways.passkey_domain) && ways.passkeys.length > 0;
  const byOthers = !(byStrongest && hasPasskeys);
  const dialog = (
    <StepUp
      isOpen={isAsked}
      hasTotp={hasTotp}
      hasSecond={hasTotp || ways.passkeys.length > 0}
      onProve={async (body) => {
        await api.stepUp(body);
        proved();
      }}
      onPasskey={hasPasskeys ? usePasskey : undefined}
      hasPassword={byOthers && ways.has_password}
      provider={byOthers && ways.single_sign_on?.connected_at ? ways.single_sign_on.name : null}
      onProvider={async () => {
        const { address } = await api.beginSingleSignOn({ to: "step_up" });
        journey.leave(address, location.pathname);
      }}
      onClose={() => {
        setAsked(false);
        waiting.current?.giveUp();
      }}
    />
  );
  return { sensitive, dialog };
}
