//! What a member wants done, as JavaScript reads it.

use conclave_e2ee::group::JoinRefusal;
use conclave_e2ee::identity::ParticipantId;
use conclave_e2ee::session::{Alarm, Output, Sending, Silence, ToServer};
use js_sys::Array;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::copied;
use crate::object::object;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
export type Output =
  | { readonly kind: "send"; readonly message: "join" | "pass" }
  | { readonly kind: "send"; readonly message: "create"; readonly group: Uint8Array; readonly groupInfo: Uint8Array }
  | {
      readonly kind: "send";
      readonly message: "commit";
      readonly group: Uint8Array;
      readonly epoch: bigint;
      readonly leaf?: number;
      readonly commit: Uint8Array;
      readonly groupInfo: Uint8Array;
    }
  | {
      readonly kind: "send";
      readonly message: "processed" | "invalid" | "turn";
      readonly group: Uint8Array;
      readonly epoch: bigint;
    }
  /** For every other member. */
  | { readonly kind: "broadcast"; readonly bytes: Uint8Array }
  /** For one participant. */
  | { readonly kind: "letter"; readonly to: Uint8Array; readonly bytes: Uint8Array }
  /** Somebody asks to be let in whom the person here, a host, has not let in. */
  | { readonly kind: "voucher_asked"; readonly participant: Uint8Array }
  /** With `epoch` of `group`; or not at all, and why. */
  | { readonly kind: "sending"; readonly group: Uint8Array; readonly epoch: bigint; readonly silence?: undefined }
  | { readonly kind: "sending"; readonly epoch?: undefined; readonly silence: "no_key" | "unconfirmed" | "over" }
  /** Roster, security code or rules are others. */
  | { readonly kind: "changed" }
  /** A host has to let this member in first; the hosts are being asked. */
  | { readonly kind: "needs_voucher"; readonly group: Uint8Array }
  /** Only a host may make the group: this member waits for one. */
  | { readonly kind: "needs_host" }
  /** Who lasts in one roster only; nobody, when a difference ends. */
  | { readonly kind: "difference"; readonly strangers: Uint8Array[]; readonly outsiders: Uint8Array[] }
  | {
      readonly kind: "alarm";
      readonly what: "group" | "members" | "unfounded" | "rollback" | "commit" | "proposal" | "mislabelled";
      readonly participant?: Uint8Array;
    }
  /** Whose silence makes `sending` `unconfirmed`; nobody, when it ends. */
  | { readonly kind: "silent"; readonly participants: Uint8Array[] }
  /** A host's wish (`expel`) has not happened, and won't. */
  | { readonly kind: "wish_failed" }
  /** Drained: call `timeout` at `until` at the latest. */
  | { readonly kind: "wait"; readonly until?: number };
"#;

pub(crate) fn output(output: Output) -> JsValue {
    match output {
        Output::Send(message) => send(message),
        Output::Broadcast(bytes) => object([
            ("kind", "broadcast".into()),
            ("bytes", copied(&bytes).into()),
        ]),
        Output::Letter { to, bytes } => object([
            ("kind", "letter".into()),
            ("to", copied(&to.0).into()),
            ("bytes", copied(&bytes).into()),
        ]),
        Output::VoucherAsked(who) => object([
            ("kind", "voucher_asked".into()),
            ("participant", copied(&who.0).into()),
        ]),
        Output::Sending(state) => sending(state),
        Output::Changed => object([("kind", "changed".into())]),
        Output::NeedsVoucher(group) => object([
            ("kind", "needs_voucher".into()),
            ("group", copied(&group.0).into()),
        ]),
        Output::NeedsHost => object([("kind", "needs_host".into())]),
        Output::Difference(difference) => object([
            ("kind", "difference".into()),
            ("strangers", people(&difference.strangers)),
            ("outsiders", people(&difference.outsiders)),
        ]),
        Output::Alarm(alarm) => alarmed(&alarm),
        Output::Silent(silent) => {
            object([("kind", "silent".into()), ("participants", people(&silent))])
        }
        Output::WishFailed => object([("kind", "wish_failed".into())]),
        Output::Wait(until) => object([
            ("kind", "wait".into()),
            ("until", until.map(|at| at.as_secs_f64() * 1000.0).into()),
        ]),
    }
}

fn send(message: ToServer) -> JsValue {
    let kind = ("kind", "send".into());
    let named = |message: &str, group: [u8; 16], epoch: u64| {
        object([
            ("kind", "send".into()),
            ("message", message.into()),
            ("group", copied(&group).into()),
            ("epoch", epoch.into()),
        ])
    };
    match message {
        ToServer::Join => object([kind, ("message", "join".into())]),
        ToServer::Pass => object([kind, ("message", "pass".into())]),
        ToServer::Create { group, group_info } => object([
            kind,
            ("message", "create".into()),
            ("group", copied(&group.0).into()),
            ("groupInfo", copied(&group_info).into()),
        ]),
        ToServer::Commit {
            group,
            epoch,
            leaf,
            commit,
            group_info,
        } => object([
            kind,
            ("message", "commit".into()),
            ("group", copied(&group.0).into()),
            ("epoch", epoch.into()),
            ("leaf", leaf.into()),
            ("commit", copied(&commit).into()),
            ("groupInfo", copied(&group_info).into()),
        ]),
        ToServer::Processed { group, epoch } => named("processed", group.0, epoch),
        ToServer::Invalid { group, epoch } => named("invalid", group.0, epoch),
        ToServer::Turn { group, epoch } => named("turn", group.0, epoch),
    }
}

fn sending(sending: Sending) -> JsValue {
    let silence = match sending {
        Sending::With(at) => {
            return object([
                ("kind", "sending".into()),
                ("group", copied(&at.group.0).into()),
                ("epoch", at.epoch.into()),
            ]);
        }
        Sending::Stopped(Silence::NoKey) => "no_key",
        Sending::Stopped(Silence::Unconfirmed) => "unconfirmed",
        Sending::Stopped(Silence::Over) => "over",
    };
    object([("kind", "sending".into()), ("silence", silence.into())])
}

fn alarmed(alarm: &Alarm) -> JsValue {
    let (what, participant) = match alarm {
        Alarm::Group(JoinRefusal::Members) => ("members", None),
        Alarm::Group(JoinRefusal::Unfounded) => ("unfounded", None),
        Alarm::Group(JoinRefusal::Rollback) => ("rollback", None),
        Alarm::Group(_) => ("group", None),
        Alarm::Commit { sender, .. } => ("commit", Some(sender)),
        Alarm::Proposal(_) => ("proposal", None),
        Alarm::Mislabelled { .. } => ("mislabelled", None),
    };
    object([
        ("kind", "alarm".into()),
        ("what", what.into()),
        ("participant", participant.map(|who| copied(&who.0)).into()),
    ])
}

fn people(people: &[ParticipantId]) -> JsValue {
    let people = people.iter().map(|who| JsValue::from(copied(&who.0)));
    people.collect::<Array>().into()
}
