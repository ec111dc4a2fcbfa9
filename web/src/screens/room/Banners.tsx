import { Volume2, WifiOff } from "lucide-react";
import type { JSX } from "react";

import type { MediaState } from "../../call/call-media.ts";
import { t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { codeText } from "../failure.ts";
import styles from "./Room.module.css";

interface BannersProps {
  media: MediaState;
  isChannelConnected: boolean;
  failure: string | null;
  onUnblockSound: () => void;
}

/** What is not as it should be, above the stage. */
export function Banners({ media, isChannelConnected, failure, onUnblockSound }: BannersProps): JSX.Element {
  const isInterrupted = media.connection === "reconnecting" || (media.connection === "connected" && !isChannelConnected);
  const isConnecting = media.connection === "idle" || media.connection === "connecting";

  return (
    <div className={styles.banners} role="status">
      {isConnecting && <Notice tone="info">{t("room.connecting")}</Notice>}
      {isInterrupted && (
        <Notice tone="warning" icon={<WifiOff aria-hidden />}>
          {t("room.reconnecting")}
        </Notice>
      )}
      {media.isSoundBlocked && (
        <Notice
          tone="warning"
          icon={<Volume2 aria-hidden />}
          action={
            <Button variant="primary" onPress={onUnblockSound}>
              {t("room.sound.play")}
            </Button>
          }
        >
          {t("room.sound.blocked")}
        </Notice>
      )}
      {media.failure !== null && <Notice tone="danger">{t(`problem.${media.failure.what}.${media.failure.problem}`)}</Notice>}
      {failure !== null && <Notice tone="danger">{codeText(failure)}</Notice>}
    </div>
  );
}
