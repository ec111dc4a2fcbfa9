import { type JSX, useCallback, useState } from "react";

import type { Me, SecondFactorAsked, ServerInfo } from "../../api/wire.ts";
import { canUsePasskeys, signWithPasskey } from "../../call/passkey.ts";
import type { World } from "../../call/world.ts";
import { SecondStep } from "./SecondStep.tsx";
import { SignIn } from "./SignIn.tsx";
import { useUnaskedPasskey } from "./use-unasked-passkey.ts";

interface SignInPageProps {
  world: Pick<World, "api" | "journey">;
  /** `null` while it is not known. */
  offers: ServerInfo | null;
  notice?: string | null;
  /** Where to go on. */
  next: string;
  /** Stable. */
  onSignedIn: (me: Me, next: string) => void;
}

/** From nobody to somebody: by passkey, by the organisation's own sign-in, or by password and what the account asks for
 * beside it. */
export function SignInPage({ world, offers, notice = null, next, onSignedIn }: SignInPageProps): JSX.Element {
  const { api, journey } = world;
  const [asked, setAsked] = useState<SecondFactorAsked | null>(null);
  const entered = useCallback((me: Me) => onSignedIn(me, next), [onSignedIn, next]);
  const unasked = useUnaskedPasskey(api, asked === null, entered);
  const onPasskey = canUsePasskeys(undefined)
    ? async () => {
        unasked.giveWay();
        const begun = await api.beginPasskey();
        const credential = await signWithPasskey(begun);
        entered(await api.signInWithPasskey({ ceremony: begun.ceremony, credential }));
      }
    : undefined;

  if (asked !== null) {
    return (
      <SecondStep
        ways={asked.ways}
        onCode={async (code) => entered(await api.showSecondFactor(code))}
        onPasskey={onPasskey}
        onBack={() => setAsked(null)}
      />
    );
  }
  return (
    <SignIn
      offers={offers}
      notice={notice}
      onSignIn={async (body) => {
        const answer = await api.signIn(body);
        if ("ways" in answer) setAsked(answer);
        else entered(answer);
      }}
      onPasskey={onPasskey}
      onProvider={async () => {
        unasked.giveWay();
        const { address } = await api.beginSingleSignOn({ to: "sign_in" });
        journey.leave(address, next);
      }}
      passkeyFailure={unasked.failure}
    />
  );
}
