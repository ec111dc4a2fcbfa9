import { DoorClosed, Hourglass, MonitorOff, UserX } from "lucide-react";
import { type JSX, type ReactNode, useState } from "react";

import { counted, t } from "../../i18n.ts";
import { Choice } from "../../ui/Choice.tsx";
import forms from "../forms.module.css";
import styles from "./Home.module.css";
import { type ChosenTimeOuts, TIME_OUT_CHOICES, TIME_OUT_NAMES } from "./time-outs.ts";

interface TimeOutChoicesProps {
  chosen: ChosenTimeOuts;
  onChoose: (chosen: ChosenTimeOuts) => void;
}

const ICONS: Readonly<Record<keyof ChosenTimeOuts, ReactNode>> = {
  idle_share: <MonitorOff aria-hidden size={18} />,
  host_absent: <UserX aria-hidden size={18} />,
  empty: <DoorClosed aria-hidden size={18} />,
  longest: <Hourglass aria-hidden size={18} />,
};

/** When a meeting ends by itself. Folded away where nothing was chosen: few hosts want anything but what their organisation has. */
export function TimeOutChoices({ chosen, onChoose }: TimeOutChoicesProps): JSX.Element {
  const [isOpen] = useState(() => TIME_OUT_NAMES.some((name) => chosen[name] !== null));
  return (
    <details className={styles.more} open={isOpen}>
      <summary>{t("timeOuts.title")}</summary>
      <div className={forms.form}>
        <p>{t("timeOuts.text")}</p>
        {TIME_OUT_NAMES.map((name) => (
          <Choice
            key={name}
            label={t(`timeOut.${name}`)}
            icon={ICONS[name]}
            value={String(chosen[name] ?? "")}
            options={[{ value: "", label: t("timeOut.organisation") }, ...choices(name, chosen[name]).map((minutes) => ({ value: String(minutes), label: lengthText(minutes) }))]}
            onChange={(value) => onChoose({ ...chosen, [name]: value === "" ? null : Number(value) })}
          />
        ))}
      </div>
    </details>
  );
}

/** With what was chosen elsewhere. */
function choices(name: keyof ChosenTimeOuts, chosen: number | null): number[] {
  return [...new Set([...TIME_OUT_CHOICES[name], ...(chosen === null ? [] : [chosen])])].toSorted((a, b) => a - b);
}

function lengthText(minutes: number): string {
  return minutes % 60 !== 0 ? t("field.duration.minutes", { minutes: Math.round(minutes * 10) / 10 }) : counted("timeOut.hours", minutes / 60);
}
