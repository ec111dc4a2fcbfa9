//! What a directory says of somebody.

use serde_json::{Map, Value};

use super::attribute::{Attribute, NamePart, of_enterprise};
use super::patch::{self, Op, Operation};
use super::{ExternalId, Wrong, external_id};
use crate::personal::{DisplayName, EmailAddress};

/// What a directory says of somebody, as far as it is kept; what is absent stays as it is.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct UserChange {
    pub user_name: Option<EmailAddress>,
    pub display_name: Option<DisplayName>,
    /// `Some(None)` takes it away.
    pub external_id: Option<Option<ExternalId>>,
    pub active: Option<bool>,
}

impl UserChange {
    /// The body of a POST or a PUT. An attribute that is left out stays as it is (RFC 7644, 3.5.1, lets servers choose).
    pub fn of_resource(bytes: &[u8]) -> Result<Self, Wrong> {
        let body: Map<String, Value> = serde_json::from_slice(bytes).map_err(|_| Wrong::Syntax)?;
        let mut read = Reading::default();
        read.object(&body)?;
        read.finish()
    }

    /// The body of a PATCH.
    pub fn of_patch(bytes: &[u8]) -> Result<Self, Wrong> {
        let mut read = Reading::default();
        for operation in patch::parse(bytes)? {
            read.operation(&operation)?;
        }
        Ok(read.change)
    }
}

/// A change while it is read.
#[derive(Default)]
struct Reading {
    change: UserChange,
    formatted: Option<String>,
    given: Option<String>,
    family: Option<String>,
}

impl Reading {
    fn operation(&mut self, Operation { op, path, value }: &Operation) -> Result<(), Wrong> {
        match (op, path) {
            (Op::Remove, path) => self.remove(path.as_deref().unwrap_or_default()),
            (_, Some(path)) => match Attribute::parse(path)? {
                Attribute::ReadOnly => Err(Wrong::Mutability),
                attribute => self.set(attribute, value),
            },
            (_, None) => self.object(value.as_object().ok_or(Wrong::Value)?),
        }
    }

    /// The names of an object's members are paths too: Entra writes `name.givenName`.
    fn object(&mut self, body: &Map<String, Value>) -> Result<(), Wrong> {
        for (path, value) in body {
            self.set(Attribute::parse(path)?, value)?;
        }
        Ok(())
    }

    fn remove(&mut self, path: &str) -> Result<(), Wrong> {
        match Attribute::parse(path)? {
            Attribute::ExternalId => self.change.external_id = Some(None),
            Attribute::NotKept | Attribute::Enterprise | Attribute::Name(_) => {}
            Attribute::Refused => return Err(Wrong::Refused),
            Attribute::Members => return Err(Wrong::Path),
            Attribute::UserName
            | Attribute::DisplayName
            | Attribute::Active
            | Attribute::ReadOnly => return Err(Wrong::Mutability),
        }
        Ok(())
    }

    fn set(&mut self, attribute: Attribute, value: &Value) -> Result<(), Wrong> {
        match attribute {
            Attribute::UserName => {
                let address = EmailAddress::parse(text(value)?);
                self.change.user_name = Some(address.map_err(|_| Wrong::Value)?);
            }
            Attribute::DisplayName => self.change.display_name = Some(name(text(value)?)?),
            Attribute::ExternalId => self.change.external_id = Some(external_id(value)?),
            Attribute::Active => self.change.active = Some(truth(value)?),
            Attribute::Name(part) => self.name(part, value),
            Attribute::Enterprise => enterprise(value)?,
            Attribute::ReadOnly | Attribute::NotKept => {}
            Attribute::Members => return Err(Wrong::Path),
            Attribute::Refused => return Err(Wrong::Refused),
        }
        Ok(())
    }

    fn name(&mut self, part: Option<NamePart>, value: &Value) {
        let said = |value: Option<&Value>| value?.as_str().map(str::to_owned);
        let named = |name| said(value.get(name));
        match part {
            Some(NamePart::Formatted) => self.formatted = said(Some(value)),
            Some(NamePart::Given) => self.given = said(Some(value)),
            Some(NamePart::Family) => self.family = said(Some(value)),
            Some(NamePart::Other) => {}
            None => {
                self.formatted = named("formatted");
                self.given = named("givenName");
                self.family = named("familyName");
            }
        }
    }

    /// Without a name to show, one is made of its parts.
    fn finish(mut self) -> Result<UserChange, Wrong> {
        if self.change.display_name.is_none() {
            let parts = [self.given, self.family].into_iter().flatten();
            let parts = parts.collect::<Vec<_>>().join(" ");
            let made = self.formatted.unwrap_or(parts);
            if !made.trim().is_empty() {
                self.change.display_name = Some(name(&made)?);
            }
        }
        Ok(self.change)
    }
}

fn enterprise(value: &Value) -> Result<(), Wrong> {
    let names = value.as_object().into_iter().flat_map(Map::keys);
    let refused = |name: &String| of_enterprise(name) == Attribute::Refused;
    match names.into_iter().any(refused) {
        true => Err(Wrong::Refused),
        false => Ok(()),
    }
}

