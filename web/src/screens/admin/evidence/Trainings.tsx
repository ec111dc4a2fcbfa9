import type { JSX } from "react";

import type { Training } from "../../../api/wire.ts";
import { formatDate, t } from "../../../i18n.ts";
import { Button } from "../../../ui/Button.tsx";

interface TrainingsProps {
  /** Latest entered first. */
  trainings: readonly Training[];
  className: string | undefined;
  /** `null` for who only reads. */
  onWithdraw: ((id: string) => Promise<void>) | null;
}

/** The register of training; what was taken back stays in it. */
export function Trainings({ trainings, className, onWithdraw }: TrainingsProps): JSX.Element {
  return (
    <table className={className} aria-label={t("training.list")}>
      <thead>
        <tr>
          <th scope="col">{t("training.who")}</th>
          <th scope="col">{t("training.topic")}</th>
          <th scope="col">{t("training.completed")}</th>
          <th scope="col">{t("training.until")}</th>
          <th scope="col">{t("training.by")}</th>
          <th scope="col">{t("training.acknowledged")}</th>
          {onWithdraw !== null && <th scope="col">{t("training.acts")}</th>}
        </tr>
      </thead>
      <tbody>
        {trainings.map((one) => (
          <tr key={one.id}>
            <th scope="row" dir="auto">
              {one.display_name}
            </th>
            <td data-label={t("training.topic")} dir="auto">
              {one.topic}
            </td>
            <td data-label={t("training.completed")}>{formatDate(one.completed_at)}</td>
            <td data-label={t("training.until")}>{(one.withdrawn_at ?? null) === null ? formatDate(one.good_until) : t("training.withdrawn")}</td>
            <td data-label={t("training.by")} dir="auto">
              {one.entered_by_name}
            </td>
            <td data-label={t("training.acknowledged")}>
              {one.acknowledged_at === undefined || one.acknowledged_at === null ? t("training.acknowledged.not") : formatDate(one.acknowledged_at)}
            </td>
            {onWithdraw !== null && (
              <td>
                {(one.withdrawn_at ?? null) === null && (
                  <Button
                    variant="quiet"
                    aria-label={t("training.withdraw.name", { topic: one.topic, name: one.display_name })}
                    onPress={() => void onWithdraw(one.id)}
                  >
                    {t("training.withdraw")}
                  </Button>
                )}
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
