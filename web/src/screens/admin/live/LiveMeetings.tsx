import { Siren } from "lucide-react";
import { type JSX, useRef, useState } from "react";

import type { AccountRole, LiveMeeting, LivePerson } from "../../../api/wire.ts";
import { counted, formatDay, t } from "../../../i18n.ts";
import { Button } from "../../../ui/Button.tsx";
import { Notice } from "../../../ui/Notice.tsx";
import { Sheet, SheetActions } from "../../../ui/Sheet.tsx";
import { Admin } from "../Admin.tsx";
import { reviewsEmergencies } from "../may.ts";
import { useAction } from "../../use-action.ts";
import { LivePeople } from "./LivePeople.tsx";
import styles from "./LiveMeetings.module.css";

export type ListFailure = "offline" | "refused";

interface LiveActions {
  /** Shows who is in a meeting; `null` for nobody's. */
  open(meeting: string | null): void;
  end(meeting: string): Promise<void>;
  expel(meeting: string, participant: string, name: string): Promise<void>;
  goHome(): void;
}

interface LiveMeetingsProps {
  role: AccountRole;
  /** Oldest first; `null` while they load. */
  meetings: readonly LiveMeeting[] | null;
  /** Uses of emergency access that are open. */
  openEmergencies: number;
  opened: string | null;
  /** Who is in the opened one; `null` while they load. */
  people: readonly LivePerson[] | null;
  failure: ListFailure | null;
  actions: LiveActions;
}

/** The organisation's meetings that go on, for who looks after them: numbers and staff, never what they are about. */
export function LiveMeetings({ role, meetings, openEmergencies, opened, people, failure, actions }: LiveMeetingsProps): JSX.Element {
  const heading = useRef<HTMLParagraphElement>(null);
  const [asked, setAsked] = useState<LiveMeeting | null>(null);
  const [isAsking, setAsking] = useState(false);
  const end = useAction(async () => {
    if (asked === null) return;
    await actions.end(asked.id);
    setAsking(false);
    // Its button is gone.
    heading.current?.focus();
  });
  function ask(meeting: LiveMeeting): void {
    end.forget();
    setAsked(meeting);
    setAsking(true);
  }
  const open = meetings?.find(({ id }) => id === opened) ?? null;

  return (
    <Admin title={t("live.title")} current="meetings" role={role} onHome={actions.goHome}>
      <div className={styles.page}>
        <p ref={heading} tabIndex={-1} className={styles.soft}>
          {t("live.text")}
        </p>
        <div role="alert">{failure !== null && <Notice tone="danger">{t(`live.${failure}`)}</Notice>}</div>
        <div role="alert">
          {openEmergencies > 0 && (
            <Notice tone="warning" icon={<Siren aria-hidden />} action={reviewsEmergencies(role) && <a href="/admin/emergency">{t("emergencies.title")}</a>}>
              {counted("live.emergencies", openEmergencies)}
            </Notice>
          )}
        </div>
        {meetings?.length === 0 && <p className={styles.none}>{t("live.none")}</p>}
        {meetings !== null && meetings.length > 0 && (
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">{t("live.host")}</th>
                <th scope="col">{t("live.since")}</th>
                <th scope="col">{t("live.people")}</th>
                <th scope="col">{t("live.waiting")}</th>
                <th scope="col">{t("live.state")}</th>
                <th scope="col">{t("live.acts")}</th>
              </tr>
            </thead>
            <tbody>
              {meetings.map((meeting) => (
                <Row key={meeting.id} meeting={meeting} isOpen={meeting.id === opened} onOpen={actions.open} onEnd={ask} />
              ))}
            </tbody>
          </table>
        )}
        {open !== null && <LivePeople meeting={open} people={people} onExpel={(participant, name) => actions.expel(open.id, participant, name)} />}
      </div>
      <Sheet
        title={t("live.end.title", { host: asked?.host ?? "" })}
        closeLabel={t("app.close")}
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        isAlert
      >
        <p>{t("live.end.text")}</p>
        <div role="alert">{end.failure !== null && <Notice tone="danger">{end.failure}</Notice>}</div>
        <SheetActions>
          <Button onPress={() => setAsking(false)}>{t("app.cancel")}</Button>
          <Button variant="danger" onPress={() => end.run()} isBusy={end.isRunning}>
            {t("live.end.yes")}
          </Button>
        </SheetActions>
      </Sheet>
    </Admin>
  );
}

interface RowProps {
  meeting: LiveMeeting;
  isOpen: boolean;
  onOpen: (meeting: string | null) => void;
  onEnd: (meeting: LiveMeeting) => void;
}

function Row({ meeting, isOpen, onOpen, onEnd }: RowProps): JSX.Element {
  const { host } = meeting;
  return (
    <tr>
      <th scope="row" dir="auto">
        {host}
      </th>
      <td data-label={t("live.since")}>{formatDay(meeting.started_at)}</td>
      <td data-label={t("live.people")}>{meeting.people}</td>
      <td data-label={t("live.waiting")}>{meeting.waiting}</td>
      <td data-label={t("live.state")}>
        {meeting.locked ? t("live.locked") : t("live.open")}
        {meeting.is_support && ` · ${t("sessions.isSupport")}`}
      </td>
      <td>
        <div className={styles.acts}>
          <Button
            aria-label={isOpen ? t("live.hide.name", { host }) : t("live.show.name", { host })}
            aria-expanded={isOpen}
            onPress={() => onOpen(isOpen ? null : meeting.id)}
          >
            {isOpen ? t("live.hide") : t("live.show")}
          </Button>
          <Button variant="danger" aria-label={t("live.end.name", { host })} onPress={() => onEnd(meeting)}>
            {t("live.end")}
          </Button>
        </div>
      </td>
    </tr>
  );
}
