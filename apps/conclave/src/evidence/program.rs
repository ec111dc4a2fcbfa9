//! The program that runs, by the hash of its file.

use std::fs::File;
use std::io::Read;
use std::sync::OnceLock;

use aws_lc_rs::digest::{Context, SHA256};
use conclave_audit::Hex;

/// SHA-256 in hexadecimal, of what was started: not of what lies in its place meanwhile. Empty where it can't be read.
pub(crate) async fn of_this_program() -> &'static str {
    static PROGRAM: OnceLock<String> = OnceLock::new();
    if let Some(known) = PROGRAM.get() {
        return known;
    }
    let hashed = tokio::task::spawn_blocking(|| hash().unwrap_or_default()).await;
    let hashed = hashed.unwrap_or_default();
    PROGRAM.get_or_init(|| hashed)
}

fn hash() -> std::io::Result<String> {
    // The link leads to the file that was started, also when another has taken its name (proc(5)).
    let mut file =
        File::open("/proc/self/exe").or_else(|_| File::open(std::env::current_exe()?))?;
    let mut hash = Context::new(&SHA256);
    let mut buffer = vec![0; 1 << 20];
    loop {
        let read = file.read(&mut buffer)?;
        let Some(part) = buffer.get(..read).filter(|part| !part.is_empty()) else {
            break;
        };
        hash.update(part);
    }
    let hash: [u8; 32] = hash.finish().as_ref().try_into().unwrap_or_default();
    Ok(Hex(hash).to_string())
}
