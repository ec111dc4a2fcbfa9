/** Conclave's HTTP API, one method per route. */

import { OFFLINE, Problem, problemOf, UNEXPECTED } from "./problem.ts";
import type {
  AccountVault,
  AdmittedAll,
  ChangeVault,
  CommandDone,
  CreateMeeting,
  DeviceAsked,
  JoinMeeting,
  Joined,
  JoinTicket,
  Me,
  Meeting,
  MeetingList,
  ParticipantDevices,
  ServerInfo,
  SetUp,
  SignIn,
} from "./wire.ts";

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

export class Api {
  readonly #fetch: typeof fetch;
  /** The keys of commands that got no answer: doing one again is the same command. */
  readonly #unanswered = new Map<string, string>();

  constructor(fetcher: typeof fetch = fetch.bind(globalThis)) {
    this.#fetch = fetcher;
  }

  server(): Promise<ServerInfo> {
    return this.#json({ method: "GET", path: "server" });
  }

  setUp(body: SetUp): Promise<Me> {
    return this.#json({ method: "POST", path: "setup", body });
  }

  signIn(body: SignIn): Promise<Me> {
    return this.#json({ method: "POST", path: "session", body });
  }

  /** Who is signed in; `null` for nobody. */
  async session(): Promise<Me | null> {
    try {
      return await this.#json<Me>({ method: "GET", path: "session" });
    } catch (error) {
      if (error instanceof Problem && error.status === 401) return null;
      throw error;
    }
  }

  signOut(): Promise<void> {
    return this.#nothing({ method: "DELETE", path: "session" });
  }

  vault(): Promise<AccountVault> {
    return this.#json({ method: "GET", path: "account/vault" });
  }

  /** Refused as `vault_moved_on` where another browser was first. */
  changeVault(body: ChangeVault): Promise<void> {
    return this.#nothing({ method: "PUT", path: "account/vault", body });
  }

  askForDevice(request: string): Promise<DeviceAsked> {
    return this.#json({ method: "POST", path: "account/device-requests", body: { request } });
  }

  endDeviceRequest(id: string): Promise<void> {
    return this.#nothing({ method: "DELETE", path: `account/device-requests/${id}` });
  }

  createMeeting(body: CreateMeeting): Promise<Meeting> {
    return this.#json({ method: "POST", path: "meetings", body, isCommand: true });
  }

  async meetings(): Promise<Meeting[]> {
    const list = await this.#json<MeetingList>({ method: "GET", path: "meetings" });
    return list.meetings;
  }

  join(code: string, body: JoinMeeting): Promise<Joined> {
    return this.#json({ method: "POST", path: `meetings/${encodeURIComponent(code)}/join`, body, isCommand: true });
  }

  ticket(seat: Seat): Promise<JoinTicket> {
    return this.#command(seat, "ticket");
  }

  /** The list of the devices of a participant's account. */
  devices({ meeting, credential }: Seat, participant: string): Promise<ParticipantDevices> {
    return this.#json({ method: "GET", path: `meetings/${meeting}/participants/${participant}/devices`, credential });
  }

  leave(seat: Seat): Promise<CommandDone> {
    return this.#command(seat, "leave");
  }

  /** Ends the meeting for all: as a host in it, or from outside as its signed-in owner. */
  end(meeting: string, credential?: string): Promise<CommandDone> {
    return this.#json({
      method: "POST",
      path: `meetings/${meeting}/end`,
      isCommand: true,
      ...(credential === undefined ? {} : { credential }),
    });
  }

  admit(seat: Seat, participant: string): Promise<CommandDone> {
    return this.#command(seat, `lobby/${participant}/admit`);
  }

  admitAll({ meeting, credential }: Seat, participants: readonly string[]): Promise<AdmittedAll> {
    return this.#json({ method: "POST", path: `meetings/${meeting}/lobby/admit-all`, body: { participants }, credential, isCommand: true });
  }

  deny(seat: Seat, participant: string): Promise<CommandDone> {
    return this.#command(seat, `lobby/${participant}/deny`);
  }

  expel(seat: Seat, participant: string): Promise<CommandDone> {
    return this.#command(seat, `participants/${participant}/expel`);
  }

  makeCoHost(seat: Seat, participant: string): Promise<CommandDone> {
    return this.#command(seat, `participants/${participant}/make-co-host`);
  }

  takeBackCoHost(seat: Seat, participant: string): Promise<CommandDone> {
    return this.#command(seat, `participants/${participant}/take-back-co-host`);
  }

  /** Only hosts show screens. */
  lockSharing(seat: Seat): Promise<CommandDone> {
    return this.#command(seat, "sharing/lock");
  }

  unlockSharing(seat: Seat): Promise<CommandDone> {
    return this.#command(seat, "sharing/unlock");
  }

  /** Nobody else shows a screen from then on. */
  handOver(seat: Seat, participant: string): Promise<CommandDone> {
    return this.#command(seat, `participants/${participant}/hand-over`);
  }

  mute(seat: Seat, participant: string): Promise<CommandDone> {
    return this.#command(seat, `participants/${participant}/mute`);
  }

  /** Everybody but oneself. */
  muteAll(seat: Seat): Promise<CommandDone> {
    return this.#command(seat, "mute-all");
  }

  stopVideo(seat: Seat, participant: string): Promise<CommandDone> {
    return this.#command(seat, `participants/${participant}/stop-video`);
  }

  askToUnmute(seat: Seat, participant: string): Promise<CommandDone> {
    return this.#command(seat, `participants/${participant}/ask-to-unmute`);
  }

  /** Nobody new comes in. */
  lock(seat: Seat): Promise<CommandDone> {
    return this.#command(seat, "lock");
  }

  unlock(seat: Seat): Promise<CommandDone> {
    return this.#command(seat, "unlock");
  }

  #command<T>(seat: Seat, name: string): Promise<T> {
    return this.#json({
      method: "POST",
      path: `meetings/${seat.meeting}/${name}`,
      credential: seat.credential,
      isCommand: true,
    });
  }

  async #json<T>(call: Call): Promise<T> {
    return (await this.#send(call)) as T;
  }

  async #nothing(call: Call): Promise<void> {
    await this.#send(call);
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
  async #answer(path: string, request: RequestInit): Promise<unknown> {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), ANSWER_LIMIT_MS);
    try {
      const response = await this.#fetch(`/api/v1/${path}`, { ...request, signal: limit.signal });
      if (!response.ok) throw await problemOf(response);
      return response.status === 204 ? undefined : await response.json();
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
