import { type JSX, useCallback, useEffect, useRef, useState } from "react";

import { Problem } from "../../api/problem.ts";
import type { Me, Meeting, Schedule } from "../../api/wire.ts";
import { calendarFile } from "../../call/calendar.ts";
import { type Invitation, invitationLink, invitationVerifier, newSecret } from "../../call/invitation.ts";
import { writeFragment } from "../../e2ee/fragment.ts";
import type { World } from "../../call/world.ts";
import { kept, type Place, sharing } from "../../call/sharing.ts";
import { t } from "../../i18n.ts";
import { failureText } from "../failure.ts";
import { invitationSteps } from "../invitation-text.ts";
import { whenText } from "../schedule-text.ts";
import { invitationFacts, useInvitationCopy } from "../use-invitation-copy.ts";
import { useStore } from "../use-store.ts";
import { Home, type HomeActions } from "./Home.tsx";
import type { EntryDoor } from "./entry-door.ts";
import type { OwnTimeOuts } from "./time-outs.ts";

interface HomePageProps {
  world: World;
  me: Me;
  onSignedOut: () => void;
  /** The server does not know this session any more. Stable. */
  onExpired: () => void;
  /** `isStarted`: of a meeting that was made for now a moment ago. */
  onInvitation: (invitation: Invitation, isStarted?: boolean) => void;
  /** To the page of the account's browsers. */
  onBrowsers: () => void;
  /** To the page of the organisation's people. */
  onPeople: () => void;
}

/** A meeting that the server may have made already, by what was asked for. */
interface Unsent {
  meeting: string;
  secret: string;
}

const REFRESH_MS = 30_000;

/** Joins the start page to the server. */
export function HomePage({ world, me, onSignedOut, onExpired, onInvitation, onBrowsers, onPeople }: HomePageProps): JSX.Element {
  const { api, seats } = world;
  const vault = world.vault(me.account);
  const vaultState = useStore(vault.state);
  const [answer, copy] = useInvitationCopy(world);
  const [copiedMeeting, setCopiedMeeting] = useState<string | null>(null);
  const [meetings, setMeetings] = useState<readonly Meeting[] | null>(null);
  const [now, setNow] = useState(() => Date.now());
  const [cancelled, setCancelled] = useState<{ meeting: Meeting; start: string; begins: string } | null>(null);
  const unsent = useRef<Unsent | null>(null);
  const [listFailure, setListFailure] = useState<string | null>(null);
  /** What was made here did not come into the vault. */
  const [isUnshared, setUnshared] = useState(false);

  const refresh = useCallback(async () => {
    try {
      setMeetings(await api.meetings());
      setNow(Date.now());
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
  async function create(title: string, schedule: Schedule | null, door: EntryDoor & OwnTimeOuts): Promise<Meeting> {
    const facts = { title, ...door, ...(schedule === null ? {} : { schedule }) };
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

  /** The same meeting, with other times cancelled. */
  async function rewrite({ id, sequence, title, schedule, entry, uninvited }: Meeting, change: (starts: string[]) => string[]): Promise<Meeting | null> {
    if (schedule === undefined || schedule === null) return null;
    const changed = { ...schedule, cancelled: change(schedule.cancelled ?? []) };
    return await api.changeMeeting(id, { sequence, title, schedule: changed, entry, uninvited }).finally(refresh);
  }

  const actions: HomeActions = {
    async startNow() {
      const meeting = await create(t("home.defaultTitle"), null, {});
      share(meeting);
      onInvitation({ code: meeting.code, secret: null }, true);
    },
    async schedule(title, schedule, door, timeOuts) {
      await create(title, schedule, { ...door, ...timeOuts });
      await refresh();
    },
    async change({ id, sequence }, title, schedule, { entry, uninvited }, timeOuts) {
      await api.changeMeeting(id, { sequence, title, schedule, entry: entry ?? "link", uninvited: uninvited ?? "wait", ...timeOuts }).finally(refresh);
    },
    async cancelOne(meeting, { start, begins }) {
      const changed = await rewrite(meeting, (starts) => [...starts, start]);
      setCancelled(changed === null ? null : { meeting: changed, start, begins });
    },
    async restoreOne() {
      if (cancelled === null) return;
      const { meeting, start: wanted } = cancelled;
      await rewrite(meeting, (starts) => starts.filter((start) => start !== wanted));
      setCancelled(null);
    },
    async cancel({ id, sequence }) {
      await api.cancelMeeting(id, sequence).finally(refresh);
    },
    invited: {
      read: ({ id }) => api.invited(id),
      add: async ({ id }, email) => void (await api.inviteToMeeting(id, email)),
      remove: async ({ id }, email) => void (await api.uninvite(id, email)),
    },
    enter: (meeting) => onInvitation({ code: meeting.code, secret: null }),
    async copyInvitation({ id, title, code, schedule, starts_at, passcode_number: passcodeNumber = 0 }, level) {
      await copy({ title, code, when: whenText(schedule ?? null, starts_at ?? null), passcodeNumber }, level);
      setCopiedMeeting(id);
    },
    async saveCalendar({ series, title, code, starts_at, schedule, sequence, state, last_begins, passcode_number: passcodeNumber = 0 }) {
      if (typeof starts_at !== "string") return;
      const facts = await invitationFacts(world, { title, code, passcodeNumber });
      const link = facts.secret?.link ?? invitationLink(world.origin, code, null);
      const file = calendarFile({
        uid: `${series}@${new URL(world.origin).host}`,
        title,
        description: invitationSteps(facts, whenText(schedule ?? null, starts_at)),
        link,
        startsAt: new Date(starts_at),
        schedule: schedule ?? null,
        sequence,
        isCancelled: state === "ended",
        lastBegins: typeof last_begins === "string" ? new Date(last_begins) : null,
        now: new Date(),
      });
      world.save(`${code}.ics`, "text/calendar", file);
    },
    async end(meeting) {
      await api.end(meeting.id);
      // The next of those that follow each other is opened with the same.
      if (meeting.state !== "live" || (meeting.schedule?.repeats ?? null) === null) seats.forgetInvitation(meeting.code);
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
      now={now}
      listFailure={listFailure}
      cancelled={cancelled === null ? null : { title: cancelled.meeting.title, begins: cancelled.begins }}
      vault={vaultState}
      placeOf={placeOf}
      copied={answer === null || copiedMeeting === null ? null : { meeting: copiedMeeting, answer }}
      actions={actions}
      onInvitation={onInvitation}
      onBrowsers={onBrowsers}
      onPeople={onPeople}
    />
  );
}
