import { type JSX, useCallback, useEffect, useState } from "react";

import type { Me, MeetingSession, MeetingSessionDetail, ParticipantQuality, SavedFilter } from "../../../api/wire.ts";
import type { World } from "../../../call/world.ts";
import { addTexts, t } from "../../../i18n.ts";
import { centre } from "../../../locales/centre.ts";
import { Notice } from "../../../ui/Notice.tsx";
import { failureText } from "../../failure.ts";
import { Admin } from "../Admin.tsx";
import { boundsOf, lastDays } from "../days.ts";
import { mayReadAudit } from "../may.ts";
import styles from "../Policy.module.css";
import { useExpiring } from "../use-expiring.ts";
import { SavedViews } from "../views/SavedViews.tsx";
import { SessionDetail } from "./SessionDetail.tsx";
import { filterOf, searchOf } from "./saved-search.ts";
import { type Search, SessionSearch } from "./SessionSearch.tsx";
import { SessionsTable } from "./SessionsTable.tsx";

addTexts(centre);

interface SessionsPageProps {
  world: Pick<World, "api">;
  me: Me;
  /** The one that is shown; `null` for the list. */
  session: string | null;
  onSession: (session: string | null) => void;
  onHome: () => void;
  /** The server does not know this session any more. Stable. */
  onExpired: () => void;
}

type Option = { value: string; label: string };

/** Joins the pages of meetings that went on or took place to the server. */
export function SessionsPage({ world: { api }, me, session, onSession, onHome, onExpired }: SessionsPageProps): JSX.Element {
  const ask = useExpiring(onExpired);
  const [search, setSearch] = useState<Search>(() => ({ ...lastDays(30, new Date()), host: "", group: "", device: "", outcome: "" }));
  const [list, setList] = useState<{ sessions: readonly MeetingSession[]; next: string | null } | null>(null);
  const [detail, setDetail] = useState<MeetingSessionDetail | null>(null);
  const [hosts, setHosts] = useState<readonly Option[]>([]);
  const [groups, setGroups] = useState<readonly Option[]>([]);
  const [failure, setFailure] = useState<string | null>(null);

  const trying = useCallback(async (act: () => Promise<void>) => {
    try {
      await act();
      setFailure(null);
    } catch (error) {
      setFailure(failureText(error));
    }
  }, []);
  const find = useCallback(
    (wanted: Search, before: string | null) =>
      trying(async () => {
        const bounds = boundsOf(wanted);
        if (bounds === null) return setFailure(t("sessions.days"));
        const { host, group, device, outcome } = wanted;
        const found = await ask(api.meetingSessions({ ...bounds, host, group, device, outcome, before: before ?? "" }));
        setList((last) => ({ sessions: [...(before === null ? [] : (last?.sessions ?? [])), ...found.sessions], next: found.next ?? null }));
      }),
    [api, ask, trying],
  );

  const isList = session === null;
  useEffect(() => {
    if (session === null) return;
    let isShown = true;
    setDetail(null);
    void trying(async () => {
      const found = await ask(api.meetingSession(session));
      if (isShown) setDetail(found);
    });
    return () => {
      isShown = false;
    };
  }, [api, ask, session, trying]);
  useEffect(() => {
    if (isList) void find(search, null);
    // Afterwards as often as somebody searches.
  }, [isList, find]);
  useEffect(() => {
    void trying(async () => {
      const [people, found] = await ask(Promise.all([api.people(), api.groups()]));
      setHosts(people.people.map(({ account, display_name: label }) => ({ value: account, label })));
      setGroups(found.groups.map(({ id, name }) => ({ value: id, label: name })));
    });
  }, [api, ask, trying]);

  function openView(filter: SavedFilter): void {
    const wanted = searchOf(filter, new Date());
    if (wanted === null) return;
    setSearch(wanted);
    void find(wanted, null);
  }
  const quality = (participant: string): Promise<ParticipantQuality> => ask(api.participantQuality(session ?? "", participant));
  return (
    <Admin title={t("sessions.title")} current="sessions" role={me.role} onHome={onHome}>
      <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
      {isList ? (
        <>
          <p className={styles.soft}>{t("sessions.text")}</p>
          <SessionSearch search={search} hosts={hosts} groups={groups} onChange={setSearch} onSearch={() => find(search, null)} />
          <SavedViews api={api} kind="sessions" canSave={boundsOf(search) !== null} filterAt={(now) => filterOf(search, now)} onOpen={openView} onExpired={onExpired} />
          {list === null && failure === null && <p role="status">{t("app.loading")}</p>}
          {list !== null && <SessionsTable sessions={list.sessions} onOpen={onSession} onMore={list.next === null ? null : () => find(search, list.next)} />}
        </>
      ) : (
        <SessionDetail detail={detail} isFailed={failure !== null} readsAudit={mayReadAudit(me.role)} onBack={() => onSession(null)} onQuality={quality} />
      )}
    </Admin>
  );
}
