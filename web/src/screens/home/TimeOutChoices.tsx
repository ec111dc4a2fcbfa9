import { DoorClosed, Hourglass, MonitorOff, UserX } from "lucide-react";
import type { JSX, ReactNode } from "react";

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

/** When a meeting ends by itself. Folded away: few hosts want anything but what their organisation has. */
export function TimeOutChoices({ chosen, onChoose }: TimeOutChoicesProps): JSX.Element {
  return (
    <details className={styles.more}>
      <summary>{t("timeOuts.title")}</summary>
      <div className={forms.form}>
        <p>{t("timeOuts.text")}</p>
        {TIME_OUT_NAMES.map((name) => (
          <Choice
            key={name}
            label={t(`timeOut.${name}`)}
            icon={ICONS[name]}
            value={String(chosen[name] ?? "")}
            options={[{ value: "", label: t("timeOut.organisation") }, ...TIME_OUT_CHOICES[name].map((minutes) => ({ value: String(minutes), label: lengthText(minutes) }))]}
            onChange={(value) => onChoose({ ...chosen, [name]: value === "" ? null : Number(value) })}
          />
        ))}
      </div>
    </details>
  );
}

function lengthText(minutes: number): string {
  return minutes < 60 ? t("field.duration.minutes", { minutes }) : counted("timeOut.hours", minutes / 60);
}
