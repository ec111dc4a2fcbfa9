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

/** Whoever asks is on the page before anybody looks twice. */
const REFRESH_MS = 4_000;

/** Joins who waits to the server, and to what seals a session's link for them. */
export function QueuePart({ world: { api }, onMake, onOpen, routes: given, seal = sealInWasm }: QueuePartProps): JSX.Element {
  const [routes] = useState(() => given ?? queueRoutes());
  const [waiting, setWaiting] = useState<readonly Waiting[] | null>(null);
  const { say } = useAnnouncer();
  const known = useRef<ReadonlySet<string>>(new Set());
  /** What the server may have given them already, by their request. */
  const unsent = useRef(new Map<string, Gift>());

  const refresh = useCallback(async () => {
    try {
      const found = await Promise.all((await routes.helpRequests()).map(numbered));
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
    const { given, command } = gift;
    unsent.current.set(id, gift);
    try {
      await routes.takeHelp(id, given, command);
    } catch (error) {
      // Without an answer it may have been given: the next try asks the same.
      if (error instanceof Problem && error.status > 0) {
        unsent.current.delete(id);
        await endSession(api, given.session).catch(() => {});
      }
      throw error;
    }
    unsent.current.delete(id);
    return given.session;
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

  return <Queue waiting={waiting} onHelp={help} />;
}

async function numbered(request: HelpRequest): Promise<Waiting> {
  return { ...request, number: await helpNumber(request.key) };
}

/** It is large, and comes when somebody is taken. */
const sealInWasm: SealForAsker = async (...what) => {
  const { sealForAsker } = await import("../../e2ee/help-box.ts");
  return sealForAsker(...what);
};
