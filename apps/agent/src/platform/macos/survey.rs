//! What this desktop offers, found by trying each part: nothing is shown, and nobody's picture or text is kept.

use std::fs;
use std::time::{Duration, Instant};

use super::injector::PRESSES_NOTHING;
use super::{DisplayCapture, Injector, LocalWatch, StopKeys, clipboard, display, monitors};
use crate::check::{Ability, Report};
use crate::platform::{Fault, Input, InputSink, Mark, Point, ScreenSource, Seen};

/// Of the desktop of whoever runs this.
pub fn survey() -> Result<Report, Fault> {
    let mut report = Report {
        display: "primary".to_owned(),
        server: version(),
        size: display::size()?,
        depth: 32,
        layout: None,
        monitors: Vec::new(),
        extensions: Vec::new(),
        abilities: Vec::new(),
    };
    match monitors() {
        Ok(found) => report.monitors = found,
        Err(fault) => report.abilities.push(Ability::lacking("monitors", &fault)),
    }
    report.abilities.extend([
        Ability::tried("desktop", see_desktop()),
        Ability::lacking("window", &Fault::Lacks("the picture of one window")),
        Ability::tried("pointer", move_pointer()),
        Ability::lacking("input", &PRESSES_NOTHING),
        Ability::tried("override", tell_apart()),
        Ability::tried("stop keys", hear_stop_keys()),
        Ability::tried("clipboard", open_clipboard()),
    ]);
    Ok(report)
}

/// As the system writes it down for people.
fn version() -> String {
    let file = "/System/Library/CoreServices/SystemVersion.plist";
    let text = fs::read_to_string(file).unwrap_or_default();
    let value = |text: &str| {
        let (_, rest) = text.split_once("<key>ProductVersion</key>")?;
        let (_, rest) = rest.split_once("<string>")?;
        Some(rest.split_once("</string>")?.0.to_owned())
    };
    format!("macOS {}", value(&text).unwrap_or_default())
}

fn see_desktop() -> Result<String, Fault> {
    let start = Instant::now();
    match DisplayCapture::open()?.next(LONGEST_ANSWER)? {
        Some(Seen::Picture(picture)) if !picture.patches.is_empty() => {
            let (size, time) = (picture.size, start.elapsed().as_millis());
            let (width, height) = (size.width, size.height);
            Ok(format!("a picture of {width}x{height} in {time} ms"))
        }
        Some(_) | None => Err(Fault::Lacks("a picture")),
    }
}

/// To where it is.
fn move_pointer() -> Result<String, Fault> {
    let mut injector = Injector::open(Mark::new());
    let input = Input::PointerTo(injector.pointer()?);
    injector.inject(&input)?;
    Ok("it is moved".to_owned())
}

/// Injects, and looks whether the report of it is told from the person's. The pointer goes a pixel aside and back.
fn tell_apart() -> Result<String, Fault> {
    let mark = Mark::new();
    let mut watch = LocalWatch::open(mark)?;
    let mut injector = Injector::open(mark);
    let at = injector.pointer()?;
    let x = if at.x > 0 { at.x - 1 } else { at.x + 1 };
    for to in [Point { x, ..at }, at] {
        injector.inject(&Input::PointerTo(to))?;
    }
    match watch.hears_of_ours(LONGEST_ANSWER) {
        true => Ok("the person's input is told".to_owned()),
        false => Err(Fault::Lacks("reports of what was injected")),
    }
}

fn hear_stop_keys() -> Result<String, Fault> {
    StopKeys::open()?;
    Ok("Ctrl+Alt+Shift+F12".to_owned())
}

fn open_clipboard() -> Result<String, Fault> {
    clipboard()?;
    Ok("text, both ways".to_owned())
}

/// The desktop is on this computer.
const LONGEST_ANSWER: Duration = Duration::from_secs(2);
