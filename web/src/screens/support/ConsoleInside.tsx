import { type JSX, useEffect, useState } from "react";

import type { SupportTerms } from "../../api/wire.ts";
import type { MediaState, VideoFeed } from "../../call/call-media.ts";
import { invitationLink } from "../../call/invitation.ts";
import { isHost, type MeetingState } from "../../call/meeting-state.ts";
import { keepAwake } from "../../call/wake-lock.ts";
import type { World } from "../../call/world.ts";
import { browserClock, RemoteInput } from "../../remote/input.ts";
import type { SupportState } from "../../remote/support-state.ts";
import { showsVideo } from "../../remote/video.ts";
import { NOTHING, Viewer, type ViewerState } from "../../remote/viewer.ts";
import { Store } from "../../store.ts";
import { codeText } from "../failure.ts";
import { namedByGroup, nameOf } from "../room/names.ts";
import { useStore } from "../use-store.ts";
import { Connecting } from "../waiting/Waiting.tsx";
import { Console, type ConsoleActions } from "./Console.tsx";
import type { Opened } from "./ConsolePage.tsx";
import type { ViewElements } from "./RemoteView.tsx";
import { type Remote, useRemote } from "./use-remote.ts";
import { WaitingForThem } from "./WaitingForThem.tsx";

interface ConsoleInsideProps {
  world: World;
  opened: Opened;
  /** With the name of the person at the computer, while somebody is there. */
  onState: (state: SupportState, name: string | null) => void;
  notes: string;
  onNotes: (notes: string) => void;
  /** The last word is on its way. */
  onLeave: (left: Promise<void>) => void;
}

/** Joins the console to its meeting: from there on everything is between the two ends. */
export function ConsoleInside(props: ConsoleInsideProps): JSX.Element {
  const { world, opened } = props;
  const { meeting } = useStore(opened.session.state);
  const remote = useRemote(world, opened.session, meeting === null ? null : isHost(meeting), opened.isBack);
  if (meeting === null || remote === null) return <Connecting />;
  return <Live {...props} meeting={meeting} remote={remote} />;
}

interface LiveProps extends ConsoleInsideProps {
  meeting: MeetingState;
  remote: Remote;
}

interface Attached {
  viewer: Viewer;
  input: RemoteInput;
}

const NO_PICTURE = new Store<ViewerState>(NOTHING);
/** Whoever works here is not signed out for doing nothing: the server need not be told more often. */
const BETWEEN_SIGNS_MS = 60_000;

