import { AudioLines, MicOff, Pin, PinOff, Presentation, SignalHigh, SignalLow, SignalZero } from "lucide-react";
import { type JSX, type ReactNode, useEffect, useRef } from "react";

import type { PersonMedia, Quality, VideoFeed } from "../../call/call-media.ts";
import { t } from "../../i18n.ts";
import { IconButton } from "../../ui/Button.tsx";
import { initials } from "./names.ts";
import styles from "./TileView.module.css";

interface TileViewProps {
  /** Of the tile, wherever it is shown. */
  id: string;
  name: string;
  source: "camera" | "screen";
  person: PersonMedia;
  isMe: boolean;
  /** In the meeting, but without media at this moment. */
  isAway: boolean;
  /** What they send can't be opened. */
  isLocked: boolean;
  isSmall: boolean;
  isPinned: boolean;
  onPin: () => void;
}

/** One person's picture or shared screen, with what there is to know about it. */
export function TileView({ id, name, source, person, isMe, isAway, isLocked, isSmall, isPinned, onPin }: TileViewProps): JSX.Element {
  const isScreen = source === "screen";
  const feed = isScreen ? person.screen : person.camera;
  const shown = isMe && !isScreen ? t("room.you") : isScreen ? t("tile.sharing", { name }) : name;
  const state = stateOf({ person, isAway, isLocked, isScreen });
  const isSpeaking = person.isSpeaking && !isScreen;

  return (
    <figure
      className={styles.tile}
      aria-label={shown}
      data-speaking={isSpeaking || undefined}
      data-small={isSmall || undefined}
      data-source={source}
      data-tile={id}
    >
      {feed === null ? (
        <span className={styles.initials} aria-hidden>
          {initials(name)}
        </span>
      ) : (
        <Video key={feed.id} feed={feed} label={shown} fit={isScreen ? "contain" : "cover"} />
      )}
      {state !== null && <p className={styles.state}>{state}</p>}
      <figcaption className={styles.caption}>
        {isScreen ? <Presentation aria-hidden size={16} /> : <Voice person={person} />}
        <span className={styles.name}>{shown}</span>
        {!isScreen && <QualityMark quality={person.quality} isSmall={isSmall} />}
      </figcaption>
      <div className={styles.pin}>
        <IconButton
          label={isPinned ? t("tile.unpin", { name: shown }) : t("tile.pin", { name: shown })}
          icon={isPinned ? <PinOff aria-hidden size={20} /> : <Pin aria-hidden size={20} />}
          onPress={onPin}
        />
      </div>
    </figure>
  );
}

interface TileCondition extends Pick<TileViewProps, "person" | "isAway" | "isLocked"> {
  isScreen: boolean;
}

function stateOf({ person, isAway, isLocked, isScreen }: TileCondition): string | null {
  if (isLocked) return t("tile.locked");
  if (isScreen) return null;
  if (isAway) return t("tile.away");
  return person.isCameraPaused && person.camera !== null ? t("tile.paused") : null;
}

function Voice({ person }: { person: PersonMedia }): ReactNode {
  if (!person.isMicrophoneOn) return <MicOff role="img" aria-label={t("tile.muted")} size={16} />;
  return person.isSpeaking ? <AudioLines role="img" aria-label={t("tile.speaking")} size={16} /> : null;
}

const MARKS: Record<Exclude<Quality, "unknown">, typeof SignalHigh> = {
  good: SignalHigh,
  weak: SignalLow,
  lost: SignalZero,
};

/** In words where it matters: a weak connection is read, a good one is only a small mark, and no mark on a small tile. */
function QualityMark({ quality, isSmall }: { quality: Quality; isSmall: boolean }): ReactNode {
  if (quality === "unknown" || (isSmall && quality === "good")) return null;
  const Mark = MARKS[quality];
  const text = t(`quality.${quality}`);
  if (isSmall) return <Mark role="img" aria-label={text} size={18} className={styles.weak} />;
  if (quality === "good") return <Mark role="img" aria-label={text} size={16} />;
  return (
    <span className={styles.weak}>
      <Mark aria-hidden size={16} />
      {text}
    </span>
  );
}

interface VideoProps {
  feed: VideoFeed;
  label: string;
  fit: "cover" | "contain";
}

function Video({ feed, label, fit }: VideoProps): JSX.Element {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => (video.current === null ? undefined : feed.attach(video.current)), [feed]);
  return (
    <video
      ref={video}
      className={styles.video}
      data-fit={fit}
      data-mirrored={feed.isMirrored || undefined}
      aria-label={label}
      autoPlay
      playsInline
      muted
    />
  );
}
