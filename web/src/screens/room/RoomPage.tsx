import { type JSX, useEffect, useState } from "react";

import { browserKind } from "../../call/browser.ts";
import type { EncryptionState } from "../../e2ee/encryption.ts";
import { type Tile, type View, isSame } from "../../call/layout.ts";
import { isHost, type MeetingState } from "../../call/meeting-state.ts";
import type { Session } from "../../call/session.ts";
import { switchOf } from "../../call/switch.ts";
import { keepAwake } from "../../call/wake-lock.ts";
import type { World } from "../../call/world.ts";
import { useInvitationCopy } from "../use-invitation-copy.ts";
import { useStore } from "../use-store.ts";
import { Connecting } from "../waiting/Waiting.tsx";
import { useComputer } from "./computer/use-computer.tsx";
import { namedByGroup } from "./names.ts";
import { Room, type RoomActions } from "./Room.tsx";
import { useLogWatch } from "./use-log-watch.ts";
import { useRoomNews } from "./use-room-news.ts";

interface RoomPageProps {
  world: World;
  code: string;
  session: Session;
  /** Policy lets who is signed in make co-hosts. */
  mayAppoint: boolean;
}

/** Joins the meeting's screen to its session. */
export function RoomPage({ world, code, session, mayAppoint }: RoomPageProps): JSX.Element {
  const { meeting } = useStore(session.state);
  const encryption = useStore(session.encryption);
  if (meeting === null) return <Connecting />;
  return <Live world={world} code={code} session={session} mayAppoint={mayAppoint} meeting={namedByGroup(meeting, encryption)} encryption={encryption} />;
}

interface LiveProps extends RoomPageProps {
  meeting: MeetingState;
  encryption: EncryptionState;
}

function Live({ world, code, session, mayAppoint, meeting, encryption }: LiveProps): JSX.Element {
  const { isChannelConnected, stopped, isAskedToSpeak, failure } = useStore(session.state);
  const media = useStore(session.media);
  const messages = useStore(session.chat);
  const intent = useStore(world.intent);
  const devices = useStore(world.devices);
  const hasShortcuts = useStore(world.shortcuts);
  const [view, setView] = useState<View>("auto");
  const [pinned, setPinned] = useState<Tile | null>(null);
  const [copied, copy] = useInvitationCopy(world);
  const host = isHost(meeting);
  const me = meeting.you.participant;
  const log = useLogWatch(world, code);
  const computer = useComputer(world, code, session, meeting);

  useEffect(() => keepAwake(), []);
  useEffect(() => world.devices.watch(), [world]);
  useRoomNews({ meeting, media, encryption, messages, isHost: host, speakerId: intent.speakerId });

  const actions: RoomActions = {
    // From what is shown, which is what the person presses.
    toggleMicrophone: () => void session.setMicrophone(switchOf("microphone", media, me, intent) === "off"),
    toggleCamera: () => void session.setCamera(switchOf("camera", media, me, intent) === "off"),
    toggleShare: () => void session.setScreen((media.people.get(me)?.screen ?? null) === null),
    chooseDevice: (kind, id) => void session.chooseDevice(kind, id),
    unblockSound: () => void session.unblockSound(),
    pin: (tile) => setPinned((current) => (current !== null && isSame(current, tile) ? null : tile)),
    look: (chosen) => {
      setPinned(null);
      setView(chosen);
    },
    say: (text) => session.say(text),
    admit: (participant) => void session.admit(participant),
    admitAll: (participants) => void session.admitAll(participants),
    deny: (participant) => void session.deny(participant),
    allow: (participant) => session.allow(participant),
    give: (participant) => session.give(participant),
    tryPasscode: (passcode) => session.tryPasscode(passcode),
    expel: (participant) => session.expel(participant),
    setCoHost: (participant, isCoHost) => void session.setCoHost(participant, isCoHost),
    setSharingLocked: (isLocked) => void session.setSharingLocked(isLocked),
    handOver: (participant) => void session.handOver(participant),
    mute: (participant) => void session.mute(participant),
    muteAll: () => void session.muteAll(),
    stopVideo: (participant) => void session.stopVideo(participant),
    askToUnmute: (participant) => void session.askToUnmute(participant),
    declineToSpeak: () => session.declineToSpeak(),
    unguard: () => void session.unguard(),
    changePasscode: () => void session.changePasscode(),
    setLocked: (isLocked) => void session.setLocked(isLocked),
    copyInvitation: () => void copy({ title: meeting.facts?.title ?? "", code, when: null, passcodeNumber: meeting.facts?.passcode_number ?? 0 }, "short"),
    setShortcuts: (isOn) => world.shortcuts.set(isOn),
    leave: () => void session.leave(),
    endForAll: () => session.endForAll(),
  };

  return (
    <Room
      code={code}
      meeting={meeting}
      media={media}
      encryption={encryption}
      brokenLog={log.broken}
      onAcceptLog={log.accept}
      messages={messages}
      intent={intent}
      devices={devices}
      view={view}
      pinned={pinned}
      isHost={host}
      mayAppoint={mayAppoint}
      isChannelConnected={isChannelConnected}
      hasShortcuts={hasShortcuts}
      stopped={stopped}
      isAskedToSpeak={isAskedToSpeak}
      failure={failure}
      copied={copied}
      browser={browserKind(navigator)}
      computer={computer}
      actions={actions}
    />
  );
}
