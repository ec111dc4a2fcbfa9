import { type JSX, useCallback, useEffect, useState } from "react";

import type { Me, Review, ReviewedSetting } from "../../../api/wire.ts";
import type { World } from "../../../call/world.ts";
import { formatDay, t } from "../../../i18n.ts";
import { useAnnouncer } from "../../../ui/announcer.tsx";
import { Button } from "../../../ui/Button.tsx";
import { Notice } from "../../../ui/Notice.tsx";
import { Toggle } from "../../../ui/Toggle.tsx";
import { failureText } from "../../failure.ts";
import { useStepUp } from "../../security/use-step-up.tsx";
import { useAction } from "../../use-action.ts";
import { decidesEvidence } from "../may.ts";
import policy from "../Policy.module.css";
import { useExpiring } from "../use-expiring.ts";
import styles from "./Evidence.module.css";
import { EvidenceFrame } from "./EvidenceFrame.tsx";
import { settingText } from "./words.ts";

interface ReviewPageProps {
  world: Pick<World, "api" | "journey">;
  me: Me;
  onHome: () => void;
  /** The server does not know this session any more. Stable. */
  onExpired: () => void;
}

/** Joins the review of all security settings to the server. */
export function ReviewPage({ world, me, onHome, onExpired }: ReviewPageProps): JSX.Element {
  const { api } = world;
  const ask = useExpiring(onExpired);
  const { say } = useAnnouncer();
  const { sensitive, dialog } = useStepUp(world);
  const [review, setReview] = useState<Review | null>(null);
  const [failure, setFailure] = useState<string | null>(null);

  const refresh = useCallback(async () => {
    try {
      setReview(await ask(api.settingsReview()));
      setFailure(null);
    } catch (error) {
      setFailure(failureText(error));
    }
  }, [api, ask]);
  useEffect(() => void refresh(), [refresh]);

  async function sign(digest: string): Promise<void> {
    try {
      await ask(sensitive(() => api.signSettingsReview(digest)));
      say(t("evidence.signed"));
    } finally {
      await refresh();
    }
  }
  return (
    <EvidenceFrame part="review" role={me.role} failure={failure} isLoading={review === null} onHome={onHome}>
      {review !== null && <Settings key={review.digest} review={review} maySign={decidesEvidence(me.role)} onSign={sign} />}
      {dialog}
    </EvidenceFrame>
  );
}

interface SettingsProps {
  review: Review;
  maySign: boolean;
  onSign: (digest: string) => Promise<void>;
}

/** Each setting is ticked before anybody signs for all. */
function Settings({ review, maySign, onSign }: SettingsProps): JSX.Element {
  const [seen, setSeen] = useState<ReadonlySet<string>>(new Set());
  const { isRunning, failure, run } = useAction(() => onSign(review.digest));
  const isWhole = review.settings.every(({ name }) => seen.has(name));

  function see(name: string, isSeen: boolean): void {
    setSeen((before) => new Set([...before, name].filter((one) => one !== name || isSeen)));
  }
  return (
    <>
      <LastReview review={review} />
      <ul className={policy.list}>
        {review.settings.map((setting) => (
          <li key={setting.name} className={styles.row}>
            <Setting setting={setting} />
            {maySign && <Toggle label={t("review.seen", { name: settingText(setting.name) })} isOn={seen.has(setting.name)} onChange={(isOn) => see(setting.name, isOn)} />}
          </li>
        ))}
      </ul>
      <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
      {maySign && (
        <div className={policy.actions}>
          <Button variant="primary" isDisabled={!isWhole} isBusy={isRunning} onPress={() => run()}>
            {t("review.sign")}
          </Button>
          {!isWhole && <p className={policy.soft}>{t("review.all")}</p>}
        </div>
      )}
    </>
  );
}

function LastReview({ review: { last } }: { review: Review }): JSX.Element {
  if (last === undefined || last === null) return <Notice tone="warning">{t("review.never")}</Notice>;
  const signed = t("review.last", { name: last.by_name, day: formatDay(last.at) });
  return <Notice tone={last.is_current ? "good" : "warning"}>{last.is_current ? signed : `${signed} ${t("review.changed")}`}</Notice>;
}

function Setting({ setting: { name, set_in: setIn, current, recommended, is_locked: isLocked, is_sound: isSound } }: { setting: ReviewedSetting }): JSX.Element {
  return (
    <div>
      <div className={styles.line}>
        <h2>{settingText(name)}</h2>
        <span className={styles.state} data-state={isSound ? "proven" : "stale"}>
          {t(isSound ? "review.sound" : "review.unsound")}
        </span>
      </div>
      <p className={styles.small}>
        {t("review.value", { current: valueText(current), recommended: valueText(recommended) })} {t(`review.in.${setIn}`)} {t(isLocked ? "review.locked" : "review.open")}
      </p>
    </div>
  );
}

function valueText(value: string | number | boolean): string {
  if (typeof value === "boolean") return t(value ? "review.on" : "review.off");
  return String(value).replaceAll("_", " ");
}
