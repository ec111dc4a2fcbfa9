import { type JSX, useState } from "react";

import { formatTime, t } from "../../i18n.ts";
import type { FileTransfer } from "../../remote/transfers.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Card, Frame } from "../frame/Frame.tsx";
import { fileName, whatText } from "./console-text.ts";
import styles from "./Console.module.css";
import type { SessionRecord } from "./record.ts";

interface SummaryProps {
  record: SessionRecord;
  /** By policy, every session is. */
  isKept: boolean;
  /** Of the person who was helped; `null` where nobody came. */
  name: string | null;
  /** The technician's own. */
  notes: string;
  /** `false` where the browser does not let them be copied. */
  onCopy: () => Promise<boolean>;
  /** Where the computer did not say why. */
  how: "left" | "ended";
  /** The server could not be told that it is over. */
  failure: string | null;
  onRetry: () => void;
  onSave: (file: FileTransfer) => void;
  onBack: () => void;
}

/** After a session: how it came to its end, and what was permitted in it. */
export function Summary({ record, isKept, name, notes, how, failure, onCopy, onRetry, onSave, onBack }: SummaryProps): JSX.Element {
  const { since, until, permitted, files, unsaved, why } = record;
  const kept = keptKey(record, isKept);
  return (
    <Frame title={t("console.over.title")}>
      <Card>
        <p>{t(`console.over.${why ?? how}`)}</p>
        {name !== null && since !== null && (
          <dl className={styles.facts}>
            <div>
              <dt>{t("console.over.who")}</dt>
              <dd dir="auto">{name}</dd>
            </div>
            <div>
              <dt>{t("console.over.length")}</dt>
              <dd>{t("console.over.length.text", { minutes: minutesOf(since, until), from: formatTime(since) })}</dd>
            </div>
            <div>
              <dt>{t("console.over.what")}</dt>
              <dd>{permitted.size === 0 ? t("console.over.what.none") : [...permitted].map(whatText).join(", ")}</dd>
            </div>
            <div>
              <dt>{t("console.over.files")}</dt>
              <dd>{files.size}</dd>
            </div>
          </dl>
        )}
        {unsaved.length > 0 && <p>{t("console.over.unsaved")}</p>}
        {unsaved.map((file) => (
          <Button key={file.id} onPress={() => onSave(file)}>
            {t("console.files.save.name", { name: fileName(file) })}
          </Button>
        ))}
        {notes.trim() !== "" && <Notes notes={notes} onCopy={onCopy} />}
        {kept !== null && <p className={styles.soft}>{t(kept)}</p>}
        <div role="alert" className={styles.answer}>
          {failure !== null && (
            <Notice tone="danger" action={<Button onPress={onRetry}>{t("app.again")}</Button>}>
              {failure}
            </Notice>
          )}
        </div>
        <Button variant="primary" onPress={onBack}>
          {t("console.back")}
        </Button>
      </Card>
    </Frame>
  );
}

function Notes({ notes, onCopy }: Pick<SummaryProps, "notes" | "onCopy">): JSX.Element {
  const [isCopied, setCopied] = useState<boolean | null>(null);
  return (
    <section className={styles.part} aria-label={t("console.over.notes")}>
      <h2>{t("console.over.notes")}</h2>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
      <pre className={styles.copied} role="group" tabIndex={0} aria-label={t("console.over.notes")} dir="auto">
        {notes}
      </pre>
      <p>{t("console.over.notes.text")}</p>
      <Button onPress={() => void onCopy().then(setCopied)}>{t("console.over.notes.copy")}</Button>
      <div role="status" className={styles.answer}>
        {isCopied !== null && <Notice tone={isCopied ? "good" : "warning"}>{isCopied ? t("console.over.notes.copied") : t("console.over.notes.copied.not")}</Notice>}
      </div>
    </section>
  );
}

/** What is kept of it. Where every session is, nothing is permitted that is not recorded; nothing is recorded without the person's yes. */
function keptKey({ since, permitted, isWhole, why }: SessionRecord, isKept: boolean): "console.over.recorded" | "console.over.recorded.any" | "console.over.kept" | null {
  // Why it ended says so. And of whom nobody met there was nothing to keep.
  if (why === "not_kept" || (isKept && since === null)) return null;
  if (permitted.has("recording")) return "console.over.recorded";
  return isKept && !isWhole ? "console.over.recorded.any" : "console.over.kept";
}

/** A session that began is one of a minute at least. */
function minutesOf(since: number, until: number | null): number {
  return Math.max(1, Math.round(((until ?? since) - since) / 60_000));
}
