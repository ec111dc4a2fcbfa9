import { CameraOff, CircleCheck } from "lucide-react";
import { type JSX, useRef } from "react";

import type { DeviceKind } from "../../call/devices.ts";
import type { Capture, PreviewState } from "../../call/preview.ts";
import { switchOfCapture } from "../../call/switch.ts";
import { t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { useKeptFocus } from "../../ui/use-kept-focus.ts";
import { DeviceSwitch } from "./DeviceSwitch.tsx";
import { Mirror } from "./Mirror.tsx";
import styles from "./PreJoin.module.css";

interface PictureProps {
  capture: PreviewState;
  hasAsked: boolean;
  onToggle: (kind: DeviceKind) => void;
  onAsk: () => void;
}

/** One's own camera as in a mirror, with the two switches that matter; before that, why the browser will ask. */
export function Picture({ capture, hasAsked, onToggle, onAsk }: PictureProps): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  useKeptFocus(box, () => box.current?.querySelector("button"));

  if (!hasAsked) {
    return (
      <div className={styles.picture} ref={box} data-empty>
        <div className={styles.ask}>
          <h2>{t("prejoin.ask.title")}</h2>
          <p>{t("prejoin.ask.text")}</p>
          <Button variant="primary" onPress={onAsk}>
            {t("prejoin.ask.go")}
          </Button>
          <p className={styles.small}>{t("prejoin.ask.without")}</p>
        </div>
      </div>
    );
  }
  return (
    <div className={styles.picture} ref={box}>
      {capture.camera.status === "on" ? (
        <Mirror track={capture.camera.track} />
      ) : (
        <p className={styles.noPicture}>
          <CameraOff aria-hidden size={40} />
          {pictureText(capture.camera)}
        </p>
      )}
      {capture.camera.status === "on" && (
        <p className={styles.seen}>
          <CircleCheck aria-hidden size={18} /> {t("prejoin.camera.good")}
        </p>
      )}
      <div className={styles.switches}>
        <DeviceSwitch kind="microphone" state={switchOfCapture(capture.microphone)} onPress={() => onToggle("microphone")} />
        <DeviceSwitch kind="camera" state={switchOfCapture(capture.camera)} onPress={() => onToggle("camera")} />
      </div>
    </div>
  );
}

function pictureText(camera: Capture): string {
  return camera.status === "starting" ? t("prejoin.camera.starting") : t("prejoin.camera.off");
}
