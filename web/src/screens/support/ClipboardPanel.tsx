import { type JSX, useState } from "react";

import { t } from "../../i18n.ts";
import type { SupportState } from "../../remote/support-state.ts";
import type { Capability } from "../../remote/words.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { TextArea } from "../../ui/TextArea.tsx";
import { Panel } from "../room/Panel.tsx";
import { AskFor } from "./AskFor.tsx";
import type { ConsoleActions } from "./Console.tsx";
import styles from "./Console.module.css";

interface ClipboardPanelProps {
  support: SupportState;
  may: (capability: Capability) => boolean;
  actions: Pick<ConsoleActions, "ask" | "copyIn" | "type" | "copy">;
  onClose: () => void;
}

/** In bytes; what is longer is refused there. The limit of characters is only to keep the field small. */
const LONGEST = 32 * 1_024;

/** Text to and from the other computer's clipboard, each way by a permission of its own. */
export function ClipboardPanel({ support, may, actions, onClose }: ClipboardPanelProps): JSX.Element {
  return (
    <Panel title={t("console.clipboard")} onClose={onClose}>
      <div className={styles.body}>
        {(may("clipboard_in") || may("control")) && <TextIn support={support} mayPut={may("clipboard_in")} actions={actions} />}
        {may("clipboard_out") && <TextOut support={support} actions={actions} />}
        <p className={styles.soft}>{t("console.clipboard.text")}</p>
      </div>
    </Panel>
  );
}

interface TextInProps extends Pick<ClipboardPanelProps, "support" | "actions"> {
  mayPut: boolean;
}

function TextIn({ support, mayPut, actions }: TextInProps): JSX.Element {
  const [text, setText] = useState("");
  const [came, setCame] = useState<"done" | "long" | null>(null);
  const isPermitted = support.permitted.has("clipboard_in");

  function change(typed: string): void {
    setText(typed);
    setCame(null);
  }
  return (
    <section className={styles.part}>
      <TextArea label={t("console.clipboard.in")} value={text} onChange={change} error={came === "long" ? t("console.clipboard.in.long") : null} maxLength={LONGEST} />
      {mayPut && !isPermitted && <AskFor what="clipboard_in" need={t("console.clipboard.in.need")} support={support} onAsk={actions.ask} />}
      <div className={styles.row}>
        {isPermitted && (
          <Button variant="primary" isDisabled={text === "" || support.phase.at === "lost"} onPress={() => setCame(actions.copyIn(text) ? "done" : "long")}>
            {t("console.clipboard.in.send")}
          </Button>
        )}
        <Button isDisabled={text === "" || support.phase.at !== "controlled"} onPress={() => actions.type(text)}>
          {t("console.clipboard.in.type")}
        </Button>
      </div>
      <div role="status" className={styles.answer}>
        {came === "done" && <Notice tone="good">{t("console.clipboard.in.done")}</Notice>}
      </div>
    </section>
  );
}

function TextOut({ support, actions }: Pick<ClipboardPanelProps, "support" | "actions">): JSX.Element {
  const [answer, setAnswer] = useState<boolean | null>(null);
  const text = support.clipboard?.text ?? null;
  return (
    <section className={styles.part} aria-label={t("console.clipboard.out")}>
      <h3>{t("console.clipboard.out")}</h3>
      {!support.permitted.has("clipboard_out") && <AskFor what="clipboard_out" need={t("console.clipboard.out.need")} support={support} onAsk={actions.ask} />}
      {text === null ? (
        support.permitted.has("clipboard_out") && <p className={styles.soft}>{t("console.clipboard.out.none")}</p>
      ) : (
        <>
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
          <pre className={styles.copied} role="group" tabIndex={0} aria-label={t("console.clipboard.out")} dir="auto">
            {text}
          </pre>
          <Button onPress={() => void actions.copy(text).then(setAnswer)}>{t("console.clipboard.out.copy")}</Button>
        </>
      )}
      <div role="status" className={styles.answer}>
        {answer !== null && <Notice tone={answer ? "good" : "warning"}>{answer ? t("console.clipboard.out.copied") : t("console.clipboard.out.copied.not")}</Notice>}
      </div>
    </section>
  );
}
