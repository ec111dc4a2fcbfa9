//! What this desktop offers, found by trying each part: nobody's picture or text is kept.

use std::time::{Duration, Instant};

use super::own_window::OwnWindow;
use super::{
    DesktopCapture, Injector, LocalWatch, ProcessWindows, StopKeys, WindowCapture, clipboard,
    desktop, monitors,
};
use crate::check::{Ability, Report};
use crate::platform::{
    Fault, Injected, Input, InputSink, Mark, OwnWindows, Point, ScreenSource, Seen,
};

/// Of the desktop of whoever runs this.
pub fn survey() -> Result<Report, Fault> {
    desktop::see_each_pixel();
    let mut report = Report {
        display: named_by_environment(),
        server: desktop::version(),
        size: desktop::size()?,
        depth: desktop::depth()?,
        layout: desktop::layout(),
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
        Ability::tried("window", see_window()),
        Ability::tried("input", inject()),
        Ability::tried("own windows", find_own()),
        Ability::tried("override", tell_apart()),
        Ability::tried("stop keys", hold_stop_keys()),
        Ability::tried("clipboard", open_clipboard()),
    ]);
    Ok(report)
}

/// `Console`, or the name of a remote desktop's connection.
fn named_by_environment() -> String {
    std::env::var("SESSIONNAME").unwrap_or_else(|_| "desktop".to_owned())
}

fn see_desktop() -> Result<String, Fault> {
    let start = Instant::now();
    let size = first_picture(&mut DesktopCapture::open()?)?;
    let time = start.elapsed().as_millis();
    Ok(format!("a picture of {size} in {time} ms"))
}

fn see_window() -> Result<String, Fault> {
    let window = OwnWindow::beside_the_desktop()?;
    first_picture(&mut WindowCapture::open(window.number())?)?;
    Ok("one window alone".to_owned())
}

fn first_picture(source: &mut impl ScreenSource) -> Result<String, Fault> {
    match source.next(LONGEST_ANSWER)? {
        Some(Seen::Picture(picture)) if !picture.patches.is_empty() => {
            let size = picture.size;
            Ok(format!("{}x{}", size.width, size.height))
        }
        Some(_) | None => Err(Fault::Lacks("a picture")),
    }
}

/// Moves the pointer to where it is.
fn inject() -> Result<String, Fault> {
    let mut injector = Injector::open(Mark::new(), ProcessWindows::own());
    let input = Input::PointerTo(injector.pointer()?);
    match injector.inject(&input)? {
        Injected::Done => Ok("pointer and keys".to_owned()),
        Injected::OnOurOwnWindow | Injected::NoSuchKey => Err(Fault::Lacks("a pointer")),
    }
}

fn find_own() -> Result<String, Fault> {
    let own = ProcessWindows::own();
    let before = own.areas()?.len();
    let _window = OwnWindow::beside_the_desktop()?;
    if own.areas()?.len() != before + 1 {
        return Err(Fault::Lacks("a list of windows"));
    }
    Ok("nothing is pressed on them".to_owned())
}

/// Injects, and looks whether the report of it is told from the person's. The pointer goes a pixel aside and back: of one
/// that stays where it is nothing is reported.
fn tell_apart() -> Result<String, Fault> {
    let mark = Mark::new();
    let mut watch = LocalWatch::open(mark)?;
    let mut injector = Injector::open(mark, ProcessWindows::own());
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

fn hold_stop_keys() -> Result<String, Fault> {
    StopKeys::open()?;
    Ok("Ctrl+Alt+Shift+F12".to_owned())
}

fn open_clipboard() -> Result<String, Fault> {
    clipboard()?;
    Ok("text, both ways".to_owned())
}

/// The desktop is on this computer.
const LONGEST_ANSWER: Duration = Duration::from_secs(2);
