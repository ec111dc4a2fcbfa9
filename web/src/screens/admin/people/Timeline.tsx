import type { JSX } from "react";

import type { AccountRole, Deed, PersonTimeline } from "../../../api/wire.ts";
import { formatDay, isTextKey, t } from "../../../i18n.ts";
import { Button } from "../../../ui/Button.tsx";
import { Notice } from "../../../ui/Notice.tsx";
import { TextField } from "../../../ui/TextField.tsx";
import { useAction } from "../../use-action.ts";
import { Admin } from "../Admin.tsx";
import { eventText } from "../audit/entry-text.ts";
import type { Days } from "../days.ts";
import policy from "../Policy.module.css";
import { Left } from "./Left.tsx";
import sessions from "../sessions/Sessions.module.css";

interface TimelineProps {
  role: AccountRole;
  days: Days;
  /** `null` while it loads. */
  timeline: PersonTimeline | null;
  failure: string | null;
  onDays: (days: Days) => void;
  onShow: () => Promise<void>;
  /** `null` where there is no more. */
  onMore: (() => Promise<void>) | null;
  onHome: () => void;
}

/** What somebody did, and what was done to their account. */
export function Timeline({ role, days, timeline, failure, onDays, onShow, onMore, onHome }: TimelineProps): JSX.Element {
  const { run, isRunning } = useAction(onShow);
  const name = timeline?.display_name ?? "…";
  return (
    <Admin title={t("timeline.title", { name })} current="people" role={role} onHome={onHome}>
      <p className={policy.soft}>{t("timeline.text")}</p>
      <p>
        <a href="/admin/people">{t("timeline.back")}</a>
      </p>
      <form
        className={sessions.search}
        onSubmit={(event) => {
          event.preventDefault();
          run();
        }}
      >
        <TextField label={t("days.from")} type="date" value={days.from} onChange={(from) => onDays({ ...days, from })} />
        <TextField label={t("days.to")} type="date" value={days.to} onChange={(to) => onDays({ ...days, to })} />
        <Button type="submit" variant="primary" isBusy={isRunning}>
          {t("timeline.show")}
        </Button>
      </form>
      <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
      {timeline === null && failure === null && <p role="status">{t("app.loading")}</p>}
      {timeline?.leaving !== undefined && timeline.leaving !== null && <Left leaving={timeline.leaving} />}
      {timeline?.deeds.length === 0 && <p className={policy.soft}>{t("timeline.none")}</p>}
      {timeline !== null && timeline.deeds.length > 0 && (
        <ol className={policy.list}>
          {timeline.deeds.map((deed, at) => (
            // oxlint-disable-next-line react/no-array-index-key -- two deeds may be alike
            <li key={`${deed.at} ${at}`} className={policy.line}>
              <span>
                {formatDay(deed.at)}: {eventText(deed.event)}
              </span>
              <span className={policy.soft} dir="auto">
                {about(deed)}
              </span>
            </li>
          ))}
        </ol>
      )}
      {onMore !== null && <More onMore={onMore} />}
    </Admin>
  );
}

function More({ onMore }: { onMore: () => Promise<void> }): JSX.Element {
  const { run, isRunning } = useAction(onMore);
  return (
    <Button isBusy={isRunning} onPress={() => run()}>
      {t("timeline.more")}
    </Button>
  );
}

/** How it came out where it did not, by whom, and about what. */
function about(deed: Deed): string {
  const object = deed.about ?? null;
  const what = object === null ? null : t("timeline.about", { kind: object.kind, what: object.display_name ?? object.id.slice(-8) });
  return [cameOut(deed), by(deed), what].filter((part) => part !== null).join(" · ");
}

function cameOut({ outcome, reason }: Deed): string | null {
  if (outcome === "done") return null;
  const key = `audit.outcome.${outcome}`;
  const text = isTextKey(key) ? t(key as "audit.outcome.done") : outcome;
  const why = reason ?? null;
  return why === null ? text : t("audit.outcome.reason", { outcome: text, reason: why });
}

function by({ is_theirs: isTheirs, by: other }: Deed): string | null {
  if (isTheirs) return null;
  const name = other ?? null;
  return name === null ? t("timeline.toThem") : t("timeline.by", { name });
}
