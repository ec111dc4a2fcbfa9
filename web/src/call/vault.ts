/**
 * The account's vault from a page's side: carries it between the server and the worker, and says where it stands.
 *
 * Changes are made to what the server has at that moment; when another browser was first, they are made again.
 */

import type { Api } from "../api/api.ts";
import { Problem } from "../api/problem.ts";
import type { AccountVault } from "../api/wire.ts";
import type { KeyWorker } from "../e2ee/encryption.ts";
import { VaultAsker } from "../e2ee/vault-asker.ts";
import type { SealedChange, VaultAnswer, VaultAsk, VaultContent, VaultMeeting } from "../e2ee/vault-words.ts";
import { Store, type Watchable } from "../store.ts";

export type VaultState =
  /** Not asked for yet. */
  | { at: "unknown" }
  | { at: "open"; content: VaultContent; /** When the browsers that ask to be added did so. */ asking: readonly string[] }
  /** This browser is not among the account's. */
  | { at: "outside"; code: string; wasRemoved: boolean; asked: "no" | "yes" | "too_late" }
  | { at: "unreachable" }
  | { at: "rolled_back" | "broken" | "unkept" | "failed" };

/** What a person did or can do something about, as codes of a `Problem`. */
const PROBLEM_OF = {
  wrong_code: "code_wrong",
  full: "vault_full",
  known: "device_known",
} as const;

interface VaultWorld {
  api: Pick<Api, "vault" | "changeVault" | "askForDevice" | "endDeviceRequest">;
  openWorker(): KeyWorker;
  /** What this browser is called among the account's. */
  label: string;
}

type Opened = VaultAnswer & { at: "open" };
type Change = (served: AccountVault) => VaultAsk;

/** Others change it a few times a day. */
const MOST_TRIES = 4;
/** Somebody waits in front of a meeting. */
const FRAGMENT_MS = 8_000;

export class Vault {
  readonly state: Watchable<VaultState>;
  readonly account: string;
  readonly #state = new Store<VaultState>({ at: "unknown" });
  readonly #world: VaultWorld;
  #worker: VaultAsker | null = null;
  /** What the worker has open: the server's version that it was read from. */
  #version: number | null = null;
  #request: { bytes: string; id: string | null } | null = null;
  #last: Promise<unknown> = Promise.resolve();

  constructor(world: VaultWorld, account: string) {
    this.#world = world;
    this.account = account;
    this.state = this.#state;
  }