fn text(value: &Value) -> Result<&str, Wrong> {
    value.as_str().ok_or(Wrong::Value)
}

/// Without what is drawn as nothing: a directory that has such a name goes on saying who has left.
fn name(text: &str) -> Result<DisplayName, Wrong> {
    DisplayName::kept(text).ok_or(Wrong::Value)
}

/// Entra writes `"False"`.
fn truth(value: &Value) -> Result<bool, Wrong> {
    match value {
        Value::Bool(truth) => Ok(*truth),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Ok(true),
        Value::String(text) if text.eq_ignore_ascii_case("false") => Ok(false),
        _ => Err(Wrong::Value),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn patch(operations: Value) -> Result<UserChange, Wrong> {
        let body = json!({"schemas": [super::super::PATCH], "Operations": operations});
        UserChange::of_patch(&serde_json::to_vec(&body).unwrap())
    }

    fn resource(body: Value) -> Result<UserChange, Wrong> {
        UserChange::of_resource(&serde_json::to_vec(&body).unwrap())
    }

    fn inactive(change: Result<UserChange, Wrong>) -> bool {
        change.is_ok_and(|change| change.active == Some(false))
    }

    #[test]
    fn each_directorys_way_to_deactivate_is_one() {
        assert!(inactive(patch(
            json!([{"op": "replace", "path": "active", "value": false}])
        )));
        // Entra's, and Okta's.
        assert!(inactive(patch(
            json!([{"op": "Replace", "path": "active", "value": "False"}])
        )));
        assert!(inactive(patch(
            json!([{"op": "replace", "value": {"active": false}}])
        )));
        let path = "urn:ietf:params:scim:schemas:core:2.0:User:active";
        assert!(inactive(patch(
            json!([{"op": "Add", "path": path, "value": "false"}])
        )));
        assert!(
            patch(json!([{"op": "replace", "path": "active", "value": "no"}])) == Err(Wrong::Value)
        );
    }

    // Shows: ABUSE-16.
    #[test]
    fn what_gives_rights_is_refused_in_every_place() {
        let enterprise = super::super::ENTERPRISE;
        for operations in [
            json!([{"op": "replace", "path": "roles", "value": [{"value": "owner"}]}]),
            json!([{"op": "add", "path": "roles[primary eq \"True\"].value", "value": "owner"}]),
            json!([{"op": "replace", "value": {"active": true, "Roles": ["owner"]}}]),
            json!([{"op": "replace", "value": {"roles[primary eq \"True\"].value": "owner"}}]),
            json!([{"op": "remove", "path": "entitlements"}]),
            json!([{"op": "replace", "path": "password", "value": "x"}]),
            json!([{"op": "replace", "value": {enterprise: {"Organization": "other"}}}]),
        ] {
            assert!(
                patch(operations.clone()) == Err(Wrong::Refused),
                "{operations}"
            );
        }
        for body in [
            json!({"userName": "bo@clinic.example", "roles": [{"value": "owner"}]}),
            json!({"userName": "bo@clinic.example", enterprise: {"organization": "other"}}),
        ] {
            assert!(resource(body.clone()) == Err(Wrong::Refused), "{body}");
        }
    }

    #[test]
    fn a_resource_says_who_somebody_is_and_the_rest_is_read_over() {
        let change = resource(json!({
            "schemas": [super::super::USER],
            "id": "x",
            "userName": "bo@clinic.example",
            "externalId": "42",
            "name": {"givenName": "Bo", "familyName": "Hadley"},
            "emails": [{"value": "bo@clinic.example", "primary": true}],
            "title": "Nurse",
            (super::super::ENTERPRISE): {"department": "Ward 3"},
        }));

        let change = change.ok().unwrap();
        assert_eq!(change.display_name.unwrap().as_str(), "Bo Hadley");
        assert_eq!(change.external_id.flatten().unwrap().as_str(), "42");
        assert_eq!(change.active, None);
        assert!(resource(json!({"userName": "no address"})) == Err(Wrong::Value));
        assert!(resource(json!({"isOwner": true})) == Err(Wrong::Path));
        assert!(resource(json!([])) == Err(Wrong::Syntax));
    }

    #[test]
    fn what_somebody_must_have_is_not_taken_away() {
        for path in ["userName", "active", "displayName", "id"] {
            let removed = patch(json!([{"op": "remove", "path": path}]));
            assert!(removed == Err(Wrong::Mutability), "{path}");
        }
        assert!(
            patch(json!([{"op": "remove", "path": "externalId"}]))
                .is_ok_and(|change| change.external_id == Some(None))
        );
        assert!(patch(json!([{"op": "remove"}])) == Err(Wrong::Path));
        assert!(patch(json!([])) == Err(Wrong::Syntax));
        assert!(patch(json!([{"op": "move", "path": "active"}])) == Err(Wrong::Syntax));
    }
}
