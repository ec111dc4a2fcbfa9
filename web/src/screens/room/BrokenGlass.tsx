import { Siren } from "lucide-react";
import type { JSX } from "react";

import type { RosterEntry } from "../../api/wire.ts";
import { t } from "../../i18n.ts";
import { Button } from "../../ui/Button.tsx";
import { Notice } from "../../ui/Notice.tsx";
import styles from "./Room.module.css";

interface BrokenGlassProps {
  /** Those who came in by emergency access, oneself too. */
  people: readonly RosterEntry[];
  me: string;
  /** Whether they have the meeting's key. */
  hasKey: (participant: string) => boolean;
  /** Gives them the key; `null` where that is not this person's to give. */
  onGive: ((participant: string) => void) | null;
}

/** Who is here by emergency access, as long as they are: nobody let them in, and everybody sees it. */
export function BrokenGlass({ people, me, hasKey, onGive }: BrokenGlassProps): JSX.Element {
  return (
    <div className={styles.banners} role="status">
      {people.map(({ participant, display_name: name }) => {
        const mayGive = onGive !== null && participant !== me && !hasKey(participant);
        return (
          <Notice
            key={participant}
            tone="warning"
            icon={<Siren aria-hidden />}
            action={mayGive && <Button onPress={() => onGive(participant)}>{t("emergency.give", { name })}</Button>}
          >
            {participant === me ? t("emergency.here.me") : t("emergency.here", { name })}
          </Notice>
        );
      })}
    </div>
  );
}
