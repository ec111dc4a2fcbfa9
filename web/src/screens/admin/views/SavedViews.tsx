import { type JSX, useCallback, useEffect, useState } from "react";

import type { Api } from "../../../api/api.ts";
import type { SavedFilter, SavedView } from "../../../api/wire.ts";
import { addTexts, t } from "../../../i18n.ts";
import { examination } from "../../../locales/examination.ts";
import { useAnnouncer } from "../../../ui/announcer.tsx";
import { failureText } from "../../failure.ts";
import { useExpiring } from "../use-expiring.ts";
import { ViewList, type ViewActions } from "./ViewList.tsx";

addTexts(examination);

interface SavedViewsProps {
  api: Api;
  kind: SavedFilter["kind"];
  /** Whether what the page looks for can be kept. */
  canSave: boolean;
  /** What it looks for, as it is kept at that time. */
  filterAt: (now: Date) => SavedFilter | null;
  onOpen: (filter: SavedFilter) => void;
  /** The server does not know this session any more. Stable. */
  onExpired: () => void;
}

/** Joins the saved views of one page to the server. */
export function SavedViews({ api, kind, canSave, filterAt, onOpen, onExpired }: SavedViewsProps): JSX.Element {
  const { say } = useAnnouncer();
  const ask = useExpiring(onExpired);
  const [views, setViews] = useState<readonly SavedView[]>([]);
  const [failure, setFailure] = useState<string | null>(null);

  const refresh = useCallback(async () => {
    try {
      const { views: all } = await ask(api.savedViews());
      setViews(all.filter((view) => view.filter.kind === kind));
      setFailure(null);
    } catch (error) {
      setFailure(failureText(error));
    }
  }, [api, ask, kind]);
  useEffect(() => void refresh(), [refresh]);

  const actions: ViewActions = {
    async save(name, isShared) {
      const filter = filterAt(new Date());
      if (filter === null) return;
      await ask(api.saveView({ name, is_shared: isShared, filter }));
      say(t("views.saved"));
      await refresh();
    },
    async change({ id }, name, isShared) {
      await ask(api.changeView(id, { name, is_shared: isShared }));
      say(t("views.changed"));
      await refresh();
    },
    async remove({ id }) {
      await ask(api.removeView(id));
      say(t("views.removed"));
      await refresh();
    },
    async open({ id, name }) {
      const opened = await ask(api.openView(id));
      onOpen(opened.filter);
      say(t("views.opened", { name }));
    },
  };
  return <ViewList views={views} failure={failure} canSave={canSave} actions={actions} />;
}
