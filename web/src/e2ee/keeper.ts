/**
 * The member of a meeting's group, where its keys are: in the worker, and nowhere else.
 *
 * Follows the page's orders one after the other, and tells it what there is to show or to send. A
 * failure of the WebAssembly is the end of it: from then on no frame passes.
 */

import { type Answer, Asking } from "./asking.ts";
import { attempt } from "./attempt.ts";
import { type Bytes, fromBase64, fromUuid, toBase64, toUuid } from "./bytes.ts";
import { tell, write } from "./channel-words.ts";
import { type Cupboard, ownerOf } from "./cupboard.ts";
import { takeKeys } from "./device-keys.ts";
import { DeviceLists } from "./device-lists.ts";
import { type Fragment, readFragment, secretBytes, writeFragment } from "./fragment.ts";
import type { CurrentGroup, MlsDirect, MlsEvent } from "../api/wire.ts";
import type { Heads } from "./heads.ts";
import type { Door, Entry, News, Occupant, Order, People, Standing } from "./orders.ts";
import { passcodeOf } from "./passcode.ts";
import { standingOf } from "./standing.ts";
import { termsOf } from "./terms.ts";
import type * as Wasm from "./wasm/conclave_wasm.js";

export type Module = Pick<typeof Wasm, "Member" | "DeviceKeys" | "DeviceList" | "Source" | "SecretAsker" | "SecretGiver" | "TrackKind" | "Codec" | "Label" | "Channel">;

export interface KeeperWorld {
  module: Module;
  cupboard: Cupboard;
  heads: Heads;
  news(news: News): void;
  /** Milliseconds since 1970 that never go back. */
  now(): number;
  random(length: number): Bytes;
  /** Returns what calls it off. */
  after(milliseconds: number, action: () => void): () => void;
}

type Place =
  | { at: "outside" }
  /** In the lobby. Asks nobody without a passcode, nor after a wrong one. */
  | { at: "door"; door: Door; asking: Asking | null }
  | { at: "asking"; entry: Entry; asking: Asking }
  | { at: "mistaken"; entry: Entry }
  | { at: "inside"; giver: Wasm.SecretGiver; member: Wasm.Member; fragment: Fragment }
  | { at: "gone" };

export class Keeper {
  readonly #world: KeeperWorld;
  readonly #admitted = new Set<string>();
  /** To whom of them the secret went without a passcode. */
  readonly #byCode = new Set<string>();
  readonly #lists: DeviceLists;
  #place: Place = { at: "outside" };
  #entry: Entry | null = null;
  /** Of the passcode that holds. It never falls: an earlier one is good for nothing any more. */
  #passcodeNumber = 0;
  #standing: Standing = { at: "joining" };
  #people: People = { present: [], away: [], hosts: [], atTheDoor: [] };
  /** The group and epoch that the server was last told of. */
  #told: { group: string; epoch: number } | null = null;
  #isWaitingForSlot = false;
  #callOff: () => void = () => {};

