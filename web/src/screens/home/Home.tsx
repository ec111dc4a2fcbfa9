import { CalendarPlus, KeyRound, LogOut, Users, Video } from "lucide-react";
import { type JSX, useState } from "react";

import type { Me, Meeting, Occurrence, Schedule } from "../../api/wire.ts";
import { agenda, type Item } from "../../call/agenda.ts";
import type { Invitation } from "../../call/invitation.ts";
import type { Place } from "../../call/sharing.ts";
import type { VaultState } from "../../call/vault.ts";
import { localTime, ownZone } from "../../call/zones.ts";
import { formatWeekday, formatDay, t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { VaultNotice } from "../account/VaultNotice.tsx";
import { holdsSupport, maySeePeople } from "../admin/may.ts";
import { Card, Frame } from "../frame/Frame.tsx";
import { CodeForm } from "../start/CodeForm.tsx";
import { useAction } from "../use-action.ts";
import type { CopyAnswer, ReadingLevel } from "../use-invitation-copy.ts";
import styles from "./Home.module.css";
import type { EntryDoor } from "./entry-door.ts";
import type { InvitedActions } from "./InvitedSheet.tsx";
import { MeetingCard } from "./MeetingCard.tsx";
import { ScheduleSheet } from "./ScheduleSheet.tsx";
import type { OwnTimeOuts } from "./time-outs.ts";

export interface HomeActions {
  /** Makes a meeting for now and goes there. */
  startNow(): Promise<void>;
  schedule(title: string, schedule: Schedule, door: EntryDoor, timeOuts: OwnTimeOuts): Promise<void>;
  /** Says all of it anew; who is on the list stays. */
  change(meeting: Meeting, title: string, schedule: Schedule, door: EntryDoor, timeOuts: OwnTimeOuts): Promise<void>;
  /** Of several, one does not take place. */
  cancelOne(meeting: Meeting, occurrence: Occurrence): Promise<void>;
  /** It takes place after all. */
  restoreOne(): Promise<void>;
  /** All of it. */
  cancel(meeting: Meeting): Promise<void>;
  invited: InvitedActions;
  enter(meeting: Meeting): void;
  copyInvitation(meeting: Meeting, level: ReadingLevel): Promise<void>;
  /** Saves a calendar's file of a meeting for later. */
  saveCalendar(meeting: Meeting): Promise<void>;
  end(meeting: Meeting): Promise<void>;
  signOut(): Promise<void>;
}

interface HomeProps {
  me: Me;
  /** Newest first; `null` while they load. */
  meetings: readonly Meeting[] | null;
  /** When they were. */
  now: number;
  listFailure: string | null;
  /** What came of copying the invitation of one of them. */
  copied: { meeting: string; answer: CopyAnswer } | null;
  /** The last time that was cancelled here: it can be taken back. */
  cancelled: { title: string; begins: string } | null;
  vault: VaultState;
  placeOf: (meeting: Meeting) => Place;
  actions: HomeActions;
  onInvitation: (invitation: Invitation) => void;
  /** To the page of the account's browsers. */
  onBrowsers: () => void;
  /** To the page of the organisation's people. */
  onPeople: () => void;
}

/** Whom the server shows the organisation's live meetings. */
const SUPERVISORS: ReadonlySet<Me["role"]> = new Set(["owner", "admin", "account_manager"]);

/** What somebody with an account sees first: start, schedule, go back in. */
export function Home({ me, meetings, now, listFailure, copied, cancelled, vault, placeOf, actions, onInvitation, onBrowsers, onPeople }: HomeProps): JSX.Element {
  const [isScheduling, setScheduling] = useState(false);
  /** What is changed; `null` where another is made. */
  const [changing, setChanging] = useState<Meeting | null>(null);
  const restore = useAction(actions.restoreOne);
  const day = agenda(meetings ?? [], now, dayOf);
  const start = useAction(actions.startNow);
  const signOut = useAction(actions.signOut);

  return (
    <Frame title={t("home.greeting", { name: me.display_name })} width="wide" aside={<Account me={me} onBrowsers={onBrowsers} onPeople={onPeople} onSignOut={signOut.run} />}>
      <div className={styles.columns}>
        <section className={styles.main}>
          {!me.permitted.host_meetings && <Notice tone="info">{t("policy.off.host")}</Notice>}
          {me.permitted.host_meetings && (
          <div className={styles.start}>
            <Button variant="primary" icon={<Video aria-hidden />} onPress={() => start.run()} isBusy={start.isRunning}>
              {t("home.now")}
            </Button>
            <Button icon={<CalendarPlus aria-hidden />} onPress={() => openSchedule(null)}>
              {t("home.later")}
            </Button>
          </div>
          )}
          <div role="alert">
            {start.failure !== null && <Notice tone="danger">{start.failure}</Notice>}
            {signOut.failure !== null && <Notice tone="danger">{signOut.failure}</Notice>}
          </div>
          <div role="status" className={styles.answer}>
            <VaultNotice state={vault} onBrowsers={onBrowsers} />
          </div>
          {listFailure !== null && <Notice tone="danger">{t("home.offline")}</Notice>}
          <div role="status" className={styles.answer}>
            {cancelled !== null && (
              <Notice
                tone="info"
                action={
                  <Button onPress={() => restore.run()} isBusy={restore.isRunning}>
                    {t("cancel.undo")}
                  </Button>
                }
              >
                {t("cancel.done", { title: cancelled.title, day: formatDay(cancelled.begins) })}
              </Notice>
            )}
            {restore.failure !== null && <Notice tone="danger">{restore.failure}</Notice>}
          </div>
          <h2>{t("home.list")}</h2>
          {meetings?.length === 0 && <p className={styles.none}>{t("home.none")}</p>}
          {meetings !== null && meetings.length > 0 && (
            <>
              <h3>{t("home.today")}</h3>
              {day.today.length === 0 && <p className={styles.none}>{t("home.today.none")}</p>}
              {cards(day.today)}
            </>
          )}
          {day.later.map(({ day: date, items }) => (
            <section key={date} className={styles.day}>
              <h3>{formatWeekday(date)}</h3>
              {cards(items)}
            </section>
          ))}
          {day.past.length > 0 && (
            <section className={styles.day}>
              <h3>{t("home.before")}</h3>
              {cards(day.past.map((meeting) => ({ meeting, occurrence: null, isNext: true })))}
            </section>
          )}
        </section>
        <aside className={styles.side} aria-labelledby="join-another">
          <Card>
            <h2 id="join-another">{t("home.byCode")}</h2>
            <CodeForm onInvitation={onInvitation} isPrimary={false} />
          </Card>
        </aside>
      </div>
      <ScheduleSheet
        meeting={changing}
        isOpen={isScheduling}
        onClose={() => setScheduling(false)}
        onSchedule={(title, schedule, door, timeOuts) => (changing === null ? actions.schedule(title, schedule, door, timeOuts) : actions.change(changing, title, schedule, door, timeOuts))}
      />
    </Frame>
  );

  function openSchedule(meeting: Meeting | null): void {
    setChanging(meeting);
    setScheduling(true);
  }

  function isLast({ id, series }: Meeting): boolean {
    return meetings?.find((known) => known.series === series)?.id === id;
  }

  function cards(items: readonly Item[]): JSX.Element {
    return (
      <ul className={styles.list}>
        {items.map((item) => (
          <MeetingCard
            key={`${item.meeting.id} ${item.occurrence?.start ?? ""}`}
            item={item}
            isLast={isLast(item.meeting)}
            copied={item.isNext && copied?.meeting === item.meeting.id ? copied.answer : null}
            place={placeOf(item.meeting)}
            actions={actions}
            onChange={() => openSchedule(item.meeting)}
          />
        ))}
      </ul>
    );
  }
}

/** Of the reader's calendar: `2026-03-29`. */
function dayOf(instant: number): string {
  return localTime(ownZone(), instant).slice(0, 10);
}

interface AccountProps {
  me: Me;
  onBrowsers: () => void;
  onPeople: () => void;
  onSignOut: () => void;
}

function Account({ me, onBrowsers, onPeople, onSignOut }: AccountProps): JSX.Element {
  return (
    <div className={styles.account}>
      <span className={styles.organisation}>{me.organisation_name}</span>
      {maySeePeople(me.role) && (
        <Button variant="quiet" icon={<Users aria-hidden />} onPress={onPeople}>
          {t("people.title")}
        </Button>
      )}
      {SUPERVISORS.has(me.role) && (
        <a className={styles.admin} href="/admin/meetings">
          {t("live.title")}
        </a>
      )}
      {holdsSupport(me.role, me.permitted) && (
        <a className={styles.admin} href="/support">
          {t("support.title")}
        </a>
      )}
      {me.permitted.emergency_access && (
        <a className={styles.admin} href="/emergency">
          {t("emergency.title")}
        </a>
      )}
      <Button variant="quiet" icon={<KeyRound aria-hidden />} onPress={onBrowsers}>
        {t("account.title")}
      </Button>
      <Button variant="quiet" icon={<LogOut aria-hidden />} onPress={onSignOut}>
        {t("signIn.out")}
      </Button>
    </div>
  );
}
