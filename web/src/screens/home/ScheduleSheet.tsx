import { CalendarClock, DoorOpen, Globe, Repeat, Timer } from "lucide-react";
import { type JSX, useState } from "react";

import type { Meeting, Schedule } from "../../api/wire.ts";
import { zonesWith } from "../../call/zones.ts";
import { t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Choice } from "../../ui/Choice.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Sheet, SheetActions } from "../../ui/Sheet.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { Toggle } from "../../ui/Toggle.tsx";
import { emailError, requiredError } from "../fields.ts";
import forms from "../forms.module.css";
import { useAction } from "../use-action.ts";
import { useChecked } from "../use-checked.ts";
import { addressesOf, choiceOf, ENTRY_CHOICES, type EntryChoice, type EntryDoor, entryDoor } from "./entry-door.ts";
import styles from "./Home.module.css";
import { countError, type Draft, draftOf, DURATIONS, END_CHOICES, isWeekly, newDraft, REPEAT_CHOICES, scheduleOf, startingAt, takesPlaceAgain, untilError, WEEKDAYS, weekdayOf, whenError } from "./schedule-draft.ts";
import { chosenTimeOuts, type OwnTimeOuts, ownTimeOuts } from "./time-outs.ts";
import { TimeOutChoices } from "./TimeOutChoices.tsx";

interface ScheduleSheetProps {
  /** What is changed; `null` where another is made. */
  meeting: Meeting | null;
  isOpen: boolean;
  onClose: () => void;
  onSchedule: (title: string, schedule: Schedule, door: EntryDoor, timeOuts: OwnTimeOuts) => Promise<void>;
}

/** Asks for a meeting's title, when it is and how it repeats, on its host's own clock, who comes straight in, and when it ends by itself. */
export function ScheduleSheet({ meeting, isOpen, onClose, onSchedule }: ScheduleSheetProps): JSX.Element {
  return (
    <Sheet title={meeting === null ? t("schedule.title") : t("schedule.change")} closeLabel={t("app.close")} isOpen={isOpen} onClose={onClose}>
      <ScheduleForm meeting={meeting} onClose={onClose} onSchedule={onSchedule} />
    </Sheet>
  );
}

function ScheduleForm({ meeting, onClose, onSchedule }: Omit<ScheduleSheetProps, "isOpen">): JSX.Element {
  const [now] = useState(() => Date.now());
  const [draft, setDraft] = useState<Draft>(() => (meeting === null ? newDraft(now) : draftOf(meeting, now)));
  const [zones] = useState(() => zonesWith(draft.zone));
  const [choice, setChoice] = useState<EntryChoice>(() => (meeting === null ? "link" : choiceOf(meeting)));
  const [addresses, setAddresses] = useState("");
  const [timeOutsBefore] = useState(() => chosenTimeOuts(meeting?.time_outs));
  const [timeOuts, setTimeOuts] = useState(timeOutsBefore);
  // Of one that is there, the list has a sheet of its own.
  const hasList = meeting === null && (choice === "invited_wait" || choice === "invited_refuse");
  const listError = hasList ? addressesError(addresses) : null;
  const errors = { title: requiredError(draft.title), when: whenError(draft, now), count: countError(draft), until: untilError(draft) };
  const { isRunning, failure, run } = useAction(async () => {
    await onSchedule(draft.title.trim(), scheduleOf(draft, meeting?.schedule ?? null), entryDoor(choice, addresses), ownTimeOuts(timeOuts, timeOutsBefore));
    onClose();
  });
  const { isChecked, submit } = useChecked([...Object.values(errors), listError], run);

  function change(some: Partial<Draft>): void {
    setDraft((known) => ({ ...known, ...some }));
  }

  return (
    <form className={forms.form} onSubmit={submit} noValidate>
      <TextField
        label={t("field.title")}
        value={draft.title}
        onChange={(title) => change({ title })}
        error={isChecked ? errors.title : null}
        maxLength={120}
        autoComplete="off"
      />
      <TextField
        label={t("field.when")}
        type="datetime-local"
        value={draft.when}
        onChange={(when) => change(startingAt(draft, when))}
        error={isChecked ? errors.when : null}
      />
      <Choice
        label={t("field.zone")}
        icon={<Globe aria-hidden size={18} />}
        value={draft.zone}
        options={zones.map((zone) => ({ value: zone, label: zone.replaceAll("_", " ") }))}
        onChange={(zone) => change({ zone })}
      />
      <Choice
        label={t("field.duration")}
        icon={<Timer aria-hidden size={18} />}
        value={String(draft.minutes)}
        options={[...new Set([...DURATIONS, draft.minutes])].toSorted((a, b) => a - b).map((minutes) => ({ value: String(minutes), label: t("field.duration.minutes", { minutes }) }))}
        onChange={(minutes) => change({ minutes: Number(minutes) })}
      />
      <Rhythm draft={draft} errors={isChecked ? errors : { count: null, until: null }} onChange={change} />
      <Choice
        label={t("field.entry")}
        icon={<DoorOpen aria-hidden size={18} />}
        value={choice}
        options={ENTRY_CHOICES.map((value) => ({ value, label: t(`entry.${value}`) }))}
        onChange={(value) => setChoice(ENTRY_CHOICES.find((known) => known === value) ?? "link")}
      />
      {hasList && (
        <TextField
          label={t("field.invited")}
          hint={t("field.invited.hint")}
          value={addresses}
          onChange={setAddresses}
          error={isChecked ? listError : null}
          autoComplete="off"
          inputMode="email"
        />
      )}
      <TimeOutChoices chosen={timeOuts} onChoose={setTimeOuts} />
      <div role="status">{takesPlaceAgain(draft, meeting?.schedule ?? null) && <Notice tone="warning">{t("schedule.again")}</Notice>}</div>
      <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
      <SheetActions>
        <Button onPress={onClose}>{t("app.cancel")}</Button>
        <Button type="submit" variant="primary" isBusy={isRunning}>
          {meeting === null ? t("schedule.submit") : t("schedule.save")}
        </Button>
      </SheetActions>
    </form>
  );
}

