import { Eye } from "lucide-react";
import { type JSX, useEffect, useRef } from "react";

import type { VideoFeed } from "../../call/call-media.ts";
import { t } from "../../i18n.ts";
import styles from "./Console.module.css";

/** The screen that somebody shows from a browser: to be looked at, and nothing else. */
export function SharedScreen({ feed, name }: { feed: VideoFeed; name: string }): JSX.Element {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => (video.current === null ? undefined : feed.attach(video.current)), [feed]);
  return (
    <figure className={styles.frame}>
      <div className={styles.view}>
        <video ref={video} className={styles.video} aria-label={t("console.view", { name })} autoPlay playsInline muted />
      </div>
      <figcaption className={styles.hint}>
        <span className={styles.badge}>
          <Eye aria-hidden size={16} />
          {t("console.viewOnly")}
        </span>
        {t("console.viewOnly.text", { name })}
      </figcaption>
    </figure>
  );
}