  /** Looks at what the server has. The account's first browser makes the vault. Rejects without an answer. */
  refresh(): Promise<VaultState> {
    return this.#inTurn(async () => {
      await this.#load();
      return this.#state.get();
    });
  }

  /** As it is known, or found out now. Never rejects. */
  async known(): Promise<VaultState> {
    const { at } = this.#state.get();
    if (at === "unknown" || at === "unreachable" || at === "failed") await this.refresh().catch(() => {});
    return this.#state.get();
  }

  /** What opens this meeting; `null` where the vault does not have it, can't be opened or takes too long. */
  async fragmentOf(meeting: string): Promise<string | null> {
    const state = await Promise.race([this.known(), after(FRAGMENT_MS)]);
    return state?.at === "open" ? (state.content.meetings.find((kept) => kept.meeting === meeting)?.fragment ?? null) : null;
  }

  async keep(meetings: readonly VaultMeeting[]): Promise<void> {
    await this.#change(() => ({ ask: "keep", meetings }));
  }

  async forget(meetings: readonly string[]): Promise<void> {
    await this.#change(() => ({ ask: "forget", meetings }));
  }

  /** Adds the browser that shows this code. */
  async approve(code: string): Promise<void> {
    await this.#inTurn(async () => {
      const [{ approved }, { requests }] = await this.#changeNow((served) => {
        if (served.requests.length === 0) throw new Problem("no_device_request", 0);
        return { ask: "approve", requests: served.requests.map(({ request }) => request), code };
      });
      const answered = requests.find(({ request }) => request === approved);
      if (answered !== undefined) await this.#world.api.endDeviceRequest(answered.id).catch(() => {});
      await this.#load().catch(() => {});
    });
  }

  async remove(device: string): Promise<void> {
    await this.#change(() => ({ ask: "remove", device }));
  }

  /** The recovery code from now on; shown once, and kept nowhere. */
  async renewCode(): Promise<string> {
    const { recoveryCode } = await this.#change(() => ({ ask: "renewCode" }));
    return recoveryCode ?? "";
  }

  /** Asks to be added. */
  ask(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#request === null) return;
      const { id } = await this.#world.api.askForDevice(this.#request.bytes);
      this.#request.id = id;
      this.#tellAsked("yes");
    });
  }

  /** Adds this browser without another one. */
  async recover(code: string): Promise<void> {
    await this.#inTurn(async () => {
      await this.#saving(async () => {
        const served = await this.#serve();
        return [await this.#ask({ ask: "recover", served, label: this.#world.label, code }), served];
      });
      await this.#withdraw();
    });
  }

  /** Takes what the server has, although it is older than what this browser has seen. */
  async accept(): Promise<void> {
    await this.#inTurn(async () => {
      const served = await this.#serve();
      await this.#take(await this.#ask({ ask: "accept", served, label: this.#world.label }), served);
    });
  }

  close(): void {
    this.#worker?.close();
    this.#worker = null;
    this.#version = null;
  }

  async #change(change: Change): Promise<Opened> {
    return await this.#inTurn(async () => {
      const [answer] = await this.#changeNow(change);
      return answer;
    });
  }

  #changeNow(change: Change): Promise<[Opened, AccountVault]> {
    return this.#saving(async () => {
      const served = await this.#load();
      if (this.#state.get().at !== "open") throw new Problem("vault_not_open", 0);
      return [await this.#ask(change(served)), served];
    });
  }

  /** Makes a change until the server has it. */
  async #saving(make: () => Promise<[VaultAnswer, AccountVault]>): Promise<[Opened, AccountVault]> {
    for (let tries = 1; ; tries += 1) {
      const [answer, served] = await make();
      if (answer.at === "refused") throw new Problem(PROBLEM_OF[answer.why], 0);
      if (answer.at === "rolled_back") this.#put(answer);
      if (answer.at !== "open" || answer.change === null) throw new Problem("vault_failed", 0);
      if (await this.#save(answer.change, served, tries)) return [answer, served];
    }
  }

  /** `false` where another browser was first. */
  async #save(change: SealedChange, served: AccountVault, tries: number): Promise<boolean> {
    // Until the answer is there, what the worker has open is not what the server has.
    this.#version = null;
    try {
      await this.#world.api.changeVault(change);
    } catch (error) {
      if (error instanceof Problem && error.code === "vault_moved_on" && tries < MOST_TRIES) return false;
      throw error;
    }
    const saved = await this.#ask({ ask: "saved" });
    if (saved.at !== "open") throw new Problem("vault_failed", 0);
    this.#version = change.previous_version + 1;
    this.#put({ at: "open", content: saved.content, asking: served.requests.map(({ asked_at }) => asked_at) });
    return true;
  }

  /** What the server has, and the worker with it. */
  async #load(): Promise<AccountVault> {
    const served = await this.#serve();
    const isSame = this.#version !== null && served.vault?.version === this.#version;
    if (!isSame) return await this.#read(served, 1);
    this.#look(served);
    return served;
  }

  async #read(served: AccountVault, tries: number): Promise<AccountVault> {
    const answer = await this.#ask({ ask: "read", served, label: this.#world.label });
    // Another tab may have saved a version, and remembered it, since the server answered this one.
    if (answer.at === "rolled_back" && tries === 1) return await this.#read(await this.#serve(), tries + 1);
    await this.#take(answer, served);
    return served;
  }

  async #serve(): Promise<AccountVault> {
    try {
      return await this.#world.api.vault();
    } catch (error) {
      const { at } = this.#state.get();
      if (at === "unknown") this.#put({ at: "unreachable" });
      throw error;
    }
  }

  async #take(answer: VaultAnswer, served: AccountVault): Promise<void> {
    // What failed is tried again with the same version.
    this.#version = answer.at === "open" || answer.at === "outside" ? (served.vault?.version ?? null) : null;
    switch (answer.at) {
      case "open":
        this.#request = null;
        // The first browser's; where another was first, this one is outside.
        if (answer.change === null) this.#open(answer.content, served);
        else if (!(await this.#save(answer.change, served, 1))) await this.#load();
        break;
      case "outside":
        this.#stay(answer, served);
        break;
      case "refused":
        this.#put({ at: "failed" });
        break;
      default:
        this.#put(answer);
    }
  }

  #open(content: VaultContent, served: AccountVault): void {
    this.#put({ at: "open", content, asking: served.requests.map(({ asked_at }) => asked_at) });
  }

  /** The code that is shown belongs to the request that was sent: another one would be of no use. */
  #stay({ request, code, wasRemoved }: VaultAnswer & { at: "outside" }, served: AccountVault): void {
    const state = this.#state.get();
    if (state.at === "outside" && this.#request !== null && !wasRemoved) return this.#look(served);
    this.#request = { bytes: request, id: null };
    this.#put({ at: "outside", code, wasRemoved, asked: "no" });
  }

  #look(served: AccountVault): void {
    const state = this.#state.get();
    const asking = served.requests.map(({ asked_at }) => asked_at);
    if (state.at === "open" && state.asking.join() !== asking.join()) this.#put({ ...state, asking });
    const isWaiting = served.requests.some(({ id }) => id === this.#request?.id);
    if (state.at === "outside" && state.asked === "yes" && !isWaiting) this.#tellAsked("too_late");
  }

  #tellAsked(asked: "yes" | "too_late"): void {
    const state = this.#state.get();
    if (state.at === "outside") this.#put({ ...state, asked });
  }

  /** It would wait for nobody. */
  async #withdraw(): Promise<void> {
    const id = this.#request?.id ?? null;
    this.#request = null;
    if (id !== null) await this.#world.api.endDeviceRequest(id).catch(() => {});
  }

  #ask(ask: VaultAsk): Promise<VaultAnswer> {
    this.#worker ??= new VaultAsker(this.#world.openWorker(), () => {
      this.#worker = null;
      this.#version = null;
    });
    return this.#worker.ask(this.account, ask);
  }

  #put(state: VaultState): void {
    this.#state.set(state);
  }

  /** One after the other: each begins with what the last one left. */
  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(act, act);
    this.#last = turn.catch(() => {});
    return turn;
  }
}

function after(milliseconds: number): Promise<null> {
  return new Promise((resolve) => setTimeout(() => resolve(null), milliseconds));
}
