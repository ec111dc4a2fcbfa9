//! Whether this desktop can be seen and helped: what support has a customer's IT run first.

use std::error::Error;
use std::fmt::{Display, Formatter, Result as Formatted};

use serde::Serialize;

#[cfg(target_os = "linux")]
use crate::net::Confinement;
#[cfg(target_os = "macos")]
use crate::platform::macos as desktop;
#[cfg(windows)]
use crate::platform::windows as desktop;
#[cfg(target_os = "linux")]
use crate::platform::x11;
use crate::platform::{Fault, Monitor, Size};

#[derive(Debug, Serialize)]
pub struct Report {
    pub display: String,
    /// Who made it, and its release.
    pub server: String,
    pub size: Size,
    /// Bits of colour.
    pub depth: u8,
    /// `None`: the display does not say.
    pub layout: Option<String>,
    pub monitors: Vec<Monitor>,
    pub extensions: Vec<Extension>,
    /// Whether the process with the network is kept from files. A kernel that can't is used all the same.
    #[cfg(target_os = "linux")]
    pub confinement: Confinement,
    pub abilities: Vec<Ability>,
}

#[derive(Debug, Serialize)]
pub struct Extension {
    pub name: String,
    /// `None`: the display lacks it.
    pub version: Option<String>,
}

/// Something that the agent needs, and tried.
#[derive(Debug, Serialize)]
pub struct Ability {
    pub name: &'static str,
    pub works: bool,
    /// What there is, or what is wrong.
    pub what: String,
}

/// Tries the display that `DISPLAY` names.
#[cfg(target_os = "linux")]
pub fn check(is_wayland: bool) -> Result<Report, Fault> {
    let mut report = x11::survey(None)?;
    if is_wayland {
        report.abilities.push(Ability::wayland());
    }
    Ok(report)
}

/// Tries the desktop of whoever runs this.
#[cfg(not(target_os = "linux"))]
pub fn check() -> Result<Report, Fault> {
    desktop::survey()
}

impl Report {
    /// For people, or as JSON for programs.
    pub(crate) fn text(&self, for_programs: bool) -> serde_json::Result<String> {
        if for_programs {
            serde_json::to_string_pretty(self).map(|text| text + "\n")
        } else {
            Ok(self.to_string())
        }
    }

    pub fn lacking(&self) -> impl Iterator<Item = &Ability> {
        self.abilities.iter().filter(|ability| !ability.works)
    }
}

impl Ability {
    pub(crate) fn tried(name: &'static str, outcome: Result<String, Fault>) -> Self {
        match outcome {
            Ok(what) => Self {
                name,
                works: true,
                what,
            },
            Err(fault) => Self::lacking(name, &fault),
        }
    }

    pub(crate) fn lacking(name: &'static str, fault: &Fault) -> Self {
        Self {
            name,
            works: false,
            what: in_one_line(fault),
        }
    }

    #[cfg(target_os = "linux")]
    fn wayland() -> Self {
        Self {
            name: "session",
            works: false,
            what: "this is a Wayland session, of which only programs made for X are seen"
                .to_owned(),
        }
    }
}

/// With its causes.
pub(crate) fn in_one_line(fault: &(dyn Error + 'static)) -> String {
    let mut line = fault.to_string();
    let mut cause = fault.source();
    while let Some(error) = cause {
        line.push_str(": ");
        line.push_str(&error.to_string());
        cause = error.source();
    }
    line
}

impl Display for Report {
    fn fmt(&self, to: &mut Formatter<'_>) -> Formatted {
        let (width, height) = (self.size.width, self.size.height);
        let Self {
            display,
            server,
            depth,
            ..
        } = self;
        writeln!(
            to,
            "display    {display}, {width}x{height}, {depth} bits, {server}"
        )?;
        for monitor in &self.monitors {
            writeln!(to, "monitor    {}", place(monitor))?;
        }
        let layout = self.layout.as_deref().unwrap_or("unknown");
        writeln!(to, "keyboard   {layout}")?;
        for Extension { name, version } in &self.extensions {
            let version = version.as_deref().unwrap_or("none");
            writeln!(to, "extension  {name} {version}")?;
        }
        #[cfg(target_os = "linux")]
        writeln!(to, "files      {}", self.confinement)?;
        for Ability { name, works, what } in &self.abilities {
            let works = if *works { "yes" } else { "NO " };
            writeln!(to, "{works}        {name}: {what}")?;
        }
        Ok(())
    }
}

fn place(monitor: &Monitor) -> String {
    let area = monitor.area;
    let primary = if monitor.primary { ", primary" } else { "" };
    format!(
        "{}, {}x{} at {},{}{primary}",
        monitor.name, area.width, area.height, area.x, area.y
    )
}
