//! How somebody who came by a code gets the link: they ask, and a host's browser answers.

use conclave_e2ee::letter;
use conclave_e2ee::letter::Passage;
use conclave_e2ee::meeting::MeetingId;
use js_sys::Uint8Array;
use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::arguments::{fixed, participant, seed};
use crate::copied;

#[wasm_bindgen]
pub struct SecretAsker(letter::SecretAsker);

#[wasm_bindgen]
impl SecretAsker {
    /// `seed` is 32 random bytes, used once.
    #[wasm_bindgen(constructor)]
    pub fn new(#[wasm_bindgen(js_name = seed)] random: &[u8]) -> Result<Self, JsError> {
        Ok(Self(letter::SecretAsker::new(seed(random)?)))
    }

    /// The letter to each host, again every three seconds until one answers.
    pub fn ask(&self) -> Uint8Array {
        copied(&self.0.ask())
    }

    /// The fragment of the link, if `letter` is the answer of `from` (who wrote it) to `to` (who asked).
    pub fn open(
        &self,
        meeting: &[u8],
        from: &[u8],
        to: &[u8],
        letter: &[u8],
    ) -> Result<Option<String>, JsError> {
        let opened = self.0.open(passage(meeting, from, to)?, letter);
        Ok(opened.ok().map(|fragment| fragment.as_str().to_owned()))
    }
}

/// The answer of `from`, a host, to the letter of `to`: only for whom the person here has let in.
/// `undefined` where `asked` is no question for the link.
#[wasm_bindgen(js_name = answerAsker)]
#[expect(unreachable_pub, reason = "JavaScript reaches it")]
pub fn answer_asker(
    meeting: &[u8],
    from: &[u8],
    to: &[u8],
    asked: &[u8],
    fragment: &str,
) -> Result<Option<Uint8Array>, JsError> {
    let answer = letter::answer(passage(meeting, from, to)?, asked, fragment);
    Ok(answer.ok().map(|bytes| copied(&bytes)))
}

fn passage(meeting: &[u8], from: &[u8], to: &[u8]) -> Result<Passage, JsError> {
    Ok(Passage {
        meeting: MeetingId(fixed(meeting)?),
        from: participant(from)?,
        to: participant(to)?,
    })
}
