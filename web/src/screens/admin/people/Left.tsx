import type { JSX } from "react";

import type { Leaving } from "../../../api/wire.ts";
import { counted, formatDay, t } from "../../../i18n.ts";
import policy from "../Policy.module.css";

/** What somebody lost with their account's rights: what always ends, and what was counted. */
export function Left({ leaving }: { leaving: Leaving }): JSX.Element {
  const isRemoved = leaving.event === "user.remove";
  const day = formatDay(leaving.at);
  const name = leaving.by ?? null;
  return (
    <section aria-labelledby="left">
      <h2 id="left">{t(isRemoved ? "left.removed" : "left.suspended", { day })}</h2>
      {name !== null && <p className={policy.soft}>{t("left.by", { name })}</p>}
      <ul className={policy.bullets}>
        <li>{t("left.always")}</li>
        {isRemoved && <li>{t("left.erased")}</li>}
        <li>{counted("left.meetings", leaving.put_out)}</li>
        <li>{counted("left.ended", leaving.meetings_ended)}</li>
        <li>{counted("left.support", leaving.support_ended)}</li>
        <li>{counted("left.programs", leaving.programs_ended)}</li>
      </ul>
    </section>
  );
}
