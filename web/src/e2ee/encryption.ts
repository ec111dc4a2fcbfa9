/**
 * The page's side of a meeting's encryption: carries messages between the channel and the worker,
 * and what is known to whoever shows it. Holds no key.
 */

import { Store, type Watchable } from "../store.ts";
import type { Bytes } from "./bytes.ts";
import type { CurrentGroup, DataMode, MlsDirect, MlsEvent, MlsUpstream } from "../api/wire.ts";
import type { Asker, Attachment, Codec, Difference, Door, Entry, Label, News, Occupant, Order, People, Standing, TrackKind } from "./orders.ts";
import { NOBODY } from "./orders.ts";

/** What is needed of a worker. */
export type KeyWorker = Pick<Worker, "postMessage" | "addEventListener" | "terminate">;

export interface Alarm {
  what: string;
  participant: string | null;
}

export interface EncryptionState {
  standing: Standing;
  /** Of the group, not of the server. */
  occupants: readonly Occupant[];
  /** Six groups of five digits; `null` outside of a group. */
  code: string | null;
  /** Whose frames come and can't be opened. */
  locked: ReadonlySet<string>;
  difference: Difference;
  /** Whose silence keeps this device from sending. */
  silent: readonly string[];
  /** Oldest first, each only once. */
  alarms: readonly Alarm[];
  /** This person came by code: a host's page sent the secret, and the server carried it. */
  cameByCode: boolean;
  /** Who was let in by code and has no key yet, because this person has to decide. */
  askers: readonly Asker[];
}

export const NOT_YET: EncryptionState = {
  standing: { at: "joining" },
  occupants: [],
  code: null,
  locked: new Set(),
  difference: { strangers: [], outsiders: [] },
  silent: [],
  alarms: [],
  cameByCode: false,
  askers: [],
};

/** A track of one's own, as far as its frames are concerned. */
export interface OutgoingTrack {
  kind: TrackKind;
  codec: Codec;
  /** Drawn for this publication; empty until it is known, and nothing goes out before. */
  name: string;
}

export interface IncomingTrack extends OutgoingTrack {
  participant: string;
}

/** What the media need of the encryption. */
export interface Sealing {
  /** Throws where this browser has no way to do it: nothing may be sent then. */
  sealSender(sender: RTCRtpSender, track: OutgoingTrack): void;
  /** Nothing of it passes until it is opened. */
  holdReceiver(receiver: RTCRtpReceiver): void;
  openReceiver(receiver: RTCRtpReceiver, track: IncomingTrack): void;
  release(end: RTCRtpSender | RTCRtpReceiver): void;
  /** Rejects without a key. */
  seal(label: Label, topic: string, payload: Bytes): Promise<Bytes>;
  /** `null` for what nobody in the meeting sealed. */
  open(participant: string, label: Label, topic: string, payload: Uint8Array): Promise<Uint8Array | null>;
}

export interface EncryptionHandlers {
  send(message: MlsUpstream): void;
  /** A host sent what the invitation's link holds. */
  onFragment(fragment: string, isVerified: boolean): void;
  /** This device gave somebody the secret without a passcode. */
  onByCode(participant: string): void;
  /** Somebody in the lobby has shown this device that they know the passcode. */
  onKnows(participant: string): void;
  /** How many wrong passcodes this device took. */
  onGuesses(count: number): void;
  /** The list of the devices of this participant's account is wanted: [`Encryption.devices`]. */
  onDevicesWanted(participant: string): void;
}

/** More would be an attack on whoever reads them. */
const MOST_ALARMS = 20;
/** Nobody decides about more at a time. */
const MOST_ASKERS = 20;

/** Messages that wait for the worker: more than it leaves behind, and a server can send without end. */
const MOST_WAITING = 256;

export class Encryption implements Sealing {
  readonly #state: Store<EncryptionState>;
  readonly state: Watchable<EncryptionState>;
  readonly #worker: KeyWorker;
  readonly #handlers: EncryptionHandlers;
  readonly #ends = new WeakMap<RTCRtpSender | RTCRtpReceiver, number>();
  readonly #answers = new Map<number, (payload: Bytes | null) => void>();
  #numbers = 0;
  #hasEntered = false;
  #mode: DataMode | null = null;
  #isOver = false;
  #hasFailed = false;

