//! What this display offers, found by trying each part: nothing is shown, and nobody's picture or text is kept.

mod extensions;

use std::time::{Duration, Instant};

use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{AtomEnum, ConnectionExt as _, CreateWindowAux, WindowClass};
use x11rb::{COPY_DEPTH_FROM_PARENT, COPY_FROM_PARENT};

use super::display::Display;
use super::keymap::Keymap;
use super::xtest_devices::XtestDevices;
use super::{
    DesktopCapture, Injector, Ledger, LocalWatch, SelectionClipboard, Source, StopKeys,
    WindowCapture, monitors,
};
use crate::check::{Ability, Report};
use crate::net::Confinement;
use crate::platform::{Fault, Injected, Input, InputSink, ScreenSource, Seen};

/// `None`: of the display that `DISPLAY` names.
pub fn survey(name: Option<&str>) -> Result<Report, Fault> {
    let display = Display::open(name)?;
    let setup = display.setup();
    let server = String::from_utf8_lossy(&setup.vendor);
    let mut report = Report {
        display: name.map_or_else(named_by_environment, str::to_owned),
        server: format!("{server} {}", setup.release_number),
        size: display.size()?,
        depth: display.depth(),
        layout: layout(&display)?,
        monitors: Vec::new(),
        extensions: extensions::of(&display)?,
        confinement: Confinement::of_this_kernel(),
        abilities: Vec::new(),
    };
    match monitors::of(&display) {
        Ok(found) => report.monitors = found,
        Err(fault) => report.abilities.push(Ability::lacking("monitors", &fault)),
    }
    report.abilities.extend([
        Ability::tried("desktop", see_desktop(name)),
        Ability::tried("window", see_window(name, &display)),
        Ability::tried("input", inject(name)),
        Ability::tried("layout", read_layout(&display)),
        Ability::tried("override", tell_apart(name)),
        Ability::tried("stop keys", hold_stop_keys(name)),
        Ability::tried("clipboard", open_clipboard(name)),
    ]);
    Ok(report)
}

fn named_by_environment() -> String {
    std::env::var("DISPLAY").unwrap_or_default()
}

/// As `setxkbmap` was told: layouts, and their variants.
fn layout(display: &Display) -> Result<Option<String>, Fault> {
    let property = display.atom("_XKB_RULES_NAMES")?;
    let (root, any) = (display.root(), AtomEnum::ANY);
    let rules = display.get_property(false, root, property, any, 0, LONGEST_NAMES)?;
    let rules = String::from_utf8_lossy(&rules.reply()?.value).into_owned();
    let mut names = rules.split('\0').skip(2);
    let (layouts, variants) = (names.next(), names.next().filter(|names| !names.is_empty()));
    Ok(layouts.map(|layouts| match variants {
        Some(variants) => format!("{layouts} ({variants})"),
        None => layouts.to_owned(),
    }))
}

fn see_desktop(name: Option<&str>) -> Result<String, Fault> {
    let start = Instant::now();
    let size = first_picture(&mut DesktopCapture::open(name)?)?;
    let time = start.elapsed().as_millis();
    Ok(format!("a picture of {size} in {time} ms"))
}

/// Of a window of our own, beside the desktop.
fn see_window(name: Option<&str>, display: &Display) -> Result<String, Fault> {
    let window = display.generate_id()?;
    let unmanaged = CreateWindowAux::new().override_redirect(1);
    let (depth, visual) = (COPY_DEPTH_FROM_PARENT, COPY_FROM_PARENT);
    let (root, class) = (display.root(), WindowClass::INPUT_OUTPUT);
    display
        .create_window(
            depth, window, root, -9, -9, 8, 8, 0, class, visual, &unmanaged,
        )?
        .check()?;
    display.map_window(window)?.check()?;
    let seen =
        WindowCapture::open(name, window).and_then(|mut capture| first_picture(&mut capture));
    display.destroy_window(window)?.check()?;
    seen.map(|_| "one window alone".to_owned())
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
fn inject(name: Option<&str>) -> Result<String, Fault> {
    let mut injector = Injector::open(name, Ledger::default())?;
    let input = Input::PointerTo(injector.pointer()?);
    match injector.inject(&input)? {
        Injected::Done => Ok("pointer and keys".to_owned()),
        Injected::OnOurOwnWindow | Injected::NoSuchKey => Err(Fault::Lacks("a pointer")),
    }
}

fn read_layout(display: &Display) -> Result<String, Fault> {
    let keyboard = XtestDevices::find(display)?.keyboard;
    let keymap = Keymap::read(display, keyboard)?;
    let (own, spare) = (keymap.characters(), keymap.free().len());
    Ok(format!("{own} characters, {spare} keys for others"))
}

/// Injects, and looks whether the report of it is told from the person's.
fn tell_apart(name: Option<&str>) -> Result<String, Fault> {
    let ledger = Ledger::default();
    let mut watch = LocalWatch::open(name, ledger.clone())?;
    let mut injector = Injector::open(name, ledger)?;
    injector.inject(&Input::PointerTo(injector.pointer()?))?;
    let until = Instant::now() + LONGEST_ANSWER;
    loop {
        let left = until.saturating_duration_since(Instant::now());
        match watch.next_of_anybody(left)? {
            Some((Source::Injected, _)) => return Ok("the person's input is told".to_owned()),
            Some((Source::Local, _)) if !left.is_zero() => {}
            Some(_) | None => return Err(Fault::Lacks("reports of what was injected")),
        }
    }
}

fn hold_stop_keys(name: Option<&str>) -> Result<String, Fault> {
    StopKeys::open(name)?;
    Ok("Ctrl+Alt+Shift+F12".to_owned())
}

fn open_clipboard(name: Option<&str>) -> Result<String, Fault> {
    SelectionClipboard::open(name)?;
    Ok("text, both ways".to_owned())
}

/// The display is on this computer.
const LONGEST_ANSWER: Duration = Duration::from_secs(2);

/// In units of four bytes.
const LONGEST_NAMES: u32 = 256;
