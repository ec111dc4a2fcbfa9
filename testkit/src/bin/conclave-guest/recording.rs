//! Encoded frames in a file: each is preceded by its length, as four bytes, the lowest first.

use std::path::Path;

use anyhow::{Context, ensure};
use conclave_client::Recording;

pub(crate) fn read(file: &Path) -> anyhow::Result<Recording> {
    let bytes = std::fs::read(file)?;
    let mut rest = bytes.as_slice();
    let mut frames = Vec::new();
    while let Some((length, behind)) = rest.split_first_chunk::<4>() {
        let length = u32::from_le_bytes(*length) as usize;
        let (frame, behind) = behind.split_at_checked(length).context("cut off")?;
        frames.push(frame.to_vec());
        rest = behind;
    }
    ensure!(rest.is_empty(), "cut off");
    Recording::new(frames).context("no frames")
}

pub(crate) fn write(file: &Path, frames: &[Vec<u8>]) -> anyhow::Result<()> {
    let mut bytes = Vec::new();
    for frame in frames {
        bytes.extend(u32::try_from(frame.len())?.to_le_bytes());
        bytes.extend(frame);
    }
    // Whoever waits for the file finds it whole.
    let unfinished = file.with_extension("unfinished");
    std::fs::write(&unfinished, bytes)?;
    Ok(std::fs::rename(unfinished, file)?)
}
