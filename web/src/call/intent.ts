/**
 * What somebody wants of their microphone, camera and devices, apart from what these do now.
 *
 * A reload or a reconnection applies the intent before anything is published, so that
 * nobody who muted themselves comes back heard.
 */

import type { Shelf } from "./shelf.ts";
import { Store } from "../store.ts";

export interface Intent {
  microphone: boolean;
  camera: boolean;
  /** Device ids; absent means the browser's default. */
  microphoneId?: string;
  cameraId?: string;
  speakerId?: string;
}

/** On or off belongs to this tab; the choice of devices to this browser. */
const SWITCHES = "conclave.switches";
const DEVICES = "conclave.devices";
/** How the switches stood last, in whichever tab. */
const LAST_SWITCHES = "conclave.last-switches";

export class IntentStore extends Store<Intent> {
  readonly #tab: Shelf;
  readonly #browser: Shelf;

  constructor(tab: Shelf, browser: Shelf) {
    super({ microphone: true, camera: true, ...devices(read(browser, DEVICES)), ...switches(read(tab, SWITCHES)) });
    this.#tab = tab;
    this.#browser = browser;
  }

  override set(intent: Intent): void {
    const { microphone, camera, ...chosen } = intent;
    this.#tab.setItem(SWITCHES, JSON.stringify({ microphone, camera }));
    this.#browser.setItem(LAST_SWITCHES, JSON.stringify({ microphone, camera }));
    this.#browser.setItem(DEVICES, JSON.stringify(chosen));
    super.set(intent);
  }

  /** In a tab without switches of its own: as they stood last in this browser. False where they never stood anywhere. */
  recall(): boolean {
    const own = read(this.#tab, SWITCHES);
    if (isBoth(switches(own)) && own["isAnothers"] !== true) return true;
    const last = switches(read(this.#browser, LAST_SWITCHES));
    if (isBoth(last)) this.set({ ...this.get(), ...last });
    return isBoth(last);
  }

  /**
   * Whoever comes next to this browser, or to this tab, is asked at the door. What was muted in the tab stays so: it may
   * keep a seat.
   */
  forgetLast(): void {
    this.#browser.removeItem(LAST_SWITCHES);
    const own = switches(read(this.#tab, SWITCHES));
    if (isBoth(own)) this.#tab.setItem(SWITCHES, JSON.stringify({ ...own, isAnothers: true }));
  }
}

/** Of a page where neither camera nor microphone is wanted, whatever this tab's meetings want. Kept nowhere. */
export function quietIntent(): IntentStore {
  const shelf = { getItem: () => null, setItem: () => {}, removeItem: () => {} };
  const intent = new IntentStore(shelf, shelf);
  intent.set({ microphone: false, camera: false });
  return intent;
}

function isBoth({ microphone, camera }: Partial<Intent>): boolean {
  return microphone !== undefined && camera !== undefined;
}

function read(shelf: Shelf, key: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(shelf.getItem(key) ?? "{}");
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function switches(kept: Record<string, unknown>): Partial<Intent> {
  const { microphone, camera } = kept as { microphone?: unknown; camera?: unknown };
  return {
    ...(typeof microphone === "boolean" ? { microphone } : {}),
    ...(typeof camera === "boolean" ? { camera } : {}),
  };
}

function devices(kept: Record<string, unknown>): Partial<Intent> {
  const ids = ["microphoneId", "cameraId", "speakerId"] as const;
  return Object.fromEntries(
    ids.flatMap((key) => {
      const id = kept[key];
      return typeof id === "string" && id !== "" ? [[key, id]] : [];
    }),
  );
}
