import { type JSX, useCallback, useEffect, useState } from "react";

import type { GroupList, GroupMembers, Me } from "../../../api/wire.ts";
import type { World } from "../../../call/world.ts";
import { t } from "../../../i18n.ts";
import { Notice } from "../../../ui/Notice.tsx";
import { failureText } from "../../failure.ts";
import { useStepUp } from "../../security/use-step-up.tsx";
import { changesPolicy } from "../may-change.ts";
import { PolicyFrame } from "../PolicyFrame.tsx";
import { useExpiring } from "../use-expiring.ts";
import { type GroupActions, Groups } from "./Groups.tsx";

interface GroupsPageProps {
  world: Pick<World, "api" | "journey">;
  me: Me;
  onHome: () => void;
  /** The server does not know this session any more. Stable. */
  onExpired: () => void;
}

/** Joins the page of groups to the server. */
export function GroupsPage({ world, me, onHome, onExpired }: GroupsPageProps): JSX.Element {
  const { api } = world;
  const ask = useExpiring(onExpired);
  const { sensitive, dialog } = useStepUp(world);
  const [open, setOpen] = useState<string | null>(null);
  const [read, setRead] = useState<{ lists: GroupList; shown: GroupMembers | null } | null>(null);
  const [failure, setFailure] = useState<string | null>(null);

  const refresh = useCallback(async () => {
    try {
      const [lists, shown] = await ask(Promise.all([api.groups(), open === null ? null : api.group(open)]));
      setRead({ lists, shown });
      setFailure(null);
    } catch (error) {
      setFailure(failureText(error));
    }
  }, [api, ask, open]);
  useEffect(() => void refresh(), [refresh]);

  async function done(act: () => Promise<unknown>): Promise<void> {
    await ask(sensitive(act));
    await refresh();
  }
  const actions: GroupActions = {
    open: setOpen,
    create: (name) => done(() => api.createGroup(name)),
    rename: (group, name) => done(() => api.renameGroup(group, name)),
    remove: async (group) => {
      await ask(sensitive(() => api.deleteGroup(group)));
      setOpen(null);
    },
    add: (group, account) => done(() => api.addToGroup(group, account)),
    takeOut: (group, account) => done(() => api.removeFromGroup(group, account)),
  };

  return (
    <PolicyFrame current="groups" role={me.role} onHome={onHome}>
      <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
      {read === null && failure === null && <p role="status">{t("app.loading")}</p>}
      {read !== null && <Groups {...read} mayChange={changesPolicy(me)} actions={actions} />}
      {dialog}
    </PolicyFrame>
  );
}
