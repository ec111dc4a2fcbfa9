import { type JSX, useEffect, useState } from "react";

import { Problem } from "../../api/problem.ts";
import type { SupportOffer } from "../../api/wire.ts";
import { canShareScreen } from "../../call/devices.ts";
import type { Invitation } from "../../call/invitation.ts";
import type { World } from "../../call/world.ts";
import { addTexts, t } from "../../i18n.ts";
import { support } from "../../locales/support.ts";
import { Part } from "../crash/ErrorBoundary.tsx";
import { laterPart } from "../crash/later.ts";
import { failureText } from "../failure.ts";
import type { CopyAnswer } from "../use-invitation-copy.ts";
import { Help } from "./Help.tsx";
import { helperCommand } from "./support-link.ts";

addTexts(support);

/** Most who come here have a code. */
const AskPart = laterPart(async () => (await import("./AskPart.tsx")).AskPart);

interface HelpPageProps {
  world: Pick<World, "api" | "seats" | "origin" | "copy">;
  /** Of the link that brought them. */
  code: string | null;
  /** To the meeting's door, with what the link held. */
  onJoin: (code: string) => void;
  /** To this page by the link that a technician gave to somebody who waited. Then the address has its code: nothing is lost with the page. */
  onTaken: (invitation: Invitation) => void;
}

export type Looked = { at: "typing"; failure: string | null } | { at: "looking" } | { at: "found"; code: string; offer: SupportOffer };

/** Joins the page for whoever is to be helped to the server. Nobody signs in here. */
export function HelpPage({ world, code, onJoin, onTaken }: HelpPageProps): JSX.Element {
  const { api, seats, origin } = world;
  const [looked, setLooked] = useState<Looked>({ at: "typing", failure: null });
  const [copied, setCopied] = useState<CopyAnswer | null>(null);

  async function look(invitation: Invitation): Promise<void> {
    if (invitation.secret !== null) seats.keepSecret(invitation.code, invitation.secret);
    setLooked({ at: "looking" });
    setCopied(null);
    try {
      setLooked({ at: "found", code: invitation.code, offer: await api.supportOffer(invitation.code) });
    } catch (error) {
      setLooked({ at: "typing", failure: refusalText(error) });
    }
  }
  useEffect(() => {
    if (code !== null) void look({ code, secret: null });
  }, [code]);

  async function copy(command: string): Promise<void> {
    const isCopied = await world.copy(command);
    setCopied({ isCopied, text: isCopied ? t("help.program.copied") : t("help.program.copied.not") });
  }

  function show(shown: string): void {
    seats.keepHelped(shown);
    onJoin(shown);
  }

  const found = looked.at === "found" ? looked.code : null;
  const secret = found === null ? null : seats.secret(found);
  return (
    <Help
      code={code}
      looked={looked}
      command={found === null ? null : helperCommand(origin, found, secret)}
      needsPasscode={secret === null}
      canShow={canShareScreen()}
      queue={
        code === null && (
          <Part>
            <AskPart world={world} onTaken={onTaken} />
          </Part>
        )
      }
      copied={copied}
      onLook={(invitation) => void look(invitation)}
      onAgain={() => setLooked({ at: "typing", failure: null })}
      onCopy={(command) => void copy(command)}
      onShow={() => found !== null && show(found)}
    />
  );
}

/** Wrong, used and old codes are alike: nobody finds out here which codes there are. */
function refusalText(error: unknown): string {
  const isOfTheCode = error instanceof Problem && error.status >= 400 && error.status < 500 && error.status !== 429;
  return isOfTheCode ? t("help.unused") : failureText(error);
}
