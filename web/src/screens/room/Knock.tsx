import { BellRing } from "lucide-react";
import { type JSX, useId } from "react";

import type { LobbyEntry } from "../../api/wire.ts";
import type { Mistakable } from "../../call/look-alike.ts";
import { needsPasscode, nextToLetIn } from "../../call/meeting-state.ts";
import { counted, t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import styles from "./Room.module.css";

interface KnockProps {
  /** Oldest first. */
  lobby: readonly LobbyEntry[];
  /** Whom the name of the first could be taken for. */
  alike: Mistakable | undefined;
  onAdmit: (participant: string) => void;
  onAdmitAll: (participants: readonly string[]) => void;
  onDeny: (person: LobbyEntry) => void;
}

interface AdmitAllProps {
  lobby: readonly LobbyEntry[];
  onAdmitAll: (participants: readonly string[]) => void;
}

/** Lets exactly those in who are shown at this moment, and can be. */
export function AdmitAll({ lobby, onAdmitAll }: AdmitAllProps): JSX.Element | null {
  const all = lobby.filter((entry) => !needsPasscode(entry));
  if (all.length < 2) return null;
  return <Button onPress={() => onAdmitAll(all.map(({ participant }) => participant))}>{t("knock.admitAll", { count: all.length })}</Button>;
}

/** Who has waited longest in front of the door of those who can be let in, and the host's two answers. */
export function Knock({ lobby, alike, onAdmit, onAdmitAll, onDeny }: KnockProps): JSX.Element | null {
  const why = useId();
  const first = nextToLetIn(lobby);
  if (first === undefined) return null;
  const name = first.display_name;
  const isStopped = needsPasscode(first);

  return (
    <section className={styles.knock} aria-label={t("people.waiting")}>
      <Notice
        tone="info"
        icon={<BellRing aria-hidden />}
        action={
          <>
            <Button
              variant="primary"
              aria-label={t("knock.admit.name", { name })}
              {...(isStopped ? { "aria-describedby": why } : {})}
              isDisabled={isStopped}
              onPress={() => onAdmit(first.participant)}
            >
              {t("knock.admit")}
            </Button>
            <Button aria-label={t("knock.deny.name", { name })} onPress={() => onDeny(first)}>
              {t("knock.deny")}
            </Button>
            {lobby.length > 1 && <AdmitAll lobby={lobby} onAdmitAll={onAdmitAll} />}
          </>
        }
      >
        <strong dir="auto">{t("knock.title", { name })}</strong>
        {alike !== undefined && <span>{alike === "known" ? t("people.alike.known") : t("people.alike.guest")}</span>}
        {isStopped && <span id={why}>{t("knock.passcode")}</span>}
        {lobby.length > 1 && <span>{counted("knock.more", lobby.length - 1)}</span>}
      </Notice>
    </section>
  );
}
