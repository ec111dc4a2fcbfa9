/** What every route is asked through: a request, and its answer or a `Problem`. */

import { OFFLINE, Problem, problemOf, UNEXPECTED } from "./problem.ts";
import type { CommandDone } from "./wire.ts";

/** What a participant's commands are authenticated with. */
export interface Seat {
  meeting: string;
  credential: string;
}

interface Call {
  method: "GET" | "POST" | "PUT" | "DELETE";
  path: string;
  body?: unknown;
  credential?: string;
  /** A command may be repeated without being done twice. */
  isCommand?: boolean;
}

/** Longer than a slow phone takes, shorter than somebody stares at a page that does nothing. */
const ANSWER_LIMIT_MS = 15_000;
const MOST_UNANSWERED = 32;
/** For a file that may be large. */
const FILE_LIMIT_MS = 300_000;

export class Requests {
  readonly #fetch: typeof fetch;
  /** The keys of commands that got no answer: doing one again is the same command. */
  readonly #unanswered = new Map<string, string>();

  constructor(fetcher: typeof fetch) {
    this.#fetch = fetcher;
  }

  async json<T>(call: Call): Promise<T> {
    return (await this.#send(call)) as T;
  }

  async nothing(call: Call): Promise<void> {
    await this.#send(call);
  }

  command<T = CommandDone>({ meeting, credential }: Seat, name: string): Promise<T> {
    return this.json({ method: "POST", path: `meetings/${meeting}/${name}`, credential, isCommand: true });
  }

  async text(path: string): Promise<string> {
    return (await this.#answer(path, { method: "GET", cache: "no-store" }, (response) => response.text())) as string;
  }

  async bytes(path: string): Promise<Uint8Array> {
    const request: RequestInit = { method: "GET", cache: "no-store" };
    const bytes = await this.#answer(path, request, (response) => response.arrayBuffer(), FILE_LIMIT_MS);
    return new Uint8Array(bytes as ArrayBuffer);
  }

  /** One that the server makes of what is asked. */
  async file(path: string, body: unknown): Promise<Blob> {
    const headers = { "Content-Type": "application/json" };
    const request: RequestInit = { method: "POST", headers, cache: "no-store", body: JSON.stringify(body) };
    return (await this.#answer(path, request, (response) => response.blob(), FILE_LIMIT_MS)) as Blob;
  }

  async #send({ method, path, body, credential, isCommand }: Call): Promise<unknown> {
    const headers = new Headers({ Accept: "application/json" });
    if (body !== undefined) headers.set("Content-Type", "application/json");
    if (credential !== undefined) headers.set("Authorization", `Bearer ${credential}`);
    const request: RequestInit = { method, headers, cache: "no-store" };
    if (body !== undefined) request.body = JSON.stringify(body);
    if (isCommand !== true) return await this.#answer(path, request);

    const intention = `${method} ${path} ${credential ?? ""} ${JSON.stringify(body)}`;
    headers.set("Idempotency-Key", this.#keyOf(intention));
    try {
      const answer = await this.#answer(path, request);
      this.#unanswered.delete(intention);
      return answer;
    } catch (error) {
      if (error instanceof Problem && isAnswer(error)) this.#unanswered.delete(intention);
      throw error;
    }
  }

  #keyOf(intention: string): string {
    const key = this.#unanswered.get(intention) ?? crypto.randomUUID();
    this.#unanswered.delete(intention);
    this.#unanswered.set(intention, key);
    const [oldest] = this.#unanswered.keys();
    if (this.#unanswered.size > MOST_UNANSWERED && oldest !== undefined) this.#unanswered.delete(oldest);
    return key;
  }

  /** Without an answer in time, whole and readable, there is none. */
  async #answer(
    path: string,
    request: RequestInit,
    read: (response: Response) => Promise<unknown> = parsed,
    most = ANSWER_LIMIT_MS,
  ): Promise<unknown> {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), most);
    try {
      const response = await this.#fetch(`/api/v1/${path}`, { ...request, signal: limit.signal });
      if (!response.ok) throw await problemOf(response);
      return await read(response);
    } catch (error) {
      throw error instanceof Problem ? error : new Problem(OFFLINE, 0);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** A gateway's own error (502, 504) says nothing about whether the command was done. */
function isAnswer({ code, status }: Problem): boolean {
  return code !== OFFLINE && !(code === UNEXPECTED && status >= 500);
}

async function parsed(response: Response): Promise<unknown> {
  const body = await response.text();
  return body === "" ? undefined : (JSON.parse(body) as unknown);
}
