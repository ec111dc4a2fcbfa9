//! One entry of a list, as bytes.

use sha2::{Digest as _, Sha256};
use tls_codec::{
    DeserializeBytes as _, Serialize as _, TlsDeserializeBytes, TlsSerialize, TlsSize,
};

use super::BrokenList;
use crate::account::{AccountKey, is_signed};
use crate::identity::AccountId;

/// What the account's key signs. The server reads all but the HPKE key's name and the time.
#[derive(TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub(super) struct Body {
    pub(super) version: u8,
    pub(super) index: u16,
    pub(super) account: [u8; 16],
    pub(super) kind: Kind,
    pub(super) device_key: [u8; 32],
    /// SHA-256 of the device's HPKE key.
    pub(super) hpke_name: [u8; 32],
    /// Seconds since 1970, by the clock of the device that signed.
    pub(super) time: u64,
    /// SHA-256 of the entry before, zeros for the first.
    pub(super) previous: [u8; 32],
    /// The account's, in the first entry alone.
    pub(super) account_key: Option<[u8; 32]>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, TlsSerialize, TlsDeserializeBytes, TlsSize)]
#[repr(u8)]
pub(super) enum Kind {
    Added = 1,
    Removed = 2,
}

#[derive(TlsSerialize, TlsDeserializeBytes, TlsSize)]
pub(super) struct Entry {
    pub(super) body: Body,
    signature: [u8; 64],
}

impl Body {
    pub(super) fn new(account: AccountId, kind: Kind, index: u16, previous: [u8; 32]) -> Self {
        Self {
            version: VERSION,
            index,
            account: account.0,
            kind,
            device_key: [0; 32],
            hpke_name: [0; 32],
            time: 0,
            previous,
            account_key: None,
        }
    }

    pub(super) fn sign(self, key: &AccountKey) -> Vec<u8> {
        let signature = key.sign_with_label(LABEL, &self.to_bytes());
        let entry = Entry {
            body: self,
            signature,
        };
        entry.tls_serialize_detached().expect(BOUNDED)
    }

    fn to_bytes(&self) -> Vec<u8> {
        self.tls_serialize_detached().expect(BOUNDED)
    }
}

impl Entry {
    pub(super) fn read(bytes: &[u8]) -> Result<Self, BrokenList> {
        if bytes.len() > MOST_ENTRY_BYTES {
            return Err(BrokenList);
        }
        let entry = Self::tls_deserialize_exact_bytes(bytes).map_err(|_| BrokenList)?;
        let is_known = entry.body.version == VERSION;
        is_known.then_some(entry).ok_or(BrokenList)
    }

    pub(super) fn is_of(&self, account: AccountId, account_key: &[u8; 32]) -> bool {
        self.body.account == account.0
            && is_signed(LABEL, &self.body.to_bytes(), account_key, &self.signature)
    }
}

/// What the next entry says of this one.
pub(super) fn hash(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// What the server takes of one.
pub const MOST_ENTRY_BYTES: usize = 512;
const VERSION: u8 = 1;
const LABEL: &str = "Conclave Device List";
const BOUNDED: &str = "fields of fixed lengths are within the codec's bounds";
