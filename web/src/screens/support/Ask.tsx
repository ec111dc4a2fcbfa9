import { type JSX, useEffect, useRef, useState } from "react";

import { t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { TextField } from "../../ui/TextField.tsx";
import forms from "../forms.module.css";
import { failureText } from "../failure.ts";
import { Card } from "../frame/Frame.tsx";
import { useChecked } from "../use-checked.ts";
import styles from "./Help.module.css";

/** How it stands with somebody who waits. */
interface Line {
  /** From 1 on; `null` before the server has said so. */
  place: number | null;
  /** That they compare on the telephone. */
  number: string;
  isOffline: boolean;
}

interface AskProps {
  /** `null` for who does not wait. */
  line: Line | null;
  /** Why they wait no longer. */
  failure: string | null;
  onAsk: (name: string, matter: string) => Promise<void>;
  onStop: () => void;
}

/** For whoever has no code: a name, what it is about, and then a place in line. */
export function Ask({ line, failure, onAsk, onStop }: AskProps): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  /** Kept while they wait: who waits no longer may ask again. */
  const [typed, setTyped] = useState<Typed>({ name: "", matter: "" });
  const isWaiting = line !== null;
  const wasWaiting = useRef(isWaiting);
  // What had the focus is gone, either way.
  useEffect(() => {
    if (wasWaiting.current !== isWaiting) heading.current?.focus();
    wasWaiting.current = isWaiting;
  }, [isWaiting]);

  return (
    <section className={styles.what} aria-labelledby="ask">
      <h2 id="ask" ref={heading} tabIndex={-1}>
        {isWaiting ? t("help.queue.waiting") : t("help.queue")}
      </h2>
      <div role="alert" className={styles.alert}>
        {failure !== null && <Notice tone="warning">{failure}</Notice>}
      </div>
      <Card>{line === null ? <AskForm typed={typed} onType={setTyped} onAsk={onAsk} /> : <InLine line={line} onStop={onStop} />}</Card>
    </section>
  );
}

interface Typed {
  name: string;
  matter: string;
}

interface AskFormProps extends Pick<AskProps, "onAsk"> {
  typed: Typed;
  onType: (typed: Typed) => void;
}

function AskForm({ typed, onType, onAsk }: AskFormProps): JSX.Element {
  const { name, matter } = typed;
  const [isAsking, setAsking] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const missing = name.trim() === "" ? t("help.queue.name.missing") : null;
  const { isChecked, submit } = useChecked([missing], () => void ask());

  async function ask(): Promise<void> {
    if (isAsking) return;
    setAsking(true);
    setFailure(null);
    try {
      await onAsk(name.trim(), matter.trim());
    } catch (error) {
      setFailure(failureText(error));
    }
    setAsking(false);
  }

  return (
    <form className={forms.form} onSubmit={submit} noValidate>
      <p>{t("help.queue.text")}</p>
      <TextField
        label={t("help.queue.name")}
        value={name}
        onChange={(name) => onType({ ...typed, name })}
        error={isChecked ? missing : null}
        autoComplete="name"
        maxLength={64}
      />
      <TextField
        label={t("help.queue.matter")}
        hint={t("help.queue.matter.hint")}
        value={matter}
        onChange={(matter) => onType({ ...typed, matter })}
        autoComplete="off"
        maxLength={200}
      />
      <div role="alert" className={styles.alert}>
        {failure !== null && <Notice tone="danger">{failure}</Notice>}
      </div>
      <Button type="submit" isWide isBusy={isAsking}>
        {t("help.queue.ask")}
      </Button>
    </form>
  );
}

function InLine({ line: { place, number, isOffline }, onStop }: { line: Line; onStop: () => void }): JSX.Element {
  return (
    <>
      <p role="status">{place !== null && <strong>{placeText(place)}</strong>}</p>
      <p>{t("help.queue.stay")}</p>
      <div role="alert" className={styles.alert}>
        {isOffline && <Notice tone="warning">{t("help.queue.offline")}</Notice>}
      </div>
      <h3>{t("help.queue.number")}</h3>
      <p className={styles.command}>{number}</p>
      <p>{t("help.queue.number.text")}</p>
      <Button variant="quiet" onPress={onStop}>
        {t("help.queue.stop")}
      </Button>
    </>
  );
}

function placeText(place: number): string {
  return place === 1 ? t("help.queue.next") : t("help.queue.place", { place });
}
