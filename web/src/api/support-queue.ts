/**
 * Who asks for help, and who takes them or turns them away. They come with the pages that have these, and bring their own way to the server: what
 * every other route goes through is loaded by whoever only joins a meeting, and stays as it is.
 */

import { Problem } from "./problem.ts";
import type { AskForHelp, HelpAsked, HelpRequest, HelpRequests, HelpStanding, TakeRequest } from "./wire.ts";

export type QueueRoutes = ReturnType<typeof queueRoutes>;

interface Call {
  body?: unknown;
  /** Of who asked. */
  token?: string;
  /** The same for the same command, so that it is not done twice. */
  key?: string;
  /** Goes out also where the page goes. */
  keepalive?: boolean;
}

const PATH = "/api/v1/support/requests";
/** As for every route. */
const ANSWER_LIMIT_MS = 15_000;

export function queueRoutes(fetcher: typeof fetch = fetch.bind(globalThis)) {
  async function send(method: string, path: string, { body, token, key, keepalive = false }: Call = {}): Promise<unknown> {
    const headers = new Headers({ Accept: "application/json" });
    if (body !== undefined) headers.set("Content-Type", "application/json");
    if (token !== undefined) headers.set("Authorization", `Bearer ${token}`);
    if (key !== undefined) headers.set("Idempotency-Key", key);
    const request: RequestInit = { method, headers, cache: "no-store", keepalive, signal: AbortSignal.timeout(ANSWER_LIMIT_MS) };
    if (body !== undefined) request.body = JSON.stringify(body);
    try {
      const response = await fetcher(`${PATH}${path}`, request);
      const text = await response.text();
      if (!response.ok) throw refusal(response.status, text);
      return text === "" ? undefined : JSON.parse(text);
    } catch (error) {
      throw error instanceof Problem ? error : new Problem("offline", 0);
    }
  }
  return {
    askForHelp: async (body: AskForHelp) => (await send("POST", "", { body })) as HelpAsked,

    /** By the token that asking gave. Who does not ask this for two minutes waits no longer. */
    helpStanding: async ({ id, token }: HelpAsked) => (await send("GET", `/${id}`, { token })) as HelpStanding,

    withdrawHelp: async ({ id, token }: HelpAsked): Promise<void> => {
      await send("DELETE", `/${id}`, { token, keepalive: true });
    },

    /** Who asked first is first. Asking keeps no session open. */
    helpRequests: async (): Promise<HelpRequest[]> => {
      const { requests } = (await send("GET", "")) as HelpRequests;
      return requests;
    },

    /** Nobody else takes them for half a minute. */
    claimHelp: async (request: string): Promise<void> => {
      await send("POST", `/${request}/claim`);
    },

    /** Whom another technician takes is not turned away. */
    declineHelp: async (request: string): Promise<void> => {
      await send("POST", `/${request}/decline`);
    },

    /** Under one key it is done once, however often it is said. */
    takeHelp: async (request: string, body: TakeRequest, key: string): Promise<void> => {
      await send("POST", `/${request}/take`, { body, key });
    },
  };
}

/** A gateway's own page says nothing. */
function refusal(status: number, text: string): Problem {
  try {
    const { code, retry_after: wait } = JSON.parse(text) as { code?: unknown; retry_after?: unknown };
    if (typeof code === "string") return new Problem(code, status, typeof wait === "number" ? wait : undefined);
  } catch {
    // Below.
  }
  return new Problem(status >= 500 ? "offline" : "unexpected", status >= 500 ? 0 : status);
}
