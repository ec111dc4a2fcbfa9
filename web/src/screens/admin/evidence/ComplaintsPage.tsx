import { type JSX, useCallback, useEffect, useState } from "react";

import type { CloseComplaint, Complaint, ComplaintList, EnterComplaint, Me } from "../../../api/wire.ts";
import type { World } from "../../../call/world.ts";
import { formatDate, formatDay, t } from "../../../i18n.ts";
import { useAnnouncer } from "../../../ui/announcer.tsx";
import { Button } from "../../../ui/Button.tsx";
import { Sheet } from "../../../ui/Sheet.tsx";
import { failureText } from "../../failure.ts";
import policy from "../Policy.module.css";
import { useExpiring } from "../use-expiring.ts";
import { CloseComplaintForm, EnterComplaintForm, Said } from "./ComplaintForms.tsx";
import styles from "./Evidence.module.css";
import { EvidenceFrame } from "./EvidenceFrame.tsx";

interface ComplaintsPageProps {
  world: Pick<World, "api">;
  me: Me;
  onHome: () => void;
  /** The server does not know this session any more. Stable. */
  onExpired: () => void;
}

/** Joins the register of complaints and requests about privacy to the server. */
export function ComplaintsPage({ world: { api }, me, onHome, onExpired }: ComplaintsPageProps): JSX.Element {
  const ask = useExpiring(onExpired);
  const { say } = useAnnouncer();
  const [list, setList] = useState<ComplaintList | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  /** Stays while its sheet fades out; `null` for one that is entered. */
  const [shown, setShown] = useState<Complaint | null>(null);
  const [isOpen, setOpen] = useState(false);

  const refresh = useCallback(async () => {
    try {
      setList(await ask(api.complaints()));
      setFailure(null);
    } catch (error) {
      setFailure(failureText(error));
    }
  }, [api, ask]);
  useEffect(() => void refresh(), [refresh]);

  function open(complaint: Complaint | null): void {
    setShown(complaint);
    setOpen(true);
  }
  async function enter(body: EnterComplaint): Promise<void> {
    await ask(api.enterComplaint(body));
    say(t("complaints.entered"));
    await refresh();
  }
  async function close(id: string, body: CloseComplaint): Promise<void> {
    await ask(api.closeComplaint(id, body));
    say(t("complaints.closed"));
    await refresh();
  }
  const done = (): void => setOpen(false);
  return (
    <EvidenceFrame part="complaints" role={me.role} failure={failure} isLoading={list === null} onHome={onHome}>
      <div className={policy.actions}>
        <Button variant="primary" onPress={() => open(null)}>
          {t("complaints.enter")}
        </Button>
      </div>
      {list !== null && <p className={policy.soft}>{t("complaints.counts", { ...list.counts })}</p>}
      <ul className={policy.list}>
        {(list?.complaints ?? []).map((complaint) => (
          <li key={complaint.id} className={styles.row}>
            <div className={styles.line}>
              <h2>{t("complaints.name", { kind: t(`complaints.kind.${complaint.kind}`), day: formatDate(complaint.received_at) })}</h2>
              <span className={styles.state} data-state={isClosed(complaint) ? "proven" : "stale"}>
                {stateText(complaint)}
              </span>
            </div>
            <p className={styles.small}>{t("complaints.by", { name: complaint.entered_by_name, day: formatDay(complaint.entered_at) })}</p>
            <div>
              <Button
                aria-label={t("complaints.show.name", { kind: t(`complaints.kind.${complaint.kind}`), day: formatDate(complaint.received_at) })}
                onPress={() => open(complaint)}
              >
                {t("complaints.show")}
              </Button>
            </div>
          </li>
        ))}
      </ul>
      <Sheet title={t(shown === null ? "complaints.enter" : "complaints.sheet.title")} closeLabel={t("app.close")} isOpen={isOpen} onClose={done}>
        {shown === null && <EnterComplaintForm onClose={done} onEnter={enter} />}
        {shown !== null && <Said key={shown.id} onRead={() => ask(api.complaintWords(shown.id))} />}
        {shown !== null && !isClosed(shown) && <CloseComplaintForm key={`close ${shown.id}`} onClose={done} onKeep={(body) => close(shown.id, body)} />}
      </Sheet>
    </EvidenceFrame>
  );
}

function isClosed({ closed }: Complaint): boolean {
  return (closed ?? null) !== null;
}

function stateText({ closed }: Complaint): string {
  if (closed === undefined || closed === null) return t("complaints.open");
  return t("complaints.outcomeOn", { outcome: t(`complaints.outcome.${closed.outcome}`), name: closed.by_name, day: formatDay(closed.at) });
}
