import { KeyRound } from "lucide-react";
import type { JSX } from "react";

import type { Asker } from "../../e2ee/orders.ts";
import { t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import styles from "./Room.module.css";

interface AskersProps {
  askers: readonly Asker[];
  nameOf: (participant: string) => string;
  onAllow: (participant: string) => void;
}

/** Who was let in by code and has no key yet: the host decides whether it is them. */
export function Askers({ askers, nameOf, onAllow }: AskersProps): JSX.Element {
  return (
    <div className={styles.banners} role="status">
      {askers.map(({ participant, why }) => {
        const name = nameOf(participant);
        return (
          <Notice
            key={participant}
            tone="warning"
            icon={<KeyRound aria-hidden />}
            action={
              why !== "wrong_passcode" && (
                <Button aria-label={t("asker.allow.name", { name })} onPress={() => onAllow(participant)}>
                  {t("asker.allow")}
                </Button>
              )
            }
          >
            {t(`asker.${why}`, { name })}
          </Notice>
        );
      })}
    </div>
  );
}
