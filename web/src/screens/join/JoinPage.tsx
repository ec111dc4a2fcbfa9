import { type JSX, Suspense, useEffect, useRef, useState } from "react";

import { Problem } from "../../api/problem.ts";
import type { FeedbackQuestion, Me } from "../../api/wire.ts";
import { quietIntent } from "../../call/intent.ts";
import { invitationProof } from "../../call/invitation.ts";
import type { CapturedTracks } from "../../call/preview.ts";
import type { KeptSeat } from "../../call/seats.ts";
import type { Ending, Session } from "../../call/session.ts";
import { playAdmitted } from "../../call/sound.ts";
import type { World } from "../../call/world.ts";
import { Part } from "../crash/ErrorBoundary.tsx";
import { later, laterPart } from "../crash/later.ts";
import { Over } from "../over/Over.tsx";
import type * as RoomPageModule from "../room/RoomPage.tsx";
import { useStore } from "../use-store.ts";
import { Connecting } from "../waiting/Waiting.tsx";
import { WaitingPage } from "../waiting/WaitingPage.tsx";
import { PreJoinPage, type Joining } from "./PreJoinPage.tsx";

const loadRoom = async (): Promise<typeof RoomPageModule.RoomPage> => (await import("../room/RoomPage.tsx")).RoomPage;
const RoomPage = later(loadRoom);
const FeedbackCard = laterPart(async () => (await import("../support/FeedbackCard.tsx")).FeedbackCard);

interface JoinPageProps {
  world: World;
  /** Or the meeting's id, of who comes by emergency access and is told no code. */
  code: string;
  /** `undefined` until the server has said it: somebody with a link need not wait for that. */
  me: Me | null | undefined;
  /** Past lobby and lock, under the account's own name. */
  isByEmergency?: boolean;
  /** They have just started it, and nobody else is there: they come in without a look into the mirror, where they can. */
  joinsAtOnce?: boolean;
  onHome: () => void;
}

/** From an opened invitation to the end of the meeting. A kept seat goes straight back in. */
export function JoinPage({ world, code, me, isByEmergency = false, joinsAtOnce = false, onHome }: JoinPageProps): JSX.Element {
  const [session, setSession] = useState<Session | null>(() => {
    const seat = world.seats.seat(code);
    return seat === null || needsVault(world, code, seat) ? null : openSession(world, code, seat);
  });
  const [hasBeenIn, setBeenIn] = useState(false);
  const [isHelped, setHelped] = useState(() => world.seats.isHelped(code));
  /** A host comes back, and what opens the meeting may be in their vault by now. */
  const [isFetching, setFetching] = useState(() => session === null && world.seats.seat(code) !== null);

  useEffect(() => {
    const seat = world.seats.seat(code);
    if (!isFetching || seat === null) return undefined;
    let isStillHere = true;
    async function open(kept: KeptSeat): Promise<void> {
      await takeFromVault(world, code, kept);
      if (!isStillHere) return;
      setSession(openSession(world, code, kept));
      setFetching(false);
    }
    void open(seat);
    return () => {
      isStillHere = false;
    };
  }, [world, code, isFetching]);

  useEffect(() => {
    if (session === null) return undefined;
    session.start();
    return () => session.close();
  }, [session]);

  useEffect(() => {
    // Codes come again: at the door of a meeting nobody is kept from their devices.
    if (session !== null || !isHelped) return;
    world.api.supportOffer(code).catch((error: unknown) => {
      forgetUnlessHelp(world, code, error);
      setHelped(world.seats.isHelped(code));
    });
  }, [world, code, session, isHelped]);

  const isHere = useRef(true);
  useEffect(() => {
    isHere.current = true;
    return () => {
      isHere.current = false;
    };
  }, []);

  async function join({ name, passcode, take }: Joining): Promise<void> {
    const secret = world.seats.secret(code);
    const proof = secret === null ? {} : { invitation_proof: await invitationProof(secret) };
    if (!isHere.current) return;
    const joined = isByEmergency ? await world.api.enterByEmergency(code) : await world.api.join(code, { display_name: name, ...proof });
    const who = me === undefined ? await world.api.session() : me;
    // A sealed code opens nothing of the account's own, its vault neither.
    const account = who === null || who.emergency_only === true ? null : who.account;
    const seat = { ...joined, name, account };
    if (isHere.current) await takeFromVault(world, code, seat);
    if (isHere.current) {
      world.seats.keepSeat(code, seat);
      world.seats.keepPasscode(code, passcode);
      setSession(openSession(world, code, seat, take()));
    } else if (world.seats.seat(code)?.participant !== joined.participant) {
      // Nobody sits there, unless they came back meanwhile with the same request.
      await world.api.leave(joined).catch(() => {});
    }
  }

  /** With a fresh seat. */
  function again(): void {
    world.seats.forgetSeat(code);
    setBeenIn(true);
    setSession(null);
  }
  /** With the seat that another tab took. */
  function takeBack(): void {
    const seat = world.seats.seat(code);
    setSession(seat === null ? null : openSession(world, code, seat));
  }

  if (isFetching) return <Connecting />;
  if (session === null) {
    return (
      <PreJoinPage
        world={world}
        me={me}
        isByEmergency={isByEmergency}
        isHelped={isHelped}
        isThroughLobby={world.seats.secret(code) === null && me === null}
        takesPasscode={world.seats.secret(code) === null}
        joinsAtOnce={joinsAtOnce && !hasBeenIn && world.seats.secret(code) !== null}
        onJoin={join}
        onShown={() => {
          world.prepareMedia();
          world.prepareKeys();
          void loadRoom().catch(() => {});
        }}
      />
    );
  }
  return <Live world={world} code={code} session={session} mayAppoint={me?.permitted.co_hosts ?? true} onAgain={again} onTakeBack={takeBack} onHome={onHome} />;
}

