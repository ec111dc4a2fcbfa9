import { Gauge, ScanEye } from "lucide-react";
import { type DragEvent, type JSX, type ReactNode, useEffect, useRef, useState } from "react";

import type { SupportTerms } from "../../api/wire.ts";
import type { VideoFeed } from "../../call/call-media.ts";
import { isHost, type MeetingState } from "../../call/meeting-state.ts";
import type { EncryptionState } from "../../e2ee/encryption.ts";
import { t } from "../../i18n.ts";
import type { CombinationId } from "../../remote/input.ts";
import { hasControl, type SupportState } from "../../remote/support-state.ts";
import type { FileTransfer } from "../../remote/transfers.ts";
import type { ViewerState } from "../../remote/viewer.ts";
import type { Capability } from "../../remote/words.ts";
import { useAnnouncer } from "../../ui/announcer.tsx";
import { useKeptFocus } from "../../ui/use-kept-focus.ts";
import { Askers } from "../room/Askers.tsx";
import { Knock } from "../room/Knock.tsx";
import { nameOf } from "../room/names.ts";
import { ShieldButton, ShieldSheet } from "../room/Shield.tsx";
import { useAskBeforeGoing } from "../room/use-ask-before-going.ts";
import { ClipboardPanel } from "./ClipboardPanel.tsx";
import { stateText } from "./console-text.ts";
import styles from "./Console.module.css";
import { ConsoleBanners } from "./ConsoleBanners.tsx";
import { type ConsolePanel, ConsoleToolbar, openerOf, SEE_BUTTON } from "./ConsoleToolbar.tsx";
import { EndSheet } from "./EndSheet.tsx";
import { FilesPanel } from "./FilesPanel.tsx";
import { type Colleague, HandOverSheet } from "./HandOverSheet.tsx";
import { NotesPanel } from "./NotesPanel.tsx";
import { RemoteView, type ViewElements } from "./RemoteView.tsx";
import { ReportPanel } from "./ReportPanel.tsx";
import { RightsPanel } from "./RightsPanel.tsx";
import { SharedScreen } from "./SharedScreen.tsx";
import { SupportChat } from "./SupportChat.tsx";
import { useConsoleNews } from "./use-console-news.ts";

export interface ConsoleActions {
  ask(capability: Capability): void;
  giveBack(capability: Capability): void;
  watch(monitor: number): void;
  /** Keys that this computer would keep for itself. */
  press(combination: CombinationId): void;
  /** As keys. */
  type(text: string): void;
  /** `false` for what is too long for a clipboard. */
  copyIn(text: string): boolean;
  /** Onto this computer's clipboard. */
  copy(text: string): Promise<boolean>;
  /** `false` for one too many at a time. */
  sendFile(file: File): boolean;
  askFile(): void;
  cancelFile(id: number): void;
  saveFile(file: FileTransfer): void;
  forgetFile(id: number): void;
  askDiagnostics(): void;
  /** As an administrator of the computer. `false` for what can be no name and password. */
  raise(name: string, password: string): boolean;
  /** The person is asked first. */
  restart(): void;
  say(text: string): Promise<void>;
  handOver(participant: string): void;
  /** Of the session, for a colleague. `false` where the browser does not let it. */
  copyLink(): Promise<boolean>;
  stillHere(): void;
  admit(participant: string): void;
  admitAll(participants: readonly string[]): void;
  deny(participant: string): void;
  allow(participant: string): void;
  /** The session, or for who does not lead it, their own part of it. */
  end(): Promise<void>;
  attach(elements: ViewElements): () => void;
}

interface ConsoleProps {
  code: string;
  support: SupportState;
  /** `null` until the server has said them. */
  terms: SupportTerms | null;
  meeting: MeetingState;
  encryption: EncryptionState;
  viewer: ViewerState;
  /** Who is at the computer, or was before the connection was lost; `null` before anybody came. */
  person: string | null;
  /** The screen that they show from a browser. */
  shared: VideoFeed | null;
  /** What their computer sends while much moves on its screen. */
  moving: VideoFeed | null;
  isInterrupted: boolean;
  failure: string | null;
  /** The technician's own, of this session. */
  notes: string;
  onNotes: (notes: string) => void;
  /** What is shown while nobody is there. */
  waiting: ReactNode;
  actions: ConsoleActions;
}

type Sheet = "end" | "handOver" | "shield";

