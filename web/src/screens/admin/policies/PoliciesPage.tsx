import { type JSX, useCallback, useEffect, useState } from "react";

import type { PolicySubject } from "../../../api/policies.ts";
import type { Explained, FeedbackQuestion, GroupList, Me, Policy } from "../../../api/wire.ts";
import type { World } from "../../../call/world.ts";
import { t } from "../../../i18n.ts";
import { useAnnouncer } from "../../../ui/announcer.tsx";
import { Notice } from "../../../ui/Notice.tsx";
import { failureText } from "../../failure.ts";
import { useStepUp } from "../../security/use-step-up.tsx";
import { changesPolicy } from "../may-change.ts";
import { PolicyFrame } from "../PolicyFrame.tsx";
import { useExpiring } from "../use-expiring.ts";
import { Policies, type PolicyActions } from "./Policies.tsx";
import { SupportQuestions } from "./SupportQuestions.tsx";

interface PoliciesPageProps {
  world: Pick<World, "api" | "journey">;
  me: Me;
  onHome: () => void;
  /** The server does not know this session any more. Stable. */
  onExpired: () => void;
}

interface Read {
  subject: PolicySubject;
  lists: GroupList;
  policy: Policy;
  explained: Explained | null;
  /** What the organisation asks after support; `null` where it asks what every one does. */
  questions: readonly FeedbackQuestion[] | null;
}

/** Joins the page of policies to the server. */
export function PoliciesPage({ world, me, onHome, onExpired }: PoliciesPageProps): JSX.Element {
  const { api } = world;
  const ask = useExpiring(onExpired);
  const { say } = useAnnouncer();
  const { sensitive, dialog } = useStepUp(world);
  const [subject, setSubject] = useState<PolicySubject>({ layer: "organisation" });
  const [read, setRead] = useState<Read | null>(null);
  const [failure, setFailure] = useState<string | null>(null);

  const refresh = useCallback(async () => {
    try {
      const [lists, policy, explained, questions] = await ask(
        Promise.all([
          api.groups(),
          api.policy(subject),
          subject.layer === "account" ? api.explainPolicy(subject.id) : null,
          subject.layer === "organisation" ? api.supportQuestions() : null,
        ]),
      );
      setRead({ subject, lists, policy, explained, questions });
      setFailure(null);
    } catch (error) {
      setFailure(failureText(error));
    }
  }, [api, ask, subject]);
  useEffect(() => void refresh(), [refresh]);

  async function done(act: () => Promise<unknown>): Promise<void> {
    try {
      await ask(sensitive(act));
      say(t("policies.saved"));
    } finally {
      await refresh();
    }
  }
  const actions: PolicyActions = {
    choose: setSubject,
    preview: (settings) => ask(api.previewPolicy(subject, settings)),
    save: (settings) => done(() => api.changePolicy(subject, read?.policy.revision ?? 0, settings)),
    enterProfile: () => done(() => api.enterProfile()),
    askToLeaveProfile: () => done(() => api.askToLeaveProfile()),
    confirmToLeaveProfile: () => done(() => api.confirmToLeaveProfile()),
  };
  const mayChange = changesPolicy(me);
  const isShown = read !== null && JSON.stringify(read.subject) === JSON.stringify(subject);

  return (
    <PolicyFrame current="policies" role={me.role} onHome={onHome}>
      <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
      {!isShown && failure === null && <p role="status">{t("app.loading")}</p>}
      {isShown && <Policies key={read.policy.revision} {...read} mayChange={mayChange} isOwner={me.role === "owner"} actions={actions} />}
      {isShown && read.subject.layer === "organisation" && (
        <SupportQuestions questions={read.questions} mayChange={mayChange} onSave={(asked) => done(() => api.setSupportQuestions(asked))} />
      )}
      {dialog}
    </PolicyFrame>
  );
}
