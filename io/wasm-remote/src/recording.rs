//! What a recording tells, moment by moment.

use conclave_protocol::feedback::{AnswerSaid, FeedbackAnswer};
use conclave_remote::recording::{Moment, Timed, read};
use js_sys::Array;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::from_agent::lines;
use crate::name::name;
use crate::object::object;
use crate::{copied, number};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** `at`: milliseconds after the recording began. */
export type RecordedMoment = { readonly at: number } & (
  | { readonly kind: "anew" | "dark" }
  | { readonly kind: "control_began" | "redacted" | "local_override" | "diagnosed" }
  /** A message of the picture, as a viewer gets it. */
  | { readonly kind: "seen"; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: "written_by_technician" | "written_by_person"; readonly text: string }
  | { readonly kind: "permitted" | "withdrawn"; readonly capability: Capability }
  | { readonly kind: "control_ended"; readonly injected: number; readonly dropped: number }
  | { readonly kind: "clicked"; readonly button: string; readonly x?: number; readonly y?: number }
  | { readonly kind: "typed"; readonly keys: number; readonly characters: number }
  | { readonly kind: "file_in" | "file_out"; readonly size: number; readonly sha256: Uint8Array<ArrayBuffer> }
  | { readonly kind: "ended"; readonly reason: EndReason }
  | { readonly kind: "facts"; readonly lines: readonly DiagnosticLine[] }
  | { readonly kind: "judged"; readonly solved: boolean | undefined; readonly rating: number | undefined }
  /** A rating, or words. */
  | { readonly kind: "answered"; readonly answers: readonly { readonly question: string; readonly said: number | string }[] }
);
"#;

/// Of one opened piece; `undefined` for what is none.
#[wasm_bindgen(js_name = readMoments, unchecked_return_type = "RecordedMoment[] | undefined")]
pub fn read_moments(piece: &[u8]) -> JsValue {
    read(piece).map_or(JsValue::UNDEFINED, |moments| {
        moments.into_iter().map(told).collect::<Array>().into()
    })
}

fn told(Timed { at, moment }: Timed) -> JsValue {
    let of = |kind: &str| [("at", at.into()), ("kind", kind.into())];
    let [at, kind] = of(kind_of(&moment));
    match moment {
        Moment::Anew
        | Moment::Dark
        | Moment::ControlBegan
        | Moment::Redacted
        | Moment::LocalOverride
        | Moment::Diagnosed => object([at, kind]),
        Moment::Seen(bytes) => object([at, kind, ("bytes", copied(&bytes).into())]),
        Moment::WrittenByTechnician(words) | Moment::WrittenByPerson(words) => {
            object([at, kind, ("text", words.as_str().into())])
        }
        Moment::Permitted(capability) | Moment::Withdrawn(capability) => {
            object([at, kind, ("capability", name(capability))])
        }
        Moment::ControlEnded { injected, dropped } => object([
            at,
            kind,
            ("injected", number(injected)),
            ("dropped", number(dropped)),
        ]),
        Moment::Clicked {
            button,
            at: Some(place),
        } => object([
            at,
            kind,
            ("button", name(button)),
            ("x", place.x.into()),
            ("y", place.y.into()),
        ]),
        Moment::Clicked { button, at: None } => object([at, kind, ("button", name(button))]),
        Moment::Typed { keys, characters } => object([
            at,
            kind,
            ("keys", keys.into()),
            ("characters", characters.into()),
        ]),
        Moment::FileIn { size, sha256 } | Moment::FileOut { size, sha256 } => object([
            at,
            kind,
            ("size", number(size)),
            ("sha256", copied(&sha256.0).into()),
        ]),
        Moment::Ended(reason) => object([at, kind, ("reason", name(reason))]),
        Moment::Facts(report) => object([at, kind, ("lines", lines(&report))]),
        Moment::Judged { solved, rating } => object([
            at,
            kind,
            ("solved", solved.into()),
            ("rating", rating.into()),
        ]),
        Moment::Answered(answers) => {
            let answers: Array = answers.as_slice().iter().map(answer).collect();
            object([at, kind, ("answers", answers.into())])
        }
    }
}

fn answer(FeedbackAnswer { question, said }: &FeedbackAnswer) -> JsValue {
    let said = match said {
        AnswerSaid::Rating(rating) => rating.get().into(),
        AnswerSaid::Text(words) => words.as_str().into(),
    };
    object([("question", question.as_str().into()), ("said", said)])
}

fn kind_of(moment: &Moment) -> &'static str {
    match moment {
        Moment::Anew => "anew",
        Moment::Seen(_) => "seen",
        Moment::Dark => "dark",
        Moment::WrittenByTechnician(_) => "written_by_technician",
        Moment::WrittenByPerson(_) => "written_by_person",
        Moment::Permitted(_) => "permitted",
        Moment::Withdrawn(_) => "withdrawn",
        Moment::ControlBegan => "control_began",
        Moment::ControlEnded { .. } => "control_ended",
        Moment::Clicked { .. } => "clicked",
        Moment::Typed { .. } => "typed",
        Moment::Redacted => "redacted",
        Moment::LocalOverride => "local_override",
        Moment::FileIn { .. } => "file_in",
        Moment::FileOut { .. } => "file_out",
        Moment::Diagnosed => "diagnosed",
        Moment::Ended(_) => "ended",
        Moment::Facts(_) => "facts",
        Moment::Judged { .. } => "judged",
        Moment::Answered(_) => "answered",
    }
}
