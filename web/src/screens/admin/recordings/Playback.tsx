import { type JSX, useCallback, useEffect, useId, useMemo, useRef, useState } from "react";

import type { RecordingPlay } from "../../../api/wire.ts";
import { t } from "../../../i18n.ts";
import type { Opening, RecordingKeys } from "../../../recordings/opening.ts";
import { type Judged, Player } from "../../../recordings/player.ts";
import { type Finding, read } from "../../../recordings/reading.ts";
import { Button } from "../../../ui/Button.tsx";
import { Notice } from "../../../ui/Notice.tsx";
import { Feedback } from "./Feedback.tsx";
import { clock, Moments } from "./Moments.tsx";
import styles from "./Playback.module.css";

interface PlaybackProps {
  opening: Opening;
  /** The caller frees them. */
  keys: RecordingKeys;
  play: RecordingPlay;
  /** Stable. A sealed piece; `null` where the server has none. */
  piece: (play: RecordingPlay, number: number) => Promise<Uint8Array | null>;
}

const STEP_MS = 100;
/** Of the time line: an arrow key goes so far. */
const SECOND_MS = 1_000;

/** The picture of a recording with its time, and what was said and done beside it. */
export function Playback({ opening, keys, play, piece }: PlaybackProps): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const standing = useRef<HTMLDivElement>(null);
  const [player, setPlayer] = useState<Player | null>(null);
  const [opened, setOpened] = useState(0);
  const [finding, setFinding] = useState<Finding | null>(null);
  const [judged, setJudged] = useState<Judged | null>(null);
  const [at, setAt] = useState(0);
  const [isPlaying, setPlaying] = useState(false);

  // What asked for the key had the focus, and is gone.
  useEffect(() => standing.current?.focus(), []);
  useEffect(() => {
    if (canvas.current === null) return;
    const made = new Player(opening, canvas.current);
    let isGone = false;
    const reading = read({
      opening,
      keys,
      play,
      piece: (number) => (isGone ? Promise.resolve(null) : piece(play, number)),
      player: made,
      onRead: (count) => !isGone && setOpened(count),
      onJudged: (said) => !isGone && setJudged(said),
    });
    void show(reading);
    async function show(found: Promise<Finding>): Promise<void> {
      const result = await found;
      if (isGone) return;
      setFinding(result);
      setPlayer(made);
    }
    return () => {
      isGone = true;
      void reading.finally(() => made.close());
    };
  }, [opening, keys, play, piece]);
  useEffect(() => player?.seek(at), [player, at]);
  // Of a player that has read everything there is.
  const end = useMemo(() => player?.length ?? 0, [player]);
  const told = useMemo(() => player?.told ?? [], [player]);
  const isRunning = isPlaying && at < end;
  useEffect(() => {
    if (!isRunning) return;
    const timer = setInterval(() => setAt((now) => Math.min(now + STEP_MS, end)), STEP_MS);
    return () => clearInterval(timer);
  }, [isRunning, end]);

  /** At the end it begins anew: a button that can't be pressed any more would lose the focus. */
  function toggle(): void {
    if (at >= end) setAt(0);
    setPlaying(!isRunning);
  }
  const isAtEnd = at >= end;
  const go = useCallback(
    (to: number): void => {
      if (isAtEnd) setPlaying(false);
      setAt(Math.min(to, end));
    },
    [isAtEnd, end],
  );

  return (
    <div className={styles.playback}>
      <div ref={standing} tabIndex={-1} className={styles.found}>
        {finding === null && <Reading opened={opened} all={play.chunks} />}
        <div role="status">{finding === "whole" && <Notice tone="info">{t("recordings.found.whole")}</Notice>}</div>
        <div role="alert">{finding !== null && finding !== "whole" && <Notice tone="danger">{t(`recordings.found.${finding}`)}</Notice>}</div>
      </div>
      {judged !== null && <Feedback judged={judged} />}
      <canvas ref={canvas} className={styles.picture} role="img" aria-label={t("recordings.picture")} />
      {player !== null && (
        <div className={styles.time}>
          <Button onPress={toggle}>{isRunning ? t("recordings.pause") : t("recordings.play")}</Button>
          <input
            type="range"
            min={0}
            max={Math.ceil(end / SECOND_MS) * SECOND_MS}
            step={SECOND_MS}
            value={at}
            aria-label={t("recordings.time")}
            aria-valuetext={clock(at)}
            onChange={({ target }) => go(Number(target.value))}
          />
          <span aria-hidden>{clock(at)}</span>
        </div>
      )}
      {player !== null && <Moments told={told} current={told.findLast(({ moment }) => moment.at <= at)?.place ?? null} onGo={go} />}
    </div>
  );
}

/** No live region: of a long recording it would speak without an end. */
function Reading({ opened, all }: { opened: number; all: number }): JSX.Element {
  const id = useId();
  return (
    <p className={styles.reading}>
      <span id={id}>{t("recordings.opening", { read: opened, all })}</span>
      <progress aria-labelledby={id} max={Math.max(all, 1)} value={opened} />
    </p>
  );
}
