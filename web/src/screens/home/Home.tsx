import { CalendarPlus, KeyRound, LogOut, Video } from "lucide-react";
import { type JSX, useState } from "react";

import type { Me, Meeting } from "../../api/wire.ts";
import type { Invitation } from "../../call/invitation.ts";
import type { Place } from "../../call/sharing.ts";
import type { VaultState } from "../../call/vault.ts";
import { t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { VaultNotice } from "../account/VaultNotice.tsx";
import { Card, Frame } from "../frame/Frame.tsx";
import { CodeForm } from "../start/CodeForm.tsx";
import { useAction } from "../use-action.ts";
import type { CopyAnswer } from "../use-invitation-copy.ts";
import styles from "./Home.module.css";
import { MeetingCard } from "./MeetingCard.tsx";
import { ScheduleSheet } from "./ScheduleSheet.tsx";

export interface HomeActions {
  /** Makes a meeting for now and goes there. */
  startNow(): Promise<void>;
  schedule(title: string, startsAt: Date): Promise<void>;
  enter(meeting: Meeting): void;
  copyInvitation(meeting: Meeting): Promise<void>;
  end(meeting: Meeting): Promise<void>;
  signOut(): Promise<void>;
}

interface HomeProps {
  me: Me;
  /** Newest first; `null` while they load. */
  meetings: readonly Meeting[] | null;
  listFailure: string | null;
  /** What came of copying the invitation of one of them. */
  copied: { meeting: string; answer: CopyAnswer } | null;
  vault: VaultState;
  placeOf: (meeting: Meeting) => Place;
  actions: HomeActions;
  onInvitation: (invitation: Invitation) => void;
  /** To the page of the account's browsers. */
  onBrowsers: () => void;
}

/** What somebody with an account sees first: start, schedule, go back in. */
export function Home({ me, meetings, listFailure, copied, vault, placeOf, actions, onInvitation, onBrowsers }: HomeProps): JSX.Element {
  const [isScheduling, setScheduling] = useState(false);
  const start = useAction(actions.startNow);
  const signOut = useAction(actions.signOut);

  return (
    <Frame title={t("home.greeting", { name: me.display_name })} width="wide" aside={<Account me={me} onBrowsers={onBrowsers} onSignOut={signOut.run} />}>
      <div className={styles.columns}>
        <section className={styles.main}>
          <div className={styles.start}>
            <Button variant="primary" icon={<Video aria-hidden />} onPress={() => start.run()} isBusy={start.isRunning}>
              {t("home.now")}
            </Button>
            <Button icon={<CalendarPlus aria-hidden />} onPress={() => setScheduling(true)}>
              {t("home.later")}
            </Button>
          </div>
          <div role="alert">
            {start.failure !== null && <Notice tone="danger">{start.failure}</Notice>}
            {signOut.failure !== null && <Notice tone="danger">{signOut.failure}</Notice>}
          </div>
          <div role="status" className={styles.answer}>
            <VaultNotice state={vault} onBrowsers={onBrowsers} />
          </div>
          <h2>{t("home.list")}</h2>
          {listFailure !== null && <Notice tone="danger">{t("home.offline")}</Notice>}
          {meetings?.length === 0 && <p className={styles.none}>{t("home.none")}</p>}
          <ul className={styles.list}>
            {(meetings ?? []).map((meeting) => (
              <MeetingCard
                key={meeting.id}
                meeting={meeting}
                copied={copied?.meeting === meeting.id ? copied.answer : null}
                place={placeOf(meeting)}
                actions={actions}
              />
            ))}
          </ul>
        </section>
        <aside className={styles.side} aria-labelledby="join-another">
          <Card>
            <h2 id="join-another">{t("home.byCode")}</h2>
            <CodeForm onInvitation={onInvitation} isPrimary={false} />
          </Card>
        </aside>
      </div>
      <ScheduleSheet isOpen={isScheduling} onClose={() => setScheduling(false)} onSchedule={actions.schedule} />
    </Frame>
  );
}

function Account({ me, onBrowsers, onSignOut }: { me: Me; onBrowsers: () => void; onSignOut: () => void }): JSX.Element {
  return (
    <div className={styles.account}>
      <span className={styles.organisation}>{me.organisation_name}</span>
      <Button variant="quiet" icon={<KeyRound aria-hidden />} onPress={onBrowsers}>
        {t("account.title")}
      </Button>
      <Button variant="quiet" icon={<LogOut aria-hidden />} onPress={onSignOut}>
        {t("signIn.out")}
      </Button>
    </div>
  );
}
