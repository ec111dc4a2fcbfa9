import { type JSX, useState } from "react";

import { t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Sheet, SheetActions } from "../../ui/Sheet.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { requiredError } from "../fields.ts";
import forms from "../forms.module.css";
import { useAction } from "../use-action.ts";
import { useChecked } from "../use-checked.ts";

interface ScheduleSheetProps {
  isOpen: boolean;
  onClose: () => void;
  onSchedule: (title: string, startsAt: Date) => Promise<void>;
}

/** Asks for a meeting's title and time, in the reader's own time zone. */
export function ScheduleSheet({ isOpen, onClose, onSchedule }: ScheduleSheetProps): JSX.Element {
  return (
    <Sheet title={t("schedule.title")} closeLabel={t("app.close")} isOpen={isOpen} onClose={onClose}>
      <ScheduleForm onClose={onClose} onSchedule={onSchedule} />
    </Sheet>
  );
}

function ScheduleForm({ onClose, onSchedule }: Omit<ScheduleSheetProps, "isOpen">): JSX.Element {
  const [title, setTitle] = useState("");
  const [when, setWhen] = useState(nextFullHour);
  const { isRunning, failure, run } = useAction(async () => {
    await onSchedule(title.trim(), new Date(when));
    onClose();
  });
  const { isChecked, submit } = useChecked([requiredError(title), whenError(when)], run);

  return (
    <form className={forms.form} onSubmit={submit} noValidate>
      <TextField
        label={t("field.title")}
        value={title}
        onChange={setTitle}
        error={isChecked ? requiredError(title) : null}
        maxLength={120}
        autoComplete="off"
      />
      <TextField
        label={t("field.when")}
        type="datetime-local"
        value={when}
        onChange={setWhen}
        error={isChecked ? whenError(when) : null}
      />
      <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
      <SheetActions>
        <Button onPress={onClose}>{t("app.cancel")}</Button>
        <Button type="submit" variant="primary" isBusy={isRunning}>
          {t("schedule.submit")}
        </Button>
      </SheetActions>
    </form>
  );
}

function whenError(when: string): string | null {
  const empty = requiredError(when);
  if (empty !== null) return empty;
  return new Date(when).getTime() > Date.now() ? null : t("wrong.past");
}

/** In the form that the field wants: local time without a zone. */
function nextFullHour(): string {
  const hour = new Date();
  hour.setHours(hour.getHours() + 1, 0, 0, 0);
  const local = new Date(hour.getTime() - hour.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}
