/** For tests: a meeting of real members in one thread, with a clock and a delivery service in the test's hands. */

import { readFileSync } from "node:fs";

import { type Bytes, toBase64, toBase64Url } from "./e2ee/bytes.ts";
import { type Cupboard, PageCupboard } from "./e2ee/cupboard.ts";
import { PageHeads } from "./e2ee/heads.ts";
import { Keeper } from "./e2ee/keeper.ts";
import { Locked } from "./e2ee/locked.ts";
import { MemberFrames } from "./e2ee/member-frames.ts";
import type { MlsDirect, MlsEvent, MlsUpstream } from "./api/wire.ts";
import type { Entry, News, Occupant, Order, People, Standing } from "./e2ee/orders.ts";
import * as wasm from "./e2ee/wasm/conclave_wasm.js";

wasm.initSync({ module: readFileSync(new URL("e2ee/wasm/conclave_wasm_bg.wasm", `file://${import.meta.dirname}/`)) });

const uuid = (number: number): string => `018f3a5c-0000-7000-8000-${String(number).padStart(12, "0")}`;

/** An Ed25519 key of 32 bytes that nobody here signs with. */
const EXTERNAL_KEY = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";

const LEASE_MS = 2_000;

export class Person {
  readonly participant: string;
  readonly heads = new PageHeads();
  readonly keeper: Keeper;
  readonly frames: MemberFrames;
  readonly news: News[] = [];
  locked: readonly string[] = [];

  constructor(meeting: TestMeeting, participant: string, cupboard: Cupboard) {
    this.participant = participant;
    this.keeper = new Keeper({
      module: wasm,
      cupboard,
      heads: this.heads,
      now: () => meeting.now,
      random: (length) => crypto.getRandomValues(new Uint8Array(length)),
      news: (news) => {
        this.news.push(news);
        if (news.news === "send") meeting.receive(this, news.message);
      },
      after: (milliseconds, action) => meeting.after(milliseconds, action),
    });
    this.frames = new MemberFrames(this.keeper, wasm, new Locked((locked) => void (this.locked = locked)), () => meeting.now);
  }

  get standing(): Standing | undefined {
    return this.last("standing")?.standing;
  }

  get occupants(): readonly Occupant[] {
    return this.last("group")?.occupants ?? [];
  }

  get code(): string | null {
    return this.last("group")?.code ?? null;
  }

  last<K extends News["news"]>(kind: K): (News & { news: K }) | undefined {
    return this.news.findLast((news): news is News & { news: K } => news.news === kind);
  }
}

interface Wish {
  /** Who waited in the lobby. */
  person?: Person | undefined;
  name?: string;
  fragment?: string | null;
  account?: string | null;
  number?: number;
  cupboard?: Cupboard;
  admitted?: readonly string[];
  passcode?: string | null;
  guesses?: number;
}

/** Orders commits as the server does, and knows no key. */
export class TestMeeting {
  readonly secret = toBase64Url(crypto.getRandomValues(new Uint8Array(32)));
  now = 1_700_000_000_000;
  /** By the server's word. */
  hosts: string[] = [];
  isClosed = false;
  away: string[] = [];
  atTheDoor: string[] = [];
  readonly #people: Person[] = [];
  readonly #timers = new Set<{ at: number; action: () => void }>();
  readonly #orders: [Person, Order][] = [];
  #group: { id: string; epoch: number; info: string } | null = null;
  #turn: Person | null = null;
  #queue: Person[] = [];
  #numbers = 0;
  #committer: Person | null = null;
  /** Who refused the last commit. */
  readonly #judges = new Set<Person>();
  readonly #refused = new Set<Person>();

