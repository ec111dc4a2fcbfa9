import { type JSX, useCallback, useEffect, useState } from "react";

import type { Me, PersonTimeline } from "../../../api/wire.ts";
import type { World } from "../../../call/world.ts";
import { addTexts, t } from "../../../i18n.ts";
import { centre } from "../../../locales/centre.ts";
import { examination } from "../../../locales/examination.ts";
import { log } from "../../../locales/log.ts";
import { failureText } from "../../failure.ts";
import { boundsOf, type Days, lastDays } from "../days.ts";
import { useExpiring } from "../use-expiring.ts";
import { Timeline } from "./Timeline.tsx";

addTexts(centre);
addTexts(examination);
addTexts(log);

interface TimelinePageProps {
  world: Pick<World, "api">;
  me: Me;
  /** Whose. */
  account: string;
  onHome: () => void;
  /** The server does not know this session any more. Stable. */
  onExpired: () => void;
}

/** Joins somebody's timeline to the server. */
export function TimelinePage({ world: { api }, me, account, onHome, onExpired }: TimelinePageProps): JSX.Element {
  const ask = useExpiring(onExpired);
  const [days, setDays] = useState<Days>(() => lastDays(7, new Date()));
  const [timeline, setTimeline] = useState<PersonTimeline | null>(null);
  const [failure, setFailure] = useState<string | null>(null);

  const show = useCallback(
    async (range: Days, before: string | null) => {
      const bounds = boundsOf(range);
      if (bounds === null) return setFailure(t("sessions.days"));
      try {
        const shown = await ask(api.personTimeline(account, bounds, before));
        setTimeline((last) => (before === null ? shown : { ...shown, leaving: last?.leaving ?? shown.leaving ?? null, deeds: [...(last?.deeds ?? []), ...shown.deeds] }));
        setFailure(null);
      } catch (error) {
        setTimeline(null);
        setFailure(failureText(error));
      }
    },
    [account, api, ask],
  );
  useEffect(() => {
    void show(days, null);
    // Afterwards as often as somebody asks.
  }, [show]);

  const next = timeline?.next ?? null;
  return (
    <Timeline
      role={me.role}
      days={days}
      timeline={timeline}
      failure={failure}
      onDays={setDays}
      onShow={() => show(days, null)}
      onMore={next === null ? null : () => show(days, next)}
      onHome={onHome}
    />
  );
}
