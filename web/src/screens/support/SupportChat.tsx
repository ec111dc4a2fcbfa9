import { type JSX, useEffect, useRef } from "react";

import { formatTime, t } from "../../i18n.ts";
import type { SupportState } from "../../remote/support-state.ts";
import type { Capability } from "../../remote/words.ts";
import { Compose } from "../room/ChatPanel.tsx";
import { Panel } from "../room/Panel.tsx";
import panel from "../room/Panel.module.css";
import { AskFor } from "./AskFor.tsx";
import styles from "./Console.module.css";

interface SupportChatProps {
  support: SupportState;
  /** It is, or will be before anything is said. */
  isRecorded: boolean;
  /** Of the person at the computer. */
  name: string;
  onSay: (text: string) => Promise<void>;
  onAsk: (what: Capability) => void;
  onClose: () => void;
}

/** The chat with the person at the computer. Texts are shown as they are: nothing in them becomes a link. */
export function SupportChat({ support, isRecorded, name, onSay, onAsk, onClose }: SupportChatProps): JSX.Element {
  const { chat, permitted } = support;
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [chat.length]);
  return (
    <Panel title={t("console.chat")} onClose={onClose}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
      <ol className={panel.messages} ref={list} tabIndex={0} aria-label={t("console.chat")}>
        {chat.length === 0 && <li className={panel.empty}>{t(isRecorded ? "console.chat.empty.recorded" : "console.chat.empty")}</li>}
        {chat.map(({ id, from, text, at, hasFailed }) => (
          <li key={id} className={panel.message} data-mine={from === "technician" || undefined}>
            <p className={panel.from} dir="auto">
              {t("chat.from", { name: from === "technician" ? t("room.you") : name, time: formatTime(at) })}
              {hasFailed && <strong> {t("console.chat.failed")}</strong>}
            </p>
            <p className={panel.text} dir="auto">
              {text}
            </p>
          </li>
        ))}
      </ol>
      {permitted.has("chat") ? (
        <Compose onSay={onSay} />
      ) : (
        <div className={styles.body}>
          <AskFor what="chat" need={t("console.chat.need")} support={support} onAsk={onAsk} />
        </div>
      )}
    </Panel>
  );
}
