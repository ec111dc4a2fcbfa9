import { ChartColumn, Download } from "lucide-react";
import { type JSX, type ReactNode, useState } from "react";

import type { AccountRole, Report, ReportCell, ReportKind, ReportUnit } from "../../../api/wire.ts";
import { formatDate, formatDay, isTextKey, t } from "../../../i18n.ts";
import { Bars } from "../Bars.tsx";
import { Button } from "../../../ui/Button.tsx";
import { Choice } from "../../../ui/Choice.tsx";
import { Notice } from "../../../ui/Notice.tsx";
import { TextField } from "../../../ui/TextField.tsx";
import { useAction } from "../../use-action.ts";
import { Admin } from "../Admin.tsx";
import { formatCount, formatLength, formatMilliseconds, formatPerMille } from "../amounts.ts";
import type { Days } from "../days.ts";
import policy from "../Policy.module.css";
import sessions from "../sessions/Sessions.module.css";
import { Wide } from "../Wide.tsx";
import styles from "./Reports.module.css";

interface ReportsProps {
  role: AccountRole;
  kind: ReportKind;
  days: Days;
  /** `null` while it loads. */
  report: Report | null;
  failure: string | null;
  /** Those that are saved. */
  views: ReactNode;
  /** Where the same is as a file. */
  fileOf: (report: Report, format: "csv" | "pdf") => string;
  onKind: (kind: ReportKind) => void;
  onDays: (days: Days) => void;
  onShow: () => Promise<void>;
  onHome: () => void;
}

const KINDS = ["usage", "quality", "access", "failed-sign-ins", "policy-changes", "representatives", "support", "devices"] as const satisfies readonly ReportKind[];
/** More than anybody reads on a page; the files have all. */
const MOST_SHOWN = 200;

/** What is reported of the organisation: figures, days, a table. */
export function Reports({ role, kind, days, report, failure, views, fileOf, onKind, onDays, onShow, onHome }: ReportsProps): JSX.Element {
  const { run, isRunning } = useAction(onShow);
  return (
    <Admin title={t("reports.title")} current="reports" role={role} onHome={onHome}>
      <p className={policy.soft}>{t("reports.text")}</p>
      <form
        className={sessions.search}
        onSubmit={(event) => {
          event.preventDefault();
          run();
        }}
      >
        <Choice
          label={t("reports.which")}
          icon={<ChartColumn aria-hidden />}
          value={kind}
          options={KINDS.map((value) => ({ value, label: t(`reports.${value}`) }))}
          onChange={(value) => onKind(value as ReportKind)}
        />
        <TextField label={t("days.from")} type="date" value={days.from} onChange={(from) => onDays({ ...days, from })} />
        <TextField label={t("days.to")} type="date" value={days.to} onChange={(to) => onDays({ ...days, to })} />
        <Button type="submit" variant="primary" isBusy={isRunning}>
          {t("reports.show")}
        </Button>
      </form>
      {views}
      <div role="alert">{failure !== null && <Notice tone="danger">{failure}</Notice>}</div>
      {report === null && failure === null && <p role="status">{t("app.loading")}</p>}
      {report !== null && <Shown key={report.report} report={report} fileOf={(format) => fileOf(report, format)} />}
    </Admin>
  );
}

function Shown({ report, fileOf }: { report: Report; fileOf: (format: "csv" | "pdf") => string }): JSX.Element {
  const { report: kind, figures, charts, columns } = report;
  const [wanted, setWanted] = useState("");
  const rows = rowsWith(report, wanted);
  return (
    <>
      <h2>{t(`reports.${kind}`)}</h2>
      <p className={policy.soft}>{t(`reports.${kind}.text`)}</p>
      <dl className={styles.figures}>
        {figures.map(({ name, unit, value }) => (
          <div key={name} className={styles.figure}>
            <dt>{label(name)}</dt>
            <dd>{shown(value, unit)}</dd>
          </div>
        ))}
      </dl>
      {charts.map(({ name, unit, points }) => (
        <Bars
          key={name}
          title={label(name)}
          of={t("reports.day")}
          bars={points.map(({ day, value }) => ({ label: formatDate(day), value }))}
          format={(value) => shown(value, unit)}
        />
      ))}
      <div className={policy.actions}>
        {(["csv", "pdf"] as const).map((format) => (
          <a key={format} className={styles.file} href={fileOf(format)} download>
            <Download aria-hidden size={18} />
            {t(`reports.file.${format}`)}
          </a>
        ))}
      </div>
      {report.is_cut && <Notice tone="warning">{t("reports.cut")}</Notice>}
      {report.rows.length > 0 && <TextField label={t("reports.only")} hint={t("reports.only.hint")} value={wanted} onChange={setWanted} />}
      <p role="status" className={policy.soft}>
        {rows.length === 0 && t(report.rows.length === 0 ? "reports.none" : "reports.only.none")}
      </p>
      {rows.length > 0 && (
        <Wide label={t("reports.table", { name: t(`reports.${kind}`) })}>
          <thead>
            <tr>
              {columns.map(({ name }) => (
                <th key={name} scope="col">
                  {label(name)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, MOST_SHOWN).map((row, at) => (
              // oxlint-disable-next-line react/no-array-index-key -- two rows may say the same
              <tr key={`${kind} ${at}`}>
                {columns.map(({ name, unit }, column) => (
                  <td key={name} dir="auto">
                    {shown(row[column] ?? null, unit)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </Wide>
      )}
      {rows.length > MOST_SHOWN && <p className={policy.soft}>{t("reports.more", { count: formatCount(rows.length) })}</p>}
    </>
  );
}

/** Those in which each word stands somewhere, as the table shows them: a person, and how it went. */
function rowsWith({ columns, rows }: Report, wanted: string): Report["rows"] {
  const words = wanted.toLocaleLowerCase().split(/\s+/).filter((word) => word !== "");
  if (words.length === 0) return rows;
  return rows.filter((row) => {
    const line = columns.map(({ unit }, at) => shown(row[at] ?? null, unit)).join(" ").toLocaleLowerCase();
    return words.every((word) => line.includes(word));
  });
}

/** In words where there are some, else by its own name. */
function label(name: string): string {
  const key = `reports.name.${name}`;
  return isTextKey(key) ? t(key as "reports.name.host") : name;
}

function shown(cell: ReportCell | null, unit: ReportUnit): string {
  if (cell === null || cell === "") return "–";
  if (typeof cell === "string") {
    if (unit === "time") return formatDay(cell);
    if (unit !== "word") return cell;
    const key = `reports.word.${cell}`;
    return isTextKey(key) ? t(key as "reports.word.live") : cell.replaceAll("_", " ");
  }
  switch (unit) {
    case "seconds":
      return formatLength(cell);
    case "microseconds":
      return formatMilliseconds(cell);
    case "per_mille":
      return formatPerMille(cell);
    case "text":
    case "word":
    case "time":
    case "count":
      return formatCount(cell);
  }
}
