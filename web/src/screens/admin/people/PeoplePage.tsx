import { type JSX, useCallback, useEffect, useState } from "react";

import { Problem } from "../../../api/problem.ts";
import type { Me, People as PeopleList } from "../../../api/wire.ts";
import type { World } from "../../../call/world.ts";
import { t } from "../../../i18n.ts";
import { useAnnouncer } from "../../../ui/announcer.tsx";
import { failureText } from "../../failure.ts";
import { useStepUp } from "../../security/use-step-up.tsx";
import { People, type PeopleActions } from "./People.tsx";

interface PeoplePageProps {
  world: World;
  me: Me;
  onHome: () => void;
  /** The server does not know this session any more. Stable. */
  onExpired: () => void;
}

/** Somebody may accept or ask at any moment. */
const REFRESH_MS = 10_000;

/** Joins the page of people to the server. */
export function PeoplePage({ world, me, onHome, onExpired }: PeoplePageProps): JSX.Element {
  const { api } = world;
  const { say } = useAnnouncer();
  const { sensitive, dialog } = useStepUp(world);
  const [people, setPeople] = useState<PeopleList | null>(null);
  const [failure, setFailure] = useState<string | null>(null);

  const refresh = useCallback(async () => {
    try {
      setPeople(await api.people());
      setFailure(null);
    } catch (error) {
      if (error instanceof Problem && error.status === 401) onExpired();
      else setFailure(failureText(error));
    }
  }, [api, onExpired]);

  useEffect(() => {
    void refresh();
    const timer = setInterval(() => void refresh(), REFRESH_MS);
    return () => clearInterval(timer);
  }, [refresh]);

  async function done(act: () => Promise<unknown>): Promise<void> {
    try {
      await sensitive(act);
      say(t("people.done"));
    } finally {
      await refresh();
    }
  }

  const actions: PeopleActions = {
    async invite(body) {
      const invited = await sensitive(() => api.invite(body));
      await refresh();
      return invited.link ?? null;
    },
    withdraw: ({ id }) => done(() => api.withdrawInvitation(id)),
    change: ({ account }, what) => done(() => api.changePerson(account, what)),
    changeRole: ({ account }, role) => done(() => api.changeRole(account, role)),
    copy: (text) => world.copy(text),
    goHome: onHome,
  };
  return (
    <>
      <People me={me} people={people} failure={failure} actions={actions} />
      {dialog}
    </>
  );
}
