import { type JSX, useEffect, useLayoutEffect, useRef, useState } from "react";

import type { Session } from "../../../call/session.ts";
import type { World } from "../../../call/world.ts";
import { addTexts, t } from "../../../i18n.ts";
import { inMeeting } from "../../../locales/in-meeting.ts";
import { support as texts } from "../../../locales/support.ts";
import { browserClock, RemoteInput } from "../../../remote/input.ts";
import { hasControl, type SupportState } from "../../../remote/support-state.ts";
import { NOTHING, Viewer, type ViewerState } from "../../../remote/viewer.ts";
import type { Capability } from "../../../remote/words.ts";
import { Store } from "../../../store.ts";
import { useAnnouncer } from "../../../ui/announcer.tsx";
import { Button } from "../../../ui/Button.tsx";
import { useKeptFocus } from "../../../ui/use-kept-focus.ts";
import { refusalText } from "../../support/console-text.ts";
import { RemoteView, type ViewElements } from "../../support/RemoteView.tsx";
import { type Remote, useRemote } from "../../support/use-remote.ts";
import { useStore } from "../../use-store.ts";
import styles from "./Computer.module.css";

addTexts(inMeeting);
addTexts(texts);

interface ComputerInHandProps {
  world: World;
  session: Session;
  /** By participant. */
  computer: string;
  /** Of who brought it. */
  name: string;
  /** Back to the meeting. */
  onClose: () => void;
  /** It goes away, and has the focus. */
  onLoseFocus: () => void;
}

const NO_PICTURE = new Store<ViewerState>(NOTHING);
/** Where the focus goes from the view. */
const GIVE_BACK_BUTTON = "computer-give-back";

/** Somebody's computer, as it is lent to this page's person. What is permitted is said at the computer, here it is only asked. */
export function ComputerInHand({ world, session, computer, ...live }: ComputerInHandProps): JSX.Element {
  // An earlier page of this turn may have been permitted something: it is asked anew.
  const remote = useRemote(world, session, true, true, computer);
  if (remote === null) return <p role="status">{t("computer.loading")}</p>;
  return <Live remote={remote} {...live} />;
}

interface LiveProps extends Pick<ComputerInHandProps, "name" | "onClose" | "onLoseFocus"> {
  remote: Remote;
}

function Live({ remote: { codec, support }, name, onClose, onLoseFocus }: LiveProps): JSX.Element {
  const { say } = useAnnouncer();
  const state = useStore(support.state);
  const [viewer, setViewer] = useState<Viewer | null>(null);
  const picture = useStore(viewer?.state ?? NO_PICTURE);
  const isOver = state.phase.at === "ended";
  const standing = inHandText(state, name);
  const part = useRef<HTMLDivElement>(null);
  useKeptFocus(part, () => document.getElementById(GIVE_BACK_BUTTON));

  // The page's own region is known to screen readers already, which this part of it comes too late for.
  useEffect(() => say(standing), [say, standing]);
  // While it is still there: afterwards nobody knows where the focus was.
  useLayoutEffect(() => {
    const { current } = part;
    return () => {
      if (current?.contains(document.activeElement) === true) onLoseFocus();
    };
  }, []);

  useEffect(() => {
    const onSign = (): void => support.active();
    for (const kind of ["pointerdown", "keydown"] as const) addEventListener(kind, onSign);
    return () => {
      for (const kind of ["pointerdown", "keydown"] as const) removeEventListener(kind, onSign);
    };
  }, [support]);

  function attach({ canvas, cursor, surface, keyboard, onLeave }: ViewElements): () => void {
    // A computer in a meeting sends no video.
    const drawn = new Viewer({ codec, support, canvas, cursor, video: null, showsVideo: () => false, now: () => performance.now() });
    const input = new RemoteInput({ support, viewer: drawn, clock: browserClock, surface, keyboard, onLeave });
    setViewer(drawn);
    return () => {
      setViewer(null);
      input.close();
      drawn.close();
    };
  }
  const leaveView = (): void => document.getElementById(GIVE_BACK_BUTTON)?.focus();
  function giveBack(): void {
    void support.leave();
    onClose();
  }

  return (
    <div ref={part} className={styles.inHand}>
      <div className={styles.line}>
        <p>{standing}</p>
        <Ask state={state} onAsk={(capability) => support.ask(capability)} />
        <Button id={GIVE_BACK_BUTTON} onPress={giveBack}>
          {t(isOver ? "computer.back" : "computer.giveBack")}
        </Button>
      </div>
      <RemoteView
        name={name}
        isControlled={hasControl(state.phase)}
        scale="fit"
        width={picture.width}
        height={picture.height}
        moving={null}
        cover={state.permitted.has("view") ? null : t("computer.cover")}
        onAttach={attach}
        onLeave={leaveView}
        onLose={leaveView}
      />
    </div>
  );
}

/** First to see, then to use. */
function Ask({ state, onAsk }: { state: SupportState; onAsk: (capability: Capability) => void }): JSX.Element | null {
  const wanted: Capability = state.permitted.has("view") ? "control" : "view";
  const refused = state.refused.get(wanted);
  const isAsked = state.asked.has(wanted);
  if (state.agent === null || state.phase.at === "ended" || state.permitted.has("control")) return null;
  return (
    <>
      <Button variant="primary" isBusy={isAsked} onPress={() => !isAsked && onAsk(wanted)}>
        {t(wanted === "view" ? "computer.ask.view" : "computer.ask.control")}
      </Button>
      <div role="alert">{refused !== undefined && <p>{refusalText(wanted, refused)}</p>}</div>
    </>
  );
}

function inHandText({ phase, asked }: SupportState, name: string): string {
  if (asked.has("view") || asked.has("control")) return t("computer.asked", { name });
  if (phase.at === "controlled") return t("computer.controlled", { name });
  if (phase.at === "paused") return t("computer.paused", { name });
  if (phase.at === "viewing") return t("computer.viewing", { name });
  if (phase.at === "ended") return t("computer.ended");
  return phase.at === "waiting" || phase.at === "lost" ? t("computer.loading") : t("computer.asking", { name });
}
