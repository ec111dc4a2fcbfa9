import { type JSX, useCallback, useEffect, useState } from "react";

import { Problem } from "../../../api/problem.ts";
import type { AnomalyList, AnomalyRules, Me } from "../../../api/wire.ts";
import type { World } from "../../../call/world.ts";
import { addTexts, t } from "../../../i18n.ts";
import { examination } from "../../../locales/examination.ts";
import { useAnnouncer } from "../../../ui/announcer.tsx";
import { failureText } from "../../failure.ts";
import { useStepUp } from "../../security/use-step-up.tsx";
import { useExpiring } from "../use-expiring.ts";
import { Anomalies, type AnomaliesActions } from "./Anomalies.tsx";

addTexts(examination);

interface AnomaliesPageProps {
  world: World;
  me: Me;
  onHome: () => void;
  /** The server does not know this session any more. Stable. */
  onExpired: () => void;
}

/** Joins the page of what the rules for anomalies found to the server. */
export function AnomaliesPage({ world, me, onHome, onExpired }: AnomaliesPageProps): JSX.Element {
  const { api } = world;
  const { say } = useAnnouncer();
  const ask = useExpiring(onExpired);
  const { sensitive, dialog } = useStepUp(world);
  const [list, setList] = useState<AnomalyList | null>(null);
  const [rules, setRules] = useState<AnomalyRules | null>(null);
  const [failure, setFailure] = useState<string | null>(null);

  const refresh = useCallback(async () => {
    try {
      const [found, standing] = await ask(Promise.all([api.anomalies(), api.anomalyRules()]));
      setList(found);
      setRules(standing);
      setFailure(null);
    } catch (error) {
      setFailure(failureText(error));
    }
  }, [api, ask]);
  useEffect(() => void refresh(), [refresh]);

  const actions: AnomaliesActions = {
    read: ({ id }) => ask(api.anomalyWords(id)),
    async review({ id }, body) {
      await ask(api.reviewAnomaly(id, body));
      say(t("anomalies.reviewed.say"));
      await refresh();
    },
    async setRules(body) {
      try {
        setRules(await ask(sensitive(() => api.changeAnomalyRules(body))));
        say(t("anomalies.rules.saved"));
      } catch (error) {
        if (!(error instanceof Problem) || error.code !== "changed_meanwhile") throw error;
        // The form is of rules that are no more: it begins again with those that are.
        await refresh();
        setFailure(failureText(error));
      }
    },
    goHome: onHome,
  };
  return (
    <>
      <Anomalies me={me} list={list} rules={rules} failure={failure} actions={actions} />
      {dialog}
    </>
  );
}