  constructor(worker: KeyWorker, handlers: EncryptionHandlers) {
    this.#state = new Store<EncryptionState>(NOT_YET);
    this.state = this.#state;
    this.#worker = worker;
    this.#handlers = handlers;
    worker.addEventListener("message", ({ data }: MessageEvent<News>) => this.#take(data));
    for (const event of ["error", "messageerror"] as const) worker.addEventListener(event, () => this.#fail());
  }

  /** This browser can't: nothing is sent or opened, and no worker is asked. */
  giveUp(): void {
    this.#fail({ at: "unsupported" });
  }

  /** In the lobby: shows these hosts that the passcode is known; nobody, once one was shown it. */
  knock(door: Door, hosts: readonly string[]): void {
    this.#order({ order: "knock", door, hosts });
  }

  /** Once admitted; again after each welcome, with where the group is then. */
  enter(entry: Entry, people: People, group: CurrentGroup | null): void {
    if (this.#hasEntered) {
      this.people(people);
      this.#order({ order: "compare", group });
      return;
    }
    this.#hasEntered = true;
    if (entry.fragment === null) this.#put({ cameByCode: true });
    this.#order({ order: "enter", entry, people });
  }

  /** What the server says is kept. Members share keys only where they were told the same as they came: it can't become another. */
  toldMode(mode: DataMode): void {
    this.#mode ??= mode;
    if (mode !== this.#mode) this.#raise({ what: "mode", participant: null });
  }

  /** They came by code once: what a reload finds in the tab is not from a link. */
  markByCode(): void {
    this.#put({ cameByCode: true });
  }

  /** The channel is there again. */
  again(): void {
    if (this.#hasEntered) this.#order({ order: "again" });
  }

  hear(message: MlsDirect | MlsEvent): void {
    this.#order({ order: "hear", message });
  }

  people(people: People): void {
    if (!this.#hasEntered) return;
    const there = new Set([...people.present, ...people.away, ...people.atTheDoor]);
    this.#state.update((state) => ({ ...state, askers: state.askers.filter(({ participant }) => there.has(participant)) }));
    this.#order({ order: "people", people });
  }

  admitted(participant: string): void {
    this.#order({ order: "admitted", participant });
  }

  /** What the server says is the list of the participant's account. */
  devices(participant: string, account: string, entries: readonly string[]): void {
    this.#order({ order: "devices", participant, account, entries });
  }

  denied(participant: string): void {
    this.#forgetAsker(participant);
    this.#order({ order: "denied", participant });
  }

  /** Gives somebody who was let in the secret without a passcode. */
  allow(participant: string): void {
    this.#forgetAsker(participant);
    this.#order({ order: "allow", participant });
  }

  /** Asks the hosts again, with what was typed or without. */
  tryPasscode(passcode: string | null, isSpent: boolean): void {
    if (isSpent) this.#put({ standing: { at: "passcode_spent" } });
    else this.#order({ order: "passcode", passcode });
  }

  /** How often the passcode was changed, by the server's word. */
  passcodeNumber(number: number): void {
    if (this.#hasEntered) this.#order({ order: "passcode_number", number });
  }

  /** The person here has changed the passcode, to that of this number. */
  passcodeChanged(number: number): void {
    this.#order({ order: "passcode_changed", number });
  }

  expelled(participant: string): void {
    this.#forgetAsker(participant);
    this.#order({ order: "expelled", participant });
  }

  sealSender(sender: RTCRtpSender, track: OutgoingTrack): void {
    this.#attach(sender, { id: this.#idOf(sender), side: "out", ...track });
  }

  holdReceiver(receiver: RTCRtpReceiver): void {
    this.openReceiver(receiver, { participant: NOBODY, kind: "camera", codec: "vp8", name: "" });
  }

  openReceiver(receiver: RTCRtpReceiver, track: IncomingTrack): void {
    this.#attach(receiver, { id: this.#idOf(receiver), side: "in", ...track });
  }

  release(end: RTCRtpSender | RTCRtpReceiver): void {
    const id = this.#ends.get(end);
    if (id !== undefined) this.#order({ order: "detach", id });
  }

  async seal(label: Label, topic: string, payload: Bytes): Promise<Bytes> {
    const sealed = await this.#ask((number) => ({ order: "seal", number, label, topic, payload }));
    if (sealed === null) throw new Error("no key");
    return sealed;
  }

  open(participant: string, label: Label, topic: string, payload: Uint8Array): Promise<Uint8Array | null> {
    return this.#ask((number) => ({ order: "open", number, participant, label, topic, payload }));
  }

  /** For good: the worker forgets what was kept for a reload, and ends itself. */
  leave(): void {
    if (this.#isOver) return;
    this.#order({ order: "leave" });
    this.#end();
  }

  /** The page goes away: what is kept stays for the next one. */
  close(): void {
    if (this.#isOver) return;
    this.#worker.terminate();
    this.#end();
  }

  #end(): void {
    this.#isOver = true;
    this.#answerNobody();
  }

  /** A worker that failed once is not believed again, and answers nobody. */
  #stand(standing: Standing): void {
    if (this.#hasFailed) return;
    if (standing.at === "failed") this.#fail();
    else this.#put({ standing });
  }

  #fail(standing: Standing = { at: "failed" }): void {
    this.#hasFailed = true;
    this.#put({ standing });
    this.#answerNobody();
  }

  #answerNobody(): void {
    for (const resolve of this.#answers.values()) resolve(null);
    this.#answers.clear();
  }

  #idOf(end: RTCRtpSender | RTCRtpReceiver): number {
    return this.#ends.get(end) ?? (this.#numbers += 1);
  }

  #attach(end: RTCRtpSender | RTCRtpReceiver, attachment: Attachment): void {
    // Its streams are with the worker already, and can be had only once.
    if (this.#ends.has(end)) return this.#order({ order: "retarget", attachment });
    if (handsOutStreams(end)) {
      const { readable, writable } = end.createEncodedStreams();
      this.#worker.postMessage({ order: "pipe", attachment, readable, writable } satisfies Order, [readable, writable]);
    } else {
      if (!("RTCRtpScriptTransform" in globalThis)) throw new Error("this browser can't encrypt");
      end.transform = new RTCRtpScriptTransform(this.#worker as Worker, attachment);
    }
    this.#ends.set(end, attachment.id);
  }

  #ask(order: (number: number) => Order): Promise<Bytes | null> {
    const number = (this.#numbers += 1);
    if (this.#isOver || this.#hasFailed || this.#answers.size >= MOST_WAITING) return Promise.resolve(null);
    return new Promise((resolve) => {
      this.#answers.set(number, resolve);
      this.#order(order(number));
    });
  }

  #order(order: Order): void {
    this.#worker.postMessage(order);
  }

  #take(news: News): void {
    switch (news.news) {
      case "send":
        this.#handlers.send(news.message);
        break;
      case "standing":
        this.#stand(news.standing);
        break;
      case "group":
        this.#put({ occupants: news.occupants, code: news.code });
        break;
      case "difference":
        this.#put({ difference: news.difference });
        break;
      case "silent":
        this.#put({ silent: news.participants });
        break;
      case "alarm":
        this.#raise({ what: news.what, participant: news.participant });
        break;
      case "fragment":
        this.#put({ cameByCode: !news.isVerified });
        this.#handlers.onFragment(news.fragment, news.isVerified);
        break;
      case "asker":
        this.#state.update((state) => ({ ...state, askers: withAsker(state.askers, news.asker) }));
        break;
      case "guesses":
        this.#handlers.onGuesses(news.count);
        break;
      case "knows":
        this.#forgetAsker(news.participant);
        this.#handlers.onKnows(news.participant);
        break;
      case "answered":
        this.#forgetAsker(news.participant);
        if (!news.isVerified) this.#handlers.onByCode(news.participant);
        break;
      case "locked":
        this.#put({ locked: new Set(news.participants) });
        break;
      case "answer":
        this.#answers.get(news.number)?.(news.payload as Bytes | null);
        this.#answers.delete(news.number);
        break;
      case "devices":
        this.#handlers.onDevicesWanted(news.participant);
        break;
      case "vault":
      case "drops":
        // Whoever asks the worker for them listens to it.
        break;
    }
  }

  #forgetAsker(participant: string): void {
    this.#state.update((state) => ({ ...state, askers: state.askers.filter(isNot(participant)) }));
  }

  #raise(alarm: Alarm): void {
    this.#state.update((state) => {
      const isKnown = state.alarms.some(({ what, participant }) => what === alarm.what && participant === alarm.participant);
      return isKnown ? state : { ...state, alarms: [...state.alarms, alarm].slice(-MOST_ALARMS) };
    });
  }

  #put(change: Partial<EncryptionState>): void {
    this.#state.update((state) => ({ ...state, ...change }));
  }
}

/** Each keeps their place: a press meant for one must not let in another. */
function withAsker(askers: readonly Asker[], asker: Asker): readonly Asker[] {
  const at = askers.findIndex(({ participant }) => participant === asker.participant);
  if (at >= 0) return askers[at]?.why === asker.why ? askers : askers.with(at, asker);
  return askers.length < MOST_ASKERS ? [...askers, asker] : askers;
}

function isNot(participant: string): (asker: Asker) => boolean {
  return (asker) => asker.participant !== participant;
}

/** Whether frames can be sealed at all in this browser. */
export function canEncrypt(): boolean {
  return "RTCRtpScriptTransform" in globalThis || ("RTCRtpSender" in globalThis && "createEncodedStreams" in RTCRtpSender.prototype);
}

interface HandsOutStreams {
  createEncodedStreams(): { readable: ReadableStream; writable: WritableStream };
}

/** Chromium, with connections that were made for it: there it is the older way, and the one that is proven. */
function handsOutStreams<T extends object>(end: T): end is T & HandsOutStreams {
  return "createEncodedStreams" in end;
}
