import { type JSX, useState } from "react";

import type { PolicySubject } from "../../../api/policies.ts";
import type { Explained, GroupList, Policy, PolicyPreview, PolicySettings, Setting } from "../../../api/wire.ts";
import { t } from "../../../i18n.ts";
import { Button } from "../../../ui/Button.tsx";
import { Choice } from "../../../ui/Choice.tsx";
import { Notice } from "../../../ui/Notice.tsx";
import { Sheet, SheetActions } from "../../../ui/Sheet.tsx";
import { useAction } from "../../use-action.ts";
import styles from "../Policy.module.css";
import { HealthcareProfile } from "./HealthcareProfile.tsx";
import { SettingRow, type Word } from "./SettingRow.tsx";
import { changeText, SETTINGS, whyText } from "./words.ts";

export interface PolicyActions {
  choose(subject: PolicySubject): void;
  /** All reject with a `Problem` where they could not be done. */
  preview(settings: PolicySettings): Promise<PolicyPreview>;
  save(settings: PolicySettings): Promise<void>;
  enterProfile(): Promise<void>;
  askToLeaveProfile(): Promise<void>;
  confirmToLeaveProfile(): Promise<void>;
}

interface PoliciesProps {
  lists: GroupList;
  subject: PolicySubject;
  policy: Policy;
  /** Of the subject, where it is a person. */
  explained: Explained | null;
  mayChange: boolean;
  isOwner: boolean;
  actions: PolicyActions;
}

/** One layer of policy: what it says, what holds, and what a change would change. */
export function Policies({ lists, subject, policy, explained, mayChange, isOwner, actions }: PoliciesProps): JSX.Element {
  const [draft, setDraft] = useState(policy.settings);
  const [preview, setPreview] = useState<PolicyPreview | null>(null);
  const review = useAction(async () => setPreview(await actions.preview(draft)));
  const save = useAction(async () => {
    await actions.save(draft);
    setPreview(null);
  });
  const isChanged = JSON.stringify(sorted(draft)) !== JSON.stringify(sorted(policy.settings));
  const isHeld = (setting: Setting): boolean =>
    subject.layer === "organisation" && (policy.profile.since ?? null) !== null && setting in policy.profile.settings;

  function say(setting: Setting, word: Word | null): void {
    setDraft(({ [setting]: _before, ...others }) => (word === null ? others : { ...others, [setting]: word }));
  }

  return (
    <>
      <Choice label={t("policies.whose")} icon={null} value={keyOf(subject)} options={subjects(lists)} onChange={(key) => actions.choose(subjectOf(key))} />
      {!mayChange && <Notice tone="info">{t("policies.readOnly")}</Notice>}
      {subject.layer === "organisation" && <HealthcareProfile profile={policy.profile} mayChange={mayChange} isOwner={isOwner} actions={actions} />}
      <ul className={styles.list}>
        {SETTINGS.map(({ setting, values }) => (
          <SettingRow
            key={setting}
            setting={setting}
            values={values}
            word={wordOf(draft, setting)}
            inForce={policy.permitted[setting]}
            floor={policy.floor[setting]}
            isHeld={isHeld(setting)}
            mayChange={mayChange}
            onChange={(word) => say(setting, word)}
          />
        ))}
      </ul>
      {mayChange && (
        <div className={styles.actions}>
          <Button variant="primary" isDisabled={!isChanged} isBusy={review.isRunning} onPress={() => review.run()}>
            {t("policies.review")}
          </Button>
          <Button isDisabled={!isChanged} onPress={() => setDraft(policy.settings)}>
            {t("policies.discard")}
          </Button>
          {!isChanged && <p className={styles.soft}>{t("policies.unchanged")}</p>}
        </div>
      )}
      <div role="alert">{review.failure !== null && <Notice tone="danger">{review.failure}</Notice>}</div>
      {explained !== null && <Why explained={explained} />}
      <Sheet title={t("policies.preview.title")} closeLabel={t("app.close")} isOpen={preview !== null} onClose={() => setPreview(null)}>
        {preview?.changes.length === 0 && <p>{t("policies.preview.none")}</p>}
        <ul className={styles.bullets}>
          {(preview?.changes ?? []).map((change) => (
            <li key={`${change.setting} ${String(change.from)} ${String(change.to)}`}>{changeText(change)}</li>
          ))}
        </ul>
        <p>{t("policies.preview.now")}</p>
        <div role="alert">{save.failure !== null && <Notice tone="danger">{save.failure}</Notice>}</div>
        <SheetActions>
          <Button onPress={() => setPreview(null)}>{t("app.cancel")}</Button>
          <Button variant="primary" isBusy={save.isRunning} onPress={() => save.run()}>
            {t("policies.save")}
          </Button>
        </SheetActions>
      </Sheet>
    </>
  );
}

/** The admin's question: why can't this person share? */
function Why({ explained: { display_name, explanations, groups } }: { explained: Explained }): JSX.Element {
  return (
    <section className={styles.list} aria-labelledby="why">
      <h2 id="why" dir="auto">
        {t("policies.why", { name: display_name })}
      </h2>
      <ul className={styles.bullets}>
        {explanations.map((explanation) => (
          <li key={explanation.setting}>{whyText(explanation, groups)}</li>
        ))}
      </ul>
    </section>
  );
}

function wordOf(settings: PolicySettings, setting: Setting): Word | null {
  const word = settings[setting];
  return word === undefined ? null : { value: word.value, locked: word.locked ?? false };
}

function sorted(settings: PolicySettings): [string, unknown][] {
  return Object.entries(settings).toSorted(([one], [other]) => one.localeCompare(other));
}

function subjects({ groups, people }: GroupList): { value: string; label: string }[] {
  return [
    { value: keyOf({ layer: "organisation" }), label: t("policies.organisation") },
    ...groups.map(({ id, name }) => ({ value: keyOf({ layer: "group", id }), label: t("policies.group", { name }) })),
    ...people.map(({ account: id, display_name: name }) => ({ value: keyOf({ layer: "account", id }), label: t("policies.person", { name }) })),
  ];
}

function keyOf(subject: PolicySubject): string {
  return subject.layer === "organisation" ? "organisation" : `${subject.layer} ${subject.id}`;
}

function subjectOf(key: string): PolicySubject {
  const [layer, id] = key.split(" ");
  return (layer === "group" || layer === "account") && id !== undefined ? { layer, id } : { layer: "organisation" };
}
