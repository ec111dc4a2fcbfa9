import { type JSX, useEffect, useRef, useState } from "react";

import type { Api } from "../../api/api.ts";
import type { FinishSingleSignOn, Me, SecondFactorAsked } from "../../api/wire.ts";
import { canUsePasskeys, signWithPasskey } from "../../call/passkey.ts";
import { t } from "../../i18n.ts";
import { Notice } from "../../ui/Notice.tsx";
import { failureText } from "../failure.ts";
import { Frame } from "../frame/Frame.tsx";
import { SecondStep } from "./SecondStep.tsx";

interface SignedInPageProps {
  api: Api;
  /** What the identity provider sent along; `null` where it is used, or never was. */
  answer: FinishSingleSignOn | null;
  onSignedIn: (me: Me) => void;
  /** To the page where one begins. */
  onBack: () => void;
}

/** Back from the identity provider: the server hears what it said, once. */
export function SignedInPage({ api, answer, onSignedIn, onBack }: SignedInPageProps): JSX.Element {
  const [asked, setAsked] = useState<SecondFactorAsked | null>(null);
  const [failure, setFailure] = useState<string | null>(answer === null ? t("signedIn.used") : null);
  const isSent = useRef(false);

  useEffect(() => {
    if (answer === null || isSent.current) return;
    isSent.current = true;
    async function finish(sent: FinishSingleSignOn): Promise<void> {
      try {
        const done = await api.finishSingleSignOn(sent);
        if ("ways" in done) setAsked(done);
        else onSignedIn(done);
      } catch (error) {
        setFailure(failureText(error));
      }
    }
    void finish(answer);
  }, [api, answer, onSignedIn]);

  if (asked !== null) {
    const onPasskey = canUsePasskeys(undefined)
      ? async () => {
          const begun = await api.beginPasskey();
          const credential = await signWithPasskey(begun);
          onSignedIn(await api.signInWithPasskey({ ceremony: begun.ceremony, credential }));
        }
      : undefined;
    return <SecondStep ways={asked.ways} onCode={async (code) => onSignedIn(await api.showSecondFactor(code))} onPasskey={onPasskey} onBack={onBack} />;
  }
  return <SignedIn failure={failure} />;
}

/** While the server thinks, and where it comes to nothing. */
function SignedIn({ failure }: { failure: string | null }): JSX.Element {
  return (
    <Frame title={t(failure === null ? "signedIn.title" : "signedIn.failed.title")}>
      <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
      {failure === null ? <p role="status">{t("signedIn.text")}</p> : <a href="/sign-in">{t("signedIn.again")}</a>}
    </Frame>
  );
}
