import { type JSX, useEffect, useRef } from "react";

import { isMirrored } from "../../call/devices.ts";
import { t } from "../../i18n.ts";
import styles from "./PreJoin.module.css";

/** The picture of one's own running camera, before the meeting. */
export function Mirror({ track }: { track: MediaStreamTrack }): JSX.Element {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (video.current !== null) video.current.srcObject = new MediaStream([track]);
  }, [track]);
  return <video ref={video} className={styles.video} data-mirrored={isMirrored(track) || undefined} aria-label={t("prejoin.preview")} autoPlay playsInline muted />;
}
