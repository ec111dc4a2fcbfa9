import { type JSX, useCallback, useEffect, useRef, useState } from "react";

import { Problem } from "../../api/problem.ts";
import type { Me, Meeting } from "../../api/wire.ts";
import { type Invitation, invitationVerifier, newSecret } from "../../call/invitation.ts";
import { writeFragment } from "../../e2ee/fragment.ts";
import type { World } from "../../call/world.ts";
import { t } from "../../i18n.ts";
import { failureText } from "../failure.ts";
import { useInvitationCopy } from "../use-invitation-copy.ts";
import { Home, type HomeActions } from "./Home.tsx";

interface HomePageProps {
  world: World;
  me: Me;
  onSignedOut: () => void;
  /** The server does not know this session any more. Stable. */
  onExpired: () => void;
  onInvitation: (invitation: Invitation) => void;
}

/** A meeting that the server may have made already, by what was asked for. */
interface Unsent {
  meeting: string;
  secret: string;
}

const REFRESH_MS = 30_000;

/** Joins the start page to the server. */
export function HomePage({ world, me, onSignedOut, onExpired, onInvitation }: HomePageProps): JSX.Element {
  const { api, seats } = world;
  const [answer, copy] = useInvitationCopy(world);
  const [copiedMeeting, setCopiedMeeting] = useState<string | null>(null);
  const [meetings, setMeetings] = useState<readonly Meeting[] | null>(null);
  const unsent = useRef<Unsent | null>(null);
  const [listFailure, setListFailure] = useState<string | null>(null);

  const refresh = useCallback(async () => {
    try {
      setMeetings(await api.meetings());
      setListFailure(null);
    } catch (error) {
      if (error instanceof Problem && error.status === 401) onExpired();
      else setListFailure(failureText(error));
    }
  }, [api, onExpired]);

  useEffect(() => world.prepareKeys(), [world]);
  useEffect(() => {
    void refresh();
    const timer = setInterval(() => void refresh(), REFRESH_MS);
    return () => clearInterval(timer);
  }, [refresh]);

  /** With the same secret after a lost answer: the server then knows that it is the same meeting. */
  async function create(title: string, startsAt: Date | null): Promise<Meeting> {
    const facts = { title, ...(startsAt === null ? {} : { starts_at: startsAt.toISOString() }) };
    const wanted = JSON.stringify(facts);
    if (unsent.current?.meeting !== wanted) unsent.current = { meeting: wanted, secret: newSecret() };
    const { secret } = unsent.current;
    const hostKey = await world.hostKey(me.account).catch(() => {
      throw new Problem("no_keys", 0);
    });
    const meeting = await api.createMeeting({
      ...facts,
      invitation_verifier: await invitationVerifier(secret),
    });
    if (unsent.current?.secret === secret) unsent.current = null;
    seats.keepInvitation(meeting.code, writeFragment({ secret, hostKey }));
    return meeting;
  }

  const actions: HomeActions = {
    async startNow() {
      const meeting = await create(t("home.defaultTitle"), null);
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
      onSignedOut();
    },
  };

  return (
    <Home
      me={me}
      meetings={meetings}
      listFailure={listFailure}
      copied={answer === null || copiedMeeting === null ? null : { meeting: copiedMeeting, answer }}
      actions={actions}
      onInvitation={onInvitation}
    />
  );
}
