import { type JSX, useEffect, useState } from "react";

import type { SupportSession } from "../../api/wire.ts";
import type { World } from "../../call/world.ts";
import { t } from "../../i18n.ts";
import type { CopyAnswer } from "../use-invitation-copy.ts";
import { CodeToGive } from "./CodeToGive.tsx";
import styles from "./Console.module.css";
import { helperCommand, helpLink } from "./support-link.ts";

interface WaitingForThemProps {
  world: Pick<World, "copy" | "origin" | "seats">;
  /** `null` for a colleague's, whose code is not ours to give. */
  own: SupportSession | null;
}

const TICK_MS = 5_000;

/** Until somebody is there: what they have to be given. */
export function WaitingForThem({ world, own }: WaitingForThemProps): JSX.Element {
  const [now, setNow] = useState(() => Date.now());
  const [copied, setCopied] = useState<CopyAnswer | null>(null);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);

  if (own === null) {
    return (
      <div className={styles.wait}>
        <h2>{t("console.wait.title")}</h2>
        <p className={styles.soft}>{t("console.wait.colleague")}</p>
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
