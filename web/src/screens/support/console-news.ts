/** What of a session is told to whoever does not look at its page at this moment. */

import { t } from "../../i18n.ts";
import type { SupportState } from "../../remote/support-state.ts";
import { endsSoonText, fileName, lostText, refusalText, whatText } from "./console-text.ts";

export interface News {
  text: string;
  /** What can't wait for what is being read. */
  isUrgent: boolean;
}

/** Between two states, oldest first. `name` is the person's at the computer. */
export function newsBetween(before: SupportState, after: SupportState, name: string): readonly News[] {
  return [...ofPhase(before, after, name), ...ofPermissions(before, after), ...ofWhatPassed(before, after, name), ...ofTheEnd(before, after)];
}

function ofPhase(before: SupportState, after: SupportState, name: string): News[] {
  const isSilent = after.isSilent && !before.isSilent;
  return [...ofTurns(before, after, name), ...(isSilent ? [calm(`${t("console.silent.title", { name })} ${t("console.silent.text")}`)] : [])];
}

function ofTurns({ phase: before, agent }: SupportState, { phase: after, agent: there, restartsSince }: SupportState, name: string): News[] {
  const hasCome = agent === null && there !== null && before.at !== "lost";
  const news = hasCome ? [calm(t("console.say.came", { name }))] : [];
  if (before.at === after.at) return news;
  if (after.at === "lost") return [...news, urgent(lostText({ restartsSince }))];
  if (before.at === "lost" && after.at !== "ended") news.push(calm(t("console.say.restored")));
  if (after.at === "paused") return [...news, urgent(t(`console.paused.${after.why}`))];
  if (after.at === "controlled") {
    const keys = t("console.keyboard.keys");
    return [...news, calm(before.at === "paused" ? t("console.say.resumed") : t("console.say.control", { keys }))];
  }
  return after.at === "handed_over" ? [...news, calm(t("console.handedOver"))] : news;
}

function ofPermissions(before: SupportState, after: SupportState): News[] {
  const asked = [...after.asked].filter((capability) => !before.asked.has(capability));
  const granted = [...after.permitted.keys()].filter((capability) => !before.permitted.has(capability));
  const gone = [...before.permitted.keys()].filter((capability) => !after.permitted.has(capability));
  const refused = [...after.refused].filter(([capability, why]) => before.refused.get(capability) !== why);
  return [
    ...asked.map((capability) => calm(t("console.say.asked", { what: whatText(capability) }))),
    ...granted.map((capability) => calm(t("console.say.granted", { what: whatText(capability) }))),
    // What goes with the end, or with the connection, is told with that.
    ...(after.phase.at === "ended" || after.phase.at === "lost" ? [] : gone.map((capability) => urgent(t("console.say.withdrawn", { what: whatText(capability) })))),
    ...refused.map(([capability, why]) => calm(refusalText(capability, why))),
  ];
}

function ofWhatPassed(before: SupportState, after: SupportState, name: string): News[] {
  const known = new Set(before.chat.map(({ id }) => id));
  const lines = after.chat.filter(({ id, from }) => from === "person" && !known.has(id));
  const files = after.files.filter((file) => isNews(file.state) && before.files.find(({ id }) => id === file.id)?.state !== file.state);
  return [
    ...lines.map(({ text }) => calm(t("console.chat.new", { name, text: text.slice(0, 200) }))),
    ...files.map((file) => calm(t("console.say.file", { name: fileName(file), state: t(`console.files.state.${file.state}`) }))),
    ...(after.clipboard !== null && after.clipboard.at !== before.clipboard?.at ? [calm(t("console.say.clipboard"))] : []),
    ...(after.diagnostics !== null && after.diagnostics !== before.diagnostics ? [calm(t("console.say.report"))] : []),
    ...(after.rights === "raised" && before.rights !== "raised" ? [calm(t("console.rights.raised"))] : []),
    ...(after.handOverRefused && !before.handOverRefused ? [calm(t("console.handOver.refused"))] : []),
  ];
}

function ofTheEnd(before: SupportState, after: SupportState): News[] {
  const isTold = after.endsSoon !== null && after.endsSoon.at !== before.endsSoon?.at;
  return isTold && after.endsSoon !== null ? [urgent(endsSoonText(after.endsSoon))] : [];
}

/** How far it is in between is shown, not told. */
function isNews(state: SupportState["files"][number]["state"]): boolean {
  return state !== "preparing" && state !== "moving" && state !== "checking";
}

function calm(text: string): News {
  return { text, isUrgent: false };
}

function urgent(text: string): News {
  return { text, isUrgent: true };
}
