import { t } from "../../../i18n.ts";
import type { Told } from "../../../recordings/player.ts";
import { whatText } from "../../support/console-text.ts";

/** What a recording tells, in words. */
export function momentText(moment: Told): string {
  switch (moment.kind) {
    case "written_by_technician":
      return t("recordings.moment.written_by_technician", { text: moment.text });
    case "written_by_person":
      return t("recordings.moment.written_by_person", { text: moment.text });
    case "permitted":
      return t("recordings.moment.permitted", { what: whatText(moment.capability) });
    case "withdrawn":
      return t("recordings.moment.withdrawn", { what: whatText(moment.capability) });
    case "control_began":
      return t("recordings.moment.control_began");
    case "control_ended":
      return t("recordings.moment.control_ended", { injected: moment.injected, dropped: moment.dropped });
    case "clicked":
      return moment.x === undefined || moment.y === undefined ? t("recordings.moment.clicked") : t("recordings.moment.clicked.at", { x: moment.x, y: moment.y });
    case "typed":
      return t("recordings.moment.typed", { characters: moment.characters, keys: moment.keys });
    case "redacted":
      return t("recordings.moment.redacted");
    case "local_override":
      return t("recordings.moment.local_override");
    case "file_in":
      return t("recordings.moment.file_in", { size: moment.size });
    case "file_out":
      return t("recordings.moment.file_out", { size: moment.size });
    case "facts":
      return t("recordings.moment.facts");
    case "diagnosed":
      return t("recordings.moment.diagnosed");
    case "ended":
      return t("recordings.moment.ended");
  }
}
