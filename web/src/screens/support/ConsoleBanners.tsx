import { Hand, Hourglass, ShieldAlert, UserRoundCheck, WifiOff } from "lucide-react";
import type { JSX } from "react";

import type { EncryptionState } from "../../e2ee/encryption.ts";
import { t } from "../../i18n.ts";
import type { SupportState } from "../../remote/support-state.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { alarmTexts } from "../room/shield-text.ts";
import { endsSoonText, lostText, refusalText, whatText } from "./console-text.ts";
import styles from "./Console.module.css";

interface ConsoleBannersProps {
  support: SupportState;
  encryption: EncryptionState;
  isInterrupted: boolean;
  /** The code of a command of the meeting that failed, in words. */
  failure: string | null;
  nameOf: (participant: string) => string;
  onShield: () => void;
  onStillHere: () => void;
}

/** What the technician has to know before they do the next thing. Spoken by the news, so nothing here is a live region but the alarm. */
export function ConsoleBanners({ support, encryption, isInterrupted, failure, nameOf, onShield, onStillHere }: ConsoleBannersProps): JSX.Element {
  const { phase, asked, refused, endsSoon, handingOver, handOverRefused } = support;
  const alarms = alarmTexts(encryption, nameOf);
  return (
    <div className={styles.banners}>
      <div role="alert" className={styles.alarm}>
        {alarms.length > 0 && (
          <Notice tone="danger" icon={<ShieldAlert aria-hidden />} action={<Button onPress={onShield}>{t("console.security")}</Button>}>
            {alarms.map((text) => (
              <span key={text}>{text}</span>
            ))}
          </Notice>
        )}
        {failure !== null && <Notice tone="danger">{failure}</Notice>}
      </div>
      {isInterrupted && (
        <Notice tone="warning" icon={<WifiOff aria-hidden />}>
          {t("console.interrupted")}
        </Notice>
      )}
      {phase.at === "lost" && (
        <Notice tone="warning" icon={<WifiOff aria-hidden />}>
          {lostText(support)}
        </Notice>
      )}
      {phase.at === "paused" && (
        <Notice tone="warning" icon={<Hand aria-hidden />}>
          {t(`console.paused.${phase.why}`)}
        </Notice>
      )}
      {support.rights === "raised" && (
        <Notice tone="warning" icon={<ShieldAlert aria-hidden />}>
          {t("console.rights.raised")}
        </Notice>
      )}
      {phase.at === "handed_over" && <Notice tone="info">{t("console.handedOver")}</Notice>}
      {asked.size > 0 && (
        <Notice tone="info" icon={<Hourglass aria-hidden />}>
          {t("console.pending", { what: [...asked].map(whatText).join(", ") })}
        </Notice>
      )}
      {[...refused].map(([capability, refusal]) => (
        <Notice key={capability} tone="warning">
          {refusalText(capability, refusal)}
        </Notice>
      ))}
      {handingOver !== null && (
        <Notice tone="info" icon={<UserRoundCheck aria-hidden />}>
          {t("console.handOver.asked", { name: nameOf(handingOver) })}
        </Notice>
      )}
      {handOverRefused && <Notice tone="warning">{t("console.handOver.refused")}</Notice>}
      {endsSoon !== null && (
        <Notice
          tone="warning"
          icon={<Hourglass aria-hidden />}
          action={
            endsSoon.reason === "idle" && (
              <Button variant="primary" onPress={onStillHere}>
                {t("console.stillHere")}
              </Button>
            )
          }
        >
          {endsSoonText(endsSoon)}
        </Notice>
      )}
    </div>
  );
}
