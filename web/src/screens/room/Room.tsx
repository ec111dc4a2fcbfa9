import { Archive, Ban, Lock } from "lucide-react";
import { type JSX, useCallback, useEffect, useRef, useState } from "react";

import type { Broken } from "../../audit/witness.ts";
import type { BrowserKind } from "../../call/browser.ts";
import type { MediaState, Permits } from "../../call/call-media.ts";
import type { ChatMessage } from "../../call/chat.ts";
import type { DeviceKind, Devices } from "../../call/devices.ts";
import type { Intent } from "../../call/intent.ts";
import type { EncryptionState } from "../../e2ee/encryption.ts";
import { layoutOf, type Tile, type View } from "../../call/layout.ts";
import { type Mistakable, mistakable } from "../../call/look-alike.ts";
import { isPerson, mayEnd, mayShare, type MeetingState, nextToLetIn, presenterOf, presentPeople } from "../../call/meeting-state.ts";
import { switchOf } from "../../call/switch.ts";
import { counted, t } from "../../i18n.ts";
import { useKeptFocus } from "../../ui/use-kept-focus.ts";
import type { CopyAnswer } from "../use-invitation-copy.ts";
import { Banners } from "./Banners.tsx";
import { BrokenGlass } from "./BrokenGlass.tsx";
import { ChatPanel } from "./ChatPanel.tsx";
import type { ComputerParts } from "./computer/use-computer.tsx";
import { Guarded } from "./Guarded.tsx";
import { Knock } from "./Knock.tsx";
import { LeaveSheet } from "./LeaveSheet.tsx";
import { PeoplePanel } from "./PeoplePanel.tsx";
import { nameOf } from "./names.ts";
import styles from "./Room.module.css";
import { SettingsSheet } from "./SettingsSheet.tsx";
import { ShieldButton, ShieldSheet } from "./Shield.tsx";
import { Stage } from "./Stage.tsx";
import { CHAT_BUTTON, MORE_BUTTON, PEOPLE_BUTTON, Toolbar } from "./Toolbar.tsx";
import { useAskBeforeGoing } from "./use-ask-before-going.ts";
import { useDenial } from "./use-denial.tsx";
import { useShortcuts } from "./use-shortcuts.ts";

export interface RoomActions {
  toggleMicrophone(): void;
  toggleCamera(): void;
  toggleShare(): void;
  chooseDevice(kind: DeviceKind | "speaker", id: string): void;
  unblockSound(): void;
  /** Again to unpin. */
  pin(tile: Tile): void;
  look(view: View): void;
  say(text: string): Promise<void>;
  admit(participant: string): void;
  /** Those who are shown waiting. */
  admitAll(participants: readonly string[]): void;
  deny(participant: string): void;
  /** Gives somebody who came by code the key without a passcode. */
  allow(participant: string): void;
  /** Gives somebody who came by emergency access the key. */
  give(participant: string): void;
  /** Asks for the key again, with another passcode or without. */
  tryPasscode(passcode: string | null): void;
  /** Rejects where the server doesn't do it. */
  expel(participant: string): Promise<void>;
  setCoHost(participant: string, isCoHost: boolean): void;
  /** Only hosts share, or everybody again. */
  setSharingLocked(isLocked: boolean): void;
  /** Nobody else shares from then on. */
  handOver(participant: string): void;
  /** They can unmute themselves; nobody else can. */
  mute(participant: string): void;
  /** Everybody but oneself. */
  muteAll(): void;
  stopVideo(participant: string): void;
  /** They decide. */
  askToUnmute(participant: string): void;
  declineToSpeak(): void;
  /** Lets nobody new in, or lifts that. */
  setLocked(isLocked: boolean): void;
  /** The link alone lets people straight in again. */
  unguard(): void;
  /** Whoever types the one that held is refused; who is in stays. */
  changePasscode(): void;
  copyInvitation(): void;
  setShortcuts(isOn: boolean): void;
  leave(): void;
  endForAll(): Promise<void>;
}

interface RoomProps {
  code: string;
  meeting: MeetingState;
  media: MediaState;
  encryption: EncryptionState;
  /** The organisation's audit log is not what this browser saw of it before. */
  brokenLog: Broken | null;
  /** Goes on from the log as it is. */
  onAcceptLog: () => void;
  messages: readonly ChatMessage[];
  intent: Intent;
  devices: Devices;
  view: View;
  pinned: Tile | null;
  isHost: boolean;
  /** Policy lets its host make co-hosts. */
  mayAppoint: boolean;
  isChannelConnected: boolean;
  hasShortcuts: boolean;
  /** What a host turned off, until it is turned on again. */
  stopped: DeviceKind | null;
  isAskedToSpeak: boolean;
  failure: string | null;
  /** What came of copying the invitation. */
  copied: CopyAnswer | null;
  browser: BrowserKind;
  /** Absent where nobody's computer is brought in. */
  computer?: ComputerParts;
  actions: RoomActions;
}