/** Whoever comes to be helped is neither seen nor heard, in the lobby neither, whatever this tab's meetings want. */
function openSession(world: World, code: string, seat: KeptSeat, captured: CapturedTracks = {}): Session {
  return world.openSession(code, seat, captured, world.seats.isHelped(code) ? quietIntent() : undefined);
}

/** Nobody is helped there by the server's word. */
function forgetUnlessHelp({ seats }: World, code: string, error: unknown): void {
  if (error instanceof Problem && error.code === "support_not_found") seats.forgetHelped(code);
}

/** Signed in, and without what opens the meeting: it may be their own. */
function needsVault(world: World, code: string, { account }: KeptSeat): boolean {
  return account !== null && world.seats.secrets(code).fragment() === null;
}

async function takeFromVault(world: World, code: string, seat: KeptSeat): Promise<void> {
  if (seat.account === null || !needsVault(world, code, seat)) return;
  const fragment = await world.vault(seat.account).fragmentOf(seat.meeting);
  if (fragment !== null) world.seats.keepInvitation(code, fragment);
}

/** Ways to the end of a session in which somebody was helped. */
const AFTER_HELP: ReadonlySet<Ending> = new Set(["ended", "administrator", "host_absent", "too_long"] as const);

interface LiveProps {
  world: World;
  code: string;
  session: Session;
  mayAppoint: boolean;
  onAgain: () => void;
  onTakeBack: () => void;
  onHome: () => void;
}

function Live({ world, code, session, mayAppoint, onAgain, onTakeBack, onHome }: LiveProps): JSX.Element {
  const { phase, meeting } = useStore(session.state);
  const before = useRef(phase.at);
  const how = phase.at === "over" ? phase.how : null;
  const repeats = meeting?.facts?.repeats === true;
  /** Who leaves by themselves is nobody to the server from then on. */
  const [isAsked, setAsked] = useState(false);
  const [questions, setQuestions] = useState<readonly FeedbackQuestion[] | null>(null);
  const isIn = meeting?.admission === "admitted";

  useEffect(() => {
    if (!isIn || !world.seats.isHelped(code)) return;
    // Where they can't be had, what every organisation asks is asked.
    world.api
      .supportTerms(session.seat)
      .then((terms) => setQuestions(terms.questions ?? null))
      .catch((error: unknown) => forgetUnlessHelp(world, code, error));
  }, [world, code, session, isIn]);

  useEffect(() => {
    // Whoever is locked out may come back once the meeting is open.
    if (how !== null && how !== "replaced" && how !== "locked") world.seats.forgetSeat(code);
    // The next of those that follow each other is opened with the same.
    if (how === "ended" && !repeats) world.seats.forgetInvitation(code);
  }, [world, code, how, repeats]);

  useEffect(() => {
    const wasThere = meeting?.admission === "admitted" && how !== null && AFTER_HELP.has(how);
    // Where every session is kept, feedback is sealed, which the helper program alone does.
    if (!wasThere || meeting?.facts?.data_mode === "archive" || !world.seats.isHelped(code)) return;
    // Codes come again.
    world.seats.forgetHelped(code);
    setAsked(true);
  }, [world, code, how, meeting]);

  useEffect(() => {
    if (before.current === "waiting" && phase.at === "inside") void playAdmitted(session.intent.get().speakerId);
    before.current = phase.at;
  }, [session, phase.at]);

  switch (phase.at) {
    case "connecting":
      return <Connecting />;
    case "waiting":
      return <WaitingPage session={session} why={phase.why} isHelped={world.seats.isHelped(code)} />;
    case "inside":
      return (
        <Suspense fallback={<Connecting />}>
          <RoomPage world={world} code={code} session={session} mayAppoint={mayAppoint} />
        </Suspense>
      );
    case "over":
      return (
        <Over how={phase.how} onAgain={onAgain} onTakeBack={onTakeBack} onHome={onHome}>
          {isAsked && (
            <Part>
              <FeedbackCard questions={questions} onSay={(feedback) => world.api.judgeSupport(session.seat, feedback)} />
            </Part>
          )}
        </Over>
      );
  }
}
