import { Hand, Hourglass, ShieldAlert, Volume2, WifiOff } from "lucide-react";
import type { JSX } from "react";

import type { Ending } from "../../api/wire.ts";
import type { Broken } from "../../audit/witness.ts";
import type { BrowserKind } from "../../call/browser.ts";
import type { MediaFailure, MediaState } from "../../call/call-media.ts";
import type { DeviceKind } from "../../call/devices.ts";
import type { EncryptionState } from "../../e2ee/encryption.ts";
import { addTexts, formatDate, t } from "../../i18n.ts";
import { inMeeting } from "../../locales/in-meeting.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { codeText } from "../failure.ts";
import type { CopyAnswer } from "../use-invitation-copy.ts";
import { Askers } from "./Askers.tsx";
import { endingText } from "./ending-text.ts";
import { PasscodeForm } from "./PasscodeForm.tsx";
import styles from "./Room.module.css";
import { alarmTexts, isElsewhere, isFinal, isSilent, lacksPasscode, mistakeOf, outsidersText, silenceText } from "./shield-text.ts";

addTexts(inMeeting);

interface BannersProps {
  media: MediaState;
  encryption: EncryptionState;
  /** By policy nobody is given the meeting's key without its passcode. */
  needsPasscode: boolean;
  /** The organisation's audit log is not what this browser saw of it before. */
  brokenLog: Broken | null;
  /** How somebody is called whom the group or the server knows. */
  nameOf: (participant: string) => string;
  /** They made the meeting. */
  isOwn: boolean;
  isChannelConnected: boolean;
  stopped: DeviceKind | null;
  isAskedToSpeak: boolean;
  /** The screen was handed to this person, who does not share yet. */
  isToShare: boolean;
  /** The meeting ends by itself before long. */
  ending: Ending | null;
  /** This person's screen is taken off within a minute, unless they do something. */
  isIdle: boolean;
  failure: string | null;
  copied: CopyAnswer | null;
  browser: BrowserKind;
  /** Goes on from the log as it is. */
  onAcceptLog: () => void;
  onUnblockSound: () => void;
  onSpeak: () => void;
  onDecline: () => void;
  onShield: () => void;
  onAllow: (participant: string) => void;
  onPasscode: (passcode: string | null) => void;
}

/** What is not as it should be, above the stage. */
export function Banners(props: BannersProps): JSX.Element {
  const { encryption, nameOf, onShield } = props;
  const mistake = mistakeOf(encryption);
  const form = { isNeeded: props.needsPasscode, need: "passcode.needed", className: styles.banners, onPasscode: props.onPasscode } as const;
  return (
    <>
      <div className={styles.banners} role="alert">
        <Alarms texts={alarmTexts(encryption, nameOf)} onShield={onShield} />
        {props.brokenLog !== null && <LogAlarm broken={props.brokenLog} onAccept={props.onAcceptLog} />}
      </div>
      <div className={styles.banners} role="status">
        {props.ending !== null && (
          <Notice tone="warning" icon={<Hourglass aria-hidden />}>
            {endingText(props.ending)}
          </Notice>
        )}
        {props.isIdle && (
          <Notice tone="warning" icon={<Hourglass aria-hidden />}>
            {t("idle.share")}
          </Notice>
        )}
      </div>
      <Conditions {...props} />
      <Moderation {...props} />
      <Askers askers={encryption.askers} needsPasscode={props.needsPasscode} nameOf={nameOf} onAllow={props.onAllow} />
      {mistake !== null && <PasscodeForm {...form} why={mistake} />}
      {lacksPasscode(encryption, props.isOwn) && <PasscodeForm {...form} why="missing" />}
    </>
  );
}

/** Stays as long as it is so: nobody can put it away. */
function Alarms({ texts, onShield }: { texts: readonly string[]; onShield: () => void }): JSX.Element | null {
  if (texts.length === 0) return null;
  return (
    <Notice tone="danger" icon={<ShieldAlert aria-hidden />} action={<Button onPress={onShield}>{t("shield.show")}</Button>}>
      <strong>{t("alarm.title")}</strong>
      {texts.map((text) => (
        <span key={text}>{text}</span>
      ))}
      <span>{t("alarm.advice")}</span>
    </Notice>
  );
}

