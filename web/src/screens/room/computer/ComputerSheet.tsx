import { type JSX, useRef, useState } from "react";

import type { RosterEntry } from "../../../api/wire.ts";
import { computerOf, isPerson, type MeetingState } from "../../../call/meeting-state.ts";
import type { Session } from "../../../call/session.ts";
import type { World } from "../../../call/world.ts";
import { addTexts, formatTime, t } from "../../../i18n.ts";
import { inMeeting } from "../../../locales/in-meeting.ts";
import { support } from "../../../locales/support.ts";
import { Button } from "../../../ui/Button.tsx";
import { Notice } from "../../../ui/Notice.tsx";
import { Sheet } from "../../../ui/Sheet.tsx";
import { useKeptFocus } from "../../../ui/use-kept-focus.ts";
import { useAction } from "../../use-action.ts";
import { nameOf } from "../names.ts";
import styles from "./Computer.module.css";
import { presentCommand, presentLink } from "./present-link.ts";

addTexts(inMeeting);
addTexts(support);

interface ComputerSheetProps {
  world: World;
  code: string;
  session: Session;
  meeting: MeetingState;
  onClose: () => void;
}

/** Brings one's own computer into the meeting, and says whose hands may reach it. */
export function ComputerSheet({ world, code, session, meeting, onClose }: ComputerSheetProps): JSX.Element {
  const computer = computerOf(meeting, meeting.you.participant);
  const part = useRef<HTMLDivElement>(null);
  const standing = useRef<HTMLParagraphElement>(null);
  useKeptFocus(part, () => (computer === null ? part.current?.querySelector("button") : standing.current));
  return (
    <Sheet title={t("computer.lend")} closeLabel={t("app.close")} isOpen onClose={onClose}>
      <p>{t("computer.text")}</p>
      <p ref={standing} role="status" tabIndex={-1} className={styles.standing}>
        {computer !== null && standingText(meeting, computer)}
      </p>
      <div ref={part} className={styles.part}>
        {computer === null ? <Bring world={world} code={code} session={session} /> : <Lend world={world} session={session} meeting={meeting} computer={computer} />}
      </div>
    </Sheet>
  );
}

function standingText(meeting: MeetingState, { companion }: RosterEntry): string {
  const controller = companion?.controller ?? null;
  return controller === null ? t("computer.here") : t("computer.with", { name: nameOf(meeting, controller) });
}

interface Offered {
  command: string;
  until: string;
  isCopied: boolean;
}

function Bring({ world, code, session }: Pick<ComputerSheetProps, "world" | "code" | "session">): JSX.Element {
  const [offered, setOffered] = useState<Offered | null>(null);
  const secret = world.seats.secret(code);
  const offer = useAction(async (fragment: string) => {
    const { code: companion, code_until: until } = await world.api.offerCompanion(session.seat);
    const command = presentCommand(presentLink(location.origin, code, fragment, companion));
    setOffered({ command, until, isCopied: await world.copy(command) });
  });
  // Who came by code has no link to hand on: the computer could not read what is said in the meeting.
  if (secret === null) return <Notice tone="info">{t("computer.byCode")}</Notice>;
  return (
    <>
      <p>{t("computer.need")}</p>
      <div role="alert">{offer.failure !== null && <Notice tone="danger">{offer.failure}</Notice>}</div>
      <Button variant="primary" onPress={() => offer.run(secret)} isBusy={offer.isRunning}>
        {t("computer.command")}
      </Button>
      <div role="status">
        {offered !== null && (
          <>
            <p>{t(offered.isCopied ? "computer.copied" : "computer.copied.not", { time: formatTime(Date.parse(offered.until)) })}</p>
            <code className={styles.command}>{offered.command}</code>
          </>
        )}
      </div>
    </>
  );
}

interface LendProps extends Pick<ComputerSheetProps, "world" | "session" | "meeting"> {
  computer: RosterEntry;
}

function Lend({ world, session, meeting, computer }: LendProps): JSX.Element {
  const give = useAction((to: string | null) => world.api.giveControl(session.seat, computer.participant, to));
  const controller = computer.companion?.controller ?? null;
  // Whoever uses it and lost the connection comes back to it: it can be taken back from them meanwhile.
  const others = meeting.roster.filter(
    (entry) => isPerson(entry) && entry.participant !== meeting.you.participant && (entry.connected || entry.participant === controller),
  );
  return (
    <>
      <div role="alert">{give.failure !== null && <Notice tone="danger">{give.failure}</Notice>}</div>
      {others.length === 0 && <p>{t("computer.nobody")}</p>}
      <ul className={styles.people}>
        {others.map(({ participant, display_name: name }) => (
          <li key={participant}>
            {participant === controller ? (
              <Button onPress={() => give.run(null)} isBusy={give.isRunning}>
                {t("computer.takeBack", { name })}
              </Button>
            ) : (
              <Button onPress={() => give.run(participant)} isBusy={give.isRunning}>
                {t("computer.give", { name })}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}
