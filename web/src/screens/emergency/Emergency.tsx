import { House, LogOut, Siren } from "lucide-react";
import { type JSX, useState } from "react";

import type { EmergencyReason, InvokeEmergency, LiveMeeting, OpenEmergency } from "../../api/wire.ts";
import { formatDay, formatTime, t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Choice } from "../../ui/Choice.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { TextArea } from "../../ui/TextArea.tsx";
import live from "../admin/live/LiveMeetings.module.css";
import policy from "../admin/Policy.module.css";
import { requiredError } from "../fields.ts";
import { Frame } from "../frame/Frame.tsx";
import forms from "../forms.module.css";
import { useAction } from "../use-action.ts";
import { useChecked } from "../use-checked.ts";

export interface EmergencyActions {
  /** Rejects with a `Problem`, as all do. */
  invoke(body: InvokeEmergency): Promise<void>;
  end(): Promise<void>;
  enter(meeting: LiveMeeting): void;
  goHome(): void;
}

interface EmergencyProps {
  mayInvoke: boolean;
  /** A sealed code opened the session: there is no other page to go to. */
  isAlone?: boolean;
  /** What is open; `null` while nothing is, `undefined` while it loads. */
  open: OpenEmergency | null | undefined;
  /** Those that go on, oldest first; `null` while they load. */
  meetings: readonly LiveMeeting[] | null;
  failure: string | null;
  actions: EmergencyActions;
}

const REASONS = ["patient_in_danger", "clinician_unreachable", "system_failure", "drill"] as const satisfies readonly EmergencyReason[];

/** Breaking the glass: why, what it opens, and the way back. */
export function Emergency({ mayInvoke, isAlone = false, open, meetings, failure, actions }: EmergencyProps): JSX.Element {
  const home = (
    <Button variant="quiet" icon={isAlone ? <LogOut aria-hidden size={18} /> : <House aria-hidden size={18} />} onPress={actions.goHome}>
      {isAlone ? t("emergency.signOut") : t("app.home")}
    </Button>
  );
  return (
    <Frame title={t("emergency.title")} width="wide" aside={home}>
      <div className={live.page}>
        <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
        {isAlone && <Notice tone="info">{t("emergency.only")}</Notice>}
        {open === undefined && failure === null && <p role="status">{t("app.loading")}</p>}
        {open === null && mayInvoke && <Taking onInvoke={actions.invoke} />}
        {open === null && !mayInvoke && <Notice tone="info">{t("emergency.mayNot")}</Notice>}
        {open !== undefined && open !== null && <Open open={open} meetings={meetings} actions={actions} />}
      </div>
    </Frame>
  );
}

function Taking({ onInvoke }: { onInvoke: (body: InvokeEmergency) => Promise<void> }): JSX.Element {
  const [reason, setReason] = useState<EmergencyReason>(REASONS[0]);
  const [words, setWords] = useState("");
  const { isRunning, failure, run } = useAction(() => onInvoke({ reason, words: words.trim() }));
  const wrong = requiredError(words);
  const { isChecked, submit } = useChecked([wrong], run);

  return (
    <form className={forms.form} onSubmit={submit} noValidate>
      <p>{t("emergency.text")}</p>
      <ul className={policy.bullets}>
        <li>{t("emergency.text.opens")}</li>
        <li>{t("emergency.text.seen")}</li>
        <li>{t("emergency.text.reviewed")}</li>
      </ul>
      <Choice
        label={t("emergency.reason")}
        icon={<Siren aria-hidden />}
        value={reason}
        options={REASONS.map((value) => ({ value, label: t(`emergency.reason.${value}`) }))}
        onChange={(value) => setReason(REASONS.find((one) => one === value) ?? REASONS[0])}
      />
      <TextArea label={t("emergency.words")} hint={t("emergency.words.hint")} value={words} onChange={setWords} error={isChecked ? wrong : null} maxLength={1_000} />
      <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
      <div className={policy.actions}>
        <Button type="submit" variant="danger" icon={<Siren aria-hidden />} isBusy={isRunning}>
          {t("emergency.take")}
        </Button>
      </div>
    </form>
  );
}

interface OpenProps {
  open: OpenEmergency;
  meetings: readonly LiveMeeting[] | null;
  actions: EmergencyActions;
}

function Open({ open, meetings, actions }: OpenProps): JSX.Element {
  const { isRunning, failure, run } = useAction(actions.end);
  return (
    <>
      <div role="status">
        <Notice
          tone="warning"
          icon={<Siren aria-hidden />}
          action={
            <Button onPress={() => run()} isBusy={isRunning}>
              {t("emergency.end")}
            </Button>
          }
        >
          {t("emergency.open", { time: formatTime(Date.parse(open.expires_at)) })}
        </Notice>
      </div>
      <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
      <h2>{t("emergency.meetings")}</h2>
      <p className={live.soft}>{t("emergency.meetings.text")}</p>
      {meetings?.length === 0 && <p className={live.none}>{t("live.none")}</p>}
      {meetings !== null && meetings.length > 0 && (
        <table className={live.table}>
          <thead>
            <tr>
              <th scope="col">{t("live.host")}</th>
              <th scope="col">{t("live.since")}</th>
              <th scope="col">{t("live.people")}</th>
              <th scope="col">{t("live.waiting")}</th>
              <th scope="col">{t("live.acts")}</th>
            </tr>
          </thead>
          <tbody>
            {meetings.map((meeting) => (
              <tr key={meeting.id}>
                <th scope="row" dir="auto">
                  {meeting.host}
                </th>
                <td data-label={t("live.since")}>{formatDay(meeting.started_at)}</td>
                <td data-label={t("live.people")}>{meeting.people}</td>
                <td data-label={t("live.waiting")}>{meeting.waiting}</td>
                <td>
                  <Button variant="danger" aria-label={t("emergency.enter.name", { host: meeting.host })} onPress={() => actions.enter(meeting)}>
                    {t("emergency.enter")}
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
