import { useEffect, useRef } from "react";

import { t } from "../../i18n.ts";
import type { SupportState } from "../../remote/support-state.ts";
import { useAnnouncer } from "../../ui/announcer.tsx";
import { newsBetween } from "./console-news.ts";
import { stateText } from "./console-text.ts";

interface ConsoleNews {
  support: SupportState;
  /** Of the person at the computer; the code, while nobody is there. */
  name: string;
  isInterrupted: boolean;
}

/** Tells, to screen readers and in the tab's title, what happens in a session: there may be several in tabs. */
export function useConsoleNews({ support, name, isInterrupted }: ConsoleNews): void {
  const { say, sayUrgently } = useAnnouncer();
  const known = useRef(support);
  useEffect(() => {
    const news = newsBetween(known.current, support, name);
    for (const { text, isUrgent } of news) if (!isUrgent) say(text);
    // The next urgent word takes the place of the one before.
    const urgent = news.filter(({ isUrgent }) => isUrgent).map(({ text }) => text);
    if (urgent.length > 0) sayUrgently(urgent.join(" "));
    known.current = support;
  }, [support, name, say, sayUrgently]);

  const wasInterrupted = useRef(isInterrupted);
  useEffect(() => {
    if (wasInterrupted.current === isInterrupted) return;
    wasInterrupted.current = isInterrupted;
    if (isInterrupted) sayUrgently(t("console.interrupted"));
    else say(t("console.say.reconnected"));
  }, [isInterrupted, say, sayUrgently]);

  const state = support.asked.size > 0 ? t("console.files.state.asked") : stateText(support);
  useEffect(() => {
    document.title = `${t("console.title", { name, state })} · ${t("app.name")}`;
  }, [name, state]);
}
