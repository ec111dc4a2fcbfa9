//! What a directory is answered.

use serde::Serialize;
use serde_json::Value;

use super::{ERROR, ExternalId, GROUP, LIST, USER};
use crate::personal::{DisplayName, EmailAddress, Title};
use crate::{AccountGroupId, AccountId, Timestamp};

/// Somebody, as their directory sees them.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    pub schemas: [&'static str; 1],
    pub id: AccountId,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<ExternalId>,
    pub user_name: EmailAddress,
    pub display_name: DisplayName,
    pub name: Name,
    pub emails: [Email; 1],
    pub active: bool,
    pub meta: Meta,
}

#[derive(Clone, Serialize)]
pub struct Name {
    pub formatted: DisplayName,
}

#[derive(Clone, Serialize)]
pub struct Email {
    pub value: EmailAddress,
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub primary: bool,
}

/// A group that the directory made.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Group {
    pub schemas: [&'static str; 1],
    pub id: AccountGroupId,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_id: Option<ExternalId>,
    pub display_name: Title,
    /// Absent where the directory asked for the group without them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub members: Option<Vec<Member>>,
    pub meta: Meta,
}

#[derive(Clone, Serialize)]
pub struct Member {
    pub value: AccountId,
    pub display: DisplayName,
    #[serde(rename = "type")]
    pub kind: &'static str,
}

#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Meta {
    pub resource_type: &'static str,
    pub created: Timestamp,
    pub last_modified: Timestamp,
    pub location: String,
    /// A weak entity tag (RFC 9110, 8.8.1).
    pub version: String,
}

/// One page of a list.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct List<T> {
    pub schemas: [&'static str; 1],
    pub total_results: u32,
    pub start_index: u32,
    pub items_per_page: u32,
    #[serde(rename = "Resources")]
    pub resources: Vec<T>,
}

/// A refusal (RFC 7644, 3.12), with this server's own stable code beside.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Error {
    pub schemas: [&'static str; 1],
    /// As text.
    pub status: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scim_type: Option<&'static str>,
    pub detail: String,
    #[serde(rename = "urn:conclave:params:scim:api:messages:1.0:Error")]
    pub ours: Ours,
}

#[derive(Clone, Serialize)]
pub struct Ours {
    /// One of `docs/errors.md`.
    pub code: String,
}

impl<T> List<T> {
    pub fn page(total_results: u32, start_index: u32, resources: Vec<T>) -> Self {
        Self {
            schemas: [LIST],
            total_results,
            start_index,
            items_per_page: u32::try_from(resources.len()).unwrap_or(u32::MAX),
            resources,
        }
    }
}

impl Error {
    pub fn new(status: u16, scim_type: Option<&'static str>, detail: String, code: String) -> Self {
        Self {
            schemas: [ERROR],
            status: status.to_string(),
            scim_type,
            detail,
            ours: Ours { code },
        }
    }
}

/// `/ServiceProviderConfig` (RFC 7643, 5).
pub fn service_provider_config(base: &str, most_listed: u32) -> Value {
    let unsupported = serde_json::json!({"supported": false});
    serde_json::json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
        "patch": {"supported": true},
        "bulk": {"supported": false, "maxOperations": 0, "maxPayloadSize": 0},
        "filter": {"supported": true, "maxResults": most_listed},
        "changePassword": unsupported,
        "sort": unsupported,
        "etag": {"supported": true},
        "authenticationSchemes": [{
            "type": "oauthbearertoken",
            "name": "Key of a program",
            "description": "A key with the scope scim, sent as bearer token.",
            "primary": true,
        }],
        "meta": {
            "resourceType": "ServiceProviderConfig",
            "location": format!("{base}/ServiceProviderConfig"),
        },
    })
}

/// `/ResourceTypes` (RFC 7643, 6).
pub fn resource_types(base: &str) -> Vec<Value> {
    let of = |id: &str, endpoint: &str, schema: &str| {
        serde_json::json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ResourceType"],
            "id": id,
            "name": id,
            "endpoint": endpoint,
            "schema": schema,
            "meta": {
                "resourceType": "ResourceType",
                "location": format!("{base}/ResourceTypes/{id}"),
            },
        })
    };
    vec![of("User", "/Users", USER), of("Group", "/Groups", GROUP)]
}

/// `/Schemas` (RFC 7643, 7): what is kept.
pub fn schemas(base: &str) -> Vec<Value> {
    let attribute = |name: &str, kind: &str, required: bool, uniqueness: &str| {
        serde_json::json!({
            "name": name,
            "type": kind,
            "multiValued": false,
            "required": required,
            "caseExact": name == "externalId",
            "mutability": "readWrite",
            "returned": "default",
            "uniqueness": uniqueness,
        })
    };
    let members = serde_json::json!({
        "name": "members",
        "type": "complex",
        "multiValued": true,
        "required": false,
        "mutability": "readWrite",
        "returned": "default",
        "uniqueness": "none",
        "subAttributes": [attribute("value", "string", true, "none")],
    });
    let of = |id: &str, name: &str, attributes: Vec<Value>| {
        serde_json::json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Schema"],
            "id": id,
            "name": name,
            "attributes": attributes,
            "meta": {"resourceType": "Schema", "location": format!("{base}/Schemas/{id}")},
        })
    };
    let user = vec![
        attribute("userName", "string", true, "server"),
        attribute("displayName", "string", false, "none"),
        attribute("externalId", "string", false, "server"),
        attribute("active", "boolean", false, "none"),
    ];
    let group = vec![
        attribute("displayName", "string", true, "server"),
        attribute("externalId", "string", false, "server"),
        members,
    ];
    vec![of(USER, "User", user), of(GROUP, "Group", group)]
}
