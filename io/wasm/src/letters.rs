//! How somebody who came by a code gets the link: they ask, and a host's browser answers.

use conclave_e2ee::asker::{self, Answered};
use conclave_e2ee::giver::{self, Given};
use conclave_e2ee::letter::Passage;
use conclave_e2ee::meeting::MeetingId;
use conclave_e2ee::passcode::Passcode;
use js_sys::Uint8Array;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, JsValue};

use crate::arguments::{fixed, participant, seed};
use crate::copied;
use crate::object::{coded, object};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
export type Answered =
  /** For whoever wrote the letter. */
  | { readonly kind: "send"; readonly bytes: Uint8Array }
  /** `isVerified`: whoever gave it has proved to know the passcode. */
  | { readonly kind: "secret"; readonly fragment: string; readonly isVerified: boolean }
  /** The asker is done: make another one with another passcode. By the host's word, which the server can forge. */
  | { readonly kind: "wrong_passcode" }
  /** This host answers by passcode no more. By its word, which the server can forge; repeated with each question. */
  | { readonly kind: "passcode_spent" }
  /** The asker is done: make another one. No host said whether the passcode is theirs. */
  | { readonly kind: "unanswered" };

export type Given =
  /** For whoever wrote the letter. With `isVerified` it is the link; true: they have proved to know the passcode. */
  | { readonly kind: "send"; readonly bytes: Uint8Array; readonly isVerified?: boolean }
  /** They have another passcode, or guess; or too many did. `bytes` tells them. */
  | { readonly kind: "wrong_passcode" | "passcode_spent"; readonly bytes: Uint8Array }
  /** They have shown that they know the passcode: to `check` alone. */
  | { readonly kind: "known" }
  /** They ask without a passcode in a meeting that has one: `allow` gives them the link all the same. */
  | { readonly kind: "no_passcode" };
"#;

#[wasm_bindgen]
pub struct SecretAsker(asker::SecretAsker);

#[wasm_bindgen]
impl SecretAsker {
    /// `seed` is 32 random bytes, used once. With a passcode the link is taken from nobody who doesn't know it too.
    /// Throws `passcode` unless that has 6 to 12 digits.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(js_name = seed)] random: &[u8],
        passcode: Option<String>,
    ) -> Result<Self, JsValue> {
        let random = seed(random)?;
        Ok(Self(asker::SecretAsker::new(random, digits(passcode)?)))
    }

    /// The letter to each host, again every three seconds until one answers.
    pub fn ask(&mut self) -> Uint8Array {
        copied(&self.0.ask())
    }

    /// A letter of `from`; `own` is who asks. `undefined` for what is none for an asker, or doesn't open.
    #[wasm_bindgen(unchecked_return_type = "Answered | undefined")]
    pub fn take(
        &mut self,
        meeting: &[u8],
        #[wasm_bindgen(js_name = own)] this: &[u8],
        from: &[u8],
        bytes: &[u8],
    ) -> Result<JsValue, JsError> {
        let taken = self.0.take(passage(meeting, from, this)?, bytes);
        Ok(taken.map_or(JsValue::UNDEFINED, answered))
    }
}

/// Gives only to participants whom the person here has let in.
#[wasm_bindgen]
pub struct SecretGiver(giver::SecretGiver);

#[wasm_bindgen]
impl SecretGiver {
    /// `own` is the host here. `seed` is 32 random bytes, used once. `guesses` is what an earlier giver with the same
    /// passcode had counted. Throws `passcode` unless that has 6 to 12 digits.
    #[wasm_bindgen(constructor)]
    pub fn new(
        meeting: &[u8],
        #[wasm_bindgen(js_name = own)] this: &[u8],
        fragment: &str,
        passcode: Option<String>,
        #[wasm_bindgen(js_name = seed)] random: &[u8],
        guesses: Option<u32>,
    ) -> Result<Self, JsValue> {
        let (meeting, this) = (MeetingId(fixed(meeting)?), participant(this)?);
        let (passcode, random) = (digits(passcode)?, seed(random)?);
        let guesses = guesses.unwrap_or_default();
        let giver = giver::SecretGiver::new(meeting, this, fragment, passcode, random, guesses);
        Ok(Self(giver))
    }

    /// Wrong passcodes so far: for the next giver, or a page that is loaded again counts anew.
    #[wasm_bindgen(getter)]
    pub fn guesses(&self) -> u32 {
        self.0.guesses()
    }

    /// The person here gives somebody the link who doesn't know the passcode.
    pub fn allow(
        &mut self,
        #[wasm_bindgen(js_name = participant)] who: &[u8],
    ) -> Result<(), JsError> {
        self.0.allow(participant(who)?);
        Ok(())
    }

    /// `undefined` for what is no letter to a giver, or repeats what came to its end.
    #[wasm_bindgen(unchecked_return_type = "Given | undefined")]
    pub fn take(&mut self, from: &[u8], bytes: &[u8]) -> Result<JsValue, JsError> {
        let taken = self.0.take(participant(from)?, bytes);
        Ok(taken.map_or(JsValue::UNDEFINED, given))
    }

    /// As `take`, for who waits to be let in: the passcode alone is judged, and nothing given.
    #[wasm_bindgen(unchecked_return_type = "Given | undefined")]
    pub fn check(&mut self, from: &[u8], bytes: &[u8]) -> Result<JsValue, JsError> {
        let checked = self.0.check(participant(from)?, bytes);
        Ok(checked.map_or(JsValue::UNDEFINED, given))
    }
}

fn answered(answered: Answered) -> JsValue {
    match answered {
        Answered::Send(bytes) => sent("send", &bytes, None),
        Answered::Secret {
            fragment,
            is_verified,
        } => object([
            ("kind", "secret".into()),
            ("fragment", fragment.as_str().into()),
            ("isVerified", is_verified.into()),
        ]),
        Answered::WrongPasscode => object([("kind", "wrong_passcode".into())]),
        Answered::PasscodeSpent => object([("kind", "passcode_spent".into())]),
        Answered::Unanswered => object([("kind", "unanswered".into())]),
    }
}

fn given(given: Given) -> JsValue {
    match given {
        Given::Reply(bytes) => sent("send", &bytes, None),
        Given::Secret {
            letter,
            is_verified,
        } => sent("send", &letter, Some(is_verified)),
        Given::WrongPasscode(bytes) => sent("wrong_passcode", &bytes, None),
        Given::PasscodeSpent(bytes) => sent("passcode_spent", &bytes, None),
        Given::Known => object([("kind", "known".into())]),
        Given::NoPasscode => object([("kind", "no_passcode".into())]),
    }
}

fn sent(kind: &str, bytes: &[u8], is_verified: Option<bool>) -> JsValue {
    object([
        ("kind", kind.into()),
        ("bytes", copied(bytes).into()),
        ("isVerified", is_verified.into()),
    ])
}

fn digits(typed: Option<String>) -> Result<Option<Passcode>, JsValue> {
    let passcode = typed.as_deref().map(Passcode::read).transpose();
    passcode.map_err(|_| coded("passcode"))
}

fn passage(meeting: &[u8], from: &[u8], to: &[u8]) -> Result<Passage, JsError> {
    Ok(Passage {
        meeting: MeetingId(fixed(meeting)?),
        from: participant(from)?,
        to: participant(to)?,
    })
}
