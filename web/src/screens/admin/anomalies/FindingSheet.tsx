import { ClipboardCheck } from "lucide-react";
import { type JSX, useState } from "react";

import type { Anomaly, AnomalyOutcome, Me } from "../../../api/wire.ts";
import { formatDay, t } from "../../../i18n.ts";
import { Button } from "../../../ui/Button.tsx";
import { Choice } from "../../../ui/Choice.tsx";
import { Notice } from "../../../ui/Notice.tsx";
import { SheetActions } from "../../../ui/Sheet.tsx";
import { TextArea } from "../../../ui/TextArea.tsx";
import { requiredError } from "../../fields.ts";
import forms from "../../forms.module.css";
import { useAction } from "../../use-action.ts";
import { useChecked } from "../../use-checked.ts";
import { reviewsAnomalies } from "../may.ts";
import people from "../people/People.module.css";
import type { AnomaliesActions } from "./Anomalies.tsx";
import { subjectText, windowText } from "./words.ts";

interface FindingSheetProps {
  finding: Anomaly;
  me: Me;
  actions: Pick<AnomaliesActions, "read" | "review">;
  onClose: () => void;
}

const OUTCOMES = ["explained", "incident", "needs_follow_up"] as const satisfies readonly AnomalyOutcome[];

/** One finding: what it is, what came of it, and what to think of it. */
export function FindingSheet({ finding, me, actions, onClose }: FindingSheetProps): JSX.Element {
  const review = finding.review ?? null;
  const mayReview = reviewsAnomalies(me.role);
  const isOwn = finding.subject === me.account;
  return (
    <div className={forms.form}>
      <p>
        {t("anomalies.sheet.text", {
          count: finding.count,
          window: windowText(finding.window_minutes),
          subject: subjectText(finding),
          day: formatDay(finding.found_at),
        })}
      </p>
      {review !== null && (
        <p>{t("anomalies.reviewed", { outcome: t(`anomalies.outcome.${review.outcome}`), name: review.by_name ?? "–", day: formatDay(review.at) })}</p>
      )}
      {review !== null && mayReview && <Said finding={finding} onRead={actions.read} />}
      {review === null && !mayReview && <Notice tone="info">{t("anomalies.mayNot")}</Notice>}
      {review === null && mayReview && isOwn && <Notice tone="info">{t("anomalies.own")}</Notice>}
      {review === null && mayReview && !isOwn && <ReviewForm finding={finding} onReview={actions.review} onClose={onClose} />}
    </div>
  );
}

/** Shown to who asks for it, and that they did is on record. */
function Said({ finding, onRead }: { finding: Anomaly; onRead: AnomaliesActions["read"] }): JSX.Element {
  const [note, setNote] = useState<string | null>(null);
  const { isRunning, failure, run } = useAction(async () => setNote((await onRead(finding)).note ?? ""));
  if (note !== null) {
    return (
      <p role="status" className={people.said} dir="auto">
        {note}
      </p>
    );
  }
  return (
    <>
      <p className={people.soft}>{t("anomalies.read.text")}</p>
      <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
      <Button onPress={() => run()} isBusy={isRunning}>
        {t("anomalies.read")}
      </Button>
    </>
  );
}

interface ReviewFormProps {
  finding: Anomaly;
  onReview: AnomaliesActions["review"];
  onClose: () => void;
}

function ReviewForm({ finding, onReview, onClose }: ReviewFormProps): JSX.Element {
  const [outcome, setOutcome] = useState<AnomalyOutcome>(OUTCOMES[0]);
  const [note, setNote] = useState("");
  const { isRunning, failure, run } = useAction(async () => {
    await onReview(finding, { outcome, note: note.trim() });
    onClose();
  });
  const wrong = requiredError(note);
  const { isChecked, submit } = useChecked([wrong], run);

  return (
    <form className={forms.form} onSubmit={submit} noValidate>
      <Choice
        label={t("anomalies.outcome")}
        icon={<ClipboardCheck aria-hidden />}
        value={outcome}
        options={OUTCOMES.map((value) => ({ value, label: t(`anomalies.outcome.${value}`) }))}
        onChange={(value) => setOutcome(OUTCOMES.find((one) => one === value) ?? OUTCOMES[0])}
      />
      <TextArea label={t("anomalies.note")} hint={t("anomalies.note.hint")} value={note} onChange={setNote} error={isChecked ? wrong : null} maxLength={1_000} />
      <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
      <SheetActions>
        <Button onPress={onClose}>{t("app.cancel")}</Button>
        <Button type="submit" variant="primary" isBusy={isRunning}>
          {t("anomalies.submit")}
        </Button>
      </SheetActions>
    </form>
  );
}
