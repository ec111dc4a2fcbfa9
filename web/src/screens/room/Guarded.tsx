import { ShieldAlert } from "lucide-react";
import { type JSX, useEffect, useState } from "react";

import { addTexts, formatTime, t } from "../../i18n.ts";
import { inMeeting } from "../../locales/in-meeting.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import styles from "./Room.module.css";

addTexts(inMeeting);

interface GuardedProps {
  /** As the server says it; `null` where nobody tries the door. */
  until: string | null;
  onUnguard: () => void;
}

/** Tells a host that many machines tried the meeting's door, and what that means for whoever comes. */
export function Guarded({ until, onUnguard }: GuardedProps): JSX.Element {
  const isOver = useIsPast(until);
  return (
    <div className={styles.banners} role="alert">
      {until !== null && !isOver && (
        <Notice tone="warning" icon={<ShieldAlert aria-hidden />} action={<Button onPress={onUnguard}>{t("guarded.lift")}</Button>}>
          {t("guarded.text", { time: formatTime(Date.parse(until)) })}
        </Notice>
      )}
    </div>
  );
}

/** The server says nothing when the time is over. */
function useIsPast(until: string | null): boolean {
  const [passed, setPassed] = useState<string | null>(null);
  useEffect(() => {
    if (until === null) return undefined;
    const timer = setTimeout(() => setPassed(until), Math.max(0, Date.parse(until) - Date.now()));
    return () => clearTimeout(timer);
  }, [until]);
  return until !== null && passed === until;
}
