import { type JSX, useEffect, useState } from "react";

import { Problem } from "../../api/problem.ts";
import type { Me, SupportSession } from "../../api/wire.ts";
import { quietIntent } from "../../call/intent.ts";
import { invitationProof } from "../../call/invitation.ts";
import type { Session } from "../../call/session.ts";
import type { World } from "../../call/world.ts";
import { addTexts, t } from "../../i18n.ts";
import { support } from "../../locales/support.ts";
import { Button } from "../../ui/Button.tsx";
import { Card, Frame } from "../frame/Frame.tsx";
import { failureText } from "../failure.ts";
import { Connecting } from "../waiting/Waiting.tsx";
import { ConsoleSession } from "./ConsoleSession.tsx";

addTexts(support);

interface ConsolePageProps {
  world: World;
  me: Me;
  /** The id of one's own session, or the code of a colleague's. */
  wanted: string;
  /** To the list. */
  onBack: () => void;
  /** The server does not know this session any more. Stable. */
  onExpired: () => void;
}

/** The session that the page is about, and the way into its meeting. */
export interface Opened {
  code: string;
  /** `null` for a colleague's. */
  own: SupportSession | null;
  session: Session;
  /** By a seat that this tab has had, as after it was loaded again. */
  isBack: boolean;
}

type Entry = { at: "entering" } | { at: "inside"; opened: Opened } | { at: "refused"; text: string };

/** From the list into a session: takes a seat in its meeting, without a camera, a microphone or a question. */
export function ConsolePage({ world, me, wanted, onBack, onExpired }: ConsolePageProps): JSX.Element {
  const [entry, setEntry] = useState<Entry>({ at: "entering" });
  /** A fresh seat each time. */
  const [tries, setTries] = useState(0);

  useEffect(() => {
    let isStillHere = true;
    let session: Session | null = null;
    enter(world, me, wanted, () => isStillHere).then(
      (opened) => {
        if (opened !== null && isStillHere) {
          session = opened.session;
          session.start();
          setEntry({ at: "inside", opened });
        }
        return undefined;
      },
      (error: unknown) => {
        if (!isStillHere) return;
        if (error instanceof Problem && error.status === 401) onExpired();
        else setEntry({ at: "refused", text: refusal(error) });
      },
    );
    return () => {
      isStillHere = false;
      session?.close();
    };
  }, [world, me.account, me.display_name, wanted, tries, onExpired]);

  function again(): void {
    setEntry({ at: "entering" });
    setTries((count) => count + 1);
  }
  switch (entry.at) {
    case "entering":
      return <Connecting />;
    case "inside":
      return <ConsoleSession key={tries} world={world} opened={entry.opened} onAgain={again} onBack={onBack} />;
    case "refused":
      return (
        <Frame title={t("console.missing.title")}>
          <Card>
            <p role="alert">{entry.text}</p>
            <Button variant="primary" onPress={onBack}>
              {t("console.back")}
            </Button>
            <Button onPress={again}>{t("app.again")}</Button>
          </Card>
        </Frame>
      );
  }
}

/** `null` where whoever wanted it went away meanwhile. */
async function enter(world: World, me: Me, wanted: string, isHere: () => boolean): Promise<Opened | null> {
  const { api, seats } = world;
  const own = isCode(wanted) ? null : ((await api.supportSessions()).find(({ id }) => id === wanted) ?? null);
  if (own === null && !isCode(wanted)) throw new Problem("meeting_not_found", 404);
  const code = own?.code ?? wanted;
  if (own !== null) await takeSecret(world, me, own);
  // Codes come again: a seat of an earlier session is none of this one.
  if (own !== null && seats.seat(code)?.meeting !== own.meeting) seats.forgetSeat(code);
  let seat = seats.seat(code);
  const isBack = seat !== null;
  if (seat === null) {
    const secret = seats.secret(code);
    const joined = await api.join(code, { display_name: me.display_name, ...(secret === null ? {} : { invitation_proof: await invitationProof(secret) }) });
    if (!isHere()) {
      await api.leave(joined).catch(() => {});
      return null;
    }
    seat = { ...joined, name: me.display_name, account: me.account };
    seats.keepSeat(code, seat);
  }
  return isHere() ? { code, own, session: world.openSession(code, seat, {}, quietIntent()), isBack } : null;
}

/** It may have been made in another browser of the account's. */
async function takeSecret({ seats, vault }: World, me: Me, { code, meeting }: SupportSession): Promise<void> {
  if (seats.secret(code) !== null) return;
  const fragment = await vault(me.account).fragmentOf(meeting);
  if (fragment !== null) seats.keepInvitation(code, fragment);
}

function isCode(wanted: string): boolean {
  return /^[0-9]{3}-[0-9]{3}-[0-9]{3}$/.test(wanted);
}

function refusal(error: unknown): string {
  const isMissing = error instanceof Problem && (error.status === 404 || error.status === 410);
  return isMissing ? t("console.missing") : failureText(error);
}
