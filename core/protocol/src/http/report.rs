//! Bodies of reports: figures, a day's worth at a time, and a table, whatever they are about.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Timestamp;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ReportKind {
    /// Meetings, who was in, and for how long.
    Usage,
    /// How their media did.
    Quality,
    /// Who has which role, and signs in how.
    Access,
    FailedSignIns,
    PolicyChanges,
    /// What each host did.
    Representatives,
    /// What accounts are used with, and which programs have a key.
    Devices,
    /// Who held which support session, and what whoever was helped thinks of it.
    Support,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReportFormat {
    #[default]
    Json,
    Csv,
    Pdf,
}

/// `GET /api/v1/admin/reports/{report}`.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
pub struct Report {
    pub report: ReportKind,
    pub from: Timestamp,
    pub to: Timestamp,
    pub made_at: Timestamp,
    pub figures: Vec<Figure>,
    pub charts: Vec<Chart>,
    pub columns: Vec<Column>,
    /// Each with a cell for every column; `null` where there is nothing.
    pub rows: Vec<Vec<Option<Cell>>>,
    /// There is more than this.
    pub is_cut: bool,
}

/// One number of the whole time.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = ReportFigure)]
pub struct Figure {
    pub name: String,
    pub unit: Unit,
    pub value: u64,
}

/// A number for each day (UTC) of the time.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = ReportChart)]
pub struct Chart {
    pub name: String,
    pub unit: Unit,
    pub points: Vec<Point>,
}

#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = ReportPoint)]
pub struct Point {
    /// The beginning of the day.
    pub day: Timestamp,
    pub value: u64,
}

#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = ReportColumn)]
pub struct Column {
    pub name: String,
    pub unit: Unit,
}

/// What a column's cells are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ReportUnit)]
pub enum Unit {
    /// Somebody's words, as they are.
    Text,
    /// A word of a closed vocabulary.
    Word,
    /// An instant (RFC 3339).
    Time,
    Count,
    Seconds,
    /// Of time.
    Microseconds,
    /// Parts of a thousand.
    PerMille,
}

#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
#[schema(as = ReportCell)]
pub enum Cell {
    Number(u64),
    Text(String),
}
