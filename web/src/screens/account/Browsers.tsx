import { type JSX, useRef, useState } from "react";

import type { VaultDevice } from "../../e2ee/vault-words.ts";
import { formatDay, t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Sheet, SheetActions } from "../../ui/Sheet.tsx";
import { useAction } from "../use-action.ts";
import styles from "./Account.module.css";

interface BrowsersProps {
  devices: readonly VaultDevice[];
  hasRecovery: boolean;
  onRemove: (device: string) => Promise<void>;
}

/** The account's browsers, and what each of them can do. */
export function Browsers({ devices, hasRecovery, onRemove }: BrowsersProps): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  const [asked, setAsked] = useState<VaultDevice | null>(null);
  const inForce = devices.filter(({ removed }) => removed === null);
  const removal = useAction(async (device: string) => {
    await onRemove(device);
    setAsked(null);
    // Its button is gone.
    heading.current?.focus();
  });

  return (
    <section className={styles.main}>
      <h2 ref={heading} tabIndex={-1}>
        {t("browsers.list")}
      </h2>
      <p className={styles.soft}>{t("browsers.text")}</p>
      {inForce.length === 1 && !hasRecovery && <Notice tone="warning">{t("browsers.only")}</Notice>}
      <ul className={styles.list}>
        {devices.map((device) => (
          <Device key={device.key} device={device} onRemove={() => setAsked(device)} />
        ))}
      </ul>
      <section className={styles.limits}>
        <h3>{t("browsers.limits")}</h3>
        <ul>
          <li>{t("browsers.limits.signOut")}</li>
          <li>{t("browsers.limits.removed")}</li>
          <li>{t("browsers.limits.server")}</li>
        </ul>
      </section>
      <Sheet title={t("remove.title")} closeLabel={t("app.close")} isOpen={asked !== null} onClose={() => setAsked(null)} isAlert>
        <p>{t("remove.text", { label: asked?.label ?? "" })}</p>
        <div role="alert">{removal.failure !== null && <Notice tone="danger">{removal.failure}</Notice>}</div>
        <SheetActions>
          <Button onPress={() => setAsked(null)}>{t("app.cancel")}</Button>
          <Button variant="danger" onPress={() => removal.run(asked?.key ?? "")} isBusy={removal.isRunning}>
            {t("remove.yes")}
          </Button>
        </SheetActions>
      </Sheet>
    </section>
  );
}

function Device({ device: { label, since, removed, isThis }, onRemove }: { device: VaultDevice; onRemove: () => void }): JSX.Element {
  return (
    <li className={styles.device} data-removed={removed !== null || undefined}>
      <div className={styles.facts}>
        <h3 dir="auto">{label}</h3>
        <p className={styles.soft}>
          {isThis && <strong className={styles.this}>{t("browsers.this")}</strong>}
          <span>{removed === null ? t("browsers.since", { day: dayOf(since) }) : t("browsers.removed", { day: dayOf(removed) })}</span>
        </p>
      </div>
      {!isThis && removed === null && (
        <Button aria-label={t("browsers.remove.name", { label })} onPress={onRemove}>
          {t("browsers.remove")}
        </Button>
      )}
    </li>
  );
}

function dayOf(seconds: number): string {
  return formatDay(new Date(seconds * 1_000).toISOString());
}
