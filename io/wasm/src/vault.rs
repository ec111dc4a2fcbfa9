//! What a person's browsers share, and how a browser comes into it.

use conclave_e2ee::device_list::Head;
use conclave_e2ee::meeting::MeetingId;
use conclave_e2ee::vault;
use conclave_e2ee::vault::{
    ChangeRefusal, Kept, NotKept, OpenRefusal, RecoverRefusal, Seen, Shown,
};
use js_sys::Array;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, JsValue};

use crate::arguments::{account, fixed, seconds, seed};
use crate::copied;
use crate::device::DeviceKeys;
use crate::device_list::list;
use crate::object::{coded, object};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** Times are in seconds since 1970. */
export interface Browser {
  /** 32 bytes: its entry's key in the account's list. */
  readonly key: Uint8Array;
  readonly label: string;
  readonly since: number;
  readonly removed?: number;
  readonly isThis: boolean;
}

export interface KeptMeeting {
  /** 16 bytes. */
  readonly meeting: Uint8Array;
  /** What stands behind the `#` of its link. */
  readonly fragment: string;
  readonly passcode?: string;
  readonly until: number;
}

/** What a client remembers of an account's list. */
export interface ListHead {
  readonly length: number;
  /** 32 bytes. */
  readonly hash: Uint8Array;
}

/** For the server; `saved()` when it has it. */
export interface Saving {
  readonly previousVersion: number;
  readonly sealed: Uint8Array;
  readonly entries: Uint8Array[];
}
"#;

/// The latest state of the account's vault that a client has seen: to be remembered, and to be passed with the next that
/// it is shown.
#[wasm_bindgen]
pub struct SeenVault(Seen);

#[wasm_bindgen]
impl SeenVault {
    /// What was remembered: `sealed` and `hash` have 32 bytes.
    #[wasm_bindgen(constructor)]
    pub fn new(version: f64, sealed: &[u8], length: u16, hash: &[u8]) -> Result<Self, JsError> {
        let hash = fixed(hash)?;
        Ok(Self(Seen {
            version: version as u64,
            sealed: fixed(sealed)?,
            list: Head { length, hash },
        }))
    }
}

/// Times are in seconds since 1970. What is refused throws an `Error` whose `code` says why, as its message does.
#[wasm_bindgen]
pub struct Vault(vault::Vault);

#[wasm_bindgen]
impl Vault {
    /// Where the account has none. Throws `label`. `keys` get the account's key: keep them again.
    pub fn found(
        keys: &mut DeviceKeys,
        #[wasm_bindgen(js_name = account)] id: &[u8],
        label: &str,
        now: f64,
        #[wasm_bindgen(js_name = seed)] random: &[u8],
    ) -> Result<Self, JsValue> {
        let (account, random) = (account(id)?, seed(random)?);
        let founded = vault::Vault::found(&mut keys.0, account, label, seconds(now), random);
        founded.map(Self).map_err(|_| coded("label"))
    }

    /// Throws `not_listed`, `broken`, or `rolled_back` for what does not follow what was `known`. `keys` get the account's
    /// key: keep them again.
    pub fn open(
        keys: &mut DeviceKeys,
        #[wasm_bindgen(js_name = account)] id: &[u8],
        version: f64,
        sealed: &[u8],
        #[wasm_bindgen(unchecked_param_type = "Uint8Array[]")] entries: &Array,
        known: Option<SeenVault>,
    ) -> Result<Self, JsValue> {
        let entries = list(entries)?;
        let shown = shown(id, (version, sealed), &entries, known)?;
        let opened = vault::Vault::open(&mut keys.0, shown);
        opened.map(Self).map_err(|refusal| match refusal {
            OpenRefusal::NotListed => coded("not_listed"),
            OpenRefusal::Broken => coded("broken"),
            OpenRefusal::RolledBack => coded("rolled_back"),
        })
    }

    /// Adds this device to the list, if it isn't there. Throws `wrong_code`, `broken`, `rolled_back`, `full`, `label`, or
    /// `removed` where the device was: it needs other keys.
    #[expect(clippy::too_many_arguments, reason = "JavaScript passes them apart")]
    pub fn recover(
        code: &str,
        keys: &mut DeviceKeys,
        #[wasm_bindgen(js_name = account)] id: &[u8],
        label: &str,
        version: f64,
        sealed: &[u8],
        #[wasm_bindgen(unchecked_param_type = "Uint8Array[]")] entries: &Array,
        now: f64,
        known: Option<SeenVault>,
    ) -> Result<Self, JsValue> {
        let entries = list(entries)?;
        let shown = shown(id, (version, sealed), &entries, known)?;
        let recovered = vault::Vault::recover(code, &mut keys.0, shown, label, seconds(now));
        recovered.map(Self).map_err(|refusal| match refusal {
            RecoverRefusal::WrongCode => coded("wrong_code"),
            RecoverRefusal::Broken => coded("broken"),
            RecoverRefusal::RolledBack => coded("rolled_back"),
            RecoverRefusal::NotAdded(ChangeRefusal::Known) => coded("removed"),
            RecoverRefusal::NotAdded(refusal) => changed(refusal),
        })
    }

