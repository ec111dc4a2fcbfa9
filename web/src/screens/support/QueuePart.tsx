import { type JSX, useCallback, useEffect, useRef, useState } from "react";

import { Problem } from "../../api/problem.ts";
import { type QueueRoutes, queueRoutes } from "../../api/support-queue.ts";
import type { HelpRequest, SupportSession, TakeRequest } from "../../api/wire.ts";
import type { World } from "../../call/world.ts";
import type { SealForAsker } from "../../e2ee/help-box.ts";
import { helpNumber } from "../../e2ee/help-number.ts";
import { addTexts, t } from "../../i18n.ts";
import { supportQueue } from "../../locales/support-queue.ts";
import { useAnnouncer } from "../../ui/announcer.tsx";
import { endSession } from "./end-session.ts";
import { Queue, type Waiting } from "./Queue.tsx";

addTexts(supportQueue);

/** A session, and what opens it. */
export interface Made {
  session: Pick<SupportSession, "id" | "meeting">;
  fragment: string;
}

interface QueuePartProps {
  world: Pick<World, "api">;
  onMake: () => Promise<Made>;
  /** To the console of the session that they are helped in. */
  onOpen: (session: string) => void;
  /** For tests. */
  routes?: QueueRoutes;
  seal?: SealForAsker;
}

/** What is given to somebody, and under which key. */
interface Gift {
  given: TakeRequest;
  command: string;
}

/** The key that somebody was first listed with. */
interface FirstKey {
  key: string;
  /** Another was listed since: by nobody who is honest. */
  isChanged: boolean;
}

/** Whoever asks is on the page before anybody looks twice. */
const REFRESH_MS = 4_000;
/** At once: who was given their session is in the list no more, so that nobody could press again. */
const MOST_TRIES = 3;

/** Joins who waits to the server, and to what seals a session's link for them. */
export function QueuePart({ world: { api }, onMake, onOpen, routes: given, seal = sealInWasm }: QueuePartProps): JSX.Element {
  const [routes] = useState(() => given ?? queueRoutes());
  const [waiting, setWaiting] = useState<readonly Waiting[] | null>(null);
  const { say } = useAnnouncer();
  const known = useRef<ReadonlySet<string>>(new Set());
  /** What the server may have given them already, by their request. */
  const unsent = useRef(new Map<string, Gift>());
  /** By request, also of those who are listed no more: what was compared is what is sealed to. */
  const keys = useRef(new Map<string, FirstKey>());
  const turns = useRef({ asked: 0, shown: 0 });

  const refresh = useCallback(async () => {
    const turn = (turns.current.asked += 1);
    try {
      const listed = await routes.helpRequests();
      const found = await Promise.all(listed.map((request) => numbered(request, firstKey(keys.current, request))));
      // A later answer may have been quicker.
      if (turn < turns.current.shown) return;
      turns.current.shown = turn;
      if (found.some(({ id }) => !known.current.has(id))) say(t("queue.new"));
      known.current = new Set(found.map(({ id }) => id));
      setWaiting(found);
    } catch (error) {
      // The list of sessions beside it says that it can't be loaded.
      if (!(error instanceof Problem)) throw error;
    }
  }, [routes, say]);
  useEffect(() => {
    void refresh();
    const timer = setInterval(() => void refresh(), REFRESH_MS);
    return () => clearInterval(timer);
  }, [refresh]);

  /** Nobody else takes them while a session is made; what can't be given to them is ended. */
  async function give({ id, key }: Waiting): Promise<string> {
    const before = unsent.current.get(id);
    if (before === undefined) await routes.claimHelp(id);
    const gift = before ?? { given: await sealed({ id, key }), command: crypto.randomUUID() };
    const { given } = gift;
    unsent.current.set(id, gift);
    try {
      await take(id, gift);
    } catch (error) {
      // Without an answer it may have been given: the next press asks the same.
      if (error instanceof Problem && error.status > 0) {
        unsent.current.delete(id);
        await endSession(api, given.session).catch(() => {});
      }
      throw error;
    }
    unsent.current.delete(id);
    return given.session;
  }

  async function take(id: string, { given, command }: Gift): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        await routes.takeHelp(id, given, command);
        return;
      } catch (error) {
        if (tries === MOST_TRIES || !(error instanceof Problem && error.status === 0)) throw error;
      }
    }
  }

  async function sealed(request: Pick<HelpRequest, "id" | "key">): Promise<TakeRequest> {
    const { session, fragment } = await onMake();
    try {
      return { session: session.id, sealed: await seal(request, session, fragment) };
    } catch (error) {
      await endSession(api, session.id).catch(() => {});
      throw error instanceof Error && error.message === "request_key" ? new Problem(error.message, 0) : error;
    }
  }

  async function help(request: Waiting): Promise<void> {
    try {
      onOpen(await give(request));
      say(t("queue.taken"));
    } finally {
      await refresh();
    }
  }

  /** Who is turned away was given nothing: a session whose answer was lost goes to nobody. */
  async function decline({ id }: Waiting): Promise<void> {
    try {
      await routes.declineHelp(id);
      const lost = unsent.current.get(id);
      unsent.current.delete(id);
      if (lost !== undefined) await endSession(api, lost.given.session).catch(() => {});
      say(t("queue.declined"));
    } finally {
      await refresh();
    }
  }

  return <Queue waiting={waiting} onHelp={help} onDecline={decline} />;
}

function firstKey(keys: Map<string, FirstKey>, { id, key }: HelpRequest): FirstKey {
  const before = keys.get(id) ?? { key, isChanged: false };
  const first = { key: before.key, isChanged: before.isChanged || before.key !== key };
  keys.set(id, first);
  return first;
}

async function numbered(request: HelpRequest, { key, isChanged }: FirstKey): Promise<Waiting> {
  return { ...request, key, isChanged, number: await helpNumber(key) };
}

/** It is large, and comes when somebody is taken. */
const sealInWasm: SealForAsker = async (...what) => {
  const { sealForAsker } = await import("../../e2ee/help-box.ts");
  return sealForAsker(...what);
};
