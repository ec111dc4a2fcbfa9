import { GraduationCap } from "lucide-react";
import { type JSX, useState } from "react";

import type { EnterTraining, Person } from "../../../api/wire.ts";
import { t } from "../../../i18n.ts";
import { Button } from "../../../ui/Button.tsx";
import { Choice } from "../../../ui/Choice.tsx";
import { Notice } from "../../../ui/Notice.tsx";
import { SheetActions } from "../../../ui/Sheet.tsx";
import { TextField } from "../../../ui/TextField.tsx";
import { requiredError } from "../../fields.ts";
import forms from "../../forms.module.css";
import { useAction } from "../../use-action.ts";
import { useChecked } from "../../use-checked.ts";

interface TrainingFormProps {
  /** With an active account. */
  people: readonly Person[];
  onClose: () => void;
  /** Rejects with a `Problem`. */
  onEnter: (body: EnterTraining) => Promise<void>;
}

/** Who was trained in what. */
export function TrainingForm({ people, onClose, onEnter }: TrainingFormProps): JSX.Element {
  const [account, setAccount] = useState(people[0]?.account ?? "");
  const [topic, setTopic] = useState("");
  const [completed, setCompleted] = useState("");
  const [until, setUntil] = useState("");
  const { isRunning, failure, run } = useAction(async () => {
    await onEnter({ account, topic: topic.trim(), completed_at: `${completed}T00:00:00Z`, good_until: `${until}T00:00:00Z` });
    onClose();
  });
  const { isChecked, submit } = useChecked([requiredError(topic), requiredError(completed), requiredError(until)], run);
  const errorOf = (value: string): string | null => (isChecked ? requiredError(value) : null);

  return (
    <form className={forms.form} onSubmit={submit} noValidate>
      <Choice
        label={t("training.who")}
        icon={<GraduationCap aria-hidden />}
        value={account}
        options={people.map((person) => ({ value: person.account, label: person.display_name }))}
        onChange={setAccount}
      />
      <TextField label={t("training.topic")} value={topic} onChange={setTopic} error={errorOf(topic)} maxLength={80} />
      <TextField type="date" label={t("training.completed")} value={completed} onChange={setCompleted} error={errorOf(completed)} />
      <TextField type="date" label={t("training.until")} value={until} onChange={setUntil} error={errorOf(until)} />
      <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
      <SheetActions>
        <Button onPress={onClose}>{t("app.cancel")}</Button>
        <Button type="submit" variant="primary" isBusy={isRunning}>
          {t("training.keep")}
        </Button>
      </SheetActions>
    </form>
  );
}