type Panel = "chat" | "people";
const BUTTON_OF: Record<Panel, string> = { chat: CHAT_BUTTON, people: PEOPLE_BUTTON };

/** A meeting: its stage, a panel beside it, the controls below. */
export function Room(props: RoomProps): JSX.Element {
  const { code, meeting, media, encryption, messages, intent, devices, view, pinned, isHost, hasShortcuts, actions } = props;
  const [panel, setPanel] = useState<Panel | null>(null);
  const [sheet, setSheet] = useState<"settings" | "leave" | "shield" | null>(null);
  const room = useRef<HTMLDivElement>(null);
  const main = useRef<HTMLElement>(null);
  useKeptFocus(room, () => main.current);
  useEffect(() => {
    if (document.activeElement === document.body) main.current?.focus({ preventScroll: true });
  }, []);
  const unread = useUnread(messages, meeting.you.participant, panel === "chat");
  const me = meeting.you.participant;
  const mine = media.people.get(me);
  const isLocked = meeting.facts?.locked === true;
  const toMain = useCallback(() => main.current?.focus({ preventScroll: true }), []);
  const denial = useDenial({ linkAdmits: meeting.facts?.link_admits === true, lobby: meeting.lobby, onDeny: actions.deny, onGone: toMain });
  const dataMode = meeting.facts?.data_mode ?? null;
  const isSharing = (mine?.screen ?? null) !== null;
  const isTaken = [...media.people].some(([participant, { screen }]) => participant !== me && screen !== null);
  const { permits } = media;
  const hasComputer = (props.computer?.inHand ?? false) !== false;
  const canShare = permits.screen && (isSharing || (mayShare(meeting) && !isTaken));

  function toggle(wanted: Panel): void {
    setPanel((current) => (current === wanted ? null : wanted));
  }
  function closePanel(): void {
    // On a phone the panel's own button is under “More”: what is hidden takes no focus.
    const openers = panel === null ? [] : [MORE_BUTTON, BUTTON_OF[panel]];
    for (const opener of openers) document.getElementById(opener)?.focus();
    setPanel(null);
  }
  useAskBeforeGoing(() => setSheet("leave"));
  useShortcuts(hasShortcuts, {
    m: () => permits.microphone && actions.toggleMicrophone(),
    v: () => permits.camera && actions.toggleCamera(),
    s: () => canShare && actions.toggleShare(),
    c: () => toggle("chat"),
    p: () => toggle("people"),
  });

  const layout = layoutOf({
    view,
    me,
    participants: present(meeting),
    sharing: [...media.people].flatMap(([participant, { screen }]) => (screen === null ? [] : [participant])),
    speaker: media.speaker,
    pinned,
  });

  return (
    <div className={styles.room} ref={room} data-panel={panel ?? undefined}>
      <header className={styles.header}>
        <h1 className={styles.title}>{meeting.facts?.title ?? t("room.stage")}</h1>
        <ShieldButton encryption={encryption} onPress={() => setSheet("shield")} />
        {isLocked && (
          <p className={styles.locked}>
            <Lock aria-hidden size={18} />
            {t("room.locked")}
          </p>
        )}
        {dataMode !== null && dataMode !== "conduit" && (
          <p className={styles.locked}>
            <Archive aria-hidden size={18} />
            {t(`mode.label.${dataMode}`)}
          </p>
        )}
        {whatIsOff(permits).map((key) => (
          <p key={key} className={styles.locked}>
            <Ban aria-hidden size={18} />
            {t(key)}
          </p>
        ))}
        <p className={styles.count}>{counted("room.people.count", present(meeting).length)}</p>
      </header>
      <div className={styles.alerts}>
        <Banners
          media={media}
          encryption={encryption}
          needsPasscode={meeting.facts?.needs_passcode ?? false}
          brokenLog={props.brokenLog}
          onAcceptLog={props.onAcceptLog}
          nameOf={(participant) => nameOf(meeting, participant)}
          isOwn={meeting.you.role === "host"}
          isChannelConnected={props.isChannelConnected}
          stopped={props.stopped}
          isAskedToSpeak={props.isAskedToSpeak}
          isToShare={!isSharing && presenterOf(meeting) === me}
          ending={meeting.facts?.ending ?? null}
          isIdle={meeting.facts?.idle_share?.presenter === me}
          failure={props.failure}
          copied={props.copied}
          browser={props.browser}
          onUnblockSound={actions.unblockSound}
          onSpeak={actions.toggleMicrophone}
          onDecline={actions.declineToSpeak}
          onAllow={actions.allow}
          onPasscode={actions.tryPasscode}
          onShield={() => setSheet("shield")}
        />
        <BrokenGlass
          people={meeting.roster.filter((entry) => entry.by_emergency === true)}
          me={me}
          hasKey={(participant) => encryption.occupants.some((occupant) => occupant.participant === participant)}
          onGive={isHost ? actions.give : null}
        />
        {props.computer?.notice}
        {isHost && <Guarded until={meeting.facts?.guarded_until ?? null} onUnguard={actions.unguard} />}
        {isHost && !isLocked && <Knock lobby={meeting.lobby} alike={alikeOfFirst(meeting)} onAdmit={actions.admit} onAdmitAll={actions.admitAll} onDeny={denial.deny} />}
      </div>
      <main className={styles.main} ref={main} tabIndex={-1} aria-label={t("room.stage")}>
        {hasComputer ? (
          props.computer?.inHand
        ) : (
          <Stage
            layout={layout}
            meeting={meeting}
            media={media}
            locked={encryption.locked}
            pinned={pinned}
            isHost={isHost}
            code={code}
            onPin={actions.pin}
            onInvite={actions.copyInvitation}
          />
        )}
      </main>
      {panel === "chat" && (
        <ChatPanel meeting={meeting} messages={messages} mayWrite={permits.messages} onSay={actions.say} onClose={closePanel} />
      )}
      {panel === "people" && (
        <PeoplePanel meeting={meeting} media={media} isHost={isHost} mayAppoint={props.mayAppoint} actions={actions} onDeny={denial.deny} onClose={closePanel} />
      )}
      <Toolbar
        microphone={switchOf("microphone", media, me, intent)}
        camera={switchOf("camera", media, me, intent)}
        isSharing={isSharing}
        canShare={canShare}
        permits={permits}
        panel={panel}
        unread={unread}
        waiting={isHost ? meeting.lobby.length : 0}
        view={view}
        actions={actions}
        onLend={props.computer?.onLend ?? null}
        onPanel={toggle}
        onSettings={() => setSheet("settings")}
        onLeave={() => (meeting.you.role === "host" ? setSheet("leave") : actions.leave())}
      />
      {denial.sheet}
      <SettingsSheet
        isOpen={sheet === "settings"}
        onClose={() => setSheet(null)}
        devices={devices}
        intent={intent}
        hasShortcuts={hasShortcuts}
        onChoose={actions.chooseDevice}
        onShortcuts={actions.setShortcuts}
      />
      <ShieldSheet encryption={encryption} dataMode={dataMode} me={me} isOwn={meeting.you.role === "host"} isOpen={sheet === "shield"} onClose={() => setSheet(null)} />
      <LeaveSheet
        isOpen={sheet === "leave"}
        isHost={mayEnd(meeting)}
        onClose={() => setSheet(null)}
        onLeave={actions.leave}
        onEnd={actions.endForAll}
      />
    </div>
  );
}

