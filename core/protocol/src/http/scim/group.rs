//! What a directory says of a group, and of who is in it.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use uuid::Uuid;

use super::attribute::Attribute;
use super::patch::{self, Op, Operation};
use super::{ExternalId, Wrong, external_id};
use crate::AccountId;
use crate::personal::Title;

/// What a directory says of a group; what is absent stays as it is.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct GroupChange {
    pub name: Option<Title>,
    /// `Some(None)` takes it away.
    pub external_id: Option<Option<ExternalId>>,
    /// In their order.
    members: Vec<MembersChange>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum MembersChange {
    Add(Vec<AccountId>),
    Remove(Vec<AccountId>),
    Replace(Vec<AccountId>),
}

impl GroupChange {
    /// The body of a POST or a PUT.
    pub fn of_resource(bytes: &[u8]) -> Result<Self, Wrong> {
        let body: Map<String, Value> = serde_json::from_slice(bytes).map_err(|_| Wrong::Syntax)?;
        let mut change = Self::default();
        change.object(Op::Replace, &body)?;
        Ok(change)
    }

    /// The body of a PATCH.
    pub fn of_patch(bytes: &[u8]) -> Result<Self, Wrong> {
        let mut change = Self::default();
        for operation in patch::parse(bytes)? {
            change.operation(&operation)?;
        }
        Ok(change)
    }

    /// Who is in after it, of those who are in before it.
    pub fn members_after(&self, before: &BTreeSet<AccountId>) -> BTreeSet<AccountId> {
        let mut members = before.clone();
        for change in &self.members {
            match change {
                MembersChange::Add(added) => members.extend(added),
                MembersChange::Remove(removed) => {
                    members.retain(|member| !removed.contains(member));
                }
                MembersChange::Replace(all) => members = all.iter().copied().collect(),
            }
        }
        members
    }

    fn operation(&mut self, Operation { op, path, value }: &Operation) -> Result<(), Wrong> {
        let Some(path) = path else {
            return self.object(*op, value.as_object().ok_or(Wrong::Value)?);
        };
        match (Attribute::parse(path)?, op) {
            (Attribute::Members, Op::Remove) => self.remove_members(path, value),
            (Attribute::Members, _) if path.contains('[') => Err(Wrong::Path),
            (Attribute::ExternalId, Op::Remove) => {
                self.external_id = Some(None);
                Ok(())
            }
            (Attribute::ReadOnly | Attribute::DisplayName, Op::Remove)
            | (Attribute::ReadOnly, _) => Err(Wrong::Mutability),
            (attribute, _) => self.set(*op, attribute, value),
        }
    }

    fn object(&mut self, op: Op, body: &Map<String, Value>) -> Result<(), Wrong> {
        for (path, value) in body {
            self.set(op, Attribute::parse(path)?, value)?;
        }
        Ok(())
    }

    fn set(&mut self, op: Op, attribute: Attribute, value: &Value) -> Result<(), Wrong> {
        match attribute {
            Attribute::DisplayName => {
                let name = Title::parse(value.as_str().ok_or(Wrong::Value)?);
                self.name = Some(name.map_err(|_| Wrong::Value)?);
            }
            Attribute::ExternalId => self.external_id = Some(external_id(value)?),
            Attribute::Members => {
                let members = members(value)?;
                self.members.push(match op {
                    Op::Add => MembersChange::Add(members),
                    Op::Replace | Op::Remove => MembersChange::Replace(members),
                });
            }
            Attribute::ReadOnly => {}
            Attribute::Refused => return Err(Wrong::Refused),
            Attribute::UserName
            | Attribute::Active
            | Attribute::Name(_)
            | Attribute::NotKept
            | Attribute::Enterprise => return Err(Wrong::Path),
        }
        Ok(())
    }

    /// `members[value eq "…"]`, or the members in the value; without either, all of them.
    fn remove_members(&mut self, path: &str, value: &Value) -> Result<(), Wrong> {
        self.members.push(match (one(path)?, value) {
            (Some(member), _) => MembersChange::Remove(vec![member]),
            (None, Value::Null) => MembersChange::Replace(Vec::new()),
            (None, value) => MembersChange::Remove(members(value)?),
        });
        Ok(())
    }
}

