import { CircleDot, Search, UserRound, Zap } from "lucide-react";
import { type FormEvent, type JSX, useState } from "react";

import type { AuditQuestion } from "../../../api/audit.ts";
import { t } from "../../../i18n.ts";
import { Button } from "../../../ui/Button.tsx";
import { Choice } from "../../../ui/Choice.tsx";
import { TextField } from "../../../ui/TextField.tsx";
import styles from "./Audit.module.css";
import { eventOptions } from "./entry-text.ts";

interface EntryFilterProps {
  question: AuditQuestion;
  /** Of accounts. */
  names: ReadonlyMap<string, string>;
  onFind: (question: AuditQuestion) => void;
}

const OUTCOMES = ["done", "failed", "refused"] as const;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What to look for. Days are the reader's own. */
export function EntryFilter({ question, names, onFind }: EntryFilterProps): JSX.Element {
  const [first, setFirst] = useState(() => dayOf(question.from, 0));
  const [last, setLast] = useState(() => dayOf(question.to, -1));
  const [event, setEvent] = useState(question.event ?? "");
  const [actor, setActor] = useState(question.actor ?? "");
  const [object, setObject] = useState(question.object ?? "");
  const [outcome, setOutcome] = useState<string>(question.outcome ?? "");
  const isWrong = object.trim() !== "" && !UUID.test(object.trim());

  function submit(submitted: FormEvent): void {
    submitted.preventDefault();
    if (isWrong) return;
    const asked = OUTCOMES.find((known) => known === outcome);
    onFind({
      ...(first === "" ? {} : { from: momentOf(first, 0) }),
      ...(last === "" ? {} : { to: momentOf(last, 1) }),
      ...(event === "" ? {} : { event }),
      ...(actor === "" ? {} : { actor }),
      ...(object.trim() === "" ? {} : { object: object.trim().toLowerCase() }),
      ...(asked === undefined ? {} : { outcome: asked }),
    });
  }
  const all = { value: "", label: t("audit.filter.all") };
  const people = [...names].map(([value, label]) => ({ value, label })).toSorted((one, other) => one.label.localeCompare(other.label));
  return (
    <form className={styles.filter} onSubmit={submit} aria-label={t("audit.filter")}>
      <TextField type="date" label={t("audit.filter.from")} value={first} onChange={setFirst} />
      <TextField type="date" label={t("audit.filter.to")} value={last} onChange={setLast} />
      <Choice label={t("audit.filter.event")} icon={<Zap aria-hidden size={18} />} value={event} options={[all, ...eventOptions()]} onChange={setEvent} />
      <Choice label={t("audit.filter.actor")} icon={<UserRound aria-hidden size={18} />} value={actor} options={[all, ...people]} onChange={setActor} />
      <Choice
        label={t("audit.filter.outcome")}
        icon={<CircleDot aria-hidden size={18} />}
        value={outcome}
        options={[all, ...OUTCOMES.map((value) => ({ value, label: t(`audit.outcome.${value}`) }))]}
        onChange={setOutcome}
      />
      <TextField label={t("audit.filter.object")} value={object} onChange={setObject} error={isWrong ? t("audit.filter.object.wrong") : null} maxLength={40} />
      <Button type="submit" variant="primary" icon={<Search aria-hidden />}>
        {t("audit.filter.find")}
      </Button>
    </form>
  );
}

/** The moment at which a day begins here, some days later. */
function momentOf(day: string, later: number): string {
  const moment = new Date(`${day}T00:00`);
  moment.setDate(moment.getDate() + later);
  return moment.toISOString();
}

/** The day here of a moment, some days later, as the field has it. */
function dayOf(moment: string | undefined, later: number): string {
  if (moment === undefined) return "";
  const day = new Date(moment);
  day.setDate(day.getDate() + later);
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}