/** A technician's side of a session: the other computer's screen, what they may do there, and the way out. */
export function Console(props: ConsoleProps): JSX.Element {
  const { code, support, terms, meeting, encryption, viewer, person, shared, isInterrupted, actions } = props;
  const { sayUrgently } = useAnnouncer();
  const [panel, setPanel] = useState<ConsolePanel | null>(null);
  const [sheet, setSheet] = useState<Sheet | null>(null);
  const [scale, setScale] = useState<"fit" | "whole">("fit");
  const [tooLarge, setTooLarge] = useState<readonly string[]>([]);
  const [tooMany, setTooMany] = useState<readonly string[]>([]);
  const [isDropping, setDropping] = useState(false);
  const room = useRef<HTMLDivElement>(null);
  const main = useRef<HTMLElement>(null);
  useKeptFocus(room, () => main.current);
  useEffect(() => {
    if (document.activeElement === document.body) main.current?.focus({ preventScroll: true });
  }, []);
  useAskBeforeGoing(() => setSheet("end"));
  const name = person ?? t("console.somebody");
  useConsoleNews({ support, name: person ?? code, isInterrupted });
  const unread = useUnread(support, panel === "chat");
  // Where every session is kept, nothing else is offered before recording is permitted.
  const isKept = terms?.must_record !== true || support.permitted.has("recording");
  const may = (capability: Capability): boolean => terms?.permitted.includes(capability) === true && (isKept || capability === "recording");
  // Also for who watches, and is told of no permission, and before the first.
  const isRecorded = support.permitted.has("recording") || meeting.facts?.data_mode === "archive";
  const maySend = support.leads && support.agent !== null && may("file_in");
  const isByBrowser = support.guest !== null && support.isSilent;
  const close = (): void => setSheet(null);

  function closePanel(): void {
    if (panel !== null) document.getElementById(openerOf(panel))?.focus();
    setPanel(null);
  }
  function leaveView(): void {
    (document.getElementById(SEE_BUTTON) ?? main.current)?.focus();
    sayUrgently(t("console.keyboard.left"));
  }
  /** To where no key does anything: whoever types a sentence to the computer must press nothing here. */
  function loseView(): void {
    main.current?.focus({ preventScroll: true });
    sayUrgently(t("console.keyboard.left"));
  }
  function send(files: readonly File[]): void {
    if (terms === null) return;
    const { largest } = terms.file_limit;
    setTooLarge(files.filter(({ size }) => size > largest).map((file) => file.name));
    const unsent = files.filter((file) => file.size <= largest && !actions.sendFile(file));
    setTooMany(unsent.map((file) => file.name));
    setPanel("files");
  }
  function onDrag(event: DragEvent, isOver: boolean): void {
    if (!event.dataTransfer.types.includes("Files")) return;
    // What is dropped by mistake must not take the page away.
    event.preventDefault();
    setDropping(isOver && maySend);
  }
  function onDrop(event: DragEvent): void {
    onDrag(event, false);
    if (maySend && event.dataTransfer.files.length > 0) send([...event.dataTransfer.files]);
  }

  return (
    <div
      className={styles.console}
      ref={room}
      data-panel={panel ?? undefined}
      onDragOver={(event) => onDrag(event, true)}
      onDragLeave={(event) => onDrag(event, false)}
      onDrop={onDrop}
    >
      <header className={styles.header}>
        <h1 className={styles.title} dir="auto">
          {person ?? code}
        </h1>
        <p className={styles.state}>{shared === null ? stateText(support) : t("console.viewOnly")}</p>
        <ShieldButton encryption={encryption} onPress={() => setSheet("shield")} />
        <Marks viewer={viewer} latency={support.latency} isShown={isSeen(support, viewer) && shared === null && support.phase.at !== "lost"} />
      </header>
      <section className={styles.alerts} aria-label={t("console.notices")}>
        <ConsoleBanners
          support={support}
          encryption={encryption}
          isInterrupted={isInterrupted}
          failure={props.failure}
          nameOf={(participant) => nameOf(meeting, participant)}
          onShield={() => setSheet("shield")}
          onStillHere={actions.stillHere}
        />
        <Askers askers={encryption.askers} needsPasscode={meeting.facts?.needs_passcode ?? false} nameOf={(participant) => nameOf(meeting, participant)} onAllow={actions.allow} />
        {isHost(meeting) && <Knock lobby={meeting.lobby} alike={undefined} onAdmit={actions.admit} onAdmitAll={actions.admitAll} onDeny={({ participant }) => actions.deny(participant)} />}
      </section>
      <main className={styles.main} ref={main} tabIndex={-1} aria-label={t("console.view", { name })}>
        {shared !== null && <SharedScreen feed={shared} name={name} />}
        {shared === null && support.phase.at === "waiting" && (isByBrowser ? <NoProgram name={name} /> : props.waiting)}
        {shared === null && support.phase.at !== "waiting" && (
          <RemoteView
            name={name}
            isControlled={hasControl(support.phase)}
            scale={scale}
            width={viewer.width}
            height={viewer.height}
            moving={viewer.isMoving ? props.moving : null}
            cover={coverOf(support, viewer)}
            onAttach={actions.attach}
            onLeave={leaveView}
            onLose={loseView}
          />
        )}
        {isDropping && <p className={styles.drop}>{t("console.files.drop")}</p>}
      </main>
      {panel === "clipboard" && <ClipboardPanel support={support} may={may} actions={actions} onClose={closePanel} />}
      {panel === "files" && terms !== null && (
        <FilesPanel support={support} limit={terms.file_limit} may={may} tooLarge={tooLarge} tooMany={tooMany} actions={actions} onSend={send} onClose={closePanel} />
      )}
      {panel === "report" && <ReportPanel support={support} onAsk={actions.askDiagnostics} onClose={closePanel} />}
      {panel === "rights" && <RightsPanel support={support} actions={actions} onClose={closePanel} />}
      {panel === "chat" && <SupportChat support={support} isRecorded={isRecorded} name={name} onSay={actions.say} onAsk={actions.ask} onClose={closePanel} />}
      {panel === "notes" && <NotesPanel notes={props.notes} onChange={props.onNotes} onClose={closePanel} />}
      <ConsoleToolbar
        support={support}
        may={may}
        scale={scale}
        panel={panel}
        unread={unread}
        actions={actions}
        onScale={() => setScale(scale === "fit" ? "whole" : "fit")}
        onPanel={(wanted) => setPanel(panel === wanted ? null : wanted)}
        onHandOver={() => setSheet("handOver")}
        onEnd={() => setSheet("end")}
      />
      <HandOverSheet
        colleagues={colleaguesOf(meeting)}
        isOpen={sheet === "handOver"}
        onClose={close}
        onHandOver={(participant) => {
          actions.handOver(participant);
          close();
        }}
        onCopyLink={actions.copyLink}
      />
      <ShieldSheet encryption={encryption} dataMode={meeting.facts?.data_mode ?? null} me={meeting.you.participant} isOwn={meeting.you.role === "host"} isOpen={sheet === "shield"} onClose={close} />
      <EndSheet isOpen={sheet === "end"} isLeading={support.leads} onClose={close} onEnd={actions.end} />
    </div>
  );
}

