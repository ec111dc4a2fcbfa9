import { Lock, Siren } from "lucide-react";
import { type JSX, useState } from "react";

import type { BrowserKind } from "../../call/browser.ts";
import type { DeviceKind, Devices } from "../../call/devices.ts";
import type { Intent } from "../../call/intent.ts";
import type { Capture, PreviewState } from "../../call/preview.ts";
import { readPasscode } from "../../e2ee/passcode.ts";
import { t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { passcodeError, requiredError } from "../fields.ts";
import { Card, Frame } from "../frame/Frame.tsx";
import forms from "../forms.module.css";
import { useChecked } from "../use-checked.ts";
import { DeviceChoices } from "./DeviceChoices.tsx";
import { LevelMeter } from "./LevelMeter.tsx";
import { PermissionHelp } from "./PermissionHelp.tsx";
import styles from "./PreJoin.module.css";
import { Picture } from "./Picture.tsx";
import { SpeakerTest } from "./SpeakerTest.tsx";

interface PreJoinProps {
  /** Until somebody types another. */
  name: string;
  /** Under this name and no other. */
  isByEmergency?: boolean;
  /** They come to show a screen: there is nothing to see or to hear of them. */
  isHelped?: boolean;
  isThroughLobby: boolean;
  /** They came without the link. */
  takesPasscode: boolean;
  /** This browser can; else there is no meeting in it. */
  canEncrypt: boolean;
  capture: PreviewState;
  /** The browser was asked for camera and microphone. */
  hasAsked: boolean;
  intent: Intent;
  devices: Devices;
  browser: BrowserKind;
  isJoining: boolean;
  failure: string | null;
  onAsk: () => void;
  onToggle: (kind: DeviceKind) => void;
  onChoose: (kind: DeviceKind | "speaker", id: string) => void;
  /** `passcode`: of whoever comes by code, if they have one. */
  onJoin: (name: string, passcode: string | null) => void;
}

/** The door of a meeting: a name, a look into the mirror, and a word into the microphone. */
export function PreJoin(props: PreJoinProps): JSX.Element {
  const { capture, hasAsked, intent, devices, browser, isJoining, failure, isHelped = false } = props;
  const [typed, setTyped] = useState<string | null>(null);
  const name = typed ?? props.name;
  const [passcode, setPasscode] = useState("");
  const passcodeWrong = passcode.trim() === "" ? null : passcodeError(passcode);
  const { isChecked, submit } = useChecked([requiredError(name), passcodeWrong], () => props.onJoin(name.trim(), readPasscode(passcode)));
  const isDenied = isBlocked(capture.camera) || isBlocked(capture.microphone);

  return (
    <Frame title={t(isHelped ? "prejoin.helped.title" : "prejoin.title")} width="wide">
      <div className={styles.columns}>
        <div className={styles.mirror}>
          {isHelped ? <p>{t("prejoin.helped.text")}</p> : <Picture capture={capture} hasAsked={hasAsked} onToggle={props.onToggle} onAsk={props.onAsk} />}
          <div role="status" className={styles.states}>
            {!props.canEncrypt && <Notice tone="danger">{t("shield.text.unsupported")}</Notice>}
            {capture.camera.status === "failed" && <Notice tone="warning">{t(`problem.camera.${capture.camera.problem}`)}</Notice>}
            {capture.microphone.status === "failed" && (
              <Notice tone="warning">{t(`problem.microphone.${capture.microphone.problem}`)}</Notice>
            )}
            {(isDenied || browser === "inApp") && <PermissionHelp browser={browser} onRetry={props.onAsk} />}
          </div>
          {capture.microphone.status === "on" && <LevelMeter track={capture.microphone.track} />}
        </div>

        <Card>
          <form className={forms.form} onSubmit={submit} noValidate>
            {props.isByEmergency === true ? (
              <Notice tone="warning" icon={<Siren aria-hidden />}>
                {t("emergency.door", { name })}
              </Notice>
            ) : (
              <TextField
                label={t("field.name")}
                hint={t("field.name.hint")}
                value={name}
                onChange={setTyped}
                error={isChecked ? requiredError(name) : null}
                autoComplete="name"
                maxLength={64}
              />
            )}
            {props.takesPasscode && (
              <TextField
                label={t("field.passcode")}
                hint={t("field.passcode.hint")}
                value={passcode}
                onChange={setPasscode}
                error={isChecked ? passcodeWrong : null}
                autoComplete="off"
                inputMode="numeric"
                maxLength={20}
                isCode
              />
            )}
            <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
            <Button type="submit" variant={hasAsked || isHelped ? "primary" : "secondary"} isWide isBusy={isJoining}>
              {t(isHelped ? "prejoin.helped.go" : "prejoin.join")}
            </Button>
            {props.isThroughLobby && <p className={styles.small}>{t("prejoin.viaLobby")}</p>}
          </form>
          {hasAsked && (
            <details className={styles.devices}>
              <summary>{t("prejoin.devices")}</summary>
              <div className={styles.choices}>
                <DeviceChoices devices={devices} intent={intent} onChoose={props.onChoose} />
                <SpeakerTest speakerId={intent.speakerId} />
              </div>
            </details>
          )}
          <p className={styles.small}>
            <Lock aria-hidden size={16} /> {t("prejoin.private")}
          </p>
        </Card>
      </div>
    </Frame>
  );
}

function isBlocked(capture: Capture): boolean {
  return capture.status === "failed" && capture.problem === "denied";
}
