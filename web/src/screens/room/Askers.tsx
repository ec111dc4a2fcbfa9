import { KeyRound } from "lucide-react";
import type { JSX } from "react";

import type { Asker } from "../../e2ee/orders.ts";
import { addTexts, t } from "../../i18n.ts";
import { inMeeting } from "../../locales/in-meeting.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import styles from "./Room.module.css";

addTexts(inMeeting);

interface AskersProps {
  askers: readonly Asker[];
  /** By policy nobody is given the key without the passcode. */
  needsPasscode: boolean;
  nameOf: (participant: string) => string;
  onAllow: (participant: string) => void;
}

/** Where a host's word is not enough. */
const NEEDED = {
  no_passcode: "asker.needs_passcode",
  wrong_passcode: "asker.wrong_passcode",
  passcode_spent: "asker.needs_link",
} as const satisfies Record<Asker["why"], string>;

/** Who was let in by code and has no key yet: the host decides whether it is them. */
export function Askers({ askers, needsPasscode, nameOf, onAllow }: AskersProps): JSX.Element {
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
              why !== "wrong_passcode" &&
              !needsPasscode && (
                <Button aria-label={t("asker.allow.name", { name })} onPress={() => onAllow(participant)}>
                  {t("asker.allow")}
                </Button>
              )
            }
          >
            {t(needsPasscode ? NEEDED[why] : `asker.${why}`, { name })}
          </Notice>
        );
      })}
    </div>
  );
}
