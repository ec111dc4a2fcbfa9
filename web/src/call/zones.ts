/** Time zones as the browser knows them: what a clock shows somewhere, and when it is put forward or back. */

/** Minutes east of Greenwich, at an instant. */
export function offsetAt(zone: string, instant: number): number {
  const parts = new Map(clockOf(zone).formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
  const [year = 0, month = 1, day, hour, minute, second] = ["year", "month", "day", "hour", "minute", "second"].map((part) => parts.get(part as Intl.DateTimeFormatPartTypes));
  const shown = Date.UTC(year, month - 1, day, hour, minute, second);
  return Math.round((shown - Math.floor(instant / 1_000) * 1_000) / 60_000);
}

/** What the clock there shows: `2026-03-29T09:30`. */
export function localTime(zone: string, instant: number): string {
  return new Date(instant + offsetAt(zone, instant) * 60_000).toISOString().slice(0, 16);
}

export interface Change {
  /** The first instant of the new offset. */
  at: number;
  /** In minutes. */
  before: number;
  after: number;
}

/** Every change of the offset from one instant to another, to the second. */
export function changes(zone: string, from: number, to: number): Change[] {
  const found: Change[] = [];
  for (let start = from; start < to; start += STEP_MS) {
    const end = Math.min(start + STEP_MS, to);
    const [before, after] = [offsetAt(zone, start), offsetAt(zone, end)];
    if (before !== after) found.push({ at: boundary(zone, start, end, before), before, after });
  }
  return found;
}

/** The reader's own. */
export function ownZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** Those that there are, the reader's own first, and one that the browser may call by another name. */
export function zonesWith(zone: string): readonly string[] {
  return [...new Set([ownZone(), zone, ...Intl.supportedValuesOf("timeZone")])];
}

/** No zone changes twice within so little. */
const STEP_MS = 7 * 86_400_000;

function boundary(zone: string, from: number, to: number, before: number): number {
  let [low, high] = [from, to];
  while (high - low > 1_000) {
    const middle = low + Math.floor((high - low) / 2_000) * 1_000;
    if (offsetAt(zone, middle) === before) low = middle;
    else high = middle;
  }
  return high;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone);
  if (known !== undefined) return known;
  const clock = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    calendar: "gregory",
    numberingSystem: "latn",
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  clocks.set(zone, clock);
  return clock;
}
