import { Scale } from "lucide-react";
import { type JSX, useState } from "react";

import type { Decide, Decision } from "../../../api/wire.ts";
import { t } from "../../../i18n.ts";
import { Button } from "../../../ui/Button.tsx";
import { Choice } from "../../../ui/Choice.tsx";
import { Notice } from "../../../ui/Notice.tsx";
import { Sheet, SheetActions } from "../../../ui/Sheet.tsx";
import { TextField } from "../../../ui/TextField.tsx";
import { requiredError } from "../../fields.ts";
import forms from "../../forms.module.css";
import { useAction } from "../../use-action.ts";
import { useChecked } from "../../use-checked.ts";

/** What is decided about, with the decision in force. */
export interface Decidable {
  subject: string;
  name: string;
  /** The rule requires it: nothing else is done instead. */
  isRequired: boolean;
  decision: Decision | null;
}

interface DecideSheetProps {
  about: Decidable | null;
  isOpen: boolean;
  onClose: () => void;
  onDecide: (subject: string, body: Decide) => Promise<void>;
}

const CHOICES = ["implemented", "equivalent", "not_reasonable"] as const;
/** As 45 CFR 164.306 names what is weighed. */
const WORDS = ["reason", "risk", "size", "complexity", "infrastructure", "cost"] as const;

/** Asks what the organisation does about a safeguard, and why. */
export function DecideSheet({ about, isOpen, onClose, onDecide }: DecideSheetProps): JSX.Element {
  return (
    <Sheet title={t("evidence.decide.title", { name: about?.name ?? "" })} closeLabel={t("app.close")} isOpen={isOpen} onClose={onClose}>
      {about !== null && <DecideForm about={about} onClose={onClose} onDecide={onDecide} />}
    </Sheet>
  );
}

interface DecideFormProps {
  about: Decidable;
  onClose: () => void;
  onDecide: (subject: string, body: Decide) => Promise<void>;
}

function DecideForm({ about: { subject, isRequired, decision }, onClose, onDecide }: DecideFormProps): JSX.Element {
  const [choice, setChoice] = useState<Decide["choice"]>(decision?.choice ?? "implemented");
  const [words, setWords] = useState(() => Object.fromEntries(WORDS.map((word) => [word, decision?.[word] ?? ""])) as Record<(typeof WORDS)[number], string>);
  const [owner, setOwner] = useState(decision?.owner ?? "");
  const [due, setDue] = useState("");
  const { isRunning, failure, run } = useAction(async () => {
    const until = due === "" ? {} : { due: `${due}T00:00:00Z` };
    await onDecide(subject, { choice, ...words, owner: owner.trim(), ...until });
    onClose();
  });
  const { isChecked, submit } = useChecked([...WORDS.map((word) => requiredError(words[word])), requiredError(owner)], run);

  return (
    <form className={forms.form} onSubmit={submit} noValidate>
      <p>{t("evidence.decide.text")}</p>
      <Choice
        label={t("evidence.decide.choice")}
        icon={<Scale aria-hidden />}
        value={choice}
        options={CHOICES.filter((value) => !isRequired || value === "implemented").map((value) => ({ value, label: t(`evidence.choice.${value}`) }))}
        onChange={(value) => setChoice(CHOICES.find((one) => one === value) ?? "implemented")}
      />
      {WORDS.map((word) => (
        <TextField
          key={word}
          label={t(`evidence.decide.${word}`)}
          value={words[word]}
          onChange={(value) => setWords((before) => ({ ...before, [word]: value }))}
          error={isChecked ? requiredError(words[word]) : null}
          autoComplete="off"
          maxLength={2000}
        />
      ))}
      <TextField
        label={t("evidence.decide.owner")}
        hint={t("evidence.decide.owner.hint")}
        value={owner}
        onChange={setOwner}
        error={isChecked ? requiredError(owner) : null}
        autoComplete="off"
        maxLength={64}
      />
      <TextField type="date" label={t("evidence.decide.due")} hint={t("evidence.decide.due.hint")} value={due} onChange={setDue} />
      <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
      <SheetActions>
        <Button onPress={onClose}>{t("app.cancel")}</Button>
        <Button type="submit" variant="primary" isBusy={isRunning}>
          {t("evidence.decide.sign")}
        </Button>
      </SheetActions>
    </form>
  );
}
