import { type JSX, useCallback, useEffect, useState } from "react";

import type { Me, ProgramList } from "../../../api/wire.ts";
import type { World } from "../../../call/world.ts";
import { addTexts, t } from "../../../i18n.ts";
import { programs } from "../../../locales/programs.ts";
import { useAnnouncer } from "../../../ui/announcer.tsx";
import { failureText } from "../../failure.ts";
import { useStepUp } from "../../security/use-step-up.tsx";
import { useExpiring } from "../use-expiring.ts";
import { type ProgramActions, Programs } from "./Programs.tsx";

addTexts(programs);

interface ProgramsPageProps {
  world: Pick<World, "api" | "copy" | "journey">;
  me: Me;
  onHome: () => void;
  /** The server does not know this session any more. Stable. */
  onExpired: () => void;
}

/** Joins the page of programs to the server. */
export function ProgramsPage({ world, me, onHome, onExpired }: ProgramsPageProps): JSX.Element {
  const { api } = world;
  const { say } = useAnnouncer();
  const ask = useExpiring(onExpired);
  const { sensitive, dialog } = useStepUp(world);
  const [list, setList] = useState<ProgramList | null>(null);
  const [failure, setFailure] = useState<string | null>(null);

  const refresh = useCallback(async () => {
    try {
      setList(await ask(api.programs()));
      setFailure(null);
    } catch (error) {
      setFailure(failureText(error));
    }
  }, [api, ask]);
  useEffect(() => void refresh(), [refresh]);

  const actions: ProgramActions = {
    async make(body) {
      const made = await ask(sensitive(() => api.makeProgram(body)));
      await refresh();
      return made.key;
    },
    async revoke({ id }) {
      await ask(api.revokeProgram(id));
      say(t("programs.revoked"));
      await refresh();
    },
    copy: (text) => world.copy(text),
    goHome: onHome,
  };
  return (
    <>
      <Programs role={me.role} list={list} failure={failure} actions={actions} />
      {dialog}
    </>
  );
}
