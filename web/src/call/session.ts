/**
 * One live meeting from a participant's side: a table of contents over its channel, its media,
 * its chat and what the person wants of their devices.
 */

import type { Api } from "../api/api.ts";
import { Problem } from "../api/problem.ts";
import type { Admission, ByeReason, ChannelEvent, EndCause, MlsEvent, Welcome } from "../api/wire.ts";
import type { Bytes } from "../e2ee/bytes.ts";
import { Encryption, type EncryptionState, type KeyWorker, type Sealing } from "../e2ee/encryption.ts";
import type { Entry, People } from "../e2ee/orders.ts";
import { Store, type Watchable } from "../store.ts";
import { within } from "../within.ts";
import { Backoff } from "./backoff.ts";
import type { CallMedia, MediaHandlers, MediaState } from "./call-media.ts";
import { NO_MEDIA } from "./call-media.ts";
import type { OpenDevices } from "./capture.ts";
import { Channel, type Socket } from "./channel.ts";
import { appended, CHAT_TOPIC, type ChatMessage, decodeChat, encodeChat, outgoingText } from "./chat.ts";
import type { DeviceKind } from "./devices.ts";
import type { IntentStore } from "./intent.ts";
import { applyEvent, awayPeople, fromWelcome, type MeetingState, needsPasscode, presentPeople } from "./meeting-state.ts";
import type { PacketListener } from "./packets.ts";
import { type CapturedTracks, Preview } from "./preview.ts";
import type { KeptSeat, KeptSecrets } from "./seats.ts";

/** How somebody's time in a meeting came to its end. */
export type Ending = "ended" | "administrator" | "host_absent" | "too_long" | "left" | "denied" | "expelled" | "locked" | "replaced" | "expired";

type Phase =
  | { at: "connecting" }
  | { at: "waiting"; why: "waiting" | "host_absent" }
  | { at: "inside" }
  | { at: "over"; how: Ending };

export interface SessionState {
  phase: Phase;
  /** Absent until the channel has said it once. */
  meeting: MeetingState | null;
  isChannelConnected: boolean;
  /** What a host turned off, until the person turns it on. */
  stopped: DeviceKind | null;
  /** A host asks this person to speak, who has not answered yet. */
  isAskedToSpeak: boolean;
  /** The code of the last command that failed, until the next one. */
  failure: string | null;
}

/** What a session needs of the world. */
export interface SessionWorld {
  api: Api;
  openSocket(meeting: string): Socket;
  openDevices: OpenDevices;
  /** Loaded when it is first needed. */
  loadMedia(handlers: MediaHandlers, sealing: Sealing): Promise<CallMedia>;
  /** Without it there is no meeting in this browser. */
  canEncrypt(): boolean;
  /** Holds this meeting's keys from now on. */
  openWorker(): KeyWorker;
  now(): number;
  sleep(milliseconds: number): Promise<void>;
  /** Calls back when the network or the page may be back. Returns what ends that. */
  onWake(listener: () => void): () => void;
}

/** For the list of somebody's devices, and for a word about somebody, after no answer. */
const BETWEEN_ASKING_MS = 5_000;
/** Longer than a slow phone takes; the next try finds what has come after all. */
const LOADED_WITHIN_MS = 30_000;

const ENDING_OF: Partial<Record<ByeReason, Ending>> = {
  meeting_ended: "ended",
  denied: "denied",
  expelled: "expelled",
  meeting_locked: "locked",
  replaced: "replaced",
};

/** Those who were there are told who or what ended it, where it was not the host. */
const ENDING_BY: Record<EndCause, Ending> = {
  host: "ended",
  administrator: "administrator",
  empty: "ended",
  host_absent: "host_absent",
  too_long: "too_long",
};

