//! What the agent on a supported computer says.

use conclave_protocol::remote::{Answer, DiagnosticReport, FileOffer, FromAgent, Monitors};
use js_sys::Array;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::name::name;
use crate::object::object;
use crate::{copied, number};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
export type Refusal = "denied" | "not_permitted" | "busy" | "asked_enough";

export type PauseReason = "local_input" | "question";

export type EndReason =
  | "stopped"
  | "technician_left"
  | "refused"
  | "not_answered"
  | "idle"
  | "too_long"
  | "connection_lost"
  | "not_permitted"
  | "unwelcome"
  | "unexpected"
  | "flood"
  | "sign_lost"
  | "agent_stopped"
  | "restarting"
  | "restart_refused"
  | "not_kept";

/** What came of an administrator's name and password. */
export type Raising = "raised" | "wrong" | "too_many" | "impossible";

export type FileOutcome = "complete" | "denied" | "not_permitted" | "damaged" | "harmful" | "cancelled" | "failed";

export type DiagnosticItem =
  | "operating_system"
  | "kernel"
  | "uptime"
  | "processor"
  | "memory"
  | "disks"
  | "network_adapters"
  | "displays"
  | "agent_version";

/** In pixels. */
export interface Monitor {
  readonly id: number;
  readonly width: number;
  readonly height: number;
}

export interface DiagnosticLine {
  readonly item: DiagnosticItem;
  readonly text: string;
}

export type FromAgent =
  | { readonly kind: "answer"; readonly to: Capability; readonly answer: "granted"; readonly seconds: number }
  | { readonly kind: "answer"; readonly to: Capability; readonly answer: Refusal }
  | { readonly kind: "withdrawn"; readonly capability: Capability }
  | { readonly kind: "control_begins" | "control_ends"; readonly turn: number }
  | { readonly kind: "paused"; readonly reason: PauseReason }
  | { readonly kind: "resumed" }
  | { readonly kind: "monitors"; readonly monitors: readonly Monitor[] }
  | { readonly kind: "watching"; readonly monitor: number }
  | { readonly kind: "clipboard" | "chat"; readonly text: string }
  | ({ readonly kind: "offer_file" } & FileOffer)
  | ({ readonly kind: "chunk" } & FileChunk)
  | { readonly kind: "fetch"; readonly transfer: number; readonly offset: number }
  | { readonly kind: "file_ended"; readonly transfer: number; readonly outcome: FileOutcome }
  | { readonly kind: "diagnostics"; readonly lines: readonly DiagnosticLine[] }
  | { readonly kind: "hand_over"; readonly agreed: boolean }
  | { readonly kind: "leads"; readonly transfer: number }
  | { readonly kind: "watches" | "lowered" | "no_restart" }
  | { readonly kind: "raised"; readonly outcome: Raising }
  | { readonly kind: "rests"; readonly rests: boolean }
  | { readonly kind: "ends_soon"; readonly reason: EndReason; readonly seconds: number }
  | { readonly kind: "ended"; readonly reason: EndReason };
"#;

#[wasm_bindgen(js_name = decodeAgent, unchecked_return_type = "FromAgent | undefined")]
pub fn decode_agent(bytes: &[u8]) -> JsValue {
    FromAgent::decode(bytes).map_or(JsValue::UNDEFINED, said)
}

fn said(message: FromAgent) -> JsValue {
    match message {
        FromAgent::Answer { to, answer } => answered(name(to), answer),
        FromAgent::Withdrawn(capability) => {
            object([kind("withdrawn"), ("capability", name(capability))])
        }
        FromAgent::ControlBegins(turn) => object([kind("control_begins"), ("turn", turn.0.into())]),
        FromAgent::ControlEnds(turn) => object([kind("control_ends"), ("turn", turn.0.into())]),
        FromAgent::Paused(reason) => object([kind("paused"), ("reason", name(reason))]),
        FromAgent::Resumed => object([kind("resumed")]),
        FromAgent::Monitors(shown) => object([kind("monitors"), ("monitors", monitors(&shown))]),
        FromAgent::Watching(monitor) => object([kind("watching"), ("monitor", monitor.0.into())]),
        FromAgent::Clipboard(text) => object([kind("clipboard"), ("text", text.as_str().into())]),
        FromAgent::Chat(words) => object([kind("chat"), ("text", words.as_str().into())]),
        FromAgent::OfferFile(offer) => offered(&offer),
        FromAgent::Chunk {
            transfer,
            offset,
            bytes,
        } => object([
            kind("chunk"),
            ("transfer", transfer.0.into()),
            ("offset", number(offset)),
            ("bytes", copied(bytes.as_bytes()).into()),
        ]),
        FromAgent::Fetch { transfer, offset } => object([
            kind("fetch"),
            ("transfer", transfer.0.into()),
            ("offset", number(offset)),
        ]),
        FromAgent::FileEnded { transfer, outcome } => object([
            kind("file_ended"),
            ("transfer", transfer.0.into()),
            ("outcome", name(outcome)),
        ]),
        FromAgent::Diagnostics(report) => object([kind("diagnostics"), ("lines", lines(&report))]),
        FromAgent::HandOver(agreed) => object([kind("hand_over"), ("agreed", agreed.into())]),
        FromAgent::Leads(transfer) => object([kind("leads"), ("transfer", transfer.0.into())]),
        FromAgent::Watches => object([kind("watches")]),
        FromAgent::Raised(outcome) => object([kind("raised"), ("outcome", name(outcome))]),
        FromAgent::Lowered => object([kind("lowered")]),
        FromAgent::NoRestart => object([kind("no_restart")]),
        FromAgent::Rests(rests) => object([kind("rests"), ("rests", rests.into())]),
        FromAgent::EndsSoon { reason, seconds } => object([
            kind("ends_soon"),
            ("reason", name(reason)),
            ("seconds", seconds.into()),
        ]),
        FromAgent::Ended(reason) => object([kind("ended"), ("reason", name(reason))]),
    }
}

fn kind(kind: &str) -> (&'static str, JsValue) {
    ("kind", kind.into())
}

fn answered(to: JsValue, answer: Answer) -> JsValue {
    let refusal = match answer {
        Answer::Granted { seconds } => {
            return object([
                kind("answer"),
                ("to", to),
                ("answer", "granted".into()),
                ("seconds", seconds.into()),
            ]);
        }
        Answer::Denied => "denied",
        Answer::NotPermitted => "not_permitted",
        Answer::Busy => "busy",
        Answer::AskedEnough => "asked_enough",
    };
    object([kind("answer"), ("to", to), ("answer", refusal.into())])
}

fn monitors(monitors: &Monitors) -> JsValue {
    let monitors = monitors.iter().map(|monitor| {
        object([
            ("id", monitor.id.0.into()),
            ("width", monitor.width.into()),
            ("height", monitor.height.into()),
        ])
    });
    monitors.collect::<Array>().into()
}

fn offered(offer: &FileOffer) -> JsValue {
    object([
        kind("offer_file"),
        ("transfer", offer.transfer.0.into()),
        ("name", offer.name.as_str().into()),
        ("size", number(offer.size)),
        ("sha256", copied(&offer.sha256.0).into()),
    ])
}

pub(crate) fn lines(report: &DiagnosticReport) -> JsValue {
    let lines = report.lines().iter();
    let lines = lines.map(|(item, text)| object([("item", name(item)), ("text", text.into())]));
    lines.collect::<Array>().into()
}
