import { CircleCheck, Star } from "lucide-react";
import { type JSX, useEffect, useRef, useState } from "react";

import type { SupportFeedback } from "../../api/wire.ts";
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
  onSay: (feedback: SupportFeedback) => Promise<void>;
}

const RATINGS = ["1", "2", "3", "4", "5"] as const;

/** For whoever was helped from a browser: what the helper program asks those that it was with. */
export function FeedbackCard({ onSay }: FeedbackCardProps): JSX.Element {
  const [solved, setSolved] = useState("");
  const [rating, setRating] = useState("");
  const [hasSaid, setSaid] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  const send = useAction(async () => {
    await onSay({ solved: solved === "" ? null : solved === "yes", rating: rating === "" ? null : Number(rating) });
    setSaid(true);
  });
  // What had the focus is gone.
  useEffect(() => {
    if (hasSaid) heading.current?.focus();
  }, [hasSaid]);

  const unsaid = { value: "", label: t("feedback.unsaid") };
  const answers = [unsaid, { value: "yes", label: t("feedback.yes") }, { value: "no", label: t("feedback.no") }];
  const ratings = [unsaid, ...RATINGS.map((value) => ({ value, label: value }))];
  return (
    <Card>
      <h2 ref={heading} tabIndex={-1}>
        {t("feedback.title")}
      </h2>
      <div role="status">{hasSaid && <Notice tone="good">{t("feedback.said")}</Notice>}</div>
      {!hasSaid && (
        <div className={forms.form}>
          <p>{t("feedback.text")}</p>
          <Choice label={t("feedback.solved")} icon={<CircleCheck aria-hidden />} value={solved} options={answers} onChange={setSolved} />
          <Choice label={t("feedback.rating")} icon={<Star aria-hidden />} value={rating} options={ratings} onChange={setRating} />
          <div role="alert">{send.failure !== null && <Notice tone="danger">{send.failure}</Notice>}</div>
          <Button isDisabled={solved === "" && rating === ""} isBusy={send.isRunning} onPress={() => send.run()}>
            {t("feedback.send")}
          </Button>
        </div>
      )}
    </Card>
  );
}
