import { type JSX, useCallback, useEffect, useState } from "react";

import { Problem } from "../../api/problem.ts";
import type { EmergencyStanding, LiveMeeting, Me } from "../../api/wire.ts";
import type { World } from "../../call/world.ts";
import { t } from "../../i18n.ts";
import { useAnnouncer } from "../../ui/announcer.tsx";
import { useExpiring } from "../admin/use-expiring.ts";
import { failureText } from "../failure.ts";
import { useStepUp } from "../security/use-step-up.tsx";
import { Emergency, type EmergencyActions } from "./Emergency.tsx";

interface EmergencyPageProps {
  world: Pick<World, "api" | "journey">;
  me: Me;
  /** Or signs out, where a sealed code opened the session. */
  onHome: () => void;
  /** To the door of a meeting, past which emergency access leads. */
  onEnter: (meeting: string) => void;
  /** The server does not know this session any more. Stable. */
  onExpired: () => void;
}

/** Who leaves is gone from the page before anybody looks twice. */
const REFRESH_MS = 4_000;

/** Joins the page of emergency access to the server. Its asking keeps no session open. */
export function EmergencyPage({ world, me, onHome, onEnter, onExpired }: EmergencyPageProps): JSX.Element {
  const { api } = world;
  const { say, sayUrgently } = useAnnouncer();
  const ask = useExpiring(onExpired);
  const { sensitive, dialog } = useStepUp(world, true);
  const [standing, setStanding] = useState<EmergencyStanding | null>(null);
  const [meetings, setMeetings] = useState<readonly LiveMeeting[] | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const isAlone = me.emergency_only === true;

  const refresh = useCallback(async () => {
    try {
      const found = await ask(api.emergency());
      if (found.open !== null && found.open !== undefined) setMeetings(await ask(api.emergencyMeetings()));
      setStanding(found);
      setFailure(null);
    } catch (error) {
      // Its time was over between the two questions: the next look says so.
      if (!(error instanceof Problem && error.code === "emergency_not_open")) setFailure(failureText(error));
    }
  }, [api, ask]);
  useEffect(() => {
    void refresh();
    const timer = setInterval(() => void refresh(), REFRESH_MS);
    return () => clearInterval(timer);
  }, [refresh]);

  const actions: EmergencyActions = {
    async invoke(body) {
      // Who signed in with a sealed code has nothing else to show.
      await ask(isAlone ? api.invokeEmergency(body) : sensitive(() => api.invokeEmergency(body)));
      sayUrgently(t("emergency.taken"));
      await refresh();
    },
    async end() {
      await ask(api.endEmergency());
      say(t("emergency.ended"));
      await refresh();
    },
    enter: ({ id }) => onEnter(id),
    goHome: onHome,
  };
  return (
    <>
      <Emergency
        mayInvoke={standing?.may_invoke ?? me.permitted.emergency_access}
        isAlone={isAlone}
        open={standing === null ? undefined : (standing.open ?? null)}
        meetings={meetings}
        failure={failure}
        actions={actions}
      />
      {dialog}
    </>
  );
}
