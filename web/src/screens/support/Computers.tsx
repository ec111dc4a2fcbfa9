import { MonitorUp } from "lucide-react";
import { type JSX, useRef, useState } from "react";

import type { GrantedDevice } from "../../api/wire.ts";
import { t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { useKeptFocus } from "../../ui/use-kept-focus.ts";
import { computerState } from "../computer-state.ts";
import { ConnectSheet } from "./ConnectSheet.tsx";
import styles from "./Support.module.css";

interface ComputersProps {
  computers: readonly GrantedDevice[];
  /** Whether it has another fingerprint than this browser knows. */
  isChanged: (computer: GrantedDevice) => boolean;
  onConnect: (computer: GrantedDevice, name: string, password: string) => Promise<void>;
}

/** Where a technician may help when nobody is there. */
export function Computers({ computers, isChanged, onConnect }: ComputersProps): JSX.Element | null {
  /** Stays while its sheet fades out. */
  const [asked, setAsked] = useState<GrantedDevice | null>(null);
  const [isAsking, setAsking] = useState(false);
  const list = useRef<HTMLUListElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  // A computer goes off line while somebody stands at its button.
  useKeptFocus(list, () => heading.current);
  if (computers.length === 0) return null;
  return (
    <section aria-labelledby="computers" className={styles.main}>
      <h2 id="computers" ref={heading} tabIndex={-1}>
        {t("unattended.title")}
      </h2>
      <ul ref={list} className={styles.list}>
        {computers.map((computer) => (
          <li key={computer.id} className={styles.card}>
            <div className={styles.facts}>
              <strong dir="auto">{computer.name}</strong>
              <span className={styles.soft}>{t(`computers.${computerState(computer)}`)}</span>
            </div>
            {computer.is_online && (
              <Button
                icon={<MonitorUp aria-hidden size={18} />}
                aria-label={t("unattended.connect.name", { name: computer.name })}
                onPress={() => {
                  setAsked(computer);
                  setAsking(true);
                }}
              >
                {t("unattended.connect")}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <ConnectSheet computer={asked} isOpen={isAsking} isChanged={asked !== null && isChanged(asked)} onClose={() => setAsking(false)} onConnect={onConnect} />
    </section>
  );
}
