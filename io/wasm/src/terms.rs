//! What a meeting is, and who takes part, as JavaScript writes it down.

use conclave_e2ee::context::Admission;
use conclave_e2ee::group::Opening;
use conclave_e2ee::identity::{AccountId, Identity};
use conclave_e2ee::meeting::{DataMode, ExternalSender, Meeting, MeetingId, OrganisationId};
use conclave_e2ee::secret::MeetingSecret;
use conclave_e2ee::session::Config;
use conclave_e2ee::suite::Suite;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::device::DeviceKeys;
use crate::{arguments, refused};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** What the invitation and the organisation say of a meeting: members with other terms share no key. */
export interface Terms {
  /** 16 bytes. */
  readonly meeting: Uint8Array;
  /** 16 bytes. */
  readonly organisation: Uint8Array;
  /** 0: conduit, 1: retain, 2: archive. */
  readonly dataMode: number;
  /** 32 bytes each: the account keys that the link names. */
  readonly hostAccounts: readonly Uint8Array[];
  /** Whether every joiner needs a host's voucher from the start. */
  readonly signed: boolean;
  /** Somebody was put out of the meeting or turned away: no term, for members find out at different times. */
  readonly closed?: boolean | undefined;
  readonly externalSenderKey: Uint8Array;
  readonly externalSenderIdentity: Uint8Array;
  /** The number of MLS's cipher suite; left out for 0x004E, which meetings have. */
  readonly suite?: number | undefined;
}

export interface Who {
  /** 16 bytes. */
  readonly participant: Uint8Array;
  readonly displayName: string;
  /** 16 bytes; left out for a guest. */
  readonly account?: Uint8Array | undefined;
}
"#;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(typescript_type = "Terms")]
    pub type Terms;
    #[wasm_bindgen(method, getter)]
    fn meeting(this: &Terms) -> Uint8Array;
    #[wasm_bindgen(method, getter)]
    fn organisation(this: &Terms) -> Uint8Array;
    #[wasm_bindgen(method, getter, js_name = dataMode)]
    fn data_mode(this: &Terms) -> u8;
    #[wasm_bindgen(method, getter, js_name = hostAccounts)]
    fn host_accounts(this: &Terms) -> Array;
    #[wasm_bindgen(method, getter)]
    fn signed(this: &Terms) -> bool;
    #[wasm_bindgen(method, getter)]
    fn closed(this: &Terms) -> Option<bool>;
    #[wasm_bindgen(method, getter, js_name = externalSenderKey)]
    fn external_sender_key(this: &Terms) -> Uint8Array;
    #[wasm_bindgen(method, getter, js_name = externalSenderIdentity)]
    fn external_sender_identity(this: &Terms) -> Uint8Array;
    #[wasm_bindgen(method, getter)]
    fn suite(this: &Terms) -> Option<u16>;

    #[wasm_bindgen(typescript_type = "Who")]
    pub type Who;
    #[wasm_bindgen(method, getter)]
    fn participant(this: &Who) -> Uint8Array;
    #[wasm_bindgen(method, getter, js_name = displayName)]
    fn display_name(this: &Who) -> String;
    #[wasm_bindgen(method, getter)]
    fn account(this: &Who) -> Option<Uint8Array>;
}

pub(crate) fn config(
    terms: &Terms,
    secret: &[u8],
    who: &Who,
    keys: &DeviceKeys,
) -> Result<Config, JsError> {
    let meeting = meeting(terms)?;
    let identity = identity(meeting.suite, who, keys)?;
    let opening = Opening::of(&meeting, &identity);
    let is_closed = terms.closed().unwrap_or_default();
    Ok(Config {
        opening: if is_closed {
            opening.closed(&meeting)
        } else {
            opening
        },
        secret: MeetingSecret::new(secret)?,
        identity,
        signer: keys.0.signer_for(meeting.suite),
        meeting,
    })
}

fn meeting(terms: &Terms) -> Result<Meeting, JsError> {
    let hosts = arguments::byte_strings(&terms.host_accounts())?;
    let hosts = hosts.iter().map(|key| arguments::fixed(key));
    Ok(Meeting {
        meeting: MeetingId(arguments::fixed(&terms.meeting().to_vec())?),
        organisation: OrganisationId(arguments::fixed(&terms.organisation().to_vec())?),
        data_mode: match terms.data_mode() {
            0 => DataMode::Conduit,
            1 => DataMode::Retain,
            2 => DataMode::Archive,
            _ => return Err(refused("an unknown data mode")),
        },
        suite: suite(terms)?,
        external_sender: ExternalSender {
            signature_key: terms.external_sender_key().to_vec(),
            identity: terms.external_sender_identity().to_vec(),
        },
        host_accounts: hosts.collect::<Result<_, _>>()?,
        admission: if terms.signed() {
            Admission::Signed
        } else {
            Admission::Open
        },
    })
}

fn suite(terms: &Terms) -> Result<Suite, JsError> {
    match terms.suite() {
        None => Ok(Suite::default()),
        Some(number) => Suite::from_code_point(number).ok_or_else(|| refused("an unknown suite")),
    }
}

fn identity(suite: Suite, who: &Who, keys: &DeviceKeys) -> Result<Identity, JsError> {
    let participant = arguments::participant(&who.participant().to_vec())?;
    let account = who.account().map(|id| arguments::fixed(&id.to_vec()));
    let account = account.transpose()?.map(AccountId);
    let name = who.display_name();
    Ok(keys.0.identity_for(suite, participant, name, account)?)
}
