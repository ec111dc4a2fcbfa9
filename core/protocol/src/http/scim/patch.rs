//! The body of a PATCH (RFC 7644, 3.5.2), as Entra and Okta write it too: operations in any case, paths left out.

use serde::Deserialize;
use serde_json::Value;

use super::{PATCH, Wrong};

/// In one request. Directories send a handful.
const MOST_OPERATIONS: usize = 100;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Op {
    Add,
    Replace,
    Remove,
}

/// One operation: where, and what.
pub(super) struct Operation {
    pub(super) op: Op,
    pub(super) path: Option<String>,
    pub(super) value: Value,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    schemas: Vec<String>,
    #[serde(rename = "Operations", alias = "operations")]
    operations: Vec<Written>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    op: String,
    path: Option<String>,
    #[serde(default)]
    value: Value,
}

pub(super) fn parse(bytes: &[u8]) -> Result<Vec<Operation>, Wrong> {
    let body: Body = serde_json::from_slice(bytes).map_err(|_| Wrong::Syntax)?;
    let is_patch = body.schemas.iter().any(|schema| schema == PATCH);
    if !is_patch || body.operations.is_empty() || body.operations.len() > MOST_OPERATIONS {
        return Err(Wrong::Syntax);
    }
    body.operations.into_iter().map(operation).collect()
}

fn operation(Written { op, path, value }: Written) -> Result<Operation, Wrong> {
    let op = match op.to_ascii_lowercase().as_str() {
        "add" => Op::Add,
        "replace" => Op::Replace,
        "remove" => Op::Remove,
        _ => return Err(Wrong::Syntax),
    };
    match (op, &path) {
        (Op::Remove, None) => Err(Wrong::Path),
        _ => Ok(Operation { op, path, value }),
    }
}
