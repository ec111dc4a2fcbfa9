import type { JSX } from "react";

import type { ClaimState } from "../../../api/wire.ts";
import { t } from "../../../i18n.ts";
import styles from "./Evidence.module.css";

/** How something stands, in a word and a colour. */
export function State({ state }: { state: ClaimState }): JSX.Element {
  return (
    <span className={styles.state} data-state={state}>
      {t(`evidence.state.${state}`)}
    </span>
  );
}
