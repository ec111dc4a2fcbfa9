import { ExternalLink, PhoneOff } from "lucide-react";
import type { JSX } from "react";

import type { SupportSession } from "../../api/wire.ts";
import { formatTime, t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import type { CopyAnswer } from "../use-invitation-copy.ts";
import { CodeToGive } from "./CodeToGive.tsx";
import type { SupportActions } from "./Support.tsx";
import styles from "./Support.module.css";

interface SupportCardProps {
  session: SupportSession;
  origin: string;
  now: number;
  /** What opens it; `null` where another browser of theirs has that. */
  fragment: string | null;
  copied: CopyAnswer | null;
  actions: Pick<SupportActions, "copyLink" | "copyCommand">;
  onEnd: () => void;
}

/** One session of the list. While its code waits for somebody, with what to give them. */
export function SupportCard({ session, origin, now, fragment, copied, actions, onEnd }: SupportCardProps): JSX.Element {
  const { id, code, opened_at, state } = session;
  const hasSecret = fragment !== null;
  const isOver = state.state === "ended" || state.state === "expired";
  return (
    <li className={styles.card} data-state={state.state}>
      <div className={styles.facts}>
        <strong className={styles.state}>{stateText(session)}</strong>
        <span className={styles.soft}>{t("support.made", { time: formatTime(Date.parse(opened_at)) })}</span>
      </div>
      {!isOver && (
        <div className={styles.acts}>
          {hasSecret && (
            // A tab of its own: several people may be helped at a time, and the list stays.
            <a className={styles.open} href={`/support/${id}`} target="_blank" rel="noreferrer" aria-label={t("support.open.name", { code })}>
              <ExternalLink aria-hidden size={18} />
              {t("support.open")}
            </a>
          )}
          <Button variant="quiet" icon={<PhoneOff aria-hidden size={18} />} aria-label={t("support.end.name", { code })} onPress={onEnd}>
            {t("support.end")}
          </Button>
        </div>
      )}
      {!isOver && !hasSecret && <Notice tone="warning">{t("support.lost")}</Notice>}
      {state.state === "waiting" && hasSecret && (
        <CodeToGive
          code={code}
          origin={origin}
          fragment={fragment}
          technician={session.technician_name}
          until={Date.parse(session.code_until)}
          now={now}
          copied={copied}
          onCopyLink={() => void actions.copyLink(session)}
          onCopyCommand={() => void actions.copyCommand(session)}
        />
      )}
    </li>
  );
}

function stateText({ state }: Pick<SupportSession, "state">): string {
  switch (state.state) {
    case "waiting":
      return t("support.waiting");
    case "connected":
      return t("support.connected", { time: formatTime(Date.parse(state.since)) });
    case "ended": {
      const time = formatTime(Date.parse(state.at));
      return state.was_connected ? t("support.over.helped", { time }) : t("support.over.nobody", { time });
    }
    case "expired":
      return t("support.expired");
  }
}