/** The chat's panel says so itself. */
/** Where nobody is heard either, nobody is meant to be seen: no organisation has switched that off. */
function whatIsOff({ microphone, camera, screen }: Permits): ("policy.off.camera" | "policy.off.screen")[] {
  return [...(camera || !microphone ? [] : (["policy.off.camera"] as const)), ...(screen ? [] : (["policy.off.screen"] as const))];
}

function present(meeting: MeetingState): string[] {
  return presentPeople(meeting).filter(isPerson).map(({ participant }) => participant);
}

/** Messages of others that came while the chat was closed. */
function useUnread(messages: readonly ChatMessage[], me: string, isOpen: boolean): number {
  const [read, setRead] = useState<ChatMessage | undefined>();
  const last = messages.at(-1);
  useEffect(() => {
    if (isOpen) setRead(last);
  }, [isOpen, last]);
  // By the message itself: the oldest ones are forgotten, so that numbers move.
  const after = read === undefined ? 0 : messages.indexOf(read) + 1;
  return isOpen ? 0 : messages.slice(after).filter(({ participant }) => participant !== me).length;
}

function alikeOfFirst({ roster, lobby }: MeetingState): Mistakable | undefined {
  const first = nextToLetIn(lobby)?.participant;
  return first === undefined ? undefined : mistakable(roster, lobby).get(first);
}