interface RhythmProps {
  draft: Draft;
  errors: { count: string | null; until: string | null };
  onChange: (some: Partial<Draft>) => void;
}

/** How the meeting comes again, and until when. */
function Rhythm({ draft, errors, onChange }: RhythmProps): JSX.Element {
  const own = weekdayOf(draft.when);
  return (
    <>
      <Choice
        label={t("field.repeats")}
        icon={<Repeat aria-hidden size={18} />}
        value={draft.repeats}
        options={REPEAT_CHOICES.map((value) => ({ value, label: t(`repeats.${value}`) }))}
        onChange={(value) => onChange({ repeats: REPEAT_CHOICES.find((known) => known === value) ?? "once" })}
      />
      {isWeekly(draft.repeats) && (
        <div role="group" aria-label={t("field.days")} className={styles.days}>
          {WEEKDAYS.map((day) => (
            <Toggle
              key={day}
              label={t(`weekday.${day}`)}
              isOn={day === own || draft.days.includes(day)}
              onChange={(isOn) => onChange({ days: WEEKDAYS.filter((known) => (known === day ? isOn : draft.days.includes(known))) })}
            />
          ))}
        </div>
      )}
      {draft.repeats !== "once" && (
        <Choice
          label={t("field.ends")}
          icon={<CalendarClock aria-hidden size={18} />}
          value={draft.ends}
          options={END_CHOICES.map((value) => ({ value, label: t(`ends.${value}`) }))}
          onChange={(value) => onChange({ ends: END_CHOICES.find((known) => known === value) ?? "count" })}
        />
      )}
      {draft.repeats !== "once" && draft.ends === "count" && (
        <TextField label={t("field.times")} value={draft.count} onChange={(count) => onChange({ count })} error={errors.count} inputMode="numeric" maxLength={3} autoComplete="off" />
      )}
      {draft.repeats !== "once" && draft.ends === "until" && (
        <TextField label={t("field.until")} type="date" value={draft.until} onChange={(until) => onChange({ until })} error={errors.until} />
      )}
    </>
  );
}

function addressesError(addresses: string): string | null {
  const wrong = addressesOf(addresses).some((address) => emailError(address) !== null);
  return requiredError(addresses) ?? (wrong ? t("wrong.email") : null);
}
