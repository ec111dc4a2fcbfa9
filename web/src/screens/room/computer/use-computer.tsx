import { Keyboard } from "lucide-react";
import { type JSX, type ReactNode, useEffect, useRef, useState } from "react";

import { computerFor, computerOf, type MeetingState } from "../../../call/meeting-state.ts";
import type { Session } from "../../../call/session.ts";
import type { World } from "../../../call/world.ts";
import { addTexts, t } from "../../../i18n.ts";
import { inMeeting } from "../../../locales/in-meeting.ts";
import { Button } from "../../../ui/Button.tsx";
import { Notice } from "../../../ui/Notice.tsx";
import { Part } from "../../crash/ErrorBoundary.tsx";
import { laterPart } from "../../crash/later.ts";
import { nameOf } from "../names.ts";
import styles from "../Room.module.css";

addTexts(inMeeting);

// Few meetings have them, and the codec of what they show is large.
const LATER = {
  ComputerSheet: laterPart(async () => (await import("./ComputerSheet.tsx")).ComputerSheet),
  ComputerInHand: laterPart(async () => (await import("./ComputerInHand.tsx")).ComputerInHand),
};

const USE_BUTTON = "computer-use";

/** What a meeting's page shows of computers that somebody brought. */
export interface ComputerParts {
  /** Lends one's own; `null` where policy says no. */
  onLend: (() => void) | null;
  notice: ReactNode;
  /** In place of the stage, while this page's person uses one. */
  inHand: ReactNode;
}

export function useComputer(world: World, code: string, session: Session, meeting: MeetingState, { ComputerSheet, ComputerInHand } = LATER): ComputerParts {
  const me = meeting.you.participant;
  const [isLending, setLending] = useState(false);
  const [opened, setOpened] = useState<string | null>(null);
  /** Given back: of that turn there is no more, whenever the server hears of it. */
  const [closed, setClosed] = useState<string | null>(null);
  const hadFocus = useRef(false);
  const mayLend = useMayLend(world, session);
  const theirs = computerFor(meeting, me);
  const owner = theirs?.companion?.owner ?? null;
  // Another turn is another question to the person at the computer.
  const turn = theirs === null ? null : `${theirs.participant} ${theirs.companion?.turn ?? 0}`;
  const isOpen = turn !== null && opened === turn && closed !== turn;
  const name = owner === null ? "" : nameOf(meeting, owner);

  // To what opens it again, if something does; to the stage otherwise.
  useEffect(() => {
    if (isOpen || !hadFocus.current) return;
    hadFocus.current = false;
    (document.getElementById(USE_BUTTON) ?? document.querySelector("main"))?.focus();
  }, [isOpen]);

  return {
    onLend: mayLend || computerOf(meeting, me) !== null ? () => setLending(true) : null,
    notice: (
      <>
        <div className={styles.banners} role="status">
          {turn !== null && opened !== turn && (
            <Notice
              tone="info"
              icon={<Keyboard aria-hidden />}
              action={
                <Button id={USE_BUTTON} onPress={() => setOpened(turn)}>
                  {t("computer.use")}
                </Button>
              }
            >
              {t("computer.lent", { name })}
            </Notice>
          )}
        </div>
        {isLending && (
          <Part onClose={() => setLending(false)}>
            <ComputerSheet world={world} code={code} session={session} meeting={meeting} onClose={() => setLending(false)} />
          </Part>
        )}
      </>
    ),
    inHand: isOpen && theirs !== null && (
      <Part fallback={<Loading />} onClose={() => setClosed(turn)}>
        <ComputerInHand
          key={turn}
          world={world}
          session={session}
          computer={theirs.participant}
          name={name}
          onClose={() => setClosed(turn)}
          onLoseFocus={() => {
            hadFocus.current = true;
          }}
        />
      </Part>
    ),
  };
}

function Loading(): JSX.Element {
  return <p role="status">{t("computer.loading")}</p>;
}

/** Without an answer nothing is offered: the server would refuse it too. */
function useMayLend({ api }: World, session: Session): boolean {
  const [mayLend, setMayLend] = useState(false);
  useEffect(() => {
    let isStillHere = true;
    api.companionTerms(session.seat).then(
      ({ permitted }) => isStillHere && setMayLend(permitted.includes("control")),
      () => {},
    );
    return () => {
      isStillHere = false;
    };
  }, [api, session]);
  return mayLend;
}
