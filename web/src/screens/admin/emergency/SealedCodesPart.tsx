import { type JSX, useCallback, useEffect, useState } from "react";

import type { EmergencyCodeSet, Me } from "../../../api/wire.ts";
import type { World } from "../../../call/world.ts";
import { addTexts, t } from "../../../i18n.ts";
import { sealed } from "../../../locales/sealed.ts";
import { useAnnouncer } from "../../../ui/announcer.tsx";
import { Notice } from "../../../ui/Notice.tsx";
import { failureText } from "../../failure.ts";
import { useStepUp } from "../../security/use-step-up.tsx";
import { makesEmergencyCodes } from "../may.ts";
import { useExpiring } from "../use-expiring.ts";
import { SealedCodes } from "./SealedCodes.tsx";

addTexts(sealed);

interface SealedCodesPartProps {
  world: Pick<World, "api" | "journey">;
  me: Me;
  /** The server does not know this session any more. Stable. */
  onExpired: () => void;
}

/** Joins what is known of the sealed codes to the server. The codes themselves are in this page alone, and until it is left. */
export function SealedCodesPart({ world, me, onExpired }: SealedCodesPartProps): JSX.Element {
  const { api } = world;
  const { say } = useAnnouncer();
  const ask = useExpiring(onExpired);
  const { sensitive, dialog } = useStepUp(world);
  const [set, setSet] = useState<EmergencyCodeSet | null | undefined>(undefined);
  const [fresh, setFresh] = useState<readonly string[] | null>(null);
  const [failure, setFailure] = useState<string | null>(null);

  const refresh = useCallback(async () => {
    try {
      setSet((await ask(api.emergencyCodes())).set ?? null);
      setFailure(null);
    } catch (error) {
      setFailure(failureText(error));
    }
  }, [api, ask]);
  useEffect(() => void refresh(), [refresh]);

  async function make(): Promise<void> {
    const made = await ask(sensitive(() => api.makeEmergencyCodes()));
    setFresh(made.codes);
    say(t("sealed.say"));
    await refresh();
  }
  return (
    <>
      <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
      <SealedCodes set={set} fresh={fresh} mayMake={makesEmergencyCodes(me.role)} onMake={make} onPrint={() => print()} onDone={() => setFresh(null)} />
      {dialog}
    </>
  );
}
