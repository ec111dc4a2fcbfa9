//! Who is in the group, as people see it.

use conclave_e2ee::group::{Occupant, Proof};
use conclave_e2ee::identity::Standing;
use js_sys::Array;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::copied;
use crate::object::object;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
export interface Occupant {
  readonly leaf: number;
  readonly participant: Uint8Array;
  /** What the member says of itself, unless `isVerified`. */
  readonly displayName: string;
  /** May let people in and put them out. */
  readonly isHost: boolean;
  readonly standing: "guest" | "account" | "host account";
  /** Whether the invitation names the member's account. */
  readonly isVerified: boolean;
  readonly signatureKey: Uint8Array;
  /** 16 bytes; with `accountKey`, which has signed for the device. Whose account it is, its list of devices says. */
  readonly account?: Uint8Array;
  /** 32 bytes. */
  readonly accountKey?: Uint8Array;
}
"#;

pub(crate) fn roster(roster: &[Occupant]) -> Array {
    roster.iter().map(occupant).collect()
}

fn occupant(occupant: &Occupant) -> JsValue {
    let standing = match occupant.proof {
        Proof::Guest => "guest",
        Proof::Account => "account",
        Proof::HostAccount => "host account",
    };
    let account = match &occupant.identity.standing {
        Standing::Guest => None,
        Standing::Account {
            account,
            certificate,
        } => Some((account.0, certificate.account_key)),
    };
    object([
        ("leaf", occupant.leaf.into()),
        (
            "participant",
            copied(&occupant.identity.participant.0).into(),
        ),
        (
            "displayName",
            occupant.identity.display_name.as_str().into(),
        ),
        ("isHost", occupant.is_host.into()),
        ("standing", standing.into()),
        ("isVerified", (occupant.proof == Proof::HostAccount).into()),
        ("signatureKey", copied(&occupant.signature_key).into()),
        ("account", account.map(|(id, _)| copied(&id)).into()),
        ("accountKey", account.map(|(_, key)| copied(&key)).into()),
    ])
}
