import { type JSX, useEffect, useState } from "react";

import type { SupportSession } from "../../api/wire.ts";
import type { World } from "../../call/world.ts";
import { t } from "../../i18n.ts";
import type { CopyAnswer } from "../use-invitation-copy.ts";
import { CodeToGive } from "./CodeToGive.tsx";
import styles from "./Console.module.css";
import { helperCommand, helpLink } from "./support-link.ts";

interface WaitingForThemProps {
  world: Pick<World, "api" | "copy" | "origin" | "seats">;
  /** `null` for a colleague's, whose code is not ours to give. */
  own: SupportSession | null;
}

const TICK_MS = 5_000;

/** Until somebody is there: what they have to be given, or why an enrolled computer does not come. */
export function WaitingForThem({ world, own }: WaitingForThemProps): JSX.Element {
  const [now, setNow] = useState(() => Date.now());
  const [copied, setCopied] = useState<CopyAnswer | null>(null);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  const notCome = useNotCome(world, own);

  if (own === null) {
    return (
      <div className={styles.wait}>
        <h2>{t("console.wait.title")}</h2>
        <p className={styles.soft}>{t("console.wait.colleague")}</p>
      </div>
    );
  }
  if (notCome !== null) {
    return (
      <div className={styles.wait} role="alert">
        <h2>{t("console.notCome.title")}</h2>
        <p>{t(`console.notCome.${notCome}`)}</p>
        <p className={styles.soft}>{t("console.notCome.text")}</p>
      </div>
    );
  }
  const { code, technician_name: technician, code_until: until } = own;
  const fragment = world.seats.secret(code);
  async function copy(text: string, what: "link" | "command"): Promise<void> {
    const isCopied = await world.copy(text);
    setCopied({ isCopied, text: isCopied ? t(`support.copied.${what}`) : t("support.copied.not", { code }) });
  }
  return (
    <div className={styles.wait}>
      <h2>{t("console.wait.title")}</h2>
      <p className={styles.soft}>{t("console.wait.text")}</p>
      <CodeToGive
        code={code}
        origin={world.origin}
        fragment={fragment}
        technician={technician}
        until={Date.parse(until)}
        now={now}
        copied={copied}
        onCopyLink={() => void copy(helpLink(world.origin, code, fragment), "link")}
        onCopyCommand={() => void copy(helperCommand(world.origin, code, fragment), "command")}
      />
    </div>
  );
}

type NotCome = NonNullable<SupportSession["not_come"]>;

/** What an enrolled computer has said of this session; a computer that somebody sits at says nothing. */
function useNotCome({ api }: Pick<World, "api">, own: SupportSession | null): NotCome | null {
  const [why, setWhy] = useState<NotCome | null>(null);
  const id = own?.id ?? null;
  useEffect(() => {
    if (id === null) return undefined;
    let isStillHere = true;
    const look = (): void => {
      // Without an answer it is looked again.
      api.supportSessions().then((found) => isStillHere && setWhy(found.find((session) => session.id === id)?.not_come ?? null), () => {});
    };
    const timer = setInterval(look, TICK_MS);
    return () => {
      isStillHere = false;
      clearInterval(timer);
    };
  }, [api, id]);
  return why;
}