function Live({ world, opened, meeting: told, remote: { codec, support }, onState, notes, onNotes, onLeave }: LiveProps): JSX.Element {
  const { session, own, code } = opened;
  const { isChannelConnected, failure } = useStore(session.state);
  const encryption = useStore(session.encryption);
  const media = useStore(session.media);
  const state = useStore(support.state);
  const [attached, setAttached] = useState<Attached | null>(null);
  const viewer = useStore(attached?.viewer.state ?? NO_PICTURE);
  const terms = useTerms(world, opened);
  const meeting = namedByGroup(told, encryption);
  const computer = useComputer(state.agent);
  const moving = computer === null ? null : (media.people.get(computer)?.screen ?? null);
  const shared = sharedScreen(media, meeting, computer);
  const person = usePerson(state.agent ?? state.guest ?? shared?.participant ?? null, meeting);

  useEffect(() => keepAwake(), []);
  useEffect(() => onState(state, person), [state, person]);
  useEffect(() => {
    let toldAt = Date.now();
    const onSign = (): void => {
      support.active();
      if (Date.now() < toldAt + BETWEEN_SIGNS_MS) return;
      toldAt = Date.now();
      world.api.sessions().catch(() => {});
    };
    for (const kind of ["pointerdown", "keydown"] as const) addEventListener(kind, onSign);
    return () => {
      for (const kind of ["pointerdown", "keydown"] as const) removeEventListener(kind, onSign);
    };
  }, [support, world]);

  function attach({ canvas, cursor, video, surface, keyboard, onLeave: onLeaveView }: ViewElements): () => void {
    const picture = new Viewer({ codec, support, canvas, cursor, video, showsVideo, now: () => performance.now() });
    const input = new RemoteInput({ support, viewer: picture, clock: browserClock, surface, keyboard, onLeave: onLeaveView });
    setAttached({ viewer: picture, input });
    return () => {
      setAttached(null);
      input.close();
      picture.close();
    };
  }

  const actions: ConsoleActions = {
    ask: (capability) => support.ask(capability),
    giveBack: (capability) => support.giveBack(capability),
    watch: (monitor) => support.watch(monitor),
    press: (combination) => attached?.input.press(combination),
    type: (text) => attached?.input.type(text),
    copyIn: (text) => support.copyIn(text),
    copy: (text) => world.copy(text),
    sendFile: (file) => support.sendFile(file),
    askFile: () => support.askFile(),
    cancelFile: (id) => support.cancelFile(id),
    saveFile({ id, name: called, content }) {
      if (content === null) return;
      world.save(called ?? String(id), content.type, content);
      support.forgetFile(id);
    },
    forgetFile: (id) => support.forgetFile(id),
    askDiagnostics: () => support.askDiagnostics(),
    raise: (name, password) => support.raise(name, password),
    restart: () => support.restart(),
    say: (text) => Promise.resolve(support.say(text)),
    handOver: (participant) => support.handOver(participant),
    copyLink: () => world.copy(invitationLink(world.origin, code, world.seats.secret(code))),
    stillHere: () => support.stillHere(),
    admit: (participant) => void session.admit(participant),
    admitAll: (participants) => void session.admitAll(participants),
    deny: (participant) => void session.deny(participant),
    allow: (participant) => session.allow(participant),
    end() {
      const left = state.leads ? support.leave() : session.leave();
      onLeave(left);
      return left;
    },
    attach,
  };
  return (
    <Console
      code={code}
      support={state}
      terms={terms}
      meeting={meeting}
      encryption={encryption}
      viewer={viewer}
      person={person}
      shared={shared?.feed ?? null}
      moving={moving}
      isInterrupted={media.connection === "reconnecting" || (media.connection === "connected" && !isChannelConnected)}
      failure={failure === null ? null : codeText(failure)}
      notes={notes}
      onNotes={onNotes}
      waiting={<WaitingForThem world={world} own={own} />}
      actions={actions}
    />
  );
}

/** Of whoever came by browser. What the helper program sends is a part of its picture. */
function sharedScreen({ people }: MediaState, meeting: MeetingState, computer: string | null): { participant: string; feed: VideoFeed } | null {
  for (const [participant, { screen }] of people) {
    const isOther = participant !== meeting.you.participant && participant !== computer;
    if (screen !== null && isOther) return { participant, feed: screen };
  }
  return null;
}

/** It stays when the connection is lost: what it films is no screen that somebody shows from a browser. */
function useComputer(agent: string | null): string | null {
  const [last, setLast] = useState<string | null>(null);
  if (agent !== null && agent !== last) setLast(agent);
  return agent ?? last;
}

/** The name stays when the connection is lost: the page goes on speaking of the same person. */
function usePerson(participant: string | null, meeting: MeetingState): string | null {
  const [last, setLast] = useState<string | null>(null);
  const name = participant === null ? null : nameOf(meeting, participant);
  if (name !== null && name !== last) setLast(name);
  return name ?? last;
}

/** One's own session comes with them; a colleague asks. */
function useTerms({ api }: World, { own, session }: Opened): SupportTerms | null {
  const [terms, setTerms] = useState(own?.terms ?? null);
  useEffect(() => {
    if (own !== null) return undefined;
    let isStillHere = true;
    // Without an answer nothing is offered: the computer would refuse it too.
    api.supportTerms(session.seat).then((found) => isStillHere && setTerms(found), () => {});
    return () => {
      isStillHere = false;
    };
  }, [api, own, session]);
  return terms;
}
