import { Gauge, Scale } from "lucide-react";
import { type JSX, useState } from "react";

import type { AssessRisk, Risk } from "../../../api/wire.ts";
import { t } from "../../../i18n.ts";
import { Button } from "../../../ui/Button.tsx";
import { Choice } from "../../../ui/Choice.tsx";
import { Notice } from "../../../ui/Notice.tsx";
import { Sheet, SheetActions } from "../../../ui/Sheet.tsx";
import { TextArea } from "../../../ui/TextArea.tsx";
import { TextField } from "../../../ui/TextField.tsx";
import { requiredError } from "../../fields.ts";
import forms from "../../forms.module.css";
import { useAction } from "../../use-action.ts";
import { useChecked } from "../../use-checked.ts";

interface AssessSheetProps {
  risk: Risk | null;
  isOpen: boolean;
  onClose: () => void;
  onAssess: (risk: string, body: AssessRisk) => Promise<void>;
}

const CHOICES = ["accepted", "reduced", "shared", "avoided"] as const;
const LEVELS = ["low", "moderate", "high"] as const;

/** Asks what the organisation makes of a risk, and when somebody looks at it again. */
export function AssessSheet({ risk, isOpen, onClose, onAssess }: AssessSheetProps): JSX.Element {
  return (
    <Sheet title={t("risks.sheet.title")} closeLabel={t("app.close")} isOpen={isOpen} onClose={onClose}>
      {risk !== null && <AssessForm risk={risk} onClose={onClose} onAssess={onAssess} />}
    </Sheet>
  );
}

interface AssessFormProps {
  risk: Risk;
  onClose: () => void;
  onAssess: (risk: string, body: AssessRisk) => Promise<void>;
}

function AssessForm({ risk, onClose, onAssess }: AssessFormProps): JSX.Element {
  const before = risk.assessment ?? null;
  const [choice, setChoice] = useState<AssessRisk["choice"]>(before?.choice ?? "accepted");
  const [likelihood, setLikelihood] = useState<AssessRisk["likelihood"]>(before?.likelihood ?? risk.likelihood);
  const [impact, setImpact] = useState<AssessRisk["impact"]>(before?.impact ?? risk.impact);
  const [reason, setReason] = useState(before?.reason ?? "");
  const [next, setNext] = useState("");
  const { isRunning, failure, run } = useAction(async () => {
    await onAssess(risk.id, { choice, likelihood, impact, reason: reason.trim(), next_look_at: `${next}T00:00:00Z` });
    onClose();
  });
  const { isChecked, submit } = useChecked([requiredError(reason), requiredError(next)], run);

  return (
    <form className={forms.form} onSubmit={submit} noValidate>
      <p>{risk.threat}</p>
      <p>{t("evidence.decide.text")}</p>
      <Choice
        label={t("risks.choice")}
        icon={<Scale aria-hidden />}
        value={choice}
        options={CHOICES.map((value) => ({ value, label: t(`risks.choice.${value}`) }))}
        onChange={(value) => setChoice(CHOICES.find((one) => one === value) ?? "accepted")}
      />
      <Level label={t("risks.likelihood")} value={likelihood} onChange={setLikelihood} />
      <Level label={t("risks.impact")} value={impact} onChange={setImpact} />
      <TextArea label={t("risks.reason")} value={reason} onChange={setReason} error={isChecked ? requiredError(reason) : null} maxLength={2_000} />
      <TextField type="date" label={t("risks.next")} hint={t("risks.next.hint")} value={next} onChange={setNext} error={isChecked ? requiredError(next) : null} />
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

interface LevelProps {
  label: string;
  value: AssessRisk["impact"];
  onChange: (value: AssessRisk["impact"]) => void;
}

function Level({ label, value, onChange }: LevelProps): JSX.Element {
  return (
    <Choice
      label={label}
      icon={<Gauge aria-hidden />}
      value={value}
      options={LEVELS.map((level) => ({ value: level, label: t(`risks.level.${level}`) }))}
      onChange={(chosen) => onChange(LEVELS.find((one) => one === chosen) ?? "low")}
    />
  );
}
