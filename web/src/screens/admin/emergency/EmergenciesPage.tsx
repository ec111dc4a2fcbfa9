import { type JSX, useCallback, useEffect, useState } from "react";

import type { EmergencyUses, Me } from "../../../api/wire.ts";
import type { World } from "../../../call/world.ts";
import { addTexts, t } from "../../../i18n.ts";
import { emergencies } from "../../../locales/emergencies.ts";
import { useAnnouncer } from "../../../ui/announcer.tsx";
import { failureText } from "../../failure.ts";
import { useExpiring } from "../use-expiring.ts";
import { Emergencies, type EmergenciesActions } from "./Emergencies.tsx";
import { SealedCodesPart } from "./SealedCodesPart.tsx";

addTexts(emergencies);

interface EmergenciesPageProps {
  world: Pick<World, "api" | "journey">;
  me: Me;
  onHome: () => void;
  /** The server does not know this session any more. Stable. */
  onExpired: () => void;
}

/** Joins the page of uses of emergency access to the server. */
export function EmergenciesPage({ world, me, onHome, onExpired }: EmergenciesPageProps): JSX.Element {
  const { api } = world;
  const { say } = useAnnouncer();
  const ask = useExpiring(onExpired);
  const [list, setList] = useState<EmergencyUses | null>(null);
  const [failure, setFailure] = useState<string | null>(null);

  const refresh = useCallback(async () => {
    try {
      setList(await ask(api.emergencies()));
      setFailure(null);
    } catch (error) {
      setFailure(failureText(error));
    }
  }, [api, ask]);
  useEffect(() => void refresh(), [refresh]);

  const actions: EmergenciesActions = {
    read: ({ id }) => ask(api.emergencyWords(id)),
    async review({ id }, body) {
      await ask(api.reviewEmergency(id, body));
      say(t("emergencies.reviewed.say"));
      await refresh();
    },
    goHome: onHome,
  };
  const sealed = <SealedCodesPart world={world} me={me} onExpired={onExpired} />;
  return <Emergencies me={me} list={list} failure={failure} actions={actions} sealed={sealed} />;
}
