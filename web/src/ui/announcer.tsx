import { createContext, type JSX, type ReactNode, useContext, useState, useSyncExternalStore } from "react";

import styles from "./announcer.module.css";

/** Longer than screen readers need to notice a change, shorter than anybody notices. */
const GAP_MS = 700;
/** Afterwards nobody who reads on comes across what is no longer so. */
const LINGER_MS = 5_000;

interface Spoken {
  number: number;
  text: string;
}

interface Regions {
  polite: Spoken;
  urgent: Spoken;
}

const SILENCE: Spoken = { number: 0, text: "" };

/**
 * What a screen reader is told beside the focus: one polite queue, so that nothing is cut off
 * by the next message, and an urgent line for what can't wait.
 */
class Announcements {
  readonly #queue: string[] = [];
  readonly #listeners = new Set<() => void>();
  #isSpeaking = false;
  #regions: Regions = { polite: SILENCE, urgent: SILENCE };

  readonly say = (text: string): void => {
    if (this.#queue.at(-1) === text) return;
    this.#queue.push(text);
    if (this.#isSpeaking) return;
    this.#isSpeaking = true;
    setTimeout(() => this.#next(), 50);
  };

  readonly sayUrgently = (text: string): void => this.#show("urgent", text);

  readonly regions = (): Regions => this.#regions;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #next(): void {
    const text = this.#queue.shift();
    this.#isSpeaking = text !== undefined;
    if (text === undefined) return;
    this.#show("polite", text);
    setTimeout(() => this.#next(), GAP_MS);
  }

  /** Numbered, so that the same words are spoken a second time. */
  #show(region: keyof Regions, text: string): void {
    const number = this.#regions[region].number + 1;
    this.#put(region, { number, text });
    setTimeout(() => {
      if (this.#regions[region].number === number) this.#put(region, { number, text: "" });
    }, LINGER_MS);
  }

  #put(region: keyof Regions, spoken: Spoken): void {
    this.#regions = { ...this.#regions, [region]: spoken };
    for (const listener of this.#listeners) listener();
  }
}

const AnnouncerContext = createContext(new Announcements());

export function useAnnouncer(): Pick<Announcements, "say" | "sayUrgently"> {
  return useContext(AnnouncerContext);
}

/** Holds the live regions, which are always present: changes are spoken only in a region that is already known. */
export function Announcer({ children }: { children: ReactNode }): JSX.Element {
  const [announcements] = useState(() => new Announcements());
  const { polite, urgent } = useSyncExternalStore(announcements.subscribe, announcements.regions);

  return (
    <AnnouncerContext value={announcements}>
      {children}
      {/* By its attribute an open dialog knows them, which hides everything else of the page from screen readers. */}
      <div className={styles.spoken} role="status" data-live-announcer="true">
        <span key={polite.number}>{polite.text}</span>
      </div>
      <div className={styles.spoken} role="alert" data-live-announcer="true">
        <span key={urgent.number}>{urgent.text}</span>
      </div>
    </AnnouncerContext>
  );
}