export class Session {
  readonly state = new Store<SessionState>({
    phase: { at: "connecting" },
    meeting: null,
    isChannelConnected: false,
    stopped: null,
    isAskedToSpeak: false,
    failure: null,
  });
  readonly media = new Store<MediaState>(NO_MEDIA);
  /** What runs in front of the meeting, until its media take it over. */
  readonly preview: Preview;
  readonly chat = new Store<readonly ChatMessage[]>([]);
  readonly encryption: Watchable<EncryptionState>;
  readonly intent: IntentStore;
  readonly seat: KeptSeat;
  readonly #world: SessionWorld;
  readonly #secrets: KeptSecrets;
  readonly #encryption: Encryption;
  readonly #channel: Channel;
  readonly #backoff = new Backoff();
  readonly #packetListeners = new Set<PacketListener>();
  #media: Promise<CallMedia> | null = null;
  #isJoining = false;
  /** The group was entered, or its secret asked for. */
  #hasAsked = false;
  /** Hosts were shown that the passcode is known, or would have been. */
  #hasKnocked = false;
  /** Those who have shown this page that they know the passcode, while the server has not taken that. */
  readonly #vouching = new Set<string>();
  #isClosed = false;
  #sleep: () => void = () => {};
  /** Short interruptions are the media's own business; this says that it gave up. */
  #needsMedia = true;

