import { type CSSProperties, type JSX, type KeyboardEvent, useEffect, useId, useRef } from "react";

import type { VideoFeed } from "../../call/call-media.ts";
import { t } from "../../i18n.ts";
import { leavesView } from "./console-text.ts";
import styles from "./Console.module.css";

/** What the picture is drawn into, and what hears mouse and keys. */
export interface ViewElements {
  canvas: HTMLCanvasElement;
  cursor: HTMLCanvasElement;
  video: HTMLVideoElement;
  surface: HTMLElement;
  keyboard: HTMLTextAreaElement;
  /** Other ways out of the view than the one that is said. */
  onLeave: () => void;
}

interface RemoteViewProps {
  /** Of the person at the computer. */
  name: string;
  /** Mouse and keys reach the computer, or would if they did not rest. */
  isControlled: boolean;
  scale: "fit" | "whole";
  /** In pixels; zero while there is no picture. */
  width: number;
  height: number;
  /** Shows what moves in the picture's place; `null` where the picture does. */
  moving: VideoFeed | null;
  /** Why nothing is seen; `null` where something is. */
  cover: string | null;
  /** Returns what ends it. */
  onAttach: (elements: ViewElements) => () => void;
  /** The person wants their keyboard back. */
  onLeave: () => void;
  /** They have it back, and may be typing still. */
  onLose: () => void;
}

/** The other computer's screen. With the focus in it, the keyboard is the other computer's too. */
export function RemoteView({ name, isControlled, scale, width, height, moving, cover, onAttach, onLeave, onLose }: RemoteViewProps): JSX.Element {
  const hint = useId();
  const canvas = useRef<HTMLCanvasElement>(null);
  const cursor = useRef<HTMLCanvasElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  const surface = useRef<HTMLDivElement>(null);
  const keyboard = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    const elements = { canvas: canvas.current, cursor: cursor.current, video: video.current, surface: surface.current, keyboard: keyboard.current, onLeave };
    if (elements.canvas === null || elements.cursor === null || elements.video === null || elements.surface === null || elements.keyboard === null) return undefined;
    return onAttach(elements as ViewElements);
    // Anew only with another session, which is another view.
  }, []);

  // Without one it shows nothing, and what is below it is seen.
  useEffect(() => (moving === null || video.current === null ? undefined : moving.attach(video.current)), [moving]);

  // What can't have the keyboard any more gives it back, before the browser drops it somewhere.
  useEffect(() => {
    if (!isControlled && document.activeElement === keyboard.current) onLose();
  }, [isControlled]);

  /** Before anything else hears it: it is no key for the other computer. */
  function onKey(event: KeyboardEvent): void {
    if (!leavesView(event)) return;
    event.preventDefault();
    event.stopPropagation();
    onLeave();
  }
  const size = { "--w": Math.max(width, 1), "--h": Math.max(height, 1), "--ratio": globalThis.devicePixelRatio || 1 } as CSSProperties;

  return (
    <div className={styles.frame} role="group" aria-label={t("console.view", { name })} onKeyDownCapture={onKey}>
      {/* What scrolls must be reachable by keyboard. */}
      <div className={styles.view} {...(scale === "whole" && cover === null ? { tabIndex: 0 } : {})}>
        <div className={styles.surface} ref={surface} style={size} data-scale={scale} data-covered={cover !== null || undefined}>
          <canvas ref={canvas} className={styles.picture} />
          <video ref={video} className={styles.moving} aria-hidden tabIndex={-1} autoPlay playsInline muted />
          <canvas ref={cursor} className={styles.cursor} aria-hidden />
          <textarea
            ref={keyboard}
            className={styles.keyboard}
            tabIndex={isControlled ? 0 : -1}
            aria-label={t("console.keyboard", { name })}
            aria-describedby={hint}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
          />
        </div>
        {cover !== null && <p className={styles.cover}>{cover}</p>}
      </div>
      <p id={hint} className={styles.hint} hidden={!isControlled}>
        {t("console.keyboard.hint", { keys: t("console.keyboard.keys") })}
      </p>
    </div>
  );
}
