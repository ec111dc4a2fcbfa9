//! A report as a file: CSV for spreadsheets, PDF to be filed.

use conclave_protocol::Timestamp;
use conclave_protocol::report::{Cell, Chart, Report, ReportKind, Unit};
use time::OffsetDateTime;

use crate::csv::Csv;
use crate::pdf::{Column, Document};

/// The table alone: numbers are plain, in the units that the head names, and instants are as RFC 3339 has them.
pub(crate) fn csv(report: &Report) -> String {
    let heads = report
        .columns
        .iter()
        .map(|column| match suffix(column.unit) {
            "" => column.name.clone(),
            unit => format!("{} ({unit})", column.name),
        });
    let heads: Vec<_> = heads.collect();
    let heads: Vec<_> = heads.iter().map(String::as_str).collect();
    let mut csv = Csv::new(&heads);
    for row in &report.rows {
        let cells = row.iter().map(|cell| match cell {
            Some(Cell::Number(number)) => number.to_string(),
            Some(Cell::Text(text)) => text.clone(),
            None => String::new(),
        });
        csv.row(&cells.collect::<Vec<_>>());
    }
    csv.finish()
}

pub(crate) fn pdf(report: &Report, organisation: &str) -> Vec<u8> {
    let title = title(report.report);
    let made = minute(report.made_at);
    let mut document = Document::new(
        title,
        &format!("{organisation} \u{2013} {title} \u{2013} {made} UTC"),
    );
    document.paragraph(&format!(
        "{organisation}. From {} to {} (UTC). Made on {made} by Conclave.",
        minute(report.from),
        minute(report.to),
    ));
    if report.is_cut {
        document.paragraph("There is more than this report holds. Choose a shorter time.");
    }
    let figures = report.figures.iter().map(|figure| {
        let value = number(figure.value, figure.unit);
        [label(&figure.name), value]
    });
    document.table(&FIGURES, figures);
    for chart in &report.charts {
        by_day(&mut document, chart);
    }
    document.heading("All of it");
    let labels: Vec<_> = report.columns.iter().map(|c| label(&c.name)).collect();
    let columns = report
        .columns
        .iter()
        .zip(&labels)
        .map(|(column, name)| Column {
            name,
            share: share(column.unit),
        });
    let rows = report.rows.iter().map(|row| {
        let cells = row.iter().zip(&report.columns);
        let cells = cells.map(|(cell, column)| shown(cell.as_ref(), column.unit));
        cells.collect::<Vec<_>>()
    });
    document.table(&columns.collect::<Vec<_>>(), rows);
    document.finish()
}

/// Of days on which nothing happened nothing is said.
fn by_day(document: &mut Document, chart: &Chart) {
    document.heading(&format!("{}, by day", label(&chart.name)));
    let days = chart.points.iter().filter(|point| point.value > 0);
    let days = days.map(|point| {
        let value = number(point.value, chart.unit);
        [day(point.day), value]
    });
    document.table(&BY_DAY, days);
}

pub(crate) fn title(report: ReportKind) -> &'static str {
    match report {
        ReportKind::Usage => "Usage",
        ReportKind::Quality => "Quality of media",
        ReportKind::Access => "Access review",
        ReportKind::FailedSignIns => "Failed sign-ins",
        ReportKind::PolicyChanges => "Changes of policy",
        ReportKind::Representatives => "Representatives",
        ReportKind::Devices => "Inventory of devices",
        ReportKind::Support => "Support sessions",
    }
}

fn shown(cell: Option<&Cell>, unit: Unit) -> String {
    match (cell, unit) {
        (None, _) => "\u{2013}".to_owned(),
        (Some(Cell::Text(at)), Unit::Time) => at.get(..16).unwrap_or(at).replace('T', " "),
        (Some(Cell::Text(word)), Unit::Word) => word.replace('_', " "),
        (Some(Cell::Text(text)), _) => text.clone(),
        (Some(Cell::Number(value)), _) => number(*value, unit),
    }
}

