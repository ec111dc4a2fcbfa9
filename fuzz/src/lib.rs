//! One target per parser of strangers' bytes.
//!
//! A target takes any bytes and panics where a promise of the parser is broken. The corpora
//! in `corpus/<target>/` hold what clients send, and every input that ever broke one; the tests
//! of this crate replay them, and add random and mutated bytes.

#![forbid(unsafe_code)]

mod audit;
mod channel;
mod data;
mod descriptions;
mod directories;
mod forwarded;
mod framing;
mod groups;
mod payloads;
mod remote;
mod sealed;
mod signalling;
mod tiles;
mod tokens;
mod vaults;

use std::path::PathBuf;
use std::{fs, io};

/// A parser under fire.
#[derive(Clone, Copy)]
pub struct Target {
    /// Also the name of its corpus.
    pub name: &'static str,
    pub run: fn(&[u8]),
}

impl Target {
    /// In the order of the file names.
    pub fn corpus(&self) -> io::Result<Vec<Vec<u8>>> {
        let entries = fs::read_dir(corpora().join(self.name))?;
        let mut files = entries
            .map(|entry| Ok(entry?.path()))
            .collect::<io::Result<Vec<_>>>()?;
        files.sort();
        files.iter().map(fs::read).collect()
    }
}

/// A folder for each target.
pub fn corpora() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("corpus")
}

pub const TARGETS: &[Target] = &[
    Target {
        name: "vp8_descriptor",
        run: payloads::vp8_descriptor,
    },
    Target {
        name: "vp9_descriptor",
        run: payloads::vp9_descriptor,
    },
    Target {
        name: "h264",
        run: payloads::h264,
    },
    Target {
        name: "red",
        run: payloads::red,
    },
    Target {
        name: "dependency_descriptor",
        run: payloads::dependency_descriptor,
    },
    Target {
        name: "forwarding",
        run: forwarded::forwarding,
    },
    Target {
        name: "join_request",
        run: signalling::join_request,
    },
    Target {
        name: "signal_binary",
        run: signalling::binary_frame,
    },
    Target {
        name: "signal_text",
        run: signalling::text_frame,
    },
    Target {
        name: "sdp",
        run: descriptions::description,
    },
    Target {
        name: "token",
        run: tokens::token,
    },
    Target {
        name: "channel_upstream",
        run: channel::upstream,
    },
    Target {
        name: "data_packet",
        run: data::data_packet,
    },
    Target {
        name: "mls_commit",
        run: groups::commit,
    },
    Target {
        name: "mls_group_info",
        run: groups::group_info,
    },
    Target {
        name: "mls_heartbeat",
        run: groups::heartbeat,
    },
    Target {
        name: "mls_letter",
        run: groups::letter,
    },
    Target {
        name: "mls_voucher",
        run: groups::voucher,
    },
    Target {
        name: "mls_identity",
        run: groups::identity,
    },
    Target {
        name: "device_entry",
        run: vaults::device_entry,
    },
    Target {
        name: "device_request",
        run: vaults::device_request,
    },
    Target {
        name: "sealed_vault",
        run: vaults::sealed_vault,
    },
    Target {
        name: "sealed_opus",
        run: sealed::opus,
    },
    Target {
        name: "sealed_vp8",
        run: sealed::vp8,
    },
    Target {
        name: "sealed_vp9",
        run: sealed::vp9,
    },
    Target {
        name: "sealed_av1",
        run: sealed::av1,
    },
    Target {
        name: "sealed_h264",
        run: sealed::h264,
    },
    Target {
        name: "sealed_message",
        run: sealed::message,
    },
    Target {
        name: "mls_message",
        run: framing::mls_message,
    },
    Target {
        name: "remote_technician",
        run: remote::technician,
    },
    Target {
        name: "remote_agent",
        run: remote::agent,
    },
    Target {
        name: "tiles_to_viewer",
        run: tiles::to_viewer,
    },
    Target {
        name: "tiles_to_agent",
        run: tiles::to_agent,
    },
    Target {
        name: "scim_user",
        run: directories::user,
    },
    Target {
        name: "scim_group",
        run: directories::group,
    },
    Target {
        name: "scim_filter",
        run: directories::filter,
    },
    Target {
        name: "audit_note",
        run: audit::note,
    },
    Target {
        name: "audit_proof",
        run: audit::proof,
    },
    Target {
        name: "audit_tile_path",
        run: audit::tile_path,
    },
    Target {
        name: "audit_entry",
        run: audit::entry,
    },
    Target {
        name: "audit_kit",
        run: audit::kit,
    },
];
