import { Headset, House } from "lucide-react";
import { type JSX, type ReactNode, useState } from "react";

import type { SupportSession } from "../../api/wire.ts";
import type { Invitation } from "../../call/invitation.ts";
import { t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Card, Frame } from "../frame/Frame.tsx";
import { CodeForm } from "../start/CodeForm.tsx";
import { useAction } from "../use-action.ts";
import type { CopyAnswer } from "../use-invitation-copy.ts";
import { EndSheet } from "./EndSheet.tsx";
import styles from "./Support.module.css";
import { SupportCard } from "./SupportCard.tsx";

export interface SupportActions {
  /** Makes a session, with a fresh code. */
  make(): Promise<void>;
  copyLink(session: SupportSession): Promise<void>;
  copyCommand(session: SupportSession): Promise<void>;
  end(session: SupportSession): Promise<void>;
  /** Goes to a colleague's session. */
  join(invitation: Invitation): void;
  goHome(): void;
}

interface SupportProps {
  /** By role and policy. */
  isPermitted: boolean;
  /** `https://meet.example`, to be told on the phone. */
  origin: string;
  /** Those that are not over first; `null` while they load. */
  sessions: readonly SupportSession[] | null;
  /** When they were. */
  now: number;
  /** What opens a session; `null` where this browser does not have it. */
  fragmentOf: (session: SupportSession) => string | null;
  copied: { session: string; answer: CopyAnswer } | null;
  failure: "offline" | "refused" | null;
  /** Who waits for help. */
  queue?: ReactNode;
  /** Computers where nobody need be. */
  computers?: ReactNode;
  actions: SupportActions;
}

/** A technician's sessions: who waits for a code to be used, who is helped, and what is over. */
export function Support({ isPermitted, origin, sessions, now, fragmentOf, copied, failure, queue = null, computers = null, actions }: SupportProps): JSX.Element {
  const make = useAction(actions.make);
  const [asked, setAsked] = useState<SupportSession | null>(null);
  const [isAsking, setAsking] = useState(false);
  const home = (
    <Button variant="quiet" icon={<House aria-hidden size={18} />} onPress={actions.goHome}>
      {t("app.home")}
    </Button>
  );

  function ask(session: SupportSession): void {
    setAsked(session);
    setAsking(true);
  }

  return (
    <Frame title={t("support.title")} width="wide" aside={home}>
      <div className={styles.columns}>
        <section className={styles.main}>
          <p className={styles.soft}>{t("support.text")}</p>
          {isPermitted ? (
            <div className={styles.start}>
              <Button variant="primary" icon={<Headset aria-hidden />} onPress={() => make.run()} isBusy={make.isRunning}>
                {t("support.new")}
              </Button>
              <span className={styles.soft}>{t("support.new.text")}</span>
            </div>
          ) : (
            <Notice tone="info">{t("support.off")}</Notice>
          )}
          <div role="alert">
            {make.failure !== null && <Notice tone="danger">{make.failure}</Notice>}
            {failure !== null && <Notice tone="danger">{t(`support.${failure}`)}</Notice>}
          </div>
          {queue}
          {computers}
          <h2>{t("support.list")}</h2>
          {sessions?.length === 0 && <p className={styles.none}>{t("support.none")}</p>}
          {sessions !== null && sessions.length > 0 && (
            <ul className={styles.list}>
              {sessions.map((session) => (
                <SupportCard
                  key={session.id}
                  session={session}
                  origin={origin}
                  now={now}
                  fragment={fragmentOf(session)}
                  copied={copied?.session === session.id ? copied.answer : null}
                  actions={actions}
                  onEnd={() => ask(session)}
                />
              ))}
            </ul>
          )}
        </section>
        <aside aria-labelledby="colleague">
          <Card>
            <h2 id="colleague">{t("support.colleague")}</h2>
            <p className={styles.soft}>{t("support.colleague.text")}</p>
            <CodeForm onInvitation={actions.join} isPrimary={false} />
          </Card>
        </aside>
      </div>
      <EndSheet
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        onEnd={async () => {
          if (asked === null) return;
          await actions.end(asked);
          setAsking(false);
        }}
      />
    </Frame>
  );
}
