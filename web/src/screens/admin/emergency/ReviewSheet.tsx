import { ClipboardCheck } from "lucide-react";
import { type JSX, useState } from "react";

import type { EmergencyOutcome, EmergencyUse, EmergencyWords } from "../../../api/wire.ts";
import { counted, formatDay, t } from "../../../i18n.ts";
import { Button } from "../../../ui/Button.tsx";
import { Choice } from "../../../ui/Choice.tsx";
import { Notice } from "../../../ui/Notice.tsx";
import { SheetActions } from "../../../ui/Sheet.tsx";
import { TextArea } from "../../../ui/TextArea.tsx";
import { requiredError } from "../../fields.ts";
import forms from "../../forms.module.css";
import { useAction } from "../../use-action.ts";
import { useChecked } from "../../use-checked.ts";
import people from "../people/People.module.css";
import type { EmergenciesActions } from "./Emergencies.tsx";

interface ReviewSheetProps {
  used: EmergencyUse;
  /** Whoever looks at it took it. */
  isOwn: boolean;
  actions: Pick<EmergenciesActions, "read" | "review">;
  onClose: () => void;
}

const OUTCOMES = ["justified", "not_justified", "needs_follow_up"] as const satisfies readonly EmergencyOutcome[];

/** One use: what it was, what was said of it to who asks for that, and what to think of it. */
export function ReviewSheet({ used, isOwn, actions, onClose }: ReviewSheetProps): JSX.Element {
  const review = used.review ?? null;
  const isOpen = (used.ended_at ?? null) === null;
  return (
    <div className={forms.form}>
      <p>
        {t("emergencies.sheet.text", { reason: t(`emergency.reason.${used.reason}`), day: formatDay(used.invoked_at) })} {counted("emergencies.entered", used.entered)}
      </p>
      <Said used={used} onRead={actions.read} />
      {review !== null && (
        <p>{t("emergencies.reviewed", { outcome: t(`emergencies.outcome.${review.outcome}`), name: review.by_name ?? t("emergencies.operator"), day: formatDay(review.at) })}</p>
      )}
      {review === null && isOpen && <Notice tone="info">{t("emergencies.stillOpen")}</Notice>}
      {review === null && !isOpen && isOwn && <Notice tone="info">{t("failure.own_emergency")}</Notice>}
      {review === null && !isOpen && !isOwn && <ReviewForm used={used} onReview={actions.review} onClose={onClose} />}
    </div>
  );
}

/** It may name a patient: shown to who asks, and that they did is on record. */
function Said({ used, onRead }: { used: EmergencyUse; onRead: EmergenciesActions["read"] }): JSX.Element {
  const [words, setWords] = useState<EmergencyWords | null>(null);
  const { isRunning, failure, run } = useAction(async () => setWords(await onRead(used)));
  if (words === null) {
    return (
      <>
        <p className={people.soft}>{t("emergencies.read.text")}</p>
        <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
        <Button onPress={() => run()} isBusy={isRunning}>
          {t("emergencies.read")}
        </Button>
      </>
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

interface ReviewFormProps {
  used: EmergencyUse;
  onReview: EmergenciesActions["review"];
  onClose: () => void;
}

function ReviewForm({ used, onReview, onClose }: ReviewFormProps): JSX.Element {
  const [outcome, setOutcome] = useState<EmergencyOutcome>(OUTCOMES[0]);
  const [note, setNote] = useState("");
  const { isRunning, failure, run } = useAction(async () => {
    await onReview(used, { outcome, note: note.trim() });
    onClose();
  });
  const wrong = requiredError(note);
  const { isChecked, submit } = useChecked([wrong], run);

  return (
    <form className={forms.form} onSubmit={submit} noValidate>
      <Choice
        label={t("emergencies.outcome")}
        icon={<ClipboardCheck aria-hidden />}
        value={outcome}
        options={OUTCOMES.map((value) => ({ value, label: t(`emergencies.outcome.${value}`) }))}
        onChange={(value) => setOutcome(OUTCOMES.find((one) => one === value) ?? OUTCOMES[0])}
      />
      <TextArea label={t("emergencies.note")} hint={t("emergencies.note.hint")} value={note} onChange={setNote} error={isChecked ? wrong : null} maxLength={1_000} />
      <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
      <SheetActions>
        <Button onPress={onClose}>{t("app.cancel")}</Button>
        <Button type="submit" variant="primary" isBusy={isRunning}>
          {t("emergencies.submit")}
        </Button>
      </SheetActions>
    </form>
  );
}