  /** Comes in with the link, unless it is said otherwise. */
  async enter({ person: waiting, name = "Somebody", fragment = this.secret, account = null, number, cupboard, admitted = [], passcode = null, guesses = 0 }: Wish = {}): Promise<Person> {
    const person = waiting ?? this.#come(number, cupboard);
    const { participant } = person;
    this.atTheDoor = this.atTheDoor.filter((other) => other !== participant);
    const entry: Entry = {
      meeting: uuid(900),
      organisation: uuid(901),
      dataMode: "conduit",
      externalSender: { signature_key: EXTERNAL_KEY, identity: toBase64(new TextEncoder().encode("conclave")) },
      isClosed: this.isClosed,
      fragment,
      participant,
      displayName: name,
      account,
      passcode,
      isPasscodeSpent: false,
      passcodeNumber: 0,
      admitted,
      byCode: [],
      guesses,
    };
    this.order(person, { order: "enter", entry, people: this.#present() });
    this.#tellPeople();
    await this.settle();
    return person;
  }

  /** Waits in the lobby, and is asked for the passcode. */
  async knock(passcode: string | null, fragment: string | null = null): Promise<Person> {
    const person = this.#come();
    const { participant } = person;
    this.atTheDoor = [...this.atTheDoor, participant];
    this.order(person, { order: "knock", door: { meeting: uuid(900), participant, fragment, passcode, isPasscodeSpent: false, passcodeNumber: 0 }, hosts: this.hosts });
    this.#tellPeople();
    await this.settle();
    return person;
  }

  #come(number?: number, cupboard: Cupboard = new PageCupboard()): Person {
    const person = new Person(this, uuid(number ?? (this.#numbers += 1)), cupboard);
    this.#people.push(person);
    return person;
  }

  /** The page goes away without a word. */
  drop(person: Person): void {
    this.#people.splice(this.#people.indexOf(person), 1);
    this.#queue = this.#queue.filter((waiting) => waiting !== person);
    if (this.#turn === person) this.#turn = null;
    this.#tellPeople();
  }

  order(person: Person, order: Order): void {
    this.#orders.push([person, order]);
  }

  /** What the server sends to one. */
  say(person: Person, message: MlsDirect | MlsEvent): void {
    this.order(person, { order: "hear", message });
  }

  after(milliseconds: number, action: () => void): () => void {
    const timer = { at: this.now + milliseconds, action };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Until nobody has anything to say. */
  async settle(): Promise<void> {
    for (let next = this.#orders.shift(); next !== undefined; next = this.#orders.shift()) await next[0].keeper.follow(next[1]);
  }

  async pass(milliseconds: number): Promise<void> {
    const end = this.now + milliseconds;
    for (;;) {
      await this.settle();
      const next = [...this.#timers].toSorted((a, b) => a.at - b.at)[0];
      if (next === undefined || next.at > end) break;
      this.#timers.delete(next);
      this.now = Math.max(this.now, next.at);
      next.action();
    }
    this.now = end;
  }

  receive(from: Person, message: MlsUpstream): void {
    switch (message.type) {
      case "mls_join":
        if (!this.#queue.includes(from) && !this.#refused.has(from)) this.#queue.push(from);
        this.#giveTurn();
        break;
      case "mls_create":
        this.#group = { id: message.group, epoch: 0, info: message.group_info };
        this.#turn = null;
        this.#giveTurn();
        break;
      case "mls_commit":
        this.#accept(from, message);
        break;
      case "mls_invalid":
        this.#judge(from);
        break;
      case "mls_heartbeat":
        for (const other of this.#people) if (other !== from) this.say(other, message);
        break;
      case "mls_letter":
        for (const { participant } of this.#people) {
          if (participant === message.to) this.say(this.#named(participant), { type: "mls_letter", from: from.participant, bytes: message.bytes });
        }
        break;
      default:
        break;
    }
  }

  #accept(from: Person, { group, epoch, commit, group_info }: MlsUpstream & { type: "mls_commit" }): void {
    if (this.#group?.epoch !== epoch) {
      this.say(from, { type: "mls_refused", reason: "stale" });
    } else {
      this.#group = { id: group, epoch: epoch + 1, info: group_info };
      this.#committer = from;
      this.#judges.clear();
      for (const person of this.#people) this.say(person, { kind: "mls_commit", group, epoch, sender: from.participant, commit });
    }
    this.#turn = null;
    this.#giveTurn();
  }

  /** A commit that most of the others refuse ends the group, and its sender waits. */
  #judge(from: Person): void {
    this.#judges.add(from);
    const group = this.#group;
    if (group === null || this.#committer === null || this.#judges.size * 2 <= this.#people.length - 1) return;
    this.#refused.add(this.#committer);
    this.#group = null;
    for (const person of this.#people) this.say(person, { kind: "mls_ended", group: group.id });
  }

  #giveTurn(): void {
    if (this.#turn !== null) return;
    const next = this.#queue.shift();
    if (next === undefined) return;
    this.#turn = next;
    this.after(LEASE_MS, () => {
      if (this.#turn !== next) return;
      this.#turn = null;
      this.#giveTurn();
    });
    const group = this.#group;
    if (group === null) this.say(next, { type: "mls_slot", kind: "create", lease_ms: LEASE_MS });
    else this.say(next, { type: "mls_slot", kind: "join", group: group.id, epoch: group.epoch, group_info: group.info, lease_ms: LEASE_MS });
  }

  #tellPeople(): void {
    for (const person of this.#people) this.order(person, { order: "people", people: this.#present() });
  }

  #present(): People {
    const isInside = (participant: string): boolean => !this.atTheDoor.includes(participant);
    const present = this.#people.map(({ participant }) => participant).filter(isInside);
    return { present, away: this.away, hosts: this.hosts, atTheDoor: this.atTheDoor };
  }

  #named(participant: string): Person {
    const person = this.#people.find((other) => other.participant === participant);
    if (person === undefined) throw new Error("nobody of that name");
    return person;
  }
}

export function text(words: string): Bytes {
  return Uint8Array.from(Buffer.from(words));
}
