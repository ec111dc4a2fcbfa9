import { type JSX, useCallback, useEffect, useState } from "react";

import type { Me, SupportDevice } from "../../../api/wire.ts";
import type { World } from "../../../call/world.ts";
import { addTexts, t } from "../../../i18n.ts";
import { unattended } from "../../../locales/unattended.ts";
import { useAnnouncer } from "../../../ui/announcer.tsx";
import { failureText } from "../../failure.ts";
import { useStepUp } from "../../security/use-step-up.tsx";
import { useExpiring } from "../use-expiring.ts";
import { type ComputerActions, Computers, type Helper } from "./Computers.tsx";

addTexts(unattended);

interface ComputersPageProps {
  world: Pick<World, "api" | "copy" | "journey">;
  me: Me;
  onHome: () => void;
  /** The server does not know this session any more. Stable. */
  onExpired: () => void;
}

/** A computer that comes on line is on the page before anybody looks twice. */
const REFRESH_MS = 5_000;
const HELPERS: ReadonlySet<string> = new Set(["owner", "admin", "representative"]);

/** Joins the page of unattended computers to the server. Its asking keeps no session open. */
export function ComputersPage({ world, me, onHome, onExpired }: ComputersPageProps): JSX.Element {
  const { api } = world;
  const { say } = useAnnouncer();
  const ask = useExpiring(onExpired);
  const { sensitive, dialog } = useStepUp(world);
  const [computers, setComputers] = useState<readonly SupportDevice[] | null>(null);
  const [helpers, setHelpers] = useState<readonly Helper[]>([]);
  const [failure, setFailure] = useState<string | null>(null);
  /** Of the people who could help: the list of computers may come all the same. */
  const [helpersFailure, setHelpersFailure] = useState<string | null>(null);

  const refresh = useCallback(async () => {
    try {
      setComputers(await ask(api.supportDevices()));
      setFailure(null);
    } catch (error) {
      setFailure(failureText(error));
    }
  }, [api, ask]);
  useEffect(() => {
    void refresh();
    const timer = setInterval(() => void refresh(), REFRESH_MS);
    return () => clearInterval(timer);
  }, [refresh]);
  useEffect(() => {
    ask(api.people()).then(
      ({ people }) => {
        const helping = people.filter(({ role, state }) => state === "active" && HELPERS.has(role));
        setHelpers(helping.map(({ account, display_name: name }) => ({ account, name })));
        return undefined;
      },
      (error: unknown) => setHelpersFailure(failureText(error)),
    );
  }, [api, ask]);

  const actions: ComputerActions = {
    invite: (days) => ask(sensitive(() => api.inviteSupportDevice(days))),
    async renew({ id }, days) {
      await ask(sensitive(() => api.renewSupportDevice(id, days)));
      say(t("computers.renewed"));
      await refresh();
    },
    async grant({ id }, account) {
      await ask(sensitive(() => api.grantSupportDevice(id, account)));
      say(t("computers.granted"));
      await refresh();
    },
    async withdraw({ id }, account) {
      await ask(api.withdrawSupportDevice(id, account));
      say(t("computers.withdrawn"));
      await refresh();
    },
    async revoke({ id }) {
      await ask(api.revokeSupportDevice(id));
      say(t("computers.revoked"));
      await refresh();
    },
    copy: (text) => world.copy(text),
    goHome: onHome,
  };
  const { support, support_unattended: isOn } = me.permitted;
  return (
    <>
      <Computers role={me.role} isPermitted={support && isOn} computers={computers} helpers={helpers} failure={failure ?? helpersFailure} actions={actions} />
      {dialog}
    </>
  );
}
