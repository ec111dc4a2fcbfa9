//! Somebody far away who sees the desktop and types on it.

use std::time::{Duration, Instant};

use anyhow::ensure;
use conclave_remote::tiles::Rect;

pub(crate) trait Viewer {
    /// Takes what comes next, within this time.
    fn take(&mut self, time: Duration) -> anyhow::Result<()>;

    /// As `0x00rrggbb`, as all pixels are.
    fn pixel(&self, x: u16, y: u16) -> u32;

    /// Row by row.
    fn pixels(&self, area: Rect) -> Vec<u32>;

    /// The picture is what was there when it was sent, to the last pixel.
    fn is_exact(&self) -> bool;

    /// One key, down and up.
    fn press(&mut self) -> anyhow::Result<()>;

    /// Of pictures that came, before anything seals them and without the headers of any transport.
    fn bytes(&self) -> u64;
}

/// What a busy machine needs for anything that a person waits for.
const PATIENCE: Duration = Duration::from_secs(60);
const SHORTLY: Duration = Duration::from_millis(20);

/// Takes what comes until it is so.
pub(crate) fn until(
    viewer: &mut dyn Viewer,
    what: &str,
    is_so: impl Fn(&dyn Viewer) -> bool,
) -> anyhow::Result<()> {
    let deadline = Instant::now() + PATIENCE;
    while !is_so(viewer) {
        viewer.take(SHORTLY)?;
        ensure!(Instant::now() < deadline, "{what}: not within {PATIENCE:?}");
    }
    Ok(())
}

/// Takes what comes, for so long.
pub(crate) fn watch(viewer: &mut dyn Viewer, time: Duration) -> anyhow::Result<()> {
    let end = Instant::now() + time;
    while let Some(left) = end.checked_duration_since(Instant::now())
        && !left.is_zero()
    {
        viewer.take(left.min(SHORTLY))?;
    }
    Ok(())
}