  constructor(world: SessionWorld, seat: KeptSeat, secrets: KeptSecrets, intent: IntentStore, captured: CapturedTracks) {
    this.#world = world;
    this.#secrets = secrets;
    this.seat = seat;
    this.intent = intent;
    this.preview = new Preview(world.openDevices, captured);
    this.preview.subscribe(() => this.#giveUpFailed());
    this.#channel = new Channel(() => world.openSocket(seat.meeting), seat.credential, {
      onWelcome: (welcome) => {
        this.#know(fromWelcome(welcome));
        this.#encrypt(welcome);
        this.#knock();
      },
      onEvent: (revision, event) => this.#follow(revision, event),
      onGroup: (message) => this.#encryption.hear(message),
      onConnected: (isChannelConnected) => {
        this.#put({ isChannelConnected });
        if (isChannelConnected) this.#encryption.again();
      },
      onClosed: (reason) => this.#finish(ENDING_OF[reason] ?? "expired"),
    });
    this.#encryption = new Encryption(world.openWorker(), {
      send: (message) => this.#channel.send(message),
      onFragment: (fragment, isVerified) => secrets.keepFragment(fragment, isVerified),
      onByCode: (participant) => secrets.keepByCode(participant),
      onKnows: (participant) => void this.#vouch(participant),
      onGuesses: (count) => secrets.keepGuesses(count),
      onDevicesWanted: (participant) => void this.#tellDevices(participant),
    });
    this.encryption = this.#encryption.state;
    if (!world.canEncrypt()) this.#encryption.giveUp();
  }

  start(): void {
    this.#channel.connect();
    this.#sleep = this.#world.onWake(() => this.#channel.hurry());
  }

  async setMicrophone(microphone: boolean): Promise<void> {
    this.intent.update((intent) => ({ ...intent, microphone }));
    this.#answer("microphone");
    this.#showWish("microphone");
    const isOn = await (await this.#media)?.setMicrophone(microphone, this.intent.get().microphoneId);
    if (isOn === false) this.intent.update((intent) => ({ ...intent, microphone: false }));
  }

  async setCamera(camera: boolean): Promise<void> {
    this.intent.update((intent) => ({ ...intent, camera }));
    this.#answer("camera");
    this.#showWish("camera");
    const isOn = await (await this.#media)?.setCamera(camera, this.intent.get().cameraId);
    if (isOn === false) this.intent.update((intent) => ({ ...intent, camera: false }));
  }

  async setScreen(on: boolean): Promise<void> {
    await (await this.#media)?.setScreen(on);
  }

  async chooseDevice(kind: "camera" | "microphone" | "speaker", id: string): Promise<void> {
    this.intent.update((intent) => ({ ...intent, [`${kind}Id`]: id }));
    await (await this.#media)?.chooseDevice(kind, id);
  }

  /** Inside a click. */
  async unblockSound(): Promise<void> {
    await (await this.#media)?.unblockSound();
  }

  /** Rejects where nobody got it. */
  async say(text: string): Promise<void> {
    const outgoing = outgoingText(text);
    if (outgoing === null) return;
    const id = crypto.randomUUID();
    try {
      const media = await this.#media;
      if (media === null) throw new Problem("offline", 0);
      await media.send(CHAT_TOPIC, encodeChat(id, outgoing));
      this.#hear(id, this.seat.participant, outgoing);
    } catch {
      throw new Problem("chat_not_sent", 0);
    }
  }

  /** To one participant. Rejects where it was not sent. */
  async sendPacket(topic: string, payload: Bytes, to: string): Promise<void> {
    const media = await this.#media;
    if (media === null) throw new Problem("offline", 0);
    await media.send(topic, payload, to);
  }

  /** Everything that was sealed in this meeting and is no message of the chat. Returns what ends that. */
  onPacket(listener: PacketListener): () => void {
    this.#packetListeners.add(listener);
    return () => this.#packetListeners.delete(listener);
  }

  /** Whom this person lets in may have the meeting's secret from here, and nobody else: they ask as soon as they are in. */
  admit(participant: string): Promise<void> {
    this.#secrets.keepAdmitted(participant);
    this.#encryption.admitted(participant);
    return this.#command(() => this.#world.api.admit(this.seat, participant));
  }

  /** Those who are shown, and nobody who knocked since. */
  admitAll(participants: readonly string[]): Promise<void> {
    for (const participant of participants) {
      this.#secrets.keepAdmitted(participant);
      this.#encryption.admitted(participant);
    }
    return this.#command(() => this.#world.api.admitAll(this.seat, participants));
  }

  /** Gives somebody whom nobody let in the meeting's secret: they came by emergency access, and ask for it. */
  give(participant: string): void {
    this.#secrets.keepAdmitted(participant);
    this.#encryption.admitted(participant);
    this.#encryption.allow(participant);
  }

  /** Gives somebody who came by code the meeting's secret without a passcode. */
  allow(participant: string): void {
    this.#encryption.allow(participant);
  }

  /** Asks for the meeting's secret again, with another passcode or without one. */
  tryPasscode(passcode: string | null): void {
    const isSpent = passcode !== null && this.#secrets.countTry();
    // A page that is loaded again goes on with what was typed last.
    if (!isSpent) this.#secrets.keepPasscode(passcode);
    this.#encryption.tryPasscode(passcode, isSpent);
  }

  /** Also of whom they wanted to let in a moment ago, when that did not work. */
  deny(participant: string): Promise<void> {
    this.#secrets.forgetAdmitted(participant);
    if (this.#leadsGroup()) this.#encryption.denied(participant);
    return this.#command(() => this.#world.api.deny(this.seat, participant));
  }

  /** Their device is out of the group also where the server doesn't follow. Rejects where it doesn't. */
  async expel(participant: string): Promise<void> {
    this.#secrets.forgetAdmitted(participant);
    if (this.#leadsGroup()) this.#encryption.expelled(participant);
    await this.#world.api.expel(this.seat, participant);
  }

  setCoHost(participant: string, isCoHost: boolean): Promise<void> {
    const { api } = this.#world;
    return this.#command(() => (isCoHost ? api.makeCoHost(this.seat, participant) : api.takeBackCoHost(this.seat, participant)));
  }

  setSharingLocked(isLocked: boolean): Promise<void> {
    const { api } = this.#world;
    return this.#command(() => (isLocked ? api.lockSharing(this.seat) : api.unlockSharing(this.seat)));
  }

  handOver(participant: string): Promise<void> {
    return this.#command(() => this.#world.api.handOver(this.seat, participant));
  }

  mute(participant: string): Promise<void> {
    return this.#command(() => this.#world.api.mute(this.seat, participant));
  }

  muteAll(): Promise<void> {
    return this.#command(() => this.#world.api.muteAll(this.seat));
  }

  stopVideo(participant: string): Promise<void> {
    return this.#command(() => this.#world.api.stopVideo(this.seat, participant));
  }

  askToUnmute(participant: string): Promise<void> {
    return this.#command(() => this.#world.api.askToUnmute(this.seat, participant));
  }

  /** The person stays muted. */
  declineToSpeak(): void {
    this.#put({ isAskedToSpeak: false });
  }

  setLocked(isLocked: boolean): Promise<void> {
    const { api } = this.#world;
    return this.#command(() => (isLocked ? api.lock(this.seat) : api.unlock(this.seat)));
  }

  /** The link alone lets people straight in again. */
  unguard(): Promise<void> {
    return this.#command(() => this.#world.api.unguard(this.seat));
  }

  /** Whoever types the passcode that held is refused from here on. Nobody who is in is put out, and the link stays. */
  changePasscode(): Promise<void> {
    const number = this.#secrets.passcodeNumber() + 1;
    return this.#command(async () => {
      await this.#world.api.changePasscode(this.seat);
      if (number > this.#secrets.passcodeNumber()) this.#secrets.keepPasscodeNumber(number);
      this.#encryption.passcodeChanged(number);
    });
  }

  /** Rejects where the meeting goes on. */
  async endForAll(): Promise<void> {
    await this.#world.api.end(this.seat.meeting, this.seat.credential);
    this.#finish("ended");
  }

  /** Leaving works without the server: it notices by itself, only later. */
  async leave(): Promise<void> {
    this.#finish("left");
    await this.#world.api.leave(this.seat).catch(() => {});
  }

  /** Lets go of everything without leaving the meeting: the page goes away. */
  close(): void {
    this.#isClosed = true;
    this.#sleep();
    this.#channel.close();
    this.#encryption.close();
    this.preview.stop();
    void this.#media?.then((media) => media.disconnect());
    this.#media = null;
  }

  #follow(revision: number, event: ChannelEvent): void {
    if (isOfGroup(event)) return this.#encryption.hear(event);
    // Nothing is opened by it: the person decides.
    if (event.kind === "unmute_asked") return this.#put({ isAskedToSpeak: !this.intent.get().microphone });
    const { meeting } = this.state.get();
    if (meeting === null) return;
    this.#know(applyEvent(meeting, revision, event));
    this.#knock();
    this.#encryption.people(peopleOf(this.state.get().meeting ?? meeting));
  }

  /** In a lobby where the passcode is needed: it is shown to the hosts, which lets nobody in by itself. */
  #knock(): void {
    const { meeting } = this.state.get();
    if (meeting?.admission !== "waiting" || this.#isClosed || !this.#world.canEncrypt()) return;
    if (meeting.passcode === null && !this.#hasKnocked) return;
    const [fragment, passcode] = [this.#secrets.fragment(), this.#secrets.passcode()];
    const isPasscodeSpent = fragment === null && passcode !== null && !this.#hasKnocked && this.#secrets.countTry();
    this.#hasKnocked = true;
    const { meeting: id, participant } = this.seat;
    const passcodeNumber = Math.max(this.#secrets.passcodeNumber(), meeting.passcode?.passcode_number ?? 0);
    this.#encryption.knock({ meeting: id, participant, fragment, passcode, isPasscodeSpent, passcodeNumber }, meeting.passcode?.hosts ?? []);
  }

  /** Whoever is in has the group's keys, or sends and sees nothing: there is no meeting without. */
  #encrypt(welcome: Welcome): void {
    const { meeting } = this.state.get();
    const entry = this.#entry(welcome);
    if (meeting === null || entry === null || this.#isClosed || !this.#world.canEncrypt()) return;
    // What was tried in the lobby counted there.
    const tries = entry.fragment === null && entry.passcode !== null && !this.#hasAsked && !this.#hasKnocked;
    if (tries) entry.isPasscodeSpent = this.#secrets.countTry();
    this.#hasAsked = true;
    this.#encryption.enter(entry, peopleOf(meeting), welcome.mls?.group ?? null);
    if (this.#secrets.isByCode()) this.#encryption.markByCode();
  }

  /** `null` for who waits still. */
  #entry({ meeting, mls }: Welcome): Entry | null {
    if (meeting === undefined || meeting === null || mls === undefined || mls === null) return null;
    return {
      meeting: this.seat.meeting,
      organisation: meeting.organisation,
      dataMode: meeting.data_mode,
      externalSender: mls.external_sender,
      isClosed: !meeting.link_admits,
      fragment: this.#secrets.fragment(),
      passcode: this.#secrets.passcode(),
      isPasscodeSpent: false,
      passcodeNumber: this.#secrets.passcodeNumber(),
      participant: this.seat.participant,
      displayName: this.seat.name,
      account: this.seat.account,
      admitted: this.#secrets.admitted(),
      byCode: this.#secrets.byCode(),
      guesses: this.#secrets.guesses(),
    };
  }

  /** Until the server has answered, or refused. */
  async #tellDevices(participant: string): Promise<void> {
    while (!this.#isClosed) {
      try {
        const { account, entries } = await this.#world.api.devices(this.seat, participant);
        return this.#encryption.devices(participant, account, entries);
      } catch (error) {
        // Only that there is none says something of them: a server that is busy has refused this page.
        if (error instanceof Problem && error.status === 404) return this.#encryption.devices(participant, "", []);
        await this.#world.sleep(BETWEEN_ASKING_MS);
      }
    }
  }

  /** Until the server has taken it, or refused it, or they don't wait for it any more: they can show it a few times only. */
  async #vouch(participant: string): Promise<void> {
    if (this.#vouching.has(participant)) return;
    this.#vouching.add(participant);
    while (!this.#isClosed && this.#isAtTheDoor(participant)) {
      try {
        await this.#world.api.vouch(this.seat, participant);
        break;
      } catch (error) {
        if (isForGood(error)) break;
        await this.#world.sleep(BETWEEN_ASKING_MS);
      }
    }
    this.#vouching.delete(participant);
  }

  #isAtTheDoor(participant: string): boolean {
    const lobby = this.state.get().meeting?.lobby ?? [];
    return lobby.some((entry) => entry.participant === participant && needsPasscode(entry));
  }

  #know(meeting: MeetingState): void {
    this.#put({ meeting });
    if (meeting.facts !== null) this.#encryption.toldMode(meeting.facts.data_mode);
    this.#countPasscode(meeting.facts?.passcode_number ?? 0);
    if (meeting.ended !== null) this.#finish(ENDING_BY[meeting.ended]);
    else this.#stand(meeting.admission);
  }

  /** A server that takes it back is not followed: an earlier passcode is good for nothing any more. */
  #countPasscode(number: number): void {
    if (number <= this.#secrets.passcodeNumber()) return;
    this.#secrets.keepPasscodeNumber(number);
    this.#encryption.passcodeNumber(number);
  }

  #stand(admission: Admission): void {
    switch (admission) {
      case "waiting":
      case "host_absent":
        this.#wait(admission);
        break;
      case "admitted":
        if (this.state.get().phase.at !== "inside") this.#put({ phase: { at: "inside" } });
        void this.#joinMedia();
        break;
      case "denied":
      case "expelled":
        this.#finish(admission);
        break;
      case "left":
        this.#finish("left");
        break;
    }
  }

  /** Whoever waits sees what will be turned on, also after a reload. */
  #wait(why: "waiting" | "host_absent"): void {
    const isFirst = this.state.get().phase.at !== "waiting";
    this.#put({ phase: { at: "waiting", why } });
    if (!isFirst) return;
    const { camera, microphone } = this.preview.get();
    const intent = this.intent.get();
    void this.preview.start({
      ...intent,
      camera: intent.camera && camera.status === "off",
      microphone: intent.microphone && microphone.status === "off",
    });
  }

  /** Tries until the media are connected, as long as the channel says that this participant is in. */
  async #joinMedia(): Promise<void> {
    if (this.#isJoining || !this.#world.canEncrypt()) return;
    this.#isJoining = true;
    // They may be lost again before this is over, so the need is looked at each time.
    while (this.#needsMedia && !this.#isClosed && this.state.get().phase.at === "inside") {
      if (!(await this.#tryMedia())) await this.#world.sleep(this.#backoff.next());
    }
    this.#isJoining = false;
  }

  async #tryMedia(): Promise<boolean> {
    try {
      await this.#connectMedia();
      this.#backoff.reset();
      return true;
    } catch (error) {
      this.#needsMedia = true;
      if (error instanceof Problem && error.status === 410) this.#finish("ended");
      if (error instanceof Problem && (error.status === 401 || error.status === 404)) this.#finish("expired");
      return false;
    }
  }

  /** Whoever leaves while the server, the network or the browser take their time has left: nothing is opened afterwards. */
  async #connectMedia(): Promise<void> {
    const { ticket } = await this.#world.api.ticket(this.seat);
    if (this.#isClosed) return;
    const media = await this.#loadMedia();
    if (this.#isClosed) return;
    this.#needsMedia = false;
    await media.connect(ticket, this.intent.get(), () => this.preview.release());
    if (this.#isClosed) await media.disconnect();
  }

  /** In front of the meeting nothing runs that is not wanted, and nothing is wanted that does not run. */
  #showWish(kind: DeviceKind): void {
    const intent = this.intent.get();
    if (!intent[kind]) this.preview.turnOff(kind);
    else if (this.state.get().phase.at === "waiting") void this.preview.turnOn(kind, intent[`${kind}Id`]);
  }

  #giveUpFailed(): void {
    const capture = this.preview.get();
    for (const kind of ["camera", "microphone"] as const) {
      if (capture[kind].status === "failed") this.#giveUp(kind);
    }
  }

  #giveUp(kind: DeviceKind): void {
    if (this.intent.get()[kind]) this.intent.update((intent) => ({ ...intent, [kind]: false }));
  }

  /** A co-host is one by the server's word: members of the group take no wish of theirs, and need none, as the server proposes it. */
  #leadsGroup(): boolean {
    return this.state.get().meeting?.you.role !== "co_host";
  }

  /** What a host did or asked is answered by what the person does. */
  #answer(kind: DeviceKind): void {
    if (this.state.get().stopped === kind) this.#put({ stopped: null });
    if (kind === "microphone") this.#put({ isAskedToSpeak: false });
  }

  #loadMedia(): Promise<CallMedia> {
    const handlers: MediaHandlers = {
      ask: () => this.#channel.ask(),
      onMessage: (topic, participant, payload) => this.#receive(topic, participant, payload),
      onLost: () => {
        this.#needsMedia = true;
        void this.#joinMedia();
      },
      onUnavailable: (kind) => this.#giveUp(kind),
      onStopped: (kind) => {
        this.#giveUp(kind);
        this.#put({ stopped: kind });
      },
    };
    this.#media ??= within(LOADED_WITHIN_MS, this.#world.loadMedia(handlers, this.#encryption))
      .then((media) => {
        media.state.subscribe(() => this.media.set(media.state.get()));
        return media;
      })
      .catch((error: unknown) => {
        this.#media = null;
        throw error;
      });
    return this.#media;
  }

  #receive(topic: string, participant: string, payload: Uint8Array): void {
    if (topic !== CHAT_TOPIC) {
      for (const listener of this.#packetListeners) listener(topic, participant, payload);
      return;
    }
    const message = decodeChat(payload);
    if (message !== null) this.#hear(message.id, participant, message.text);
  }

  #hear(id: string, participant: string, text: string): void {
    const message = { id, participant, text, at: this.#world.now() };
    this.chat.update((messages) => appended(messages, message));
  }

  async #command(send: () => Promise<unknown>): Promise<void> {
    this.#put({ failure: null });
    try {
      await send();
    } catch (error) {
      this.#put({ failure: error instanceof Problem ? error.code : "unexpected" });
    }
  }

  #finish(how: Ending): void {
    if (this.state.get().phase.at === "over") return;
    this.#put({ phase: { at: "over", how } });
    // Another tab goes on with the same keys.
    if (how !== "replaced") this.#encryption.leave();
    this.close();
  }

  #put(change: Partial<SessionState>): void {
    this.state.update((state) => ({ ...state, ...change }));
  }
}

/** A server that is busy, or that can't be reached, has refused nothing. */
function isForGood(error: unknown): boolean {
  return error instanceof Problem && error.status >= 400 && error.status < 500 && error.status !== 429;
}

function isOfGroup(event: ChannelEvent): event is MlsEvent {
  return event.kind.startsWith("mls_");
}

function peopleOf(meeting: MeetingState): People {
  const people = presentPeople(meeting);
  return {
    present: people.map(({ participant }) => participant),
    away: awayPeople(meeting).map(({ participant }) => participant),
    hosts: people.filter(({ role }) => role === "host" || role === "co_host").map(({ participant }) => participant),
    atTheDoor: meeting.lobby.filter(needsPasscode).map(({ participant }) => participant),
  };
}