/// The member that a path points at; `None` where it points at all.
fn one(path: &str) -> Result<Option<AccountId>, Wrong> {
    let Some((_, filter)) = path.split_once('[') else {
        return Ok(None);
    };
    let filter = filter.trim_end().strip_suffix(']').ok_or(Wrong::Path)?;
    let mut words = filter.split_whitespace();
    let (attribute, operator) = (words.next(), words.next());
    let value = words.next().ok_or(Wrong::Path)?;
    let is_eq = operator.is_some_and(|word| word.eq_ignore_ascii_case("eq"));
    let is_value = attribute.is_some_and(|word| word.eq_ignore_ascii_case("value"));
    if !is_eq || !is_value || words.next().is_some() {
        return Err(Wrong::Path);
    }
    let value: String = serde_json::from_str(value).map_err(|_| Wrong::Path)?;
    account(&value).map(Some)
}

/// A list of members, or one alone.
fn members(value: &Value) -> Result<Vec<AccountId>, Wrong> {
    match value {
        Value::Array(members) => members.iter().map(member).collect(),
        Value::Null => Ok(Vec::new()),
        alone => Ok(vec![member(alone)?]),
    }
}

/// Groups in groups are not served: policy would have to be explained through them.
fn member(value: &Value) -> Result<AccountId, Wrong> {
    let kind = value.get("type").and_then(Value::as_str);
    if kind.is_some_and(|kind| !kind.eq_ignore_ascii_case("user")) {
        return Err(Wrong::Value);
    }
    account(
        value
            .get("value")
            .and_then(Value::as_str)
            .ok_or(Wrong::Value)?,
    )
}

fn account(text: &str) -> Result<AccountId, Wrong> {
    let id: Result<Uuid, _> = text.parse();
    id.map(AccountId).map_err(|_| Wrong::Value)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const A: &str = "0190b5c8-7f6e-7000-8000-00000000000a";
    const B: &str = "0190b5c8-7f6e-7000-8000-00000000000b";

    fn patch(operations: Value) -> Result<GroupChange, Wrong> {
        let body = json!({"schemas": [super::super::PATCH], "Operations": operations});
        GroupChange::of_patch(&serde_json::to_vec(&body).unwrap())
    }

    fn ids(ids: &[&str]) -> BTreeSet<AccountId> {
        ids.iter().map(|id| account(id).unwrap()).collect()
    }

    #[test]
    fn each_directorys_way_to_change_members_is_one() {
        let remove = format!("members[value eq \"{B}\"]");
        for (operation, before, after) in [
            (
                json!({"op": "Add", "path": "members", "value": [{"value": B}]}),
                &[A][..],
                &[A, B][..],
            ),
            (
                json!({"op": "add", "value": {"members": [{"value": B}]}}),
                &[A],
                &[A, B],
            ),
            (
                json!({"op": "Remove", "path": "members", "value": [{"value": B}]}),
                &[A, B],
                &[A],
            ),
            (json!({"op": "remove", "path": remove}), &[A, B], &[A]),
            (json!({"op": "remove", "path": "members"}), &[A, B], &[]),
            (
                json!({"op": "replace", "path": "members", "value": [{"value": B}]}),
                &[A],
                &[B],
            ),
            // Okta's way to rename.
            (
                json!({"op": "replace", "value": {"id": "x", "displayName": "Ward"}}),
                &[A],
                &[A],
            ),
        ] {
            let change = patch(json!([operation.clone()])).ok().unwrap();
            assert_eq!(
                change.members_after(&ids(before)),
                ids(after),
                "{operation}"
            );
        }
    }

    #[test]
    fn only_people_are_members_and_only_by_their_ids() {
        for (value, wrong) in [
            (json!([{"value": "bo"}]), Wrong::Value),
            (json!([{"value": A, "type": "Group"}]), Wrong::Value),
            (json!([A]), Wrong::Value),
        ] {
            let operation = json!({"op": "add", "path": "members", "value": value});
            assert!(
                patch(json!([operation.clone()])) == Err(wrong),
                "{operation}"
            );
        }
        let path = "members[display eq \"Bo\"]";
        assert!(patch(json!([{"op": "remove", "path": path}])) == Err(Wrong::Path));
        assert!(
            patch(json!([{"op": "add", "path": "roles", "value": "x"}])) == Err(Wrong::Refused)
        );
    }
}
