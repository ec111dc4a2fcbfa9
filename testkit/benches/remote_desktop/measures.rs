//! What is measured of any viewer.

use std::time::{Duration, Instant};

use conclave_testkit::Figures;

use crate::echo::Echo;
use crate::pictures::Screen;
use crate::scene::Scene;
use crate::viewer::{Viewer, until, watch};

const KEYS: usize = 100;
/// Between two keys of somebody who looks what became of the first.
const BETWEEN: Duration = Duration::from_millis(100);
const SPAN: Duration = Duration::from_secs(10);
const LETTERS_PER_SECOND: u32 = 12;
const SCROLLS_PER_SECOND: u32 = 30;

/// From a key that is pressed far away to the pixels that it changes, seen there.
pub(crate) fn photons(viewer: &mut dyn Viewer, echo: &Echo) -> anyhow::Result<Figures> {
    let mut figures = Figures::default();
    for _ in 0..KEYS {
        watch(viewer, BETWEEN)?;
        let shown = echo.presses() + 1;
        let start = Instant::now();
        viewer.press()?;
        until(viewer, "the key", |viewer| Echo::is_seen_by(viewer, shown))?;
        figures.add(start.elapsed());
    }
    Ok(figures)
}

/// In kbit/s, while somebody types at the desktop.
pub(crate) fn typing(viewer: &mut dyn Viewer, scene: &mut Scene) -> anyhow::Result<f64> {
    let (start, before) = (Instant::now(), viewer.bytes());
    while start.elapsed() < SPAN {
        scene.type_letter()?;
        watch(viewer, Duration::from_secs(1) / LETTERS_PER_SECOND)?;
    }
    Ok(kilobits(viewer.bytes() - before, start.elapsed()))
}

/// Pictures that were whole and exact, of those that were drawn.
pub(crate) struct Scrolled {
    pub(crate) per_second: f64,
    pub(crate) megabits: f64,
}

/// As fast as most displays show it.
pub(crate) fn scrolling(viewer: &mut dyn Viewer, scene: &mut Scene) -> anyhow::Result<Scrolled> {
    let (start, before) = (Instant::now(), viewer.bytes());
    let (mut pictures, mut seen) = (0_u32, Scene::mark_seen_by(viewer));
    let step = Duration::from_secs(1) / SCROLLS_PER_SECOND;
    let mut next = start;
    while start.elapsed() < SPAN {
        scene.scroll()?;
        next += step;
        while let Some(left) = next.checked_duration_since(Instant::now())
            && !left.is_zero()
        {
            viewer.take(left)?;
            let mark = Scene::mark_seen_by(viewer);
            if viewer.is_exact() && mark != seen {
                (pictures, seen) = (pictures + 1, mark);
            }
        }
    }
    let (took, bytes) = (start.elapsed(), viewer.bytes() - before);
    until(viewer, "the last lines", |viewer| {
        Scene::mark_seen_by(viewer) == scene.mark() && scene.is_seen_by(viewer)
    })?;
    Ok(Scrolled {
        per_second: f64::from(pictures) / took.as_secs_f64(),
        megabits: kilobits(bytes, took) / 1_000.0,
    })
}

/// Until a picture that stands still is there to the last pixel; and of how many bytes it is.
pub(crate) fn stillness(
    viewer: &mut dyn Viewer,
    scene: &mut Scene,
    screen: Screen,
) -> anyhow::Result<(Duration, u64)> {
    watch(viewer, Duration::from_secs(1))?;
    let (start, before) = (Instant::now(), viewer.bytes());
    scene.show(screen)?;
    until(viewer, "the picture", |viewer| scene.is_seen_by(viewer))?;
    Ok((start.elapsed(), viewer.bytes() - before))
}

/// The share of one core, and kbit/s, while nothing happens.
pub(crate) fn idleness(
    viewer: &mut dyn Viewer,
    spent: impl Fn() -> anyhow::Result<Duration>,
) -> anyhow::Result<(f64, f64)> {
    watch(viewer, Duration::from_secs(1))?;
    let (start, before, spent_before) = (Instant::now(), viewer.bytes(), spent()?);
    watch(viewer, 2 * SPAN)?;
    let took = start.elapsed();
    let spent = spent()?.saturating_sub(spent_before);
    let share = spent.as_secs_f64() / took.as_secs_f64();
    Ok((share, kilobits(viewer.bytes() - before, took)))
}

fn kilobits(bytes: u64, time: Duration) -> f64 {
    bytes as f64 * 8.0 / 1_000.0 / time.as_secs_f64()
}
