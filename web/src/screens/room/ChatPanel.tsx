import { SendHorizontal } from "lucide-react";
import { type JSX, type KeyboardEvent, useEffect, useRef, useState } from "react";

import { type ChatMessage, LONGEST_MESSAGE } from "../../call/chat.ts";
import type { MeetingState } from "../../call/meeting-state.ts";
import { formatTime, t } from "../../i18n.ts";
import { IconButton } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { failureText } from "../failure.ts";
import { nameOf } from "./names.ts";
import { Panel } from "./Panel.tsx";
import styles from "./Panel.module.css";

interface ChatPanelProps {
  meeting: MeetingState;
  messages: readonly ChatMessage[];
  /** By policy of the organisation. */
  mayWrite: boolean;
  onSay: (text: string) => Promise<void>;
  onClose: () => void;
}

/** The meeting's chat. Texts are shown as they are: nothing in them becomes a link or a picture. */
export function ChatPanel({ meeting, messages, mayWrite, onSay, onClose }: ChatPanelProps): JSX.Element {
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [messages.length]);

  return (
    <Panel title={t("room.chat")} onClose={onClose}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
      <ol className={styles.messages} ref={list} tabIndex={0} aria-label={t("room.chat")}>
        {messages.length === 0 && <li className={styles.empty}>{t("chat.empty")}</li>}
        {messages.map((message) => (
          <Message key={`${message.participant} ${message.id}`} message={message} meeting={meeting} />
        ))}
      </ol>
      {mayWrite ? <Compose onSay={onSay} /> : <Notice tone="info">{t("policy.off.messages")}</Notice>}
    </Panel>
  );
}

function Message({ message, meeting }: { message: ChatMessage; meeting: MeetingState }): JSX.Element {
  const isMine = message.participant === meeting.you.participant;
  const name = isMine ? t("room.you") : nameOf(meeting, message.participant);
  return (
    <li className={styles.message} data-mine={isMine || undefined}>
      <p className={styles.from} dir="auto">
        {t("chat.from", { name, time: formatTime(message.at) })}
      </p>
      <p className={styles.text} dir="auto">
        {message.text}
      </p>
    </li>
  );
}

export function Compose({ onSay }: { onSay: (text: string) => Promise<void> }): JSX.Element {
  const [text, setText] = useState("");
  const [failure, setFailure] = useState<string | null>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => field.current?.focus(), []);

  function send(): void {
    const sent = text;
    setText("");
    setFailure(null);
    onSay(sent).catch((error: unknown) => {
      // What could not be sent comes back, unless something else was typed meanwhile.
      setText((typed) => (typed === "" ? sent : typed));
      setFailure(failureText(error));
    });
    field.current?.focus();
  }
  function onKey(event: KeyboardEvent): void {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  }

  return (
    <form
      className={styles.compose}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <div role="alert" className={styles.unsent}>
        {failure !== null && <Notice tone="danger">{failure}</Notice>}
      </div>
      <textarea
        ref={field}
        className={styles.field}
        aria-label={t("chat.field")}
        placeholder={t("chat.field")}
        value={text}
        rows={2}
        maxLength={LONGEST_MESSAGE}
        dir="auto"
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKey}
      />
      <IconButton type="submit" label={t("chat.send")} icon={<SendHorizontal aria-hidden />} isDisabled={text.trim() === ""} />
    </form>
  );
}