fn number(value: u64, unit: Unit) -> String {
    match unit {
        Unit::Seconds => {
            let minutes = value / 60;
            format!("{} h {:02} min", minutes / 60, minutes % 60)
        }
        Unit::Microseconds => format!("{}.{} ms", value / 1_000, value % 1_000 / 100),
        Unit::PerMille => format!("{}.{} %", value / 10, value % 10),
        Unit::Text | Unit::Word | Unit::Time | Unit::Count => value.to_string(),
    }
}

/// `last_sign_in` as people write it.
fn label(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => words,
    }
}

fn suffix(unit: Unit) -> &'static str {
    match unit {
        Unit::Text | Unit::Word | Unit::Time | Unit::Count => "",
        Unit::Seconds => "seconds",
        Unit::Microseconds => "microseconds",
        Unit::PerMille => "per mille",
    }
}

fn share(unit: Unit) -> u32 {
    match unit {
        Unit::Text | Unit::Time => 3,
        Unit::Word | Unit::Seconds | Unit::Microseconds | Unit::Count | Unit::PerMille => 2,
    }
}

/// `2026-11-26 08:30`.
fn minute(at: Timestamp) -> String {
    let time = utc(at);
    format!("{} {:02}:{:02}", day(at), time.hour(), time.minute())
}

/// `2026-11-26`.
pub(crate) fn day(at: Timestamp) -> String {
    let date = utc(at).date();
    let (year, month, day) = (date.year(), u8::from(date.month()), date.day());
    format!("{year:04}-{month:02}-{day:02}")
}

fn utc(at: Timestamp) -> OffsetDateTime {
    let nanos = i128::from(at.as_micros()) * 1_000;
    let time = OffsetDateTime::from_unix_timestamp_nanos(nanos);
    time.unwrap_or(OffsetDateTime::UNIX_EPOCH)
}

const FIGURES: [Column<'_>; 2] = [
    Column {
        name: "Figure",
        share: 1,
    },
    Column {
        name: "Of the whole time",
        share: 1,
    },
];
const BY_DAY: [Column<'_>; 2] = [
    Column {
        name: "Day (UTC)",
        share: 1,
    },
    Column {
        name: "Number",
        share: 1,
    },
];

#[cfg(test)]
mod tests {
    use conclave_protocol::report;

    use super::*;

    fn of(rows: Vec<Vec<Option<Cell>>>) -> Report {
        let at = Timestamp::from_micros(1_795_336_200_000_000);
        let column = |name: &str, unit| report::Column {
            name: name.to_owned(),
            unit,
        };
        Report {
            report: ReportKind::Usage,
            from: at,
            to: at,
            made_at: at,
            figures: vec![report::Figure {
                name: "loss".to_owned(),
                unit: Unit::PerMille,
                value: 12,
            }],
            charts: Vec::new(),
            columns: vec![
                column("host", Unit::Text),
                column("duration", Unit::Seconds),
            ],
            rows,
            is_cut: false,
        }
    }

    // Shows: REQ-AU-03.
    #[test]
    fn a_name_that_is_a_formula_is_text_in_the_file() {
        let evil = Some(Cell::Text("=HYPERLINK(\"http://x\")".to_owned()));

        let csv = csv(&of(vec![vec![evil, Some(Cell::Number(90))]]));

        let expected = "\u{feff}\"host\",\"duration (seconds)\"\r\n\
                        \"'=HYPERLINK(\"\"http://x\"\")\",\"90\"\r\n";
        assert_eq!(csv, expected);
    }

    #[test]
    fn a_report_on_paper_says_whose_it_is_and_its_units() {
        let row = vec![
            Some(Cell::Text("Amy".to_owned())),
            Some(Cell::Number(3_900)),
        ];

        let pdf = pdf(&of(vec![row]), "Riverside Clinic");

        let text = String::from_utf8(pdf).unwrap();
        for shown in [
            "(Usage)",
            "(1.2 %)",
            "(1 h 05 min)",
            "(Amy)",
            "Riverside Clinic",
        ] {
            assert!(text.contains(shown), "{shown}");
        }
    }
}
