import { useEffect, useRef, useState } from "react";

import type { MediaState } from "../../call/call-media.ts";
import type { ChatMessage } from "../../call/chat.ts";
import { isPerson, type MeetingState } from "../../call/meeting-state.ts";
import { playKnock } from "../../call/sound.ts";
import type { EncryptionState } from "../../e2ee/encryption.ts";
import { t } from "../../i18n.ts";
import { useAnnouncer } from "../../ui/announcer.tsx";
import { endingText } from "./ending-text.ts";
import { nameOf } from "./names.ts";
import { beginningText, standingText } from "./shield-text.ts";

interface News {
  meeting: MeetingState;
  media: MediaState;
  encryption: EncryptionState;
  messages: readonly ChatMessage[];
  isHost: boolean;
  /** Where the knock is played; absent for the browser's own choice. */
  speakerId: string | undefined;
}

/** Tells, in sound, in the tab's title and to screen readers, what happens in a meeting. */
export function useRoomNews({ meeting, media, encryption, messages, isHost, speakerId }: News): void {
  const { say, sayUrgently } = useAnnouncer();
  const me = meeting.you.participant;

  useArrivals(
    meeting.roster.filter((entry) => isPerson(entry) && entry.participant !== me),
    ({ display_name, by_emergency: isByEmergency }) => {
      if (isByEmergency === true) sayUrgently(t("emergency.here", { name: display_name }));
      else say(t("room.joined", { name: display_name }));
    },
    ({ display_name }) => say(t("room.left", { name: display_name })),
  );
  const knock = ({ display_name }: Entry): void => {
    say(t("knock.title", { name: display_name }));
    void playKnock(speakerId);
  };
  const lobby = isHost ? meeting.lobby : NOBODY;
  useArrivals(lobby, knock);
  // Who waited before the host came is news to the host.
  useEffect(() => {
    for (const { display_name } of lobby) say(t("knock.title", { name: display_name }));
    if (lobby.length > 0) void playKnock(speakerId);
  }, []);
  useChange(messages.at(-1)?.id, () => {
    const last = messages.at(-1);
    if (last === undefined || last.participant === me) return;
    say(t("chat.new", { name: nameOf(meeting, last.participant), text: last.text.slice(0, 200) }));
  });
  useChange(meeting.facts?.locked, (before) => {
    if (before !== undefined) say(before ? t("room.unlocked.say") : t("room.locked.say"));
  });
  // Twice: when it is told first, and in the last minute.
  const ending = meeting.facts?.ending ?? null;
  const warning = ending === null ? null : endingText(ending);
  useEffect(() => {
    if (warning !== null) sayUrgently(warning);
  }, [warning, sayUrgently]);
  const isIdle = meeting.facts?.idle_share?.presenter === me;
  useEffect(() => {
    if (isIdle) sayUrgently(t("idle.share"));
  }, [isIdle, sayUrgently]);
  useChange(meeting.you.role, (before) => {
    if (meeting.you.role === "co_host") say(t("room.coHost.say"));
    else if (before === "co_host") say(t("room.coHost.not.say"));
  });
  useChange(meeting.facts?.successor === me, () => {
    if (meeting.facts?.successor === me) say(t("room.leads.say"));
  });
  useChange(media.connection, (before) => {
    if (media.connection === "reconnecting") sayUrgently(t("room.reconnecting"));
    if (media.connection === "connected") say(before === "reconnecting" ? t("room.reconnected") : t("room.connected"));
  });
  useChange(encryption.standing.at, (before) => {
    if (encryption.standing.at === "on") say(beginningText(encryption));
    else if (before === "on") sayUrgently(standingText(encryption.standing));
  });
  const mine = media.connection === "connected" ? media.people.get(me) : undefined;
  const isHeard = media.isStarting.microphone ? undefined : mine?.isMicrophoneOn;
  const isSeen = media.isStarting.camera || mine === undefined ? undefined : mine.camera !== null;
  useChange(isHeard, (before) => {
    if (before !== undefined) sayUrgently(isHeard === true ? t("room.mic.unmuted") : t("room.mic.muted"));
  });
  useChange(isSeen, (before) => {
    if (before !== undefined) say(isSeen === true ? t("room.camera.isOn") : t("room.camera.isOff"));
  });
  useChange((mine?.screen ?? null) !== null, (before) => {
    if (before !== undefined) say(before ? t("room.share.isOff") : t("room.share.isOn"));
  });

  const isUnseen = useUnseen();
  const waiting = isHost ? meeting.lobby.length : 0;
  const title = meeting.facts?.title ?? t("room.stage");
  useEffect(() => {
    const news = waiting > 0 ? t("knock.badge", { count: waiting }) : isUnseen ? t("room.connected") : null;
    document.title = [...(news === null ? [] : [news]), title, t("app.name")].join(" · ");
  }, [waiting, title, isUnseen]);
}

/** Whether the meeting began in a tab that nobody has looked at since. */
function useUnseen(): boolean {
  const [isUnseen, setUnseen] = useState(document.hidden);
  useEffect(() => {
    const look = (): void => setUnseen((unseen) => unseen && document.hidden);
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, []);
  return isUnseen;
}

const NOBODY: readonly Entry[] = [];

interface Entry {
  participant: string;
  display_name: string;
  by_emergency?: boolean;
}

/** Those who were there at first are no news. */
function useArrivals(
  entries: readonly Entry[],
  onCome: (entry: Entry) => void,
  onGo: (entry: Entry) => void = () => {},
): void {
  const known = useRef<ReadonlyMap<string, Entry> | null>(null);
  useEffect(() => {
    const before = known.current;
    const after = new Map(entries.map((entry) => [entry.participant, entry]));
    known.current = after;
    if (before === null) return;
    for (const entry of after.values()) if (!before.has(entry.participant)) onCome(entry);
    for (const entry of before.values()) if (!after.has(entry.participant)) onGo(entry);
  });
}

/** Compares with what was last known: `undefined` is no news, but a gap in what is known. */
function useChange<T>(value: T | undefined, onChange: (before: T | undefined) => void): void {
  const known = useRef<T | undefined>(undefined);
  useEffect(() => {
    const before = known.current;
    if (value === undefined || Object.is(before, value)) return;
    known.current = value;
    onChange(before);
  });
}
