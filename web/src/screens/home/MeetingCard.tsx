import { Copy, PhoneOff } from "lucide-react";
import { type JSX, useState } from "react";

import type { Meeting } from "../../api/wire.ts";
import type { Place } from "../../call/sharing.ts";
import { formatDay, t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Sheet, SheetActions } from "../../ui/Sheet.tsx";
import { useAction } from "../use-action.ts";
import type { CopyAnswer } from "../use-invitation-copy.ts";
import type { HomeActions } from "./Home.tsx";
import styles from "./Home.module.css";

interface MeetingCardProps {
  meeting: Meeting;
  copied: CopyAnswer | null;
  place: Place;
  actions: Pick<HomeActions, "enter" | "copyInvitation" | "end">;
}

/** One meeting of the list, with what its host can do with it. */
export function MeetingCard({ meeting, copied, place, actions }: MeetingCardProps): JSX.Element {
  const [isAsking, setAsking] = useState(false);
  const end = useAction(async () => {
    await actions.end(meeting);
    setAsking(false);
  });
  const isOver = meeting.state === "ended";

  return (
    <li className={styles.card} data-state={meeting.state}>
      <div className={styles.facts}>
        <h3>{meeting.title}</h3>
        <p className={styles.when}>
          {meeting.state === "live" && <span className={styles.live}>{t("home.live")}</span>}
          {isOver && <span className={styles.past}>{t("home.past")}</span>}
          <span>{formatDay(meeting.starts_at ?? meeting.created_at)}</span>
          {!isOver && (
            <span className={styles.code}>
              {t("home.code")} {meeting.code}
            </span>
          )}
        </p>
        {!isOver && place !== "shared" && <p className={styles.place}>{t(`home.${place}`)}</p>}
      </div>
      {!isOver && (
        <div className={styles.actions}>
          <Button variant="primary" onPress={() => actions.enter(meeting)} aria-describedby={meeting.id}>
            {meeting.state === "live" ? t("home.rejoin") : t("home.start")}
          </Button>
          <Button icon={<Copy aria-hidden size={18} />} onPress={() => void actions.copyInvitation(meeting)}>
            {t("home.copy")}
          </Button>
          <Button variant="quiet" icon={<PhoneOff aria-hidden size={18} />} onPress={() => setAsking(true)}>
            {t("home.end")}
          </Button>
        </div>
      )}
      <div role="status" className={styles.answer}>
        {copied !== null && <Notice tone={copied.isCopied ? "good" : "warning"}>{copied.text}</Notice>}
      </div>
      <span id={meeting.id} hidden>
        {meeting.title}
      </span>
      <Sheet
        title={t("end.confirm.title")}
        closeLabel={t("app.close")}
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        isAlert
      >
        <p>{t("end.confirm.text")}</p>
        {end.failure !== null && <Notice tone="danger">{end.failure}</Notice>}
        <SheetActions>
          <Button onPress={() => setAsking(false)}>{t("app.cancel")}</Button>
          <Button variant="danger" onPress={() => end.run()} isBusy={end.isRunning}>
            {t("end.confirm.yes")}
          </Button>
        </SheetActions>
      </Sheet>
    </li>
  );
}
