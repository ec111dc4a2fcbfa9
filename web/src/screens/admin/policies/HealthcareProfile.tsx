import { type JSX, useState } from "react";

import type { Policy } from "../../../api/wire.ts";
import { formatDay, t } from "../../../i18n.ts";
import { Button } from "../../../ui/Button.tsx";
import { Notice } from "../../../ui/Notice.tsx";
import { Sheet, SheetActions } from "../../../ui/Sheet.tsx";
import { Card } from "../../frame/Frame.tsx";
import { useAction } from "../../use-action.ts";
import styles from "../Policy.module.css";
import type { PolicyActions } from "./Policies.tsx";
import { SETTINGS, settingText, valueText } from "./words.ts";

interface HealthcareProfileProps {
  profile: Policy["profile"];
  mayChange: boolean;
  isOwner: boolean;
  actions: Pick<PolicyActions, "enterProfile" | "askToLeaveProfile" | "confirmToLeaveProfile">;
}

/** The profile's list, and the way in and out. */
export function HealthcareProfile({ profile, mayChange, isOwner, actions }: HealthcareProfileProps): JSX.Element {
  const [isAsking, setAsking] = useState(false);
  const enter = useAction(async () => {
    await actions.enterProfile();
    setAsking(false);
  });
  const leave = useAction(actions.askToLeaveProfile);
  const confirm = useAction(actions.confirmToLeaveProfile);
  const since = profile.since ?? null;
  const leaveUntil = profile.leave_until ?? null;
  const isOn = since !== null;
  const failure = leave.failure ?? confirm.failure;

  return (
    <Card>
      <h2>{t("profile.title")}</h2>
      {since !== null && <Notice tone="good">{t("profile.on", { day: formatDay(since) })}</Notice>}
      {profile.drift.length > 0 && <Notice tone="danger">{t("profile.drift")}</Notice>}
      {leaveUntil !== null && <Notice tone="warning">{t("profile.leave.asked", { day: formatDay(leaveUntil) })}</Notice>}
      <div>
        <p>{t("profile.text")}</p>
        <ul className={styles.bullets}>
          {SETTINGS.flatMap(({ setting }) => {
            const word = profile.settings[setting];
            return word === undefined ? [] : [<li key={setting}>{`${settingText(setting)}: ${valueText(setting, word.value)}`}</li>];
          })}
        </ul>
      </div>
      <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
      {mayChange && (
        <div className={styles.actions}>
          {(!isOn || profile.drift.length > 0) && <Button onPress={() => setAsking(true)}>{t("profile.enter")}</Button>}
          {isOn && isOwner && leaveUntil === null && (
            <Button isBusy={leave.isRunning} onPress={() => leave.run()}>
              {t("profile.leave")}
            </Button>
          )}
          {leaveUntil !== null && (
            <Button variant="danger" isBusy={confirm.isRunning} onPress={() => confirm.run()}>
              {t("profile.leave.confirm")}
            </Button>
          )}
        </div>
      )}
      <Sheet title={t("profile.enter")} closeLabel={t("app.close")} isOpen={isAsking} onClose={() => setAsking(false)} isAlert>
        <p>{t("profile.enter.sure")}</p>
        <div role="alert">{enter.failure !== null && <Notice tone="danger">{enter.failure}</Notice>}</div>
        <SheetActions>
          <Button onPress={() => setAsking(false)}>{t("app.cancel")}</Button>
          <Button variant="primary" isBusy={enter.isRunning} onPress={() => enter.run()}>
            {t("profile.enter")}
          </Button>
        </SheetActions>
      </Sheet>
    </Card>
  );
}
