import { ClipboardCheck, MessageSquareWarning } from "lucide-react";
import { type JSX, useState } from "react";

import type { CloseComplaint, ComplaintKind, ComplaintOutcome, ComplaintWords, EnterComplaint } from "../../../api/wire.ts";
import { t } from "../../../i18n.ts";
import { Button } from "../../../ui/Button.tsx";
import { Choice } from "../../../ui/Choice.tsx";
import { Notice } from "../../../ui/Notice.tsx";
import { SheetActions } from "../../../ui/Sheet.tsx";
import { TextArea } from "../../../ui/TextArea.tsx";
import { TextField } from "../../../ui/TextField.tsx";
import { requiredError } from "../../fields.ts";
import forms from "../../forms.module.css";
import { useAction } from "../../use-action.ts";
import { useChecked } from "../../use-checked.ts";
import people from "../people/People.module.css";

const KINDS = ["complaint", "access", "amendment", "accounting", "restriction", "other"] as const satisfies readonly ComplaintKind[];
const OUTCOMES = ["resolved", "no_cause", "referred", "withdrawn"] as const satisfies readonly ComplaintOutcome[];

interface EnterComplaintFormProps {
  onClose: () => void;
  onEnter: (body: EnterComplaint) => Promise<void>;
}

/** What came in. */
export function EnterComplaintForm({ onClose, onEnter }: EnterComplaintFormProps): JSX.Element {
  const [kind, setKind] = useState<ComplaintKind>(KINDS[0]);
  const [day, setDay] = useState("");
  const [words, setWords] = useState("");
  const { isRunning, failure, run } = useAction(async () => {
    await onEnter({ kind, received_at: `${day}T00:00:00Z`, words: words.trim() });
    onClose();
  });
  const { isChecked, submit } = useChecked([requiredError(day), requiredError(words)], run);

  return (
    <form className={forms.form} onSubmit={submit} noValidate>
      <Choice
        label={t("complaints.kind")}
        icon={<MessageSquareWarning aria-hidden />}
        value={kind}
        options={KINDS.map((value) => ({ value, label: t(`complaints.kind.${value}`) }))}
        onChange={(value) => setKind(KINDS.find((one) => one === value) ?? KINDS[0])}
      />
      <TextField type="date" label={t("complaints.received")} value={day} onChange={setDay} error={isChecked ? requiredError(day) : null} />
      <TextArea label={t("complaints.words")} hint={t("complaints.words.hint")} value={words} onChange={setWords} error={isChecked ? requiredError(words) : null} maxLength={2_000} />
      <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
      <SheetActions>
        <Button onPress={onClose}>{t("app.cancel")}</Button>
        <Button type="submit" variant="primary" isBusy={isRunning}>
          {t("complaints.keep")}
        </Button>
      </SheetActions>
    </form>
  );
}

interface CloseComplaintFormProps {
  onClose: () => void;
  onKeep: (body: CloseComplaint) => Promise<void>;
}

/** What became of it. */
export function CloseComplaintForm({ onClose, onKeep }: CloseComplaintFormProps): JSX.Element {
  const [outcome, setOutcome] = useState<ComplaintOutcome>(OUTCOMES[0]);
  const [note, setNote] = useState("");
  const { isRunning, failure, run } = useAction(async () => {
    await onKeep({ outcome, note: note.trim() });
    onClose();
  });
  const { isChecked, submit } = useChecked([requiredError(note)], run);

  return (
    <form className={forms.form} onSubmit={submit} noValidate>
      <Choice
        label={t("complaints.outcome")}
        icon={<ClipboardCheck aria-hidden />}
        value={outcome}
        options={OUTCOMES.map((value) => ({ value, label: t(`complaints.outcome.${value}`) }))}
        onChange={(value) => setOutcome(OUTCOMES.find((one) => one === value) ?? OUTCOMES[0])}
      />
      <TextArea label={t("complaints.note")} hint={t("complaints.words.hint")} value={note} onChange={setNote} error={isChecked ? requiredError(note) : null} maxLength={2_000} />
      <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
      <SheetActions>
        <Button onPress={onClose}>{t("app.cancel")}</Button>
        <Button type="submit" variant="primary" isBusy={isRunning}>
          {t("complaints.close")}
        </Button>
      </SheetActions>
    </form>
  );
}

/** It names people: shown to who asks, and that they did is on record. */
export function Said({ onRead }: { onRead: () => Promise<ComplaintWords> }): JSX.Element {
  const [words, setWords] = useState<ComplaintWords | null>(null);
  const { isRunning, failure, run } = useAction(async () => setWords(await onRead()));
  if (words === null) {
    return (
      <div className={forms.form}>
        <p className={people.soft}>{t("complaints.read.text")}</p>
        <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
        <Button onPress={() => run()} isBusy={isRunning}>
          {t("complaints.read")}
        </Button>
      </div>
    );
  }
  return (
    <div role="status">
      <p className={people.said} dir="auto">
        {words.words}
      </p>
      {words.note !== undefined && words.note !== null && (
        <p className={people.said} dir="auto">
          {words.note}
        </p>
      )}
    </div>
  );
}
