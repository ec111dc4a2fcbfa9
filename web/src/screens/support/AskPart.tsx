import { type JSX, useEffect, useRef, useState } from "react";

import { Problem } from "../../api/problem.ts";
import { type QueueRoutes, queueRoutes } from "../../api/support-queue.ts";
import type { HelpAsked, HelpStanding } from "../../api/wire.ts";
import { type Invitation, readSecret } from "../../call/invitation.ts";
import type { World } from "../../call/world.ts";
import type { RequestKeys } from "../../e2ee/help-box.ts";
import { helpNumber } from "../../e2ee/help-number.ts";
import { addTexts, t } from "../../i18n.ts";
import { supportQueue } from "../../locales/support-queue.ts";
import { Ask } from "./Ask.tsx";

addTexts(supportQueue);

interface AskPartProps {
  world: Pick<World, "api">;
  /** With what a technician's link holds. */
  onTaken: (invitation: Invitation) => void;
  /** For tests. */
  routes?: QueueRoutes;
  makeKeys?: () => Promise<RequestKeys>;
}

interface Asked extends HelpAsked {
  keys: RequestKeys;
  number: string;
}

/** Somebody who waits likes to be told soon. */
const REFRESH_MS = 4_000;
const NOT_FOUND = "support_request_not_found";
const OFF = "queue_off";

/** Joins asking for help to the server, where the organisation has a queue. Who leaves the page waits no longer. */
export function AskPart({ world: { api }, onTaken, routes: given, makeKeys = keysInWasm }: AskPartProps): JSX.Element | null {
  const [routes] = useState(() => given ?? queueRoutes());
  const [isOpen, setOpen] = useState(false);
  const [asked, setAsked] = useState<Asked | null>(null);
  const [place, setPlace] = useState<number | null>(null);
  const [isOffline, setOffline] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  /** Who is still to be withdrawn when the page goes. */
  const waiting = useRef<Asked | null>(null);
  const isGone = useRef(false);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    async function look(): Promise<void> {
      const answer = await isQueueOpen(api);
      if (isOver) return;
      if (answer === null) timer = setTimeout(() => void look(), REFRESH_MS);
      else setOpen(answer);
    }
    void look();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [api]);

  useEffect(() => {
    isGone.current = false;
    // The browser may keep the page for whoever comes back to it: its key stays.
    const leave = (): void => forget(routes, waiting.current);
    addEventListener("pagehide", leave);
    return () => {
      isGone.current = true;
      removeEventListener("pagehide", leave);
      withdraw(routes, waiting.current);
      waiting.current = null;
    };
  }, [routes]);

  useEffect(() => {
    if (asked === null) return;
    let isOver = false;
    /** They wait no longer, for whatever reason. */
    function end(why: string | null): void {
      isOver = true;
      waiting.current = null;
      setAsked(null);
      setFailure(why);
    }
    function hear(standing: HelpStanding): void {
      if (standing.state === "waiting") {
        setPlace(standing.place);
        return;
      }
      if (standing.state === "declined") {
        asked?.keys.end();
        end(t("help.queue.declined"));
        return;
      }
      // Of a later server.
      if (standing.state !== "taken") {
        withdraw(routes, asked);
        end(t("help.queue.over"));
        return;
      }
      const secret = readSecret(asked?.keys.open(asked.id, standing) ?? "");
      asked?.keys.end();
      end(secret === null ? t("help.queue.broken") : null);
      if (secret !== null) onTaken({ code: standing.code, secret });
    }
    async function look({ id, token, keys }: Asked): Promise<void> {
      try {
        const standing = await routes.helpStanding({ id, token });
        if (isOver) return;
        setOffline(false);
        hear(standing);
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        if (isOver) return;
        // A gateway has pages of its own, and they say nothing of this.
        const isLost = error.code === NOT_FOUND || error.code === OFF;
        setOffline(!isLost);
        if (!isLost) return;
        // Where nobody waits any more, their name is not to stay either.
        if (error.code === OFF) withdraw(routes, { id, token, keys });
        else keys.end();
        end(error.code === OFF ? t("help.queue.off") : t("help.queue.over"));
      }
    }
    const refresh = (): void => void look(asked);
    refresh();
    const timer = setInterval(refresh, REFRESH_MS);
    // A browser lets a page that nobody looks at do little.
    document.addEventListener("visibilitychange", refresh);
    return () => {
      isOver = true;
      clearInterval(timer);
      document.removeEventListener("visibilitychange", refresh);
    };
  }, [asked, routes]);

  async function ask(name: string, matter: string): Promise<void> {
    const keys = await makeKeys();
    let made: Asked;
    try {
      const number = await helpNumber(keys.key);
      const { id, token } = await routes.askForHelp({ name, matter: matter === "" ? null : matter, key: keys.key });
      made = { id, token, keys, number };
    } catch (error) {
      keys.end();
      throw error;
    }
    if (isGone.current) {
      withdraw(routes, made);
      return;
    }
    waiting.current = made;
    setPlace(null);
    setOffline(false);
    setFailure(null);
    setAsked(made);
  }

  function stop(): void {
    withdraw(routes, waiting.current);
    waiting.current = null;
    setAsked(null);
  }

  if (!isOpen) return null;
  const line = asked === null ? null : { place, number: asked.number, isOffline };
  return <Ask line={line} failure={failure} onAsk={ask} onStop={stop} />;
}

/** `null` where the server did not say. */
async function isQueueOpen(api: World["api"]): Promise<boolean | null> {
  try {
    return (await api.server()).takes_support_requests;
  } catch (error) {
    if (error instanceof Problem) return null;
    throw error;
  }
}

function withdraw(routes: QueueRoutes, asked: Pick<Asked, "id" | "token" | "keys"> | null): void {
  asked?.keys.end();
  forget(routes, asked);
}

/** Best effort: whose page is gone waits for two more minutes at the most. */
function forget(routes: QueueRoutes, asked: HelpAsked | null): void {
  if (asked !== null) routes.withdrawHelp({ id: asked.id, token: asked.token }).catch(() => {});
}

/** It is large, and comes when somebody asks. */
async function keysInWasm(): Promise<RequestKeys> {
  const { makeRequestKeys } = await import("../../e2ee/help-box.ts");
  return makeRequestKeys();
}