  constructor(world: KeeperWorld) {
    this.#world = world;
    this.#lists = new DeviceLists({
      module: world.module,
      heads: world.heads,
      want: (participant) => world.news({ news: "devices", participant }),
      alarm: (what, participant) => world.news({ news: "alarm", what, participant }),
    });
  }

  /** Of whoever seals and opens; `null` where nothing may pass. */
  get member(): Wasm.Member | null {
    return this.#place.at === "inside" ? this.#place.member : null;
  }

  async follow(order: Order): Promise<void> {
    try {
      await this.#follow(order);
    } catch {
      this.fail();
    }
  }

  /** Nothing is sent or opened any more. */
  fail(): void {
    this.#callOff();
    if (this.#place.at === "asking" || this.#place.at === "door") this.#place.asking?.stop();
    this.#place = { at: "gone" };
    this.#stand({ at: "failed" });
  }

  async #follow(order: Order): Promise<void> {
    switch (order.order) {
      case "enter":
        return await this.#enter(order.entry, order.people);
      case "knock":
        return await this.#knock(order.door, order.hosts);
      case "people":
        return this.#follows(order.people);
      case "hear":
        return this.#hear(order.message);
      case "again":
        return this.#askAgain();
      case "compare":
        return this.#compare(order.group);
      case "admitted":
        return this.#letIn(order.participant);
      case "denied":
        return this.#turnAway(order.participant);
      case "expelled":
        return this.#putOut(order.participant);
      case "allow":
        return this.#allow(order.participant);
      case "passcode":
        return this.#askAnew(order.passcode);
      case "passcode_number":
        return await this.#renumber(order.number);
      case "passcode_changed":
        this.#passcodeNumber = Math.max(this.#passcodeNumber, order.number);
        return await this.#giveAnew(0);
      case "devices":
        await this.#lists.hear(order.participant, order.account, order.entries);
        return this.#tellGroup();
      case "leave":
        return await this.#leave();
      default:
        // Frames and messages are none of its business.
        return undefined;
    }
  }

  async #enter(entry: Entry, people: People): Promise<void> {
    if (this.#place.at === "door") this.#place.asking?.end();
    else if (this.#place.at !== "outside") return;
    this.#entry = entry;
    this.#passcodeNumber = Math.max(this.#passcodeNumber, entry.passcodeNumber);
    for (const participant of entry.admitted) this.#admitted.add(participant);
    for (const participant of entry.byCode) this.#byCode.add(participant);
    this.#people = people;
    const fragment = entry.fragment === null ? null : readFragment(entry.fragment);
    if (fragment !== null) return await this.#begin(entry, fragment);
    // Each try is a guess for a server that puts itself between; without one only the person goes on.
    if (entry.isPasscodeSpent) this.#mistaken(entry, "passcode_spent");
    else this.#ask(entry);
  }

  /** Whoever is there already goes on with whom they asked. */
  async #knock(door: Door, hosts: readonly string[]): Promise<void> {
    this.#people = { ...this.#people, hosts };
    const place = this.#place;
    if (place.at === "door") place.asking?.people(this.#people);
    if (place.at !== "outside") return;
    // Whoever has the link has the passcode, without typing it.
    const ofLink = door.fragment === null ? null : await passcodeOf(door.fragment, door.passcodeNumber);
    this.#waitAt(ofLink === null ? door : { ...door, passcode: ofLink, isPasscodeSpent: false });
  }

  #waitAt(door: Door): void {
    const hasPasscode = door.passcode !== null;
    const asking = hasPasscode && !door.isPasscodeSpent ? this.#asking(door) : null;
    this.#place = { at: "door", door, asking };
    this.#stand(door.isPasscodeSpent ? { at: "passcode_spent" } : { at: "asking", hasPasscode });
    asking?.people(this.#people);
  }

  #asking(place: Door): Asking {
    const { module, random, after, news } = this.#world;
    return new Asking({
      asker: new module.SecretAsker(random(32), place.passcode ?? undefined),
      place,
      send: (message) => news({ news: "send", message }),
      after,
    });
  }

  #ask(entry: Entry): void {
    const asking = this.#asking(entry);
    this.#place = { at: "asking", entry, asking };
    this.#stand({ at: "asking", hasPasscode: entry.passcode !== null });
    asking.people(this.#people);
  }

  #mistaken(entry: Entry, at: "wrong_passcode" | "passcode_spent" | "unanswered"): void {
    this.#place = { at: "mistaken", entry };
    this.#stand({ at });
  }

  /** Whoever mistyped may try again; and who has no passcode is let in without. */
  #askAnew(passcode: string | null): void {
    const place = this.#place;
    if (place.at === "door") {
      place.asking?.end();
      return this.#waitAt({ ...place.door, passcode, isPasscodeSpent: false });
    }
    if (place.at !== "asking" && place.at !== "mistaken") return;
    if (place.at === "asking") place.asking.end();
    this.#ask({ ...place.entry, passcode });
  }

  async #begin(entry: Entry, fragment: Fragment): Promise<void> {
    const { module, random } = this.#world;
    const { keys } = await takeKeys(this.#world, ownerOf(entry.account, entry.participant));
    // A browser that is not among the account's has no key of it, and comes as a guest does.
    const account = entry.account === null || keys.accountKey === undefined ? {} : { account: fromUuid(entry.account) };
    const who = { participant: fromUuid(entry.participant), displayName: entry.displayName, ...account };
    const terms = termsOf(entry, fragment);
    const member = attempt(() => new module.Member(terms, secretBytes(fragment), who, keys, random(32)));
    keys.free();
    if (member === null) {
      this.#place = { at: "gone" };
      return this.#stand({ at: "bad_name" });
    }
    const giver = await this.#giver(entry, fragment, entry.guesses);
    this.#place = { at: "inside", giver, member, fragment };
    this.#stand({ at: "joining" });
    for (const participant of this.#admitted) this.#to((now) => member.admitted(now, fromUuid(participant)));
    this.#follows(this.#people);
    this.#to((now) => member.enter(now));
  }

  async #giver(entry: Entry, fragment: Fragment, guesses: number): Promise<Wasm.SecretGiver> {
    const { module, random } = this.#world;
    const whole = writeFragment(fragment);
    const passcode = (await passcodeOf(whole, this.#passcodeNumber)) ?? undefined;
    const giver = new module.SecretGiver(fromUuid(entry.meeting), fromUuid(entry.participant), whole, passcode, random(32), guesses);
    for (const participant of this.#byCode) giver.allow(fromUuid(participant));
    return giver;
  }

  async #renumber(number: number): Promise<void> {
    if (number <= this.#passcodeNumber) return;
    this.#passcodeNumber = number;
    const place = this.#place;
    if (place.at === "inside") await this.#giveAnew(place.giver.guesses);
  }

  /** By the passcode that holds. Whoever was about to show another begins again. */
  async #giveAnew(guesses: number): Promise<void> {
    const [place, entry] = [this.#place, this.#entry];
    if (place.at !== "inside" || entry === null) return;
    const giver = await this.#giver(entry, place.fragment, guesses);
    if (this.#place !== place) return giver.free();
    place.giver.free();
    this.#place = { ...place, giver };
    this.#world.news({ news: "guesses", count: guesses });
  }

  #follows(people: People): void {
    this.#people = people;
    const place = this.#place;
    if (place.at === "asking") place.asking.people(people);
    if (place.at === "inside") this.#to((now) => this.#compareWith(place.member, now));
  }

  /** Who is away has their leaf still where they had one before, and is missed by nobody where not. */
  #compareWith(member: Wasm.Member, now: number): void {
    const { present, away } = this.#people;
    const inGroup = new Set(member.roster().map(({ participant }) => toUuid(participant)));
    member.present(now, [...present, ...away.filter((participant) => inGroup.has(participant))].flatMap(readUuid));
  }

  async #hear(message: MlsDirect | MlsEvent): Promise<void> {
    if ("type" in message && message.type === "mls_letter") return await this.#hearLetter(message);
    this.#listen(message);
  }

  /** What is not in its form was not said. */
  #listen(message: MlsDirect | MlsEvent): void {
    const place = this.#place;
    if (place.at !== "inside") return;
    attempt(() => tell(place.member, this.#world.now(), message));
    this.#drain();
  }

  async #hearLetter(message: MlsDirect & { type: "mls_letter" }): Promise<void> {
    const place = this.#place;
    if (place.at === "inside" && attempt(() => this.#answer(place, message)) !== true) this.#listen(message);
    if (place.at === "door") return this.#hearAtTheDoor(place, message);
    if (place.at !== "asking") return;
    const answer = attempt(() => place.asking.hear(message.from, fromBase64(message.bytes)));
    if (answer === null) return;
    place.asking.end();
    await this.#takeAnswer(place.entry, answer);
  }

  /** That the passcode is right is the host's page to say, to the server. */
  #hearAtTheDoor({ door, asking }: Place & { at: "door" }, message: MlsDirect & { type: "mls_letter" }): void {
    const answer = attempt(() => asking?.hear(message.from, fromBase64(message.bytes)) ?? null);
    if (asking === null || answer === null || answer.answer === "secret") return;
    asking.end();
    this.#place = { at: "door", door, asking: null };
    this.#stand({ at: answer.answer });
  }

  async #takeAnswer(entry: Entry, answer: Answer): Promise<void> {
    if (answer.answer !== "secret") return this.#mistaken(entry, answer.answer);
    const { fragment, isVerified } = answer;
    this.#world.news({ news: "fragment", fragment: writeFragment(fragment), isVerified });
    await this.#begin(entry, fragment);
  }

  /**
   * Only those whom this very person let in, and of the passcode alone who waits for that, also where they were to be let in;
   * whether it was their question.
   */
  #answer({ giver }: Place & { at: "inside" }, { from, bytes }: MlsDirect & { type: "mls_letter" }): boolean {
    const isAtTheDoor = this.#people.atTheDoor.includes(from);
    if (!isAtTheDoor && !this.#admitted.has(from)) return false;
    const letter = fromBase64(bytes);
    const taken = isAtTheDoor ? giver.check(fromUuid(from), letter) : giver.take(fromUuid(from), letter);
    if (taken === undefined) return false;
    if (taken.kind === "known") {
      this.#world.news({ news: "knows", participant: from });
      return true;
    }
    const { news } = this.#world;
    // Also that they are refused is told to them.
    if (taken.kind !== "no_passcode") news({ news: "send", message: { type: "mls_letter", to: from, bytes: toBase64(taken.bytes) } });
    if (taken.kind === "wrong_passcode") news({ news: "guesses", count: giver.guesses });
    if (taken.kind !== "send") news({ news: "asker", asker: { participant: from, why: taken.kind } });
    else if (taken.isVerified !== undefined) this.#gave(from, taken.isVerified);
    return true;
  }

  #gave(participant: string, isVerified: boolean): void {
    const isNews = !isVerified && !this.#byCode.has(participant);
    if (isNews) this.#byCode.add(participant);
    this.#world.news({ news: "answered", participant, isVerified });
    if (isNews) this.#tellGroup();
  }

  /** They ask again in a moment. */
  #allow(participant: string): void {
    if (this.#place.at === "inside" && this.#admitted.has(participant)) this.#place.giver.allow(fromUuid(participant));
  }

  /** Who leaves the line loses their place in it. */
  #askAgain(): void {
    if (this.#place.at === "inside" && this.#isWaitingForSlot) this.#world.news({ news: "send", message: { type: "mls_join" } });
  }

  /**
   * After an interruption the group may have gone on, or be another. Whoever is not too far behind is sent the
   * commits in between; whoever is too far behind enters again.
   */
  #compare(group: CurrentGroup | null): void {
    const [place, told] = [this.#place, this.#told];
    if (place.at !== "inside") return;
    if (group === null) {
      if (told !== null) this.#to((now) => place.member.ended(now, fromBase64(told.group)));
      return;
    }
    const canFollow = told?.group === group.id && group.replays_from <= told.epoch && told.epoch <= group.epoch;
    if (canFollow) this.#world.news({ news: "send", message: { type: "mls_processed", ...told } });
    else this.#to((now) => place.member.state(now, fromBase64(group.id), BigInt(group.epoch)));
  }

  #letIn(participant: string): void {
    this.#admitted.add(participant);
    const { member } = this;
    if (member !== null) this.#to((now) => member.admitted(now, fromUuid(participant)));
  }

  /** They may hold the link. */
  #turnAway(participant: string): void {
    this.#admitted.delete(participant);
    const { member } = this;
    if (member !== null) this.#to((now) => member.turnAway(now, fromUuid(participant)));
  }

  #putOut(participant: string): void {
    const { member } = this;
    const occupant = member?.roster().find((one) => toUuid(one.participant) === participant);
    if (member === null || occupant === undefined) return this.#turnAway(participant);
    this.#admitted.delete(participant);
    this.#to((now) => member.expel(now, occupant.signatureKey));
  }

  async #leave(): Promise<void> {
    const place = this.#place;
    this.#callOff();
    if (place.at === "asking" || place.at === "door") place.asking?.end();
    if (place.at === "inside") place.member.leave(this.#world.now());
    this.#place = { at: "gone" };
    if (this.#entry === null) return;
    const { account, participant } = this.#entry;
    if (account === null) await this.#world.cupboard.forget(ownerOf(null, participant));
  }

  /** Gives the member something to think about, and does what it wants then. */
  #to(input: (now: number) => void): void {
    input(this.#world.now());
    this.#drain();
  }

  #drain(): void {
    for (;;) {
      const output = this.member?.poll();
      if (output === undefined) return;
      if (output.kind === "wait") return this.#wait(output.until);
      this.#do(output);
    }
  }

  #wait(until: number | undefined): void {
    this.#callOff();
    if (until === undefined) return;
    const { after, now } = this.#world;
    this.#callOff = after(Math.max(0, until - now()), () => {
      const place = this.#place;
      if (place.at !== "inside") return;
      try {
        this.#to((time) => place.member.timeout(time));
      } catch {
        this.fail();
      }
    });
  }

  #do(output: Exclude<Wasm.Output, { kind: "wait" }>): void {
    switch (output.kind) {
      case "send":
        this.#note(output);
        this.#world.news({ news: "send", message: write(output) });
        break;
      case "broadcast":
      case "letter":
        this.#world.news({ news: "send", message: write(output) });
        break;
      case "sending":
        this.#stand(standingOf(output, this.#standing));
        break;
      case "changed":
        if (this.member !== null && this.#people.away.length > 0) this.#compareWith(this.member, this.#world.now());
        this.#tellGroup();
        break;
      case "needs_host":
        this.#stand({ at: "waiting_for_host" });
        break;
      case "needs_voucher":
        this.#stand({ at: "waiting_for_voucher" });
        break;
      case "difference":
        this.#world.news({
          news: "difference",
          difference: { strangers: output.strangers.map(toUuid), outsiders: output.outsiders.map(toUuid) },
        });
        break;
      case "silent":
        this.#world.news({ news: "silent", participants: output.participants.map(toUuid) });
        break;
      case "voucher_asked":
        // Who was let in is answered; for the others there is the lobby.
        break;
      case "alarm":
        this.#world.news({ news: "alarm", what: output.what, participant: output.participant === undefined ? null : toUuid(output.participant) });
        break;
      case "wish_failed":
        this.#world.news({ news: "alarm", what: "wish_failed", participant: null });
        break;
    }
  }

  #note(output: Wasm.Output & { kind: "send" }): void {
    this.#isWaitingForSlot = output.message === "join";
    if (output.message === "create") this.#told = { group: toBase64(output.group), epoch: 0 };
    if (output.message === "processed") this.#told = { group: toBase64(output.group), epoch: Number(output.epoch) };
  }

  #tellGroup(): void {
    const member = this.member;
    if (member === null) return;
    const roster = member.roster();
    this.#lists.follow(roster);
    const occupants = roster.map((occupant) => this.#show(occupant));
    this.#world.news({ news: "group", occupants, code: member.securityCode() ?? null });
  }

  #show(occupant: Wasm.Occupant): Occupant {
    const device = this.#lists.standingOf(occupant);
    const participant = toUuid(occupant.participant);
    return {
      participant,
      name: occupant.displayName,
      isHost: occupant.isHost,
      standing: occupant.standing,
      isVerified: occupant.isVerified && device === "listed",
      device,
      isByCode: this.#byCode.has(participant),
    };
  }

  #stand(standing: Standing): void {
    this.#standing = standing;
    this.#world.news({ news: "standing", standing });
  }
}

/** Who has no identifier of ours is no member, and nobody's trouble. */
function readUuid(participant: string): Bytes[] {
  const bytes = attempt(() => fromUuid(participant));
  return bytes === null ? [] : [bytes];
}
