import { type JSX, useCallback, useEffect, useMemo, useRef, useState } from "react";

import { Problem } from "../../api/problem.ts";
import type { GrantedDevice, Me, UnattendedOpened } from "../../api/wire.ts";
import { invitationVerifier, newSecret } from "../../call/invitation.ts";
import { shelfOf } from "../../call/shelf.ts";
import type { World } from "../../call/world.ts";
import type { SealForComputer } from "../../e2ee/computer-box.ts";
import { writeFragment } from "../../e2ee/fragment.ts";
import { addTexts, t } from "../../i18n.ts";
import { unattended } from "../../locales/unattended.ts";
import { useAnnouncer } from "../../ui/announcer.tsx";
import { Computers } from "./Computers.tsx";
import { KnownComputers } from "./known-computers.ts";
import { enrolledLink } from "./support-link.ts";

addTexts(unattended);

interface UnattendedPartProps {
  world: Pick<World, "api" | "seats" | "vault">;
  me: Me;
  /** To the console of the session that a computer has let the technician into. */
  onOpen: (session: string) => void;
  /** For tests. */
  seal?: SealForComputer;
}

/** A session that was opened, until the computer has let the technician in. */
interface Begun {
  opened: UnattendedOpened;
  fragment: string;
  attempts: number;
}

/** A computer that comes on line is on the page before anybody looks twice. */
const REFRESH_MS = 4_000;
/** The server takes no more of one session. */
const MOST_ATTEMPTS = 5;

/** Joins the list of computers to the server and to what seals for them. */
export function UnattendedPart({ world, me, onOpen, seal = sealInWasm }: UnattendedPartProps): JSX.Element {
  const { api, seats } = world;
  const { say } = useAnnouncer();
  const known = useMemo(() => new KnownComputers(shelfOf(() => localStorage)), []);
  const [computers, setComputers] = useState<readonly GrantedDevice[]>([]);
  const begun = useRef(new Map<string, Begun>());

  const refresh = useCallback(async () => {
    try {
      setComputers(await api.grantedDevices());
    } catch (error) {
      // The list of sessions beside it says that it can't be loaded.
      if (!(error instanceof Problem)) throw error;
    }
  }, [api]);
  useEffect(() => {
    void refresh();
    const timer = setInterval(() => void refresh(), REFRESH_MS);
    return () => clearInterval(timer);
  }, [refresh]);

  /** One session for several tries: what was typed wrongly costs no code. */
  async function begin(device: string): Promise<Begun> {
    const before = begun.current.get(device);
    if (before !== undefined && before.attempts < MOST_ATTEMPTS) return before;
    const vault = await world.vault(me.account).known();
    // Without this technician's own key in the link the computer would not know whom the server sends.
    if (vault.at !== "open" || vault.content.hostKey === null) throw new Problem("no_keys", 0);
    const secret = newSecret();
    const opened = await api.openUnattended(device, { invitation_verifier: await invitationVerifier(secret) });
    const fragment = writeFragment({ secret, hostKey: vault.content.hostKey });
    const made = { opened, fragment, attempts: 0 };
    begun.current.set(device, made);
    return made;
  }

  async function connect({ id: device, fingerprint }: GrantedDevice, name: string, password: string): Promise<void> {
    const session = await begin(device);
    session.attempts += 1;
    const { opened, fragment, attempts } = session;
    const link = enrolledLink(opened.session.code, fragment);
    try {
      const sealed = await sealFor(seal, device, opened, fingerprint, attempts, { link, name, password });
      await api.sendCredentials(opened.session.id, { attempt: attempts, sealed });
    } catch (error) {
      if (!(error instanceof Problem) || !STILL_GOOD.has(error.code)) begun.current.delete(device);
      // It never reached the computer: its number is good for the next.
      else if (error.code === "computer_busy") session.attempts -= 1;
      throw error;
    }
    begun.current.delete(device);
    known.keep(device, fingerprint);
    seats.keepInvitation(opened.session.code, fragment);
    say(t("unattended.began"));
    onOpen(opened.session.id);
  }

  function isChanged({ id, fingerprint }: GrantedDevice): boolean {
    const before = known.fingerprint(id);
    return before !== null && before !== fingerprint;
  }

  return <Computers computers={computers} isChanged={isChanged} onConnect={connect} />;
}

/** After these the same session is good for another try. */
const STILL_GOOD: ReadonlySet<string> = new Set(["credentials_refused", "too_many_credentials", "no_desktop", "computer_busy"]);

/** What can't be sealed is told as any refusal is. */
async function sealFor(seal: SealForComputer, ...what: Parameters<SealForComputer>): Promise<string> {
  try {
    return await seal(...what);
  } catch (error) {
    throw error instanceof Error && (error.message === "computer_changed" || error.message === "too_long") ? new Problem(error.message, 0) : error;
  }
}

/** It is large, and comes when somebody connects. */
const sealInWasm: SealForComputer = async (...what) => {
  const { sealForComputer } = await import("../../e2ee/computer-box.ts");
  return sealForComputer(...what);
};
