import { type JSX, type RefObject, useCallback, useEffect, useRef, useState } from "react";

import { Problem } from "../../api/problem.ts";
import type { Me, SupportSession } from "../../api/wire.ts";
import { type Invitation, invitationVerifier, newSecret } from "../../call/invitation.ts";
import type { World } from "../../call/world.ts";
import { writeFragment } from "../../e2ee/fragment.ts";
import { addTexts, t } from "../../i18n.ts";
import { support } from "../../locales/support.ts";
import { useAnnouncer } from "../../ui/announcer.tsx";
import { holdsSupport } from "../admin/may.ts";
import { Part } from "../crash/ErrorBoundary.tsx";
import { laterPart } from "../crash/later.ts";
import type { CopyAnswer } from "../use-invitation-copy.ts";
import { useStore } from "../use-store.ts";
import { endSession } from "./end-session.ts";
import type { Made } from "./QueuePart.tsx";
import { Support } from "./Support.tsx";
import { helperCommand, helpLink, spokenDigits } from "./support-link.ts";
import { UnattendedPart } from "./UnattendedPart.tsx";

addTexts(support);

/** Few organisations have a queue. */
const QueuePart = laterPart(async () => (await import("./QueuePart.tsx")).QueuePart);

interface SupportPageProps {
  world: World;
  me: Me;
  onHome: () => void;
  /** To a colleague's session. */
  onJoin: (code: string) => void;
  /** To a session of one's own. */
  onOpen: (session: string) => void;
  /** The server does not know this session any more. Stable. */
  onExpired: () => void;
}

/** Whoever used a code is on the page before anybody looks twice. */
const REFRESH_MS = 4_000;
/** Of what opens a session: longer than one may last. */
const KEPT_SECONDS = 2 * 86_400;

/** Joins a technician's list to the server. Its asking keeps no session open. */
export function SupportPage({ world, me, onHome, onJoin, onOpen, onExpired }: SupportPageProps): JSX.Element {
  const { api, origin, seats } = world;
  const vault = world.vault(me.account);
  const vaultState = useStore(vault.state);
  const { say } = useAnnouncer();
  const [sessions, setSessions] = useState<readonly SupportSession[] | null>(null);
  const [now, setNow] = useState(() => Date.now());
  const [failure, setFailure] = useState<"offline" | "refused" | null>(null);
  const [copied, setCopied] = useState<{ session: string; answer: CopyAnswer } | null>(null);
  /** Of sessions that the server may have made already: one for whoever gets a code, and one for somebody in the queue. */
  const unsent = useRef<string | null>(null);
  const unsentToQueue = useRef<string | null>(null);

  const refresh = useCallback(async () => {
    setNow(Date.now());
    try {
      setSessions(await api.supportSessions());
      setFailure(null);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.status === 401) onExpired();
      else setFailure(error.status === 403 ? "refused" : "offline");
    }
  }, [api, onExpired]);

  useEffect(() => {
    world.prepareKeys();
    void vault.known();
  }, [world, vault]);
  useEffect(() => {
    void refresh();
    const timer = setInterval(() => void refresh(), REFRESH_MS);
    return () => clearInterval(timer);
  }, [refresh]);

  /** What opens a session that is over is of no use to anybody. */
  useEffect(() => {
    const over = (sessions ?? []).filter(({ state }) => state.state === "ended" || state.state === "expired");
    for (const { code } of over) if (seats.invitation(code) !== null && !isInUse(sessions ?? [], code)) seats.forgetInvitation(code);
    if (vaultState.at !== "open") return;
    const inVault = new Set(vaultState.content.meetings.map(({ meeting }) => meeting));
    const kept = over.filter(({ meeting }) => inVault.has(meeting)).map(({ meeting }) => meeting);
    if (kept.length > 0) vault.forget(kept).catch(() => {});
  }, [sessions, seats, vault, vaultState]);

  function fragmentOf({ meeting, code }: SupportSession): string | null {
    const shared = vaultState.at === "open" ? vaultState.content.meetings.find((kept) => kept.meeting === meeting) : undefined;
    return seats.invitation(code) ?? shared?.fragment ?? null;
  }

  /** With the same secret after a lost answer: the server then knows that it is the same session. */
  async function begin(kept: RefObject<string | null>): Promise<Made & { session: SupportSession }> {
    kept.current ??= newSecret();
    const secret = kept.current;
    const known = await vault.known();
    if (known.at === "failed") throw new Problem("no_keys", 0);
    const session = await api.openSupport({ invitation_verifier: await invitationVerifier(secret) });
    if (kept.current === secret) kept.current = null;
    const fragment = writeFragment({ secret, hostKey: known.at === "open" ? known.content.hostKey : null });
    seats.keepInvitation(session.code, fragment);
    const until = Math.floor(Date.now() / 1_000) + KEPT_SECONDS;
    vault.keep([{ meeting: session.meeting, fragment, passcode: null, until }]).catch(() => {});
    return { session, fragment };
  }

  async function make(): Promise<void> {
    const { session } = await begin(unsent);
    say(t("support.opened", { digits: spokenDigits(session.code) }));
    await refresh();
  }

  async function copy({ id, code }: SupportSession, text: string, what: "link" | "command"): Promise<void> {
    const isCopied = await world.copy(text);
    setCopied({ session: id, answer: { isCopied, text: isCopied ? t(`support.copied.${what}`) : t("support.copied.not", { code }) } });
  }

  return (
    <Support
      isPermitted={holdsSupport(me.role, me.permitted)}
      origin={origin}
      sessions={sessions}
      now={now}
      fragmentOf={fragmentOf}
      copied={copied}
      failure={failure}
      queue={
        holdsSupport(me.role, me.permitted) &&
        me.permitted.support_queue && (
          <Part>
            <QueuePart world={world} onMake={() => begin(unsentToQueue)} onOpen={onOpen} />
          </Part>
        )
      }
      computers={holdsSupport(me.role, me.permitted) && me.permitted.support_unattended && <UnattendedPart world={world} me={me} onOpen={onOpen} />}
      actions={{
        make,
        copyLink: (session) => copy(session, helpLink(origin, session.code, fragmentOf(session)), "link"),
        copyCommand: (session) => copy(session, helperCommand(origin, session.code, fragmentOf(session)), "command"),
        async end({ id }) {
          await endSession(api, id);
          say(t("support.ended"));
          await refresh();
        },
        join({ code, secret }: Invitation) {
          if (secret !== null) seats.keepSecret(code, secret);
          onJoin(code);
        },
        goHome: onHome,
      }}
    />
  );
}

/** Codes come again. */
function isInUse(sessions: readonly SupportSession[], code: string): boolean {
  return sessions.some((session) => session.code === code && (session.state.state === "waiting" || session.state.state === "connected"));
}
