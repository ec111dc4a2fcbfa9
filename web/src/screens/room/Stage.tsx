import { Copy } from "lucide-react";
import { type CSSProperties, type JSX, useEffect, useRef, useState } from "react";

import { type MediaState, SILENT } from "../../call/call-media.ts";
import { gridOf, isSame, type Layout, type Tile, tileKey } from "../../call/layout.ts";
import type { MeetingState } from "../../call/meeting-state.ts";
import { t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { nameOf } from "./names.ts";
import styles from "./Stage.module.css";
import { TileView } from "./TileView.tsx";

interface StageProps {
  layout: Layout;
  meeting: MeetingState;
  media: MediaState;
  /** Whose frames can't be opened. */
  locked: ReadonlySet<string>;
  pinned: Tile | null;
  isHost: boolean;
  code: string;
  onPin: (tile: Tile) => void;
  onInvite: () => void;
}

/** The pictures of a meeting, in the layout that was decided for them. */
export function Stage(props: StageProps): JSX.Element {
  const { layout, meeting, code } = props;
  const stage = useRef<HTMLDivElement>(null);
  const pressed = useRef<string | null>(null);
  // The pinned tile is another element in another place: focus goes there with it.
  useEffect(() => {
    if (pressed.current === null) return;
    stage.current?.querySelector<HTMLElement>(`[data-tile="${CSS.escape(pressed.current)}"] button`)?.focus();
    pressed.current = null;
  }, [props.pinned]);

  function pin(tile: Tile): void {
    pressed.current = tileKey(tile);
    props.onPin(tile);
  }
  const isAlone = layout.kind === "grid" && layout.tiles.length < 2;

  return (
    <div className={styles.stage} ref={stage}>
      {layout.kind === "grid" ? (
        <Grid {...props} onPin={pin} tiles={layout.tiles} />
      ) : (
        <div className={styles.focus} data-floating={layout.isFloating || undefined}>
          <div className={styles.main}>
            <OneTile {...props} onPin={pin} tile={layout.main} />
          </div>
          {layout.strip.length > 0 && (
            <ul className={styles.strip}>
              {layout.strip.map((tile) => (
                <li key={tileKey(tile)}>
                  <OneTile {...props} onPin={pin} tile={tile} isSmall />
                </li>
              ))}
            </ul>
          )}
        </div>
      )}
      {isAlone && <Alone isHost={props.isHost} code={meeting.facts?.code ?? code} onInvite={props.onInvite} />}
    </div>
  );
}

const GAP = 12;

function Grid({ tiles, ...props }: StageProps & { tiles: readonly Tile[] }): JSX.Element {
  const box = useRef<HTMLUListElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => setSize({ width: element.clientWidth, height: element.clientHeight }));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const { tileWidth, aspect } = gridOf(tiles.length, size.width, size.height, GAP);
  const style = { "--tile-width": `${tileWidth}px`, "--tile-aspect": aspect, "--gap": `${GAP}px` } as CSSProperties;

  return (
    <ul className={styles.grid} ref={box} style={style}>
      {tiles.map((tile) => (
        <li key={tileKey(tile)}>
          <OneTile {...props} tile={tile} />
        </li>
      ))}
    </ul>
  );
}

interface OneTileProps extends Pick<StageProps, "meeting" | "media" | "locked" | "pinned" | "onPin"> {
  tile: Tile;
  isSmall?: boolean;
}

function OneTile({ tile, meeting, media, locked, pinned, onPin, isSmall = false }: OneTileProps): JSX.Element {
  const isMe = tile.participant === meeting.you.participant;
  const person = media.people.get(tile.participant);
  return (
    <TileView
      id={tileKey(tile)}
      name={nameOf(meeting, tile.participant)}
      source={tile.source}
      person={person ?? SILENT}
      isMe={isMe}
      isAway={!isMe && person === undefined}
      isLocked={!isMe && locked.has(tile.participant)}
      isSmall={isSmall}
      isPinned={pinned !== null && isSame(pinned, tile)}
      onPin={() => onPin(tile)}
    />
  );
}

interface AloneProps {
  isHost: boolean;
  code: string;
  onInvite: () => void;
}

function Alone({ isHost, code, onInvite }: AloneProps): JSX.Element {
  return (
    <div className={styles.alone}>
      <h2>{t("room.alone.title")}</h2>
      <p>{isHost ? t("room.alone.host") : t("room.alone.guest")}</p>
      {isHost && (
        <>
          <p className={styles.code}>
            {t("home.code")} <strong>{code}</strong>
          </p>
          <Button variant="primary" icon={<Copy aria-hidden size={18} />} onPress={onInvite}>
            {t("room.invite")}
          </Button>
        </>
      )}
    </div>
  );
}
