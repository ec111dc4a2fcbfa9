import { Hourglass, LoaderCircle } from "lucide-react";
import { type JSX, useEffect } from "react";

import type { DataMode } from "../../api/wire.ts";
import type { DeviceKind } from "../../call/devices.ts";
import type { PreviewState } from "../../call/preview.ts";
import { switchOfCapture } from "../../call/switch.ts";
import { keepAwake } from "../../call/wake-lock.ts";
import { t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Card, Frame } from "../frame/Frame.tsx";
import { DeviceSwitch } from "../join/DeviceSwitch.tsx";
import { Mirror } from "../join/Mirror.tsx";
import { PasscodeForm } from "../room/PasscodeForm.tsx";
import styles from "./Waiting.module.css";

/** How far somebody has got who shows that they know the passcode; why they can't, in words, where it is their browser. */
export type PasscodeProgress = "missing" | "checking" | "wrong" | "spent" | "unanswered" | { impossible: string };

interface WaitingProps {
  why: "waiting" | "host_absent";
  /** They come to show a screen: nothing is turned on inside. */
  isHelped?: boolean;
  /** In line; `null` where there is no line. */
  place: number | null;
  /** Of those who are let in by nobody before they have shown that they know the passcode; `null` for others. */
  passcode: PasscodeProgress | null;
  /** What is kept of the meeting; `null` until the server has said it. */
  dataMode: DataMode | null;
  isInterrupted: boolean;
  /** What runs, which is what will be turned on inside. */
  capture: PreviewState;
  onPasscode: (passcode: string | null) => void;
  onToggle: (kind: DeviceKind) => void;
  onLeave: () => void;
}

/** What a guest sees until the host lets them in. */
export function Waiting({ why, isHelped = false, place, passcode, dataMode, isInterrupted, capture, onPasscode, onToggle, onLeave }: WaitingProps): JSX.Element {
  useEffect(() => keepAwake(), []);

  return (
    <Frame title={t(`waiting.${why}.title`)}>
      <Card>
        <div className={styles.waiting}>
          <Hourglass aria-hidden size={40} className={styles.mark} />
          {/* Always present: screen readers announce changes only to a region they already know. */}
          <div role="status" className={styles.text}>
            <p>{textOf(why, passcode)}</p>
            {place !== null && <p>{place === 1 ? t("waiting.next") : t("waiting.place", { place })}</p>}
            {isInterrupted && <Notice tone="warning">{t("waiting.interrupted")}</Notice>}
            {capture.camera.status === "failed" && <Notice tone="warning">{t(`problem.camera.${capture.camera.problem}`)}</Notice>}
            {capture.microphone.status === "failed" && (
              <Notice tone="warning">{t(`problem.microphone.${capture.microphone.problem}`)}</Notice>
            )}
          </div>
          {typeof passcode === "string" && passcode !== "checking" && (
            <PasscodeForm className={styles.passcode} why={passcode} isNeeded need="passcode.needed.lobby" onPasscode={onPasscode} />
          )}
          {capture.camera.status === "on" && (
            <div className={styles.picture}>
              <Mirror track={capture.camera.track} />
            </div>
          )}
          {!isHelped && (
            <>
              <p>{t("waiting.devices")}</p>
              <div className={styles.switches}>
                {(["microphone", "camera"] as const).map((kind) => (
                  <DeviceSwitch key={kind} kind={kind} state={switchOfCapture(capture[kind])} onPress={() => onToggle(kind)} />
                ))}
              </div>
            </>
          )}
          {dataMode !== null && (
            <section className={styles.mode}>
              <h2>{t("mode.title")}</h2>
              <p>{t(`mode.${dataMode}`)}</p>
            </section>
          )}
          <p className={styles.keep}>{t("waiting.keepOpen")}</p>
          <Button onPress={onLeave}>{t("waiting.leave")}</Button>
        </div>
      </Card>
    </Frame>
  );
}

function textOf(why: WaitingProps["why"], passcode: WaitingProps["passcode"]): string {
  if (passcode === null) return t(`waiting.${why}`);
  if (typeof passcode === "object") return passcode.impossible;
  return passcode === "checking" ? t("waiting.passcode.checking") : t("waiting.passcode");
}

/** The short moment before the server has answered. */
export function Connecting(): JSX.Element {
  return (
    <main className="shell">
      <LoaderCircle aria-hidden size={40} className={styles.turning} />
      <h1 className={styles.connecting}>{t("waiting.connecting")}</h1>
      <p className="late">{t("app.late")}</p>
    </main>
  );
}
