import { type JSX, useState } from "react";

import type { FeedbackQuestion } from "../../../api/wire.ts";
import { t } from "../../../i18n.ts";
import { Button } from "../../../ui/Button.tsx";
import { Choice } from "../../../ui/Choice.tsx";
import { Notice } from "../../../ui/Notice.tsx";
import { TextField } from "../../../ui/TextField.tsx";
import { Card } from "../../frame/Frame.tsx";
import forms from "../../forms.module.css";
import { useAction } from "../../use-action.ts";
import { useChecked } from "../../use-checked.ts";
import styles from "../Policy.module.css";

interface SupportQuestionsProps {
  /** The organisation's own; `null` where it asks what every one does. */
  questions: readonly FeedbackQuestion[] | null;
  mayChange: boolean;
  onSave: (questions: readonly FeedbackQuestion[] | null) => Promise<void>;
}

/** Of the form, which has room for as many as there may be. */
const PLACES = [1, 2, 3, 4, 5] as const;
const LONGEST = 200;
const EMPTY: FeedbackQuestion = { kind: "rating", text: "" };

/** What is asked of whoever was helped. */
export function SupportQuestions({ questions, mayChange, onSave }: SupportQuestionsProps): JSX.Element {
  return (
    <Card>
      <h2>{t("questions.title")}</h2>
      <p>{t("questions.text")}</p>
      <p className={styles.soft}>{t("questions.words")}</p>
      {mayChange ? <QuestionForm questions={questions ?? []} onSave={onSave} /> : <QuestionList questions={questions} />}
    </Card>
  );
}

function QuestionList({ questions }: Pick<SupportQuestionsProps, "questions">): JSX.Element {
  if (questions === null) return <p>{t("questions.usual")}</p>;
  return (
    <ul className={styles.bullets}>
      {questions.map(({ kind, text }) => (
        <li key={text} dir="auto">
          {t("questions.line", { text, kind: t(`questions.kind.${kind}`) })}
        </li>
      ))}
    </ul>
  );
}

interface QuestionFormProps extends Pick<SupportQuestionsProps, "onSave"> {
  questions: readonly FeedbackQuestion[];
}

function QuestionForm({ questions, onSave }: QuestionFormProps): JSX.Element {
  const [draft, setDraft] = useState(() => PLACES.map((place) => questions[place - 1] ?? EMPTY));
  const asked = draft.map(({ kind, text }) => ({ kind, text: text.trim() })).filter(({ text }) => text !== "");
  const { isRunning, failure, run } = useAction(() => onSave(asked.length === 0 ? null : asked));
  const errors = draft.map((question, at) => twiceError(draft, question, at));
  const { isChecked, submit } = useChecked(errors, run);
  const kinds = (["rating", "text"] as const).map((kind) => ({ value: kind, label: t(`questions.kind.${kind}`) }));

  function change(place: number, change: Partial<FeedbackQuestion>): void {
    setDraft((before) => before.map((question, at) => (at === place - 1 ? { ...question, ...change } : question)));
  }

  return (
    <form className={forms.form} onSubmit={submit} noValidate>
      {PLACES.map((number) => {
        const { kind, text } = draft[number - 1] ?? EMPTY;
        return (
          <div key={number} className={styles.row}>
            <TextField
              label={t("questions.question", { number })}
              value={text}
              onChange={(typed) => change(number, { text: typed })}
              error={isChecked ? (errors[number - 1] ?? null) : null}
              maxLength={LONGEST}
            />
            <Choice
              label={t("questions.kind", { number })}
              icon={null}
              value={kind}
              options={kinds}
              onChange={(chosen) => change(number, { kind: chosen === "text" ? "text" : "rating" })}
            />
          </div>
        );
      })}
      <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
      <Button type="submit" isBusy={isRunning}>
        {t("questions.save")}
      </Button>
    </form>
  );
}

function twiceError(draft: readonly FeedbackQuestion[], { text }: FeedbackQuestion, at: number): string | null {
  const typed = text.trim();
  const isTwice = typed !== "" && draft.slice(0, at).some((before) => before.text.trim() === typed);
  return isTwice ? t("questions.twice") : null;
}
