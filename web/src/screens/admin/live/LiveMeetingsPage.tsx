import { type JSX, useCallback, useEffect, useState } from "react";

import { Problem } from "../../../api/problem.ts";
import type { LiveMeetingList, LivePerson, Me } from "../../../api/wire.ts";
import type { World } from "../../../call/world.ts";
import { addTexts, t } from "../../../i18n.ts";
import { centre } from "../../../locales/centre.ts";
import { useAnnouncer } from "../../../ui/announcer.tsx";
import { LiveMeetings, type ListFailure } from "./LiveMeetings.tsx";

addTexts(centre);

interface LiveMeetingsPageProps {
  world: World;
  me: Me;
  onHome: () => void;
  /** The server does not know this session any more. Stable. */
  onExpired: () => void;
}

/** Who is put out or leaves is gone from the page before anybody looks twice. */
const REFRESH_MS = 4_000;

/** Joins the page of the organisation's live meetings to the server. Its asking keeps no session open. */
export function LiveMeetingsPage({ world: { api }, me, onHome, onExpired }: LiveMeetingsPageProps): JSX.Element {
  const { say } = useAnnouncer();
  const [list, setList] = useState<LiveMeetingList | null>(null);
  const [opened, setOpened] = useState<string | null>(null);
  const [people, setPeople] = useState<readonly LivePerson[] | null>(null);
  const [failure, setFailure] = useState<ListFailure | null>(null);

  const refresh = useCallback(async () => {
    try {
      setList(await api.liveMeetings());
      if (opened !== null) setPeople(await api.livePeople(opened));
      setFailure(null);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.status === 401) onExpired();
      // It ended a moment ago.
      else if (error.status === 404) setOpened(null);
      else setFailure(error.status === 403 ? "refused" : "offline");
    }
  }, [api, opened, onExpired]);

  useEffect(() => {
    void refresh();
    const timer = setInterval(() => void refresh(), REFRESH_MS);
    return () => clearInterval(timer);
  }, [refresh]);

  return (
    <LiveMeetings
      role={me.role}
      meetings={list?.meetings ?? null}
      openEmergencies={list?.open_emergencies ?? 0}
      opened={opened}
      people={people}
      failure={failure}
      actions={{
        open: (meeting) => {
          setPeople(null);
          setOpened(meeting);
        },
        end: async (meeting) => {
          await api.end(meeting);
          say(t("live.ended"));
          await refresh();
        },
        expel: async (meeting, participant, name) => {
          await api.expelFromOutside(meeting, participant);
          say(t("live.expelled", { name }));
          await refresh();
        },
        goHome: onHome,
      }}
    />
  );
}
