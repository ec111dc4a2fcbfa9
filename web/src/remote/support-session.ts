/**
 * A remote session from the technician's side: what they ask for and do, and what the computer says of it.
 *
 * The computer decides. Nothing here permits anything: this page shows what it was told, and says what its person wants.
 */

import { Store, type Watchable } from "../store.ts";
import type { DataPort, Way } from "./data-port.ts";
import { Latency } from "./latency.ts";
import { emptyState, LOWERED, NOT_MET, phaseOf, type Standing, type SupportState } from "./support-state.ts";
import { Transfers } from "./transfers.ts";
import type { Bytes } from "../e2ee/bytes.ts";
import { type Capability, type FromAgent, type FromTechnician, type InputEvent, LONGEST_CLIPBOARD, type Point, type RemoteCodec } from "./words.ts";

/** What a session needs of the world. */
interface SupportWorld {
  port: DataPort;
  codec: RemoteCodec;
  now(): number;
  /** Returns what calls it off. */
  after(milliseconds: number, action: () => void): () => void;
}

/** What an earlier page of the same seat knew of the computer. */
export interface Acquaintance {
  hasMet: boolean;
  /** In milliseconds since 1970; `null` where it did not restart. */
  restartsSince: number | null;
}

export type TilesListener = (payload: Uint8Array) => void;

/** Older ones are forgotten. */
export const MOST_LINES = 500;
/** As the computer takes them, in characters. */
const LONGEST_LINE = 2_000;
/** Who does something in the page is there; the computer needs not be told more often. */
export const BETWEEN_SIGNS_MS = 60_000;
/** What is said to somebody whom the media do not reach yet is lost. */
const BETWEEN_HELLOS_MS = 2_000;
/** A program answers at once; a browser never does. */
export const SILENT_AFTER_MS = 10_000;
/** A computer ends the session a minute after a connection was lost. One whose program is gone says nothing of it. */
export const GONE_AFTER_MS = 75_000;
/** What is due is never so late otherwise. */
const SLEPT_MS = 5_000;
/** The person at a computer that restarts can log in for a quarter of an hour, and then reads who would go on, and agrees. */
export const BACK_WITHIN_MS = 20 * 60_000;
/** As long as a computer lets its person rest that does not say so, and a little more. */
export const REST_MS = 2_500;
/** Nobody reads faster, and each is drawn. */
const BETWEEN_LATENCIES_MS = 500;

export class SupportSession {
  readonly #state: Store<SupportState>;
  readonly state: Watchable<SupportState>;
  readonly codec: RemoteCodec;
  readonly #world: SupportWorld;
  readonly #transfers: Transfers;
  readonly #latency = new Latency();
  readonly #tilesListeners = new Set<TilesListener>();
  readonly #darkListeners = new Set<() => void>();
  readonly #ends: (() => void)[];
  /** Who is asked whether they are the computer, and who leads. */
  #guest: string | null = null;
  #greetedAt = 0;
  #callOff: () => void = () => {};
  /** Whom this page listens to, also while nothing reaches them from here. */
  #from: string | null = null;
  /** The computer may hold what an earlier page of this technician's was given. */
  #isBack: boolean;
  #standing: Standing = NOT_MET;
  /** Of the next event of this turn. */
  #number = 0;
  #lines = 0;
  #saidAt = 0;
  #latencyAt = -Infinity;
  /** Whether the person at the computer can't be asked anything; `null` until it says so, which earlier programs never do. */
  #isAtRest: boolean | null = null;
  /** Who waits until they can. */
  readonly #waiting: (() => void)[] = [];

