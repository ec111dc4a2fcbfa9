/** Which tiles are shown, where, how large: pure decisions. */

/** One picture on the stage: somebody's camera, or what they share. */
export interface Tile {
  participant: string;
  source: "camera" | "screen";
}

export type View = "auto" | "grid" | "speaker";

export type Layout =
  | { kind: "grid"; tiles: readonly Tile[] }
  /** One large; the others in a strip beside it, or floating over its corner when it is only one. */
  | { kind: "stage"; main: Tile; strip: readonly Tile[]; isFloating: boolean };

export interface Scene {
  view: View;
  me: string;
  /** Everybody in the meeting, in the order they came. */
  participants: readonly string[];
  /** Who shares their screen. */
  sharing: readonly string[];
  /** Who spoke last. */
  speaker: string | null;
  pinned: Tile | null;
}

export function layoutOf(scene: Scene): Layout {
  const tiles = tilesOf(scene);
  const main = mainTile(scene, tiles);
  if (main === null) return { kind: "grid", tiles };
  const strip = tiles.filter((tile) => !isSame(tile, main));
  const isFloating = strip.length === 1 && strip[0]?.participant === scene.me && strip[0].source === "camera";
  return { kind: "stage", main, strip, isFloating };
}

/** Shared screens first, then the others, oneself last. */
function tilesOf({ participants, sharing, me }: Scene): Tile[] {
  const others = participants.filter((participant) => participant !== me);
  const mine = participants.filter((participant) => participant === me);
  return [
    ...sharing.map((participant): Tile => ({ participant, source: "screen" })),
    ...[...others, ...mine].map((participant): Tile => ({ participant, source: "camera" })),
  ];
}

/** `null`: all are equal. */
function mainTile({ view, pinned, speaker, me }: Scene, tiles: readonly Tile[]): Tile | null {
  const kept = pinned === null ? undefined : tiles.find((tile) => isSame(tile, pinned));
  if (kept !== undefined) return kept;
  if (view === "grid" || tiles.length < 2) return null;
  const shared = tiles.find((tile) => tile.source === "screen" && tile.participant !== me);
  if (shared !== undefined) return shared;
  const others = tiles.filter((tile) => tile.participant !== me);
  if (view === "auto") return others.length === 1 ? (others[0] ?? null) : null;
  return others.find((tile) => tile.participant === speaker) ?? others[0] ?? null;
}

export function isSame(a: Tile, b: Tile): boolean {
  return a.participant === b.participant && a.source === b.source;
}

export function tileKey({ participant, source }: Tile): string {
  return `${participant}/${source}`;
}

export interface Grid {
  columns: number;
  /** In the unit of the box. */
  tileWidth: number;
  /** Width by height: wide in a wide box, square in a tall one, where wide tiles would be small. */
  aspect: number;
}

/** The grid that makes `count` tiles largest in a box of this size. */
export function gridOf(count: number, width: number, height: number, gap: number): Grid {
  const aspect = height > width ? 1 : 16 / 9;
  let best: Grid = { columns: 1, tileWidth: 0, aspect };
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns);
    const byWidth = (width - gap * (columns - 1)) / columns;
    const byHeight = ((height - gap * (rows - 1)) / rows) * aspect;
    const tileWidth = Math.floor(Math.min(byWidth, byHeight));
    if (tileWidth >= best.tileWidth) best = { columns, tileWidth, aspect };
  }
  return best;
}
