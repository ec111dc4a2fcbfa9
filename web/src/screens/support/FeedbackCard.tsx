import { CircleCheck, Star } from "lucide-react";
import { type JSX, type ReactNode, useEffect, useRef, useState } from "react";

import type { FeedbackQuestion, SupportFeedback } from "../../api/wire.ts";
import { addTexts, t } from "../../i18n.ts";
import { support } from "../../locales/support.ts";
import { Button } from "../../ui/Button.tsx";
import { Choice } from "../../ui/Choice.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Card } from "../frame/Frame.tsx";
import forms from "../forms.module.css";
import { useAction } from "../use-action.ts";

addTexts(support);

interface FeedbackCardProps {
  /** The organisation's own; `null` where it asks what every one does. */
  questions: readonly FeedbackQuestion[] | null;
  onSay: (feedback: SupportFeedback) => Promise<void>;
}

interface Field {
  label: string;
  icon: ReactNode;
  answers: readonly { value: string; label: string }[];
}

/** What was chosen for each field, by its label. */
type Chosen = Readonly<Record<string, string>>;

const NOTHING: SupportFeedback = { solved: null, rating: null, answers: [] };
const RATINGS = ["1", "2", "3", "4", "5"].map((value) => ({ value, label: value }));

/** For whoever was helped from a browser. Words are asked for where they are sealed alone, which no browser does. */
export function FeedbackCard({ questions, onSay }: FeedbackCardProps): JSX.Element | null {
  const [chosen, setChosen] = useState<Chosen>({});
  const [hasSaid, setSaid] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const own = questions?.filter(({ kind }) => kind === "rating") ?? null;
  const send = useAction(async () => {
    await onSay({ ...NOTHING, ...(own === null ? usual(chosen) : { answers: rated(own, chosen) }) });
    setSaid(true);
  });
  // What had the focus is gone.
  useEffect(() => {
    if (hasSaid) heading.current?.focus();
  }, [hasSaid]);

  const fields = own === null ? usualFields() : own.map(ratedField);
  if (fields.length === 0) return null;
  const isUnsaid = fields.every(({ label }) => (chosen[label] ?? "") === "");
  return (
    <Card>
      <h2 ref={heading} tabIndex={-1}>
        {t("feedback.title")}
      </h2>
      <div role="status">{hasSaid && <Notice tone="good">{t("feedback.said")}</Notice>}</div>
      {!hasSaid && (
        <div className={forms.form}>
          <p>{t("feedback.text")}</p>
          {own !== null && <p>{t("feedback.scale")}</p>}
          {fields.map(({ label, icon, answers }) => (
            <Choice
              key={label}
              label={label}
              icon={icon}
              value={chosen[label] ?? ""}
              options={[{ value: "", label: t("feedback.unsaid") }, ...answers]}
              onChange={(value) => setChosen((before) => ({ ...before, [label]: value }))}
            />
          ))}
          <div role="alert">{send.failure !== null && <Notice tone="danger">{send.failure}</Notice>}</div>
          <Button isDisabled={isUnsaid} isBusy={send.isRunning} onPress={() => send.run()}>
            {t("feedback.send")}
          </Button>
        </div>
      )}
    </Card>
  );
}

function usualFields(): Field[] {
  const solved = [
    { value: "yes", label: t("feedback.yes") },
    { value: "no", label: t("feedback.no") },
  ];
  return [
    { label: t("feedback.solved"), icon: <CircleCheck aria-hidden />, answers: solved },
    { label: t("feedback.rating"), icon: <Star aria-hidden />, answers: RATINGS },
  ];
}

function ratedField({ text }: FeedbackQuestion): Field {
  return { label: text, icon: <Star aria-hidden />, answers: RATINGS };
}

function usual(chosen: Chosen): Partial<SupportFeedback> {
  const solved = chosen[t("feedback.solved")] ?? "";
  return { solved: solved === "" ? null : solved === "yes", rating: ratingOf(chosen[t("feedback.rating")]) };
}

function rated(questions: readonly FeedbackQuestion[], chosen: Chosen): { question: string; rating: number }[] {
  return questions.flatMap(({ text }) => {
    const rating = ratingOf(chosen[text]);
    return rating === null ? [] : [{ question: text, rating }];
  });
}

function ratingOf(chosen: string | undefined): number | null {
  return chosen === undefined || chosen === "" ? null : Number(chosen);
}