    /// Lets in the browser that shows `code`. Throws `wrong_code`, `full` or `known`.
    pub fn approve(&mut self, request: &[u8], code: &str, now: f64) -> Result<(), JsValue> {
        let approved = self.0.approve(request, code, seconds(now));
        approved.map_err(changed)
    }

    /// Throws `this_device` or `unknown`.
    pub fn remove(
        &mut self,
        #[wasm_bindgen(js_name = deviceKey)] key: &[u8],
        now: f64,
    ) -> Result<(), JsValue> {
        let removed = self.0.remove(fixed(key)?, seconds(now));
        removed.map_err(changed)
    }

    /// In place of the one before. For the person to write down: nothing shows it again.
    #[wasm_bindgen(js_name = newRecoveryCode)]
    pub fn new_recovery_code(
        &mut self,
        #[wasm_bindgen(js_name = seed)] random: &[u8],
    ) -> Result<String, JsError> {
        Ok(self.0.new_recovery_code(seed(random)?).as_str().to_owned())
    }

    #[wasm_bindgen(getter, js_name = hasRecovery)]
    pub fn has_recovery(&self) -> bool {
        self.0.has_recovery()
    }

    /// In the order in which they came, with those that were removed.
    #[wasm_bindgen(unchecked_return_type = "Browser[]")]
    pub fn devices(&self) -> Array {
        self.0.browsers().map(|it| browser(&it)).collect()
    }

    #[wasm_bindgen(unchecked_return_type = "KeptMeeting[]")]
    pub fn meetings(&self) -> Array {
        self.0.meetings().map(kept).collect()
    }

    /// Throws `full`, or `malformed` for what ends no link.
    pub fn keep(
        &mut self,
        meeting: &[u8],
        fragment: &str,
        passcode: Option<String>,
        until: f64,
        now: f64,
    ) -> Result<(), JsValue> {
        let meeting = MeetingId(fixed(meeting)?);
        let kept = Kept::new(fragment, passcode.as_deref(), seconds(until));
        let kept = kept.ok_or_else(|| coded("malformed"))?;
        let kept = self.0.keep(meeting, kept, seconds(now));
        kept.map_err(|refusal| match refusal {
            NotKept::Full => coded("full"),
            NotKept::Malformed => coded("malformed"),
        })
    }

    pub fn forget(&mut self, meeting: &[u8]) -> Result<(), JsError> {
        self.0.forget(MeetingId(fixed(meeting)?));
        Ok(())
    }

    /// What to PUT; `saved()` when the server took it. `seed` is 32 random bytes, used once.
    #[wasm_bindgen(unchecked_return_type = "Saving")]
    pub fn seal(
        &mut self,
        #[wasm_bindgen(js_name = seed)] random: &[u8],
    ) -> Result<JsValue, JsError> {
        let saving = self.0.seal(seed(random)?);
        let entries = saving.entries.iter().map(|entry| copied(entry));
        Ok(object([
            ("previousVersion", (saving.previous_version as f64).into()),
            ("sealed", copied(&saving.sealed).into()),
            ("entries", entries.collect::<Array>().into()),
        ]))
    }

    pub fn saved(&mut self) {
        self.0.saved();
    }

    #[wasm_bindgen(getter)]
    pub fn version(&self) -> f64 {
        self.0.seen().version as f64
    }

    /// SHA-256 of what the server has; zeros before the first.
    #[wasm_bindgen(getter)]
    pub fn sealed(&self) -> Vec<u8> {
        self.0.seen().sealed.to_vec()
    }

    #[wasm_bindgen(unchecked_return_type = "ListHead")]
    pub fn head(&self) -> JsValue {
        head(self.0.seen().list)
    }
}

pub(crate) fn head(head: Head) -> JsValue {
    object([
        ("length", head.length.into()),
        ("hash", copied(&head.hash).into()),
    ])
}

fn shown<'a>(
    id: &[u8],
    (version, sealed): (f64, &'a [u8]),
    entries: &'a [Vec<u8>],
    known: Option<SeenVault>,
) -> Result<Shown<'a>, JsError> {
    Ok(Shown {
        account: account(id)?,
        version: version as u64,
        sealed,
        entries,
        known: known.map(|SeenVault(seen)| seen),
    })
}

fn browser(browser: &vault::Browser<'_>) -> JsValue {
    let removed = browser.removed.map(|at| at as f64);
    object([
        ("key", copied(&browser.key).into()),
        ("label", browser.label.into()),
        ("since", (browser.since as f64).into()),
        ("removed", removed.into()),
        ("isThis", browser.is_this.into()),
    ])
}

fn kept((meeting, kept): (MeetingId, &Kept)) -> JsValue {
    object([
        ("meeting", copied(&meeting.0).into()),
        ("fragment", kept.fragment().into()),
        ("passcode", kept.passcode().into()),
        ("until", (kept.until() as f64).into()),
    ])
}

fn changed(refusal: ChangeRefusal) -> JsValue {
    coded(match refusal {
        ChangeRefusal::WrongCode => "wrong_code",
        ChangeRefusal::Full => "full",
        ChangeRefusal::Known => "known",
        ChangeRefusal::Unknown => "unknown",
        ChangeRefusal::ThisDevice => "this_device",
        ChangeRefusal::Label => "label",
    })
}
