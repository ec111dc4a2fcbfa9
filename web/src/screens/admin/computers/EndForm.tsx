import { CalendarClock } from "lucide-react";
import { type FormEvent, type JSX, useState } from "react";

import { t } from "../../../i18n.ts";
import { Button } from "../../../ui/Button.tsx";
import { Choice } from "../../../ui/Choice.tsx";
import { Notice } from "../../../ui/Notice.tsx";
import { SheetActions } from "../../../ui/Sheet.tsx";
import forms from "../../forms.module.css";
import { useAction } from "../../use-action.ts";
import people from "../people/People.module.css";

interface EndFormProps {
  text: string;
  submit: string;
  onSubmit: (days: number) => Promise<void>;
  onClose: () => void;
}

const DAYS = ["30", "90", "365", "730"] as const;

/** Asks after how many days an enrolment ends. */
export function EndForm({ text, submit, onSubmit, onClose }: EndFormProps): JSX.Element {
  const [days, setDays] = useState("365");
  const { isRunning, failure, run } = useAction(() => onSubmit(Number(days)));
  function send(event: FormEvent): void {
    event.preventDefault();
    run();
  }
  return (
    <form className={forms.form} onSubmit={send} noValidate>
      <p>{text}</p>
      <Choice
        label={t("computers.days")}
        icon={<CalendarClock aria-hidden />}
        value={days}
        options={DAYS.map((value) => ({ value, label: t(`computers.days.${value}`) }))}
        onChange={setDays}
      />
      <div role="alert" className={people.alert}>
        {failure !== null && <Notice tone="danger">{failure}</Notice>}
      </div>
      <SheetActions>
        <Button onPress={onClose}>{t("app.cancel")}</Button>
        <Button type="submit" variant="primary" isBusy={isRunning}>
          {submit}
        </Button>
      </SheetActions>
    </form>
  );
}
