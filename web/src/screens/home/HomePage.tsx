import { type JSX, useCallback, useEffect, useRef, useState } from "react";

import { Problem } from "../../api/problem.ts";
import type { Me, Meeting } from "../../api/wire.ts";
import { type Invitation, invitationVerifier, newSecret } from "../../call/invitation.ts";
import { writeFragment } from "../../e2ee/fragment.ts";
import type { World } from "../../call/world.ts";
import { kept, type Place, sharing } from "../../call/sharing.ts";
import { t } from "../../i18n.ts";
import { failureText } from "../failure.ts";
import { useInvitationCopy } from "../use-invitation-copy.ts";
import { useStore } from "../use-store.ts";
import { Home, type HomeActions } from "./Home.tsx";

interface HomePageProps {
  world: World;
  me: Me;
  onSignedOut: () => void;
  /** The server does not know this session any more. Stable. */
  onExpired: () => void;
  onInvitation: (invitation: Invitation) => void;
  /** To the page of the account's browsers. */
  onBrowsers: () => void;
}

/** A meeting that the server may have made already, by what was asked for. */
interface Unsent {
  meeting: string;
  secret: string;
}

const REFRESH_MS = 30_000;

/** Joins the start page to the server. */
export function HomePage({ world, me, onSignedOut, onExpired, onInvitation, onBrowsers }: HomePageProps): JSX.Element {
  const { api, seats } = world;
  const vault = world.vault(me.account);
  const vaultState = useStore(vault.state);
  const [answer, copy] = useInvitationCopy(world);
  const [copiedMeeting, setCopiedMeeting] = useState<string | null>(null);
  const [meetings, setMeetings] = useState<readonly Meeting[] | null>(null);
  const unsent = useRef<Unsent | null>(null);
  const [listFailure, setListFailure] = useState<string | null>(null);
  /** What was made here did not come into the vault. */
  const [isUnshared, setUnshared] = useState(false);

  const refresh = useCallback(async () => {
    try {
      setMeetings(await api.meetings());
      setListFailure(null);
    } catch (error) {
      if (error instanceof Problem && error.status === 401) onExpired();
      else setListFailure(failureText(error));
    }
    // Without an answer its last state stands.
    await vault.refresh().catch(() => {});
  }, [api, vault, onExpired]);

  useEffect(() => world.prepareKeys(), [world]);
  useEffect(() => {
    void refresh();
    const timer = setInterval(() => void refresh(), REFRESH_MS);
    return () => clearInterval(timer);
  }, [refresh]);

  /** What this browser has and the vault has not, and the other way round. */
  useEffect(() => {
    if (meetings === null || vaultState.at !== "open") return;
    const { taken, missing, over } = sharing(meetings, vaultState.content, (code) => seats.invitation(code), Date.now());
    for (const { code, fragment } of taken) seats.keepInvitation(code, fragment);
    if (missing.length > 0) vault.keep(missing).then(() => setUnshared(false), () => setUnshared(true));
    if (over.length > 0) vault.forget(over).catch(() => {});
  }, [meetings, seats, vault, vaultState]);

  function placeOf({ id, code }: Meeting): Place {
    const isShared = vaultState.at === "open" && vaultState.content.meetings.some(({ meeting }) => meeting === id);
    if (isShared) return "shared";
    if (seats.invitation(code) === null) return "elsewhere";
    // On its way into the vault.
    return vaultState.at === "unknown" || (vaultState.at === "open" && !isUnshared) ? "shared" : "here";
  }

  /** With the same secret after a lost answer: the server then knows that it is the same meeting. */
  async function create(title: string, startsAt: Date | null): Promise<Meeting> {
    const facts = { title, ...(startsAt === null ? {} : { starts_at: startsAt.toISOString() }) };
    const wanted = JSON.stringify(facts);
    if (unsent.current?.meeting !== wanted) unsent.current = { meeting: wanted, secret: newSecret() };
    const { secret } = unsent.current;
    const known = await vault.known();
    if (known.at === "failed") throw new Problem("no_keys", 0);
    // Others can't confirm a host whose browser is not among the account's.
    const hostKey = known.at === "open" ? known.content.hostKey : null;
    const meeting = await api.createMeeting({
      ...facts,
      invitation_verifier: await invitationVerifier(secret),
    });
    if (unsent.current?.secret === secret) unsent.current = null;
    seats.keepInvitation(meeting.code, writeFragment({ secret, hostKey }));
    return meeting;
  }

  /** The page goes to the meeting meanwhile; where that fails, the list tries it again and says so. */
  function share(meeting: Meeting): void {
    const fragment = seats.invitation(meeting.code);
    if (fragment !== null) vault.keep([kept(meeting, fragment, Date.now())]).catch(() => {});
  }

  const actions: HomeActions = {
    async startNow() {
      const meeting = await create(t("home.defaultTitle"), null);
      share(meeting);
      onInvitation({ code: meeting.code, secret: null });
    },
    async schedule(title, startsAt) {
      await create(title, startsAt);
      await refresh();
    },
    enter: (meeting) => onInvitation({ code: meeting.code, secret: null }),
    async copyInvitation({ id, title, code }) {
      await copy(title, code);
      setCopiedMeeting(id);
    },
    async end(meeting) {
      await api.end(meeting.id);
      seats.forgetInvitation(meeting.code);
      await refresh();
    },
    async signOut() {
      await api.signOut();
      seats.forgetInvitations();
      world.closeVault();
      onSignedOut();
    },
  };

  return (
    <Home
      me={me}
      meetings={meetings}
      listFailure={listFailure}
      vault={vaultState}
      placeOf={placeOf}
      copied={answer === null || copiedMeeting === null ? null : { meeting: copiedMeeting, answer }}
      actions={actions}
      onInvitation={onInvitation}
      onBrowsers={onBrowsers}
    />
  );
}
