import { BadgeCheck, Shield, ShieldAlert, ShieldCheck } from "lucide-react";
import type { JSX } from "react";

import type { DataMode } from "../../api/wire.ts";
import type { EncryptionState } from "../../e2ee/encryption.ts";
import type { Occupant } from "../../e2ee/orders.ts";
import { t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Sheet } from "../../ui/Sheet.tsx";
import styles from "./Shield.module.css";
import { isAlarmed, isSilent, markText, shieldLabel, silenceText } from "./shield-text.ts";

/** Says at any time whether others can listen; opens what there is to know about it. */
export function ShieldButton({ encryption, onPress }: { encryption: EncryptionState; onPress: () => void }): JSX.Element {
  const state = shieldLabel(encryption);
  return (
    <span className={styles.shield} data-tone={toneOf(encryption)}>
      <Button variant="quiet" icon={<Mark encryption={encryption} />} aria-label={t("shield.open", { state })} onPress={onPress}>
        {state}
      </Button>
    </span>
  );
}

function toneOf(encryption: EncryptionState): "good" | "warning" | "danger" | "plain" {
  if (isAlarmed(encryption) || encryption.standing.at === "failed" || encryption.standing.at === "unsupported") return "danger";
  if (encryption.standing.at === "on") return encryption.cameByCode ? "plain" : "good";
  return isSilent(encryption) ? "warning" : "plain";
}

function Mark({ encryption }: { encryption: EncryptionState }): JSX.Element {
  const tone = toneOf(encryption);
  if (tone === "good") return <ShieldCheck aria-hidden size={20} />;
  return tone === "plain" ? <Shield aria-hidden size={20} /> : <ShieldAlert aria-hidden size={20} />;
}

interface ShieldSheetProps {
  encryption: EncryptionState;
  /** What is kept of the meeting. */
  dataMode: DataMode | null;
  me: string;
  /** They made the meeting. */
  isOwn: boolean;
  isOpen: boolean;
  onClose: () => void;
}

/** What is encrypted, with whom, how to make sure, and where it ends. */
export function ShieldSheet({ encryption, dataMode, me, isOwn, isOpen, onClose }: ShieldSheetProps): JSX.Element {
  const { occupants, code, cameByCode } = encryption;
  return (
    <Sheet title={t("shield.title")} closeLabel={t("app.close")} isOpen={isOpen} onClose={onClose}>
      <p>{silenceText(encryption, isOwn)}</p>
      <Part title={t("shield.what")}>
        <p>{t("shield.what.text")}</p>
      </Part>
      {dataMode !== null && (
        <Part title={t("mode.title")}>
          <>
            <p>{t(`mode.${dataMode}`)}</p>
            <p>{encryption.standing.at === "on" ? t("mode.bound") : t("mode.unbound")}</p>
          </>
        </Part>
      )}
      {occupants.length > 0 && (
        <Part title={t("shield.who")}>
          <ul className={styles.people}>
            {occupants.map((occupant) => (
              <Person key={occupant.participant} occupant={occupant} cameByCode={cameByCode} isMe={occupant.participant === me} />
            ))}
          </ul>
        </Part>
      )}
      <Part title={t("shield.code")}>{code === null ? <p>{t("shield.code.none")}</p> : <Code code={code} />}</Part>
      <Part title={t("shield.limits")}>
        <ul className={styles.limits}>
          {cameByCode && <li>{t("shield.limits.byCode")}</li>}
          <li>{t("shield.limits.people")}</li>
          <li>{t("shield.limits.device")}</li>
          <li>{t("shield.limits.server")}</li>
        </ul>
      </Part>
    </Sheet>
  );
}

function Part({ title, children }: { title: string; children: JSX.Element }): JSX.Element {
  return (
    <section className={styles.part}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

interface PersonProps {
  occupant: Occupant;
  cameByCode: boolean;
  isMe: boolean;
}

function Person({ occupant, cameByCode, isMe }: PersonProps): JSX.Element {
  const isVerified = occupant.isVerified && !cameByCode;
  return (
    <li className={styles.person}>
      <span dir="auto">{isMe ? t("shield.who.you", { name: occupant.name }) : occupant.name}</span>
      <span className={styles.mark} data-verified={isVerified || undefined}>
        {isVerified && <BadgeCheck aria-hidden size={16} />}
        {markText(occupant, cameByCode)}
      </span>
    </li>
  );
}

/** Digit by digit to a screen reader, in groups to the eye. */
function Code({ code }: { code: string }): JSX.Element {
  const groups = code.split(" ");
  return (
    <>
      <p className={styles.code} aria-label={groups.map((group) => [...group].join(" ")).join(", ")} role="img">
        {groups.map((group, index) => (
          // oxlint-disable-next-line react/no-array-index-key -- the same digits may come twice
          <span key={index}>{group}</span>
        ))}
      </p>
      <p>{t("shield.code.text")}</p>
    </>
  );
}
