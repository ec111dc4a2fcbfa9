//! What a technician's page says.

use conclave_protocol::personal::Words;
use conclave_protocol::remote::{
    Button, Chunk, ClipboardText, Credential, Digest, FileName, FileOffer, FromTechnician,
    InputEvent, Key, MonitorId, Point, TransferId, Turn, TypedText,
};
use js_sys::Uint8Array;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, JsValue};

use crate::copied;
use crate::said::Said;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
export type Capability =
  | "view"
  | "control"
  | "clipboard_in"
  | "clipboard_out"
  | "file_in"
  | "file_out"
  | "diagnostics"
  | "chat"
  | "recording"
  | "administrator";

/** A pixel of one monitor. */
export interface Point {
  readonly monitor: number;
  readonly x: number;
  readonly y: number;
}

export type MouseButton = "left" | "middle" | "right" | "back" | "forward";

export type InputEvent =
  | (Point & { readonly event: "move" })
  | (Point & { readonly event: "button"; readonly button: MouseButton; readonly down: boolean })
  /** In notches; away from the user, and to the right, are positive. */
  | (Point & { readonly event: "wheel"; readonly up: number; readonly right: number })
  /** By its usage on the keyboard page of USB HID. */
  | { readonly event: "key"; readonly key: number; readonly down: boolean }
  /** 1 to 32 characters, none of them a control character. */
  | { readonly event: "text"; readonly text: string };

/** What is promised of a file before its first byte. */
export interface FileOffer {
  readonly transfer: number;
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  readonly sha256: Uint8Array;
}

/** A piece of a file: 1 to 32,768 bytes. */
export interface FileChunk {
  readonly transfer: number;
  readonly offset: number;
  readonly bytes: Uint8Array;
}

export type FromTechnician =
  | { readonly kind: "ask" | "give_back"; readonly capability: Capability }
  | { readonly kind: "input"; readonly turn: number; readonly number: number; readonly input: InputEvent }
  | { readonly kind: "watch"; readonly monitor: number }
  | { readonly kind: "clipboard" | "chat"; readonly text: string }
  | ({ readonly kind: "offer_file" } & FileOffer)
  | ({ readonly kind: "chunk" } & FileChunk)
  | { readonly kind: "ask_file" | "cancel_file"; readonly transfer: number }
  | { readonly kind: "fetch"; readonly transfer: number; readonly offset: number }
  | { readonly kind: "hand_over"; readonly participant: string }
  /** 1 to 240 bytes each, none of them a control character. */
  | { readonly kind: "raise"; readonly name: string; readonly password: string }
  | { readonly kind: "ask_diagnostics" | "still_here" | "leave" | "hello" | "restart" };
"#;

/// Throws what no such message can say: a name of a file that is none, a text that is too long.
#[wasm_bindgen(js_name = encodeTechnician)]
pub fn encode_technician(
    #[wasm_bindgen(unchecked_param_type = "FromTechnician")] message: &JsValue,
) -> Result<Uint8Array, JsError> {
    let message = read(&Said(message)).ok_or_else(|| JsError::new("this can't be said"))?;
    Ok(copied(&message.encode()))
}

fn read(said: &Said<'_>) -> Option<FromTechnician> {
    let text = || said.text("text");
    Some(match said.text("kind")?.as_str() {
        "ask" => FromTechnician::Ask(said.named("capability")?),
        "give_back" => FromTechnician::GiveBack(said.named("capability")?),
        "input" => input(said)?,
        "watch" => FromTechnician::Watch(MonitorId(said.number("monitor")?)),
        "clipboard" => FromTechnician::Clipboard(ClipboardText::parse(&text()?).ok()?),
        "chat" => FromTechnician::Chat(Words::parse(&text()?).ok()?),
        "offer_file" => FromTechnician::OfferFile(offer(said)?),
        "chunk" => FromTechnician::Chunk {
            transfer: transfer(said)?,
            offset: said.number("offset")?,
            bytes: Chunk::new(said.bytes("bytes")?)?,
        },
        "ask_file" => FromTechnician::AskFile(transfer(said)?),
        "cancel_file" => FromTechnician::CancelFile(transfer(said)?),
        "fetch" => FromTechnician::Fetch {
            transfer: transfer(said)?,
            offset: said.number("offset")?,
        },
        "hand_over" => FromTechnician::HandOver(said.text("participant")?.parse().ok()?),
        "ask_diagnostics" => FromTechnician::AskDiagnostics,
        "still_here" => FromTechnician::StillHere,
        "leave" => FromTechnician::Leave,
        "hello" => FromTechnician::Hello,
        "raise" => {
            let (name, password) = (said.text("name")?, said.text("password")?);
            FromTechnician::Raise(Credential::parse(&name, &password).ok()?)
        }
        "restart" => FromTechnician::Restart,
        _ => return None,
    })
}

fn input(said: &Said<'_>) -> Option<FromTechnician> {
    Some(FromTechnician::Input {
        turn: Turn(said.number("turn")?),
        number: said.number("number")?,
        event: event(&Said(&said.value("input")?))?,
    })
}

fn event(said: &Said<'_>) -> Option<InputEvent> {
    Some(match said.text("event")?.as_str() {
        "move" => InputEvent::Move(point(said)?),
        "button" => InputEvent::Button {
            at: point(said)?,
            button: said.named::<Button>("button")?,
            down: said.flag("down")?,
        },
        "wheel" => InputEvent::Wheel {
            at: point(said)?,
            up: said.number("up")?,
            right: said.number("right")?,
        },
        "key" => InputEvent::Key {
            key: Key::new(said.number("key")?)?,
            down: said.flag("down")?,
        },
        "text" => InputEvent::Text(TypedText::parse(&said.text("text")?).ok()?),
        _ => return None,
    })
}

fn point(said: &Said<'_>) -> Option<Point> {
    Some(Point {
        monitor: MonitorId(said.number("monitor")?),
        x: said.number("x")?,
        y: said.number("y")?,
    })
}

fn offer(said: &Said<'_>) -> Option<FileOffer> {
    Some(FileOffer {
        transfer: transfer(said)?,
        name: FileName::parse(&said.text("name")?).ok()?,
        size: said.number("size")?,
        sha256: Digest(said.array("sha256")?),
    })
}

fn transfer(said: &Said<'_>) -> Option<TransferId> {
    said.number("transfer").map(TransferId)
}
