import { CircleCheck, Mic } from "lucide-react";
import { type JSX, useEffect, useRef, useState } from "react";

import { HEARD_LEVEL, watchLevel } from "../../call/sound.ts";
import { t } from "../../i18n.ts";
import styles from "./PreJoin.module.css";

/** Shows that the microphone hears something, in a bar and in words. */
export function LevelMeter({ track }: { track: MediaStreamTrack }): JSX.Element {
  const bar = useRef<HTMLDivElement>(null);
  const [wasHeard, setHeard] = useState(false);

  useEffect(() => {
    setHeard(false);
    // Twenty times a second, past React: only the bar's width changes.
    return watchLevel(track, (level) => {
      bar.current?.style.setProperty("--level", String(level));
      if (level > HEARD_LEVEL) setHeard(true);
    });
  }, [track]);

  return (
    <div className={styles.level}>
      <Mic aria-hidden size={20} />
      <div className={styles.meter} ref={bar} aria-hidden>
        <div className={styles.loudness} />
      </div>
      <p role="status">
        {wasHeard ? (
          <>
            <CircleCheck aria-hidden size={18} /> {t("level.heard")}
          </>
        ) : (
          t("level.quiet")
        )}
      </p>
    </div>
  );
}