  /**
   * `leads`: what is shown until the computer has said who leads: from then on that counts and nothing else. `isBack`: this
   * page's person was in the session before, and this page knows nothing of it. `hasMet`: an earlier page of theirs met the
   * computer, which need not come again. `restartsSince`: as that page last knew it.
   */
  constructor(world: SupportWorld, { leads, isBack = false, hasMet = false, restartsSince = null }: { leads: boolean; isBack?: boolean } & Partial<Acquaintance>) {
    this.#world = world;
    this.#isBack = isBack;
    this.codec = world.codec;
    this.#state = new Store({ ...emptyState(leads), restartsSince });
    this.state = this.#state;
    this.#transfers = new Transfers({ codec: world.codec, say: (message, fail) => this.#say(message, fail), rest: () => this.#rested() });
    // The computer takes no number twice: seconds are ahead of whatever an earlier page counted.
    if (isBack) this.#transfers.numberFrom(Math.floor(world.now() / 1_000));
    this.#ends = [
      world.port.onData((from, way, payload) => this.#receive(from, way, payload)),
      world.port.guest.subscribe(() => this.#follow(world.port.guest.get())),
      this.#transfers.files.subscribe(() => this.#put({ files: this.#transfers.files.get() })),
    ];
    this.#stand({ hasMet });
    this.#await();
    this.#follow(world.port.guest.get());
  }

  /** Files and diagnostics ask by themselves. */
  ask(capability: Capability): void {
    const { asked, refused } = this.#state.get();
    if (!this.#say({ kind: "ask", capability }, () => this.#unask(capability))) return;
    this.#put({ asked: new Set<Capability>([...asked, capability]), refused: without(refused, capability) });
  }

  giveBack(capability: Capability): void {
    this.#say({ kind: "give_back", capability });
  }

  watch(monitor: number): void {
    this.#say({ kind: "watch", monitor });
  }

  /** Onto the computer's clipboard. False for what is no text of one. */
  copyIn(text: string): boolean {
    const fits = !text.includes("\0") && new TextEncoder().encode(text).length <= LONGEST_CLIPBOARD;
    return fits && this.#say({ kind: "clipboard", text });
  }

  /** To the person at the computer. */
  say(text: string): void {
    const said = [...text.trim()].slice(0, LONGEST_LINE).join("");
    if (said === "") return;
    const id = this.#hear("technician", said);
    const fail = (): void => this.#failLine(id);
    if (!this.#say({ kind: "chat", text: said }, fail)) fail();
  }

  /** False where as many are under way as may be, or nobody is there. */
  sendFile(file: File): boolean {
    const begins = this.#hears() && this.#transfers.hasRoom();
    if (begins) void this.#transfers.send(file);
    this.#put({ refused: without(this.#state.get().refused, "file_in") });
    return begins;
  }

  askFile(): void {
    if (this.#hears()) this.#transfers.ask();
    this.#put({ refused: without(this.#state.get().refused, "file_out") });
  }

  cancelFile(id: number): void {
    this.#transfers.cancel(id);
  }

  forgetFile(id: number): void {
    this.#transfers.forget(id);
  }

  askDiagnostics(): void {
    const { asked, refused } = this.#state.get();
    if (!this.#say({ kind: "ask_diagnostics" }, () => this.#unask("diagnostics"))) return;
    this.#put({ asked: new Set<Capability>([...asked, "diagnostics"]), refused: without(refused, "diagnostics") });
  }

  /** To somebody whom the person at the computer let watch. */
  handOver(participant: string): void {
    const fail = (): void => this.#put({ handingOver: null, handOverRefused: true });
    if (this.#say({ kind: "hand_over", participant }, fail)) this.#put({ handingOver: participant, handOverRefused: false });
  }

  /** As an administrator of the computer, for the computer alone to look at. False for what is no name and password of one. */
  raise(name: string, password: string): boolean {
    const isSaid = this.#say({ kind: "raise", name, password }, () => this.#put(LOWERED));
    if (isSaid) this.#put({ rights: "asked", notRaised: null });
    return isSaid;
  }

  restart(): void {
    const fail = (): void => this.#put({ restart: "refused" });
    if (this.#say({ kind: "restart" }, fail)) this.#put({ restart: "asked" });
  }

  stillHere(): void {
    this.#say({ kind: "still_here" });
  }

  /** The technician does something in this page, which the computer need not hear of otherwise. */
  active(): void {
    const { endsSoon } = this.#state.get();
    const isDue = this.#world.now() - this.#saidAt >= BETWEEN_SIGNS_MS;
    if (isDue || endsSoon?.reason === "idle") this.stillHere();
  }

  /** Ends the session also where nobody hears of it: the computer notices by itself, only later. */
  async leave(): Promise<void> {
    const { agent } = this.#state.get();
    const isLed = this.#hears();
    this.#finish("technician_left");
    if (!isLed || agent === null) return;
    await this.#world.port.send(agent, "remote", this.codec.encodeTechnician({ kind: "leave" })).catch(() => {});
  }

  /** Lets go of everything without a word: the page goes away. */
  close(): void {
    for (const end of this.#ends) end();
    this.#callOff();
    this.#tilesListeners.clear();
    this.#darkListeners.clear();
    this.#transfers.cancelAll();
  }

  /** Keyboard and mouse: nothing of it counts but in a turn of control that does not rest. */
  input(input: InputEvent): void {
    const { turn, pause } = this.#standing;
    if (turn === null || pause !== null) return;
    const number = this.#number;
    // Where one is lost the computer ends control: numbers are missing.
    const fail = (): void => {
      if (this.#standing.turn === turn) this.#stand({ turn: null });
    };
    if (!this.#say({ kind: "input", turn, number, input }, fail)) return;
    this.#number += 1;
    if (input.event === "move") this.#latency.moved(input, this.#world.now());
  }

  onTiles(listener: TilesListener): () => void {
    this.#tilesListeners.add(listener);
    return () => this.#tilesListeners.delete(listener);
  }

  /** What this page watches, and does not lead, is over. */
  onDark(listener: () => void): () => void {
    this.#darkListeners.add(listener);
    return () => this.#darkListeners.delete(listener);
  }

  /** What the viewer says of what it was shown. */
  answerTiles(answer: Bytes): void {
    const { agent } = this.#state.get();
    if (agent !== null && this.#standing.ended === null) void this.#world.port.send(agent, "tiles", answer).catch(() => {});
  }

  /** The computer's pointer is there. */
  pointerSeen(place: Point): void {
    const now = this.#world.now();
    const latency = this.#latency.seen(place, now);
    if (latency === null || now < this.#latencyAt + BETWEEN_LATENCIES_MS) return;
    this.#latencyAt = now;
    this.#put({ latency });
  }

  #follow(guest: string | null): void {
    if (guest === this.#guest) return;
    this.#callOff();
    if (this.#guest !== null) this.#miss();
    this.#guest = guest;
    this.#greetedAt = this.#world.now();
    this.#put({ guest });
    if (guest === null) this.#await();
    else this.#greet(guest);
  }

  /** For a computer that was there, so long; for one that never came, as long as the person likes. */
  #await(): void {
    if (!this.#standing.hasMet) return;
    const { restartsSince } = this.#state.get();
    const left = restartsSince === null ? 0 : restartsSince + BACK_WITHIN_MS - this.#world.now();
    // One that restarted may be back before this page has looked.
    this.#giveUpAfter(Math.max(left, GONE_AFTER_MS));
  }

  /** Where this machine slept, the computer may have been back all that time, and be found in a moment. */
  #giveUpAfter(milliseconds: number): void {
    const due = this.#world.now() + milliseconds;
    this.#callOff = this.#world.after(milliseconds, () => {
      if (this.#world.now() - due > SLEPT_MS) this.#giveUpAfter(GONE_AFTER_MS);
      else this.#finish("connection_lost");
    });
  }

  /** Until it is answered. Only a helper program does, whatever the server says of who came. */
  #greet(guest: string): void {
    if (this.#standing.ended !== null) return;
    this.#put({ isSilent: this.#world.now() - this.#greetedAt >= SILENT_AFTER_MS });
    this.#callOff = this.#world.after(BETWEEN_HELLOS_MS, () => this.#greet(guest));
    void this.#world.port.send(guest, "remote", this.codec.encodeTechnician({ kind: "hello" })).catch(() => {});
  }

  /** By its answer the page knows the computer, and who leads. False: it answers nothing. */
  #meet(from: string, message: FromAgent): boolean {
    const answers = message.kind === "leads" || message.kind === "watches";
    if (!answers || from !== this.#guest || from === this.#state.get().agent) return false;
    this.#callOff();
    const gives = this.#toGiveBack();
    this.#from = from;
    this.#isBack = false;
    this.#take(message);
    this.#stand({ hasMet: true });
    this.#put({ agent: from, isSilent: false, restartsSince: null });
    for (const capability of gives) this.giveBack(capability);
    this.#transfers.resume();
    return true;
  }

  /** An answer may be lost with the connection: what was asked can be asked again. */
  #miss(): void {
    this.#stand({ turn: null, pause: null });
    const { rights, restart } = this.#state.get();
    const unasked = { rights: rights === "asked" ? "none" : rights, restart: restart === "asked" ? "none" : restart } as const;
    this.#put({ ...unasked, agent: null, isSilent: false, asked: new Set(), handingOver: null });
  }

  /**
   * The computer may not have noticed that this page was gone, and go on with what this page knows no more of: keys that
   * are down, a picture. Seeing takes control with it.
   */
  #toGiveBack(): readonly Capability[] {
    if (this.#isBack) return ["view", "clipboard_in", "clipboard_out", "chat", "administrator"];
    return this.#state.get().permitted.has("control") ? ["control"] : [];
  }

  #receive(from: string, way: Way, payload: Uint8Array): void {
    const isMet = from === this.#from;
    if ((!isMet && from !== this.#guest) || this.#standing.ended !== null) return;
    if (way === "tiles") return isMet ? this.#show(payload) : undefined;
    const message = this.codec.decodeAgent(payload);
    if (message === undefined || way !== wayOf(message) || this.#meet(from, message)) return;
    // A computer that was to restart, and did not, is met by nobody any more.
    const isOfRestart = message.kind === "ended" && this.#state.get().restartsSince !== null;
    if (isMet || isOfRestart) this.#take(message);
  }

  #show(payload: Uint8Array): void {
    for (const listener of this.#tilesListeners) listener(payload);
  }

  /** Whoever does not lead is told of nothing but who does. */
  #take(message: FromAgent): void {
    if (message.kind === "ended") return message.reason === "restarting" ? this.#restarts() : this.#finish(message.reason);
    if (message.kind === "leads") return this.#lead(message.transfer);
    if (message.kind === "watches") return this.#watch();
    if (!this.#state.get().leads) return;
    switch (message.kind) {
      case "answer":
        return this.#answered(message);
      case "withdrawn":
        return this.#withdrawn(message.capability);
      case "control_begins":
        this.#number = 0;
        this.#latency.forget();
        return this.#stand({ turn: message.turn, pause: null });
      case "control_ends":
        return this.#stand(message.turn === this.#standing.turn ? { turn: null, pause: null } : {});
      case "paused":
        return this.#stand({ pause: message.reason });
      case "resumed":
        return this.#stand({ pause: null });
      case "monitors":
        return this.#shows(message.monitors);
      case "watching":
        return this.#put({ watching: message.monitor });
      case "clipboard":
        return this.#put({ clipboard: { text: message.text, at: this.#world.now() } });
      case "chat":
        return void this.#hear("person", message.text);
      case "offer_file":
        return this.#transfers.offered(message);
      case "chunk":
        return this.#transfers.received(message);
      case "fetch":
        return void this.#transfers.fetched(message);
      case "file_ended":
        return this.#transfers.ended(message);
      case "diagnostics":
        this.#unask("diagnostics");
        return this.#put({ diagnostics: message.lines });
      case "raised":
        return this.#put(message.outcome === "raised" ? { rights: "raised", notRaised: null } : { rights: "none", notRaised: message.outcome });
      case "lowered":
        return this.#put(LOWERED);
      case "no_restart":
        return this.#put({ restart: "refused" });
      case "hand_over":
        return this.#handedOver(message.agreed);
      case "rests":
        return this.#heardOfRest(message.rests);
      case "ends_soon":
        return this.#put({ endsSoon: { reason: message.reason, at: this.#world.now() + message.seconds * 1_000 } });
    }
  }

  #answered(message: Extract<FromAgent, { kind: "answer" }>): void {
    const { permitted, refused } = this.#state.get();
    this.#unask(message.to);
    if (message.answer === "granted") {
      const until = this.#world.now() + message.seconds * 1_000;
      this.#put({ permitted: new Map([...permitted, [message.to, until]]), refused: without(refused, message.to) });
    } else {
      this.#put({ refused: new Map([...refused, [message.to, message.answer]]) });
    }
  }

  /** Of a window alone there is no monitor to watch. */
  #shows(monitors: SupportState["monitors"]): void {
    const { watching } = this.#state.get();
    const isThere = monitors.some(({ id }) => id === watching);
    this.#put({ monitors, watching: isThere ? watching : null });
  }

  #withdrawn(capability: Capability): void {
    const permitted = without(this.#state.get().permitted, capability);
    if (capability === "view" || capability === "control") this.#stand({ turn: null, pause: null });
    // What was typed may still be looked at: nobody hears what comes of it.
    if (capability === "administrator") this.#put(LOWERED);
    this.#put(capability === "view" ? { permitted, monitors: [], watching: null } : { permitted });
  }

  #heardOfRest(isAtRest: boolean): void {
    this.#isAtRest = isAtRest;
    if (!isAtRest) for (const go of this.#waiting.splice(0)) go();
  }

  /** Until the person at the computer can be asked something. */
  #rested(): Promise<void> {
    if (this.#isAtRest === false) return Promise.resolve();
    return new Promise((resolve) => {
      if (this.#isAtRest === null) this.#world.after(REST_MS, resolve);
      else this.#waiting.push(resolve);
    });
  }

  #lead(transfer: number): void {
    this.#transfers.numberFrom(transfer);
    this.#stand({ wasHandedOver: false });
    this.#put({ leads: true });
  }

  /** Also where this page did not hear that it was handed over. */
  #watch(): void {
    if (!this.#state.get().leads) return this.#goDark();
    this.#transfers.cancelAll();
    this.#stand({ turn: null, pause: null });
    this.#put({ ...LOWERED, leads: false, handingOver: null, permitted: new Map(), asked: new Set(), refused: new Map(), endsSoon: null });
  }

  /** The first word of a computer says nothing of what was seen. */
  #goDark(): void {
    if (this.#state.get().agent !== null) for (const listener of this.#darkListeners) listener();
  }

  #handedOver(agreed: boolean): void {
    if (!agreed) return this.#put({ handingOver: null, handOverRefused: true });
    this.#transfers.cancelAll();
    this.#stand({ wasHandedOver: true, turn: null, pause: null });
    this.#put({ ...LOWERED, leads: false, handingOver: null, permitted: new Map(), asked: new Set(), refused: new Map(), endsSoon: null });
  }

  /** Nothing holds any more, and whoever comes back is met as if for the first time. */
  #restarts(): void {
    this.#transfers.cancelAll();
    this.#callOff();
    this.#from = null;
    this.#stand({ turn: null, pause: null });
    this.#put({ ...LOWERED, agent: null, permitted: new Map(), asked: new Set(), refused: new Map(), monitors: [], watching: null, endsSoon: null, handingOver: null, restartsSince: this.#world.now() });
    this.#greetedAt = this.#world.now();
    if (this.#guest === null) this.#await();
    else this.#greet(this.#guest);
  }

  #finish(why: NonNullable<Standing["ended"]>): void {
    if (this.#standing.ended !== null) return;
    this.#transfers.cancelAll();
    this.#stand({ ended: why, turn: null, pause: null });
    this.#put({ ...LOWERED, permitted: new Map(), asked: new Set(), monitors: [], watching: null, endsSoon: null, handingOver: null, restartsSince: null });
  }

  #hear(from: "technician" | "person", text: string): number {
    const id = (this.#lines += 1);
    const line = { id, from, text, at: this.#world.now(), hasFailed: false };
    this.#put({ chat: [...this.#state.get().chat, line].slice(-MOST_LINES) });
    return id;
  }

  #failLine(id: number): void {
    const { chat } = this.#state.get();
    this.#put({ chat: chat.map((line) => (line.id === id ? { ...line, hasFailed: true } : line)) });
  }

  #unask(capability: Capability): void {
    const { asked } = this.#state.get();
    this.#put({ asked: new Set([...asked].filter((other) => other !== capability)) });
  }

  /** Whether there is somebody who listens to this page. */
  #hears(): boolean {
    const { agent, leads } = this.#state.get();
    return agent !== null && leads && this.#standing.ended === null;
  }

  /** False for what can't be said, or not now; `fail` is called where it turns out to be lost. */
  #say(message: FromTechnician, fail: () => void = () => {}): boolean {
    const { agent, endsSoon } = this.#state.get();
    const bytes = this.#hears() ? this.#encoded(message) : null;
    if (agent === null || bytes === null) return false;
    this.#saidAt = this.#world.now();
    // Whoever says something is there.
    if (endsSoon?.reason === "idle") this.#put({ endsSoon: null });
    this.#world.port.send(agent, wayOf(message), bytes).catch(fail);
    return true;
  }

  #encoded(message: FromTechnician): Bytes | null {
    try {
      return this.codec.encodeTechnician(message);
    } catch {
      return null;
    }
  }

  #stand(change: Partial<Standing>): void {
    this.#standing = { ...this.#standing, ...change };
    this.#put({});
  }

  #put(change: Partial<SupportState>): void {
    this.#state.update((state) => {
      const next = { ...state, ...change };
      const phase = phaseOf(this.#standing, next);
      return { ...next, phase: isSame(phase, state.phase) ? state.phase : phase };
    });
  }
}

/** Each message goes one way only. */
function wayOf({ kind }: FromAgent | FromTechnician): Way {
  if (kind === "input") return "input";
  return kind === "chunk" ? "file" : "remote";
}

function without<K, V>(map: ReadonlyMap<K, V>, key: K): ReadonlyMap<K, V> {
  return new Map([...map].filter(([other]) => other !== key));
}

function isSame(one: object, other: object): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