interface MarksProps {
  viewer: ViewerState;
  latency: number | null;
  isShown: boolean;
}

/** How true the picture is, and how late. Never that it is fit for a diagnosis. */
function Marks({ viewer, latency, isShown }: MarksProps): JSX.Element | null {
  if (!isShown) return null;
  const isExact = viewer.isExact && !viewer.isMoving;
  return (
    <>
      <p className={styles.badge} data-exact={isExact || undefined}>
        <ScanEye aria-hidden size={16} />
        {t(viewer.isMoving ? "console.moving" : isExact ? "console.exact" : "console.exact.not")}
      </p>
      {latency !== null && (
        <p className={styles.badge}>
          <Gauge aria-hidden size={16} />
          <span aria-hidden>{t("console.latency", { number: Math.round(latency) })}</span>
          <span className={styles.spoken}>{t("console.latency.name", { number: Math.round(latency) })}</span>
        </p>
      )}
    </>
  );
}

/** Somebody came, and no program answers: the page does not take them for one. */
function NoProgram({ name }: { name: string }): JSX.Element {
  return (
    <div className={styles.wait} role="status">
      <h2>{t("console.silent.title", { name })}</h2>
      <p className={styles.soft}>{t("console.silent.text")}</p>
    </div>
  );
}

/** Who leads sees by permission; who watches sees what comes. */
function isSeen({ leads, permitted }: SupportState, { monitor }: ViewerState): boolean {
  return leads ? permitted.has("view") : monitor !== null;
}

function coverOf(support: SupportState, viewer: ViewerState): string | null {
  if (isSeen(support, viewer)) return null;
  if (!support.leads) return t("console.empty.watching");
  return support.asked.has("view") ? t("console.empty.asked") : t("console.empty");
}

function colleaguesOf({ roster, you }: MeetingState): Colleague[] {
  const others = roster.filter(({ connected, signed_in, participant }) => connected && signed_in && participant !== you.participant);
  return others.map(({ participant, display_name: name }) => ({ participant, name }));
}

/** Messages of the person's that came while the chat was closed. */
function useUnread({ chat }: SupportState, isOpen: boolean): number {
  const [read, setRead] = useState<SupportState["chat"][number] | undefined>();
  const last = chat.at(-1);
  useEffect(() => {
    if (isOpen) setRead(last);
  }, [isOpen, last]);
  // By the message itself: the oldest ones are forgotten, so that numbers move.
  const after = read === undefined ? 0 : chat.findIndex(({ id }) => id === read.id) + 1;
  return isOpen ? 0 : chat.slice(after).filter(({ from }) => from === "person").length;
}
