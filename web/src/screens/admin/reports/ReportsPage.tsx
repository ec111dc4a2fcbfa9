import { type JSX, useCallback, useEffect, useState } from "react";

import type { Me, Report, ReportKind, SavedFilter } from "../../../api/wire.ts";
import type { World } from "../../../call/world.ts";
import { addTexts, t } from "../../../i18n.ts";
import { centre } from "../../../locales/centre.ts";
import { failureText } from "../../failure.ts";
import { boundsOf, type Days, lastDays } from "../days.ts";
import { useExpiring } from "../use-expiring.ts";
import { SavedViews } from "../views/SavedViews.tsx";
import { daysOf, spanOf } from "../views/span.ts";
import { Reports } from "./Reports.tsx";

addTexts(centre);

interface ReportsPageProps {
  world: Pick<World, "api">;
  me: Me;
  onHome: () => void;
  /** The server does not know this session any more. Stable. */
  onExpired: () => void;
}

/** Joins the page of reports to the server. */
export function ReportsPage({ world: { api }, me, onHome, onExpired }: ReportsPageProps): JSX.Element {
  const ask = useExpiring(onExpired);
  const [kind, setKind] = useState<ReportKind>("usage");
  const [days, setDays] = useState<Days>(() => lastDays(30, new Date()));
  const [report, setReport] = useState<Report | null>(null);
  const [failure, setFailure] = useState<string | null>(null);

  const show = useCallback(
    async (wanted: ReportKind, range: Days) => {
      const bounds = boundsOf(range);
      if (bounds === null) return setFailure(t("sessions.days"));
      try {
        setReport(await ask(api.report(wanted, bounds)));
        setFailure(null);
      } catch (error) {
        setReport(null);
        setFailure(failureText(error));
      }
    },
    [api, ask],
  );
  useEffect(() => {
    void show(kind, days);
    // The days count when somebody asks for them.
  }, [kind, show]);

  function openView(filter: SavedFilter): void {
    if (filter.kind !== "report") return;
    const range = daysOf(filter.span, new Date());
    setReport(null);
    setDays(range);
    setKind(filter.report);
    if (filter.report === kind) void show(kind, range);
  }
  function filterAt(now: Date): SavedFilter | null {
    const span = spanOf(days, now);
    return span === null ? null : { kind: "report", report: kind, span };
  }
  return (
    <Reports
      role={me.role}
      kind={kind}
      days={days}
      report={report}
      failure={failure}
      views={<SavedViews api={api} kind="report" canSave={boundsOf(days) !== null} filterAt={filterAt} onOpen={openView} onExpired={onExpired} />}
      fileOf={(shown, format) => api.reportFile(shown.report, shown, format)}
      onKind={(next) => {
        setReport(null);
        setKind(next);
      }}
      onDays={setDays}
      onShow={() => show(kind, days)}
      onHome={onHome}
    />
  );
}