/** Can be put away where the operator says on record what happened: nobody here can look further into the log. */
function LogAlarm({ broken: { restore, offered }, onAccept }: { broken: Broken; onAccept: () => void }): JSX.Element {
  return (
    <Notice tone="danger" icon={<ShieldAlert aria-hidden />} action={restore !== null && <Button onPress={onAccept}>{t("audit.accept")}</Button>}>
      <strong>{t("alarm.log")}</strong>
      {restore !== null && <span>{t("audit.restore.stated", { date: formatDate(restore.at), why: restore.why, size: restore.size })}</span>}
      <span>{t("audit.broken.advice")}</span>
      {restore !== null && offered !== null && <span>{t("audit.accept.text", { number: offered.head.size })}</span>}
    </Notice>
  );
}

function Conditions({ media, encryption, nameOf, isOwn, isChannelConnected, failure, copied, browser, onUnblockSound }: BannersProps): JSX.Element {
  const isInterrupted = media.connection === "reconnecting" || (media.connection === "connected" && !isChannelConnected);
  const outsiders = outsidersText(encryption, nameOf);
  const isHopeless = isFinal(encryption);
  const isConnecting = !isHopeless && (media.connection === "idle" || media.connection === "connecting");

  return (
    <div className={styles.banners} role="status">
      {isConnecting && <Notice tone="info">{t("room.connecting")}</Notice>}
      {isInterrupted && (
        <Notice tone="warning" icon={<WifiOff aria-hidden />}>
          {t("room.reconnecting")}
        </Notice>
      )}
      {media.isSilent && !isInterrupted && !isConnecting && (
        <Notice tone="warning" icon={<WifiOff aria-hidden />}>
          {t("room.silent")}
        </Notice>
      )}
      {isSilent(encryption) && mistakeOf(encryption) === null && !isInterrupted && !isConnecting && (
        <Notice tone={isHopeless ? "danger" : "warning"} icon={<ShieldAlert aria-hidden />} action={isElsewhere(encryption, isOwn) && <a href="/account" target="_blank" rel="noreferrer">{t("shield.elsewhere.go")}</a>}>
          {silenceText(encryption, isOwn)}
        </Notice>
      )}
      {outsiders !== null && <Notice tone="warning">{outsiders}</Notice>}
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
      {media.failure !== null && <DeviceFailure failure={media.failure} browser={browser} />}
      {failure !== null && <Notice tone="danger">{codeText(failure)}</Notice>}
      {copied !== null && <Notice tone={copied.isCopied ? "good" : "warning"}>{copied.text}</Notice>}
    </div>
  );
}

/** What a host did to one's own devices or asks for: nobody's microphone is opened by anybody else. */
function Moderation({ stopped, isAskedToSpeak, isToShare, onSpeak, onDecline }: BannersProps): JSX.Element {
  return (
    <div className={styles.banners} role="status">
      {stopped !== null && !isAskedToSpeak && <Notice tone="info">{t(`moderation.${stopped}`)}</Notice>}
      {isToShare && <Notice tone="info">{t("moderation.share")}</Notice>}
      {isAskedToSpeak && (
        <Notice
          tone="info"
          icon={<Hand aria-hidden />}
          action={
            <>
              <Button variant="primary" onPress={onSpeak}>
                {t("moderation.speak")}
              </Button>
              <Button onPress={onDecline}>{t("moderation.decline")}</Button>
            </>
          }
        >
          {t("moderation.asked")}
        </Notice>
      )}
    </div>
  );
}

/** After a refusal, with the way to take it back: the browser does not ask a second time. */
function DeviceFailure({ failure: { what, problem }, browser }: { failure: MediaFailure; browser: BrowserKind }): JSX.Element {
  const isRefused = problem === "denied" && (what === "camera" || what === "microphone");
  return (
    <Notice tone="danger">
      <span>{t(`problem.${what}.${problem}`)}</span>
      {isRefused && <span>{t(`permission.${browser}`)}</span>}
    </Notice>
  );
}
