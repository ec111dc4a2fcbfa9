import { CalendarPlus, CalendarX, Copy, Pencil, PhoneOff, Repeat, Users } from "lucide-react";
import { type JSX, useState } from "react";

import type { Meeting, Occurrence } from "../../api/wire.ts";
import type { Item } from "../../call/agenda.ts";
import type { Place } from "../../call/sharing.ts";
import { counted, formatDay, t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Sheet, SheetActions } from "../../ui/Sheet.tsx";
import { rhythmText } from "../schedule-text.ts";
import { useAction } from "../use-action.ts";
import type { CopyAnswer } from "../use-invitation-copy.ts";
import { CancelSheet } from "./CancelSheet.tsx";
import type { HomeActions } from "./Home.tsx";
import styles from "./Home.module.css";
import { InvitedSheet } from "./InvitedSheet.tsx";

interface MeetingCardProps {
  item: Item;
  /** No other of those that follow each other comes after it. */
  isLast: boolean;
  copied: CopyAnswer | null;
  place: Place;
  actions: Pick<HomeActions, "enter" | "copyInvitation" | "saveCalendar" | "end" | "cancel" | "cancelOne" | "invited">;
  onChange: () => void;
}

/** One meeting of the list, with what its host can do with it. */
export function MeetingCard({ item, isLast, copied, place, actions, onChange }: MeetingCardProps): JSX.Element {
  const { meeting, occurrence, isNext } = item;
  const [sheet, setSheet] = useState<"end" | "cancel" | "invited" | null>(null);
  const end = useAction(async () => {
    await actions.end(meeting);
    setSheet(null);
  });
  const isOver = meeting.state === "ended";
  const isLive = meeting.state === "live" && isNext;
  const isScheduled = typeof meeting.starts_at === "string";
  const isPlanned = meeting.schedule !== undefined && meeting.schedule !== null;
  const id = `${meeting.id} ${occurrence?.start ?? ""}`.trim().replaceAll(/[^\w-]/g, "-");

  return (
    <li className={styles.card} data-state={isNext ? meeting.state : "scheduled"}>
      <Facts item={item} place={place} isLive={isLive} />
      {!isOver && (
        <div className={styles.actions}>
          {isNext && (
            <>
              <Button variant="primary" onPress={() => actions.enter(meeting)} aria-describedby={id}>
                {isLive ? t("home.rejoin") : t("home.start")}
              </Button>
              <Button icon={<Copy aria-hidden size={18} />} onPress={() => void actions.copyInvitation(meeting, "short")}>
                {t("home.copy")}
              </Button>
              <Button variant="quiet" onPress={() => void actions.copyInvitation(meeting, "steps")}>
                {t("home.copy.steps")}
              </Button>
              {isScheduled && (
                <Button variant="quiet" icon={<CalendarPlus aria-hidden size={18} />} onPress={() => void actions.saveCalendar(meeting)}>
                  {t("home.calendar")}
                </Button>
              )}
              {meeting.entry === "invited" && (
                <Button variant="quiet" icon={<Users aria-hidden size={18} />} onPress={() => setSheet("invited")}>
                  {t("home.invited")}
                </Button>
              )}
              {isScheduled && (
                <Button variant="quiet" icon={<Pencil aria-hidden size={18} />} onPress={onChange} aria-describedby={id}>
                  {t("home.change")}
                </Button>
              )}
            </>
          )}
          {(isLive || !isPlanned) && (
            <Button variant="quiet" icon={<PhoneOff aria-hidden size={18} />} onPress={() => setSheet("end")}>
              {t("home.end")}
            </Button>
          )}
          {!isLive && isPlanned && (
            <Button variant="quiet" icon={<CalendarX aria-hidden size={18} />} onPress={() => setSheet("cancel")} aria-describedby={id}>
              {t("home.cancel")}
            </Button>
          )}
        </div>
      )}
      {isOver && isLast && isAhead(meeting) && (
        <Button variant="quiet" icon={<CalendarX aria-hidden size={18} />} onPress={() => void actions.saveCalendar(meeting)}>
          {t("home.calendar.cancelled")}
        </Button>
      )}
      <div role="status" className={styles.answer}>
        {copied !== null && <Notice tone={copied.isCopied ? "good" : "warning"}>{copied.text}</Notice>}
      </div>
      <span id={id} hidden>
        {meeting.title} {occurrence !== null && formatDay(occurrence.begins)}
      </span>
      <Sheet
        title={t("end.confirm.title")}
        closeLabel={t("app.close")}
        isOpen={sheet === "end"}
        onClose={() => setSheet(null)}
        isAlert
      >
        <p>{repeats(meeting) ? t("end.confirm.again") : t("end.confirm.text")}</p>
        {end.failure !== null && <Notice tone="danger">{end.failure}</Notice>}
        <SheetActions>
          <Button onPress={() => setSheet(null)}>{t("app.cancel")}</Button>
          <Button variant="danger" onPress={() => end.run()} isBusy={end.isRunning}>
            {t("end.confirm.yes")}
          </Button>
        </SheetActions>
      </Sheet>
      <CancelSheet
        meeting={meeting}
        occurrence={occurrence}
        isOpen={sheet === "cancel"}
        onClose={() => setSheet(null)}
        onOne={(which: Occurrence) => actions.cancelOne(meeting, which)}
        onAll={() => actions.cancel(meeting)}
      />
      <InvitedSheet meeting={meeting} isOpen={sheet === "invited"} onClose={() => setSheet(null)} actions={actions.invited} />
    </li>
  );
}

function Facts({ item: { meeting, occurrence, isNext }, place, isLive }: Pick<MeetingCardProps, "item" | "place"> & { isLive: boolean }): JSX.Element {
  const isOver = meeting.state === "ended";
  const rhythm = meeting.schedule?.repeats ?? null;
  return (
    <div className={styles.facts}>
      <h4>{meeting.title}</h4>
      <p className={styles.when}>
        {isLive && <span className={styles.live}>{t("home.live")}</span>}
        {isOver && <span className={styles.past}>{t("home.past")}</span>}
        <span>{formatDay(occurrence?.begins ?? meeting.starts_at ?? meeting.created_at)}</span>
        {!isOver && isNext && (
          <span className={styles.code}>
            {t("home.code")} {meeting.code}
          </span>
        )}
        {rhythm !== null && isNext && !isOver && (
          <span>
            <Repeat aria-hidden size={14} /> {rhythmText(rhythm)}
          </span>
        )}
      </p>
      {isNext && meeting.waiting > 0 && <p className={styles.waits}>{counted("home.waiting", meeting.waiting)}</p>}
      {!isOver && isNext && place !== "shared" && <p className={styles.place}>{t(`home.${place}`)}</p>}
    </div>
  );
}

function repeats({ schedule }: Meeting): boolean {
  return schedule?.repeats !== undefined && schedule.repeats !== null;
}

/** Calendars have it still. Of a series the file takes out all that were to come, so the last of it alone has one. */
function isAhead({ last_begins: lastBegins }: Meeting): boolean {
  return typeof lastBegins === "string" && Date.parse(lastBegins) > Date.now();
}
