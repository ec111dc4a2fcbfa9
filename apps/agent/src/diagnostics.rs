//! Facts about this computer, of the fixed list. None names a person, a place or a device: no host, no user, no
//! address, no serial number, no volume.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use conclave_protocol::remote::{DiagnosticItem, DiagnosticReport};
use rustix::fs::statvfs;
use rustix::system::{sysinfo, uname};

use crate::platform::Size;

/// What can't be found out is left out.
pub fn collect(displays: &[Size]) -> DiagnosticReport {
    let root = Path::new("/");
    let lines = [
        (DiagnosticItem::OperatingSystem, operating_system(root)),
        (DiagnosticItem::Kernel, kernel()),
        (DiagnosticItem::Uptime, Some(uptime())),
        (DiagnosticItem::Processor, processor(root)),
        (DiagnosticItem::Memory, memory(root)),
        (DiagnosticItem::Disks, disks(root)),
        (DiagnosticItem::NetworkAdapters, network_adapters(root)),
        (DiagnosticItem::Displays, sizes(displays)),
        (DiagnosticItem::AgentVersion, Some(VERSION.to_owned())),
    ];
    let known = lines.into_iter().filter_map(|(item, text)| {
        let line = line(&text?);
        (!line.is_empty()).then_some((item, line))
    });
    DiagnosticReport::new(known.collect()).unwrap_or_else(|_| nothing())
}

fn nothing() -> DiagnosticReport {
    DiagnosticReport::new(Vec::new()).expect("a report may have no line")
}

fn operating_system(root: &Path) -> Option<String> {
    let release = read(root, "etc/os-release")?;
    let value = release
        .lines()
        .find_map(|it| it.strip_prefix("PRETTY_NAME="))?;
    Some(value.trim_matches('"').to_owned())
}

/// Without the computer's name, which is beside it.
fn kernel() -> Option<String> {
    let system = uname();
    let parts = [system.sysname(), system.release(), system.machine()];
    let parts = parts.map(|part| part.to_string_lossy().into_owned());
    Some(parts.join(" "))
}

fn uptime() -> String {
    let minutes = sysinfo().uptime / 60;
    let (hours, minutes) = (minutes / 60, minutes % 60);
    let (days, hours) = (hours / 24, hours % 24);
    format!("{days} d {hours} h {minutes} min")
}

fn processor(root: &Path) -> Option<String> {
    let processors = read(root, "proc/cpuinfo")?;
    let field = |line: &str, name| {
        let (is, value) = line.split_once(':')?;
        (is.trim() == name).then(|| value.trim().to_owned())
    };
    let count = processors
        .lines()
        .filter_map(|it| field(it, "processor"))
        .count();
    let model = processors.lines().find_map(|it| field(it, "model name"));
    let model = model.unwrap_or_else(|| std::env::consts::ARCH.to_owned());
    Some(format!("{count} x {model}"))
}

fn memory(root: &Path) -> Option<String> {
    let memory = read(root, "proc/meminfo")?;
    let kilobytes = |name: &str| {
        let value = memory.lines().find_map(|it| it.strip_prefix(name))?;
        value.trim().strip_suffix(" kB")?.parse::<u64>().ok()
    };
    let (all, free) = (kilobytes("MemTotal:")?, kilobytes("MemAvailable:")?);
    Some(format!("{}, {} free", size(all << 10), size(free << 10)))
}

/// Each once, wherever it is mounted.
fn disks(root: &Path) -> Option<String> {
    let mounts = read(root, "proc/self/mounts")?;
    let mut known = BTreeSet::new();
    let disks = mounts.lines().filter_map(|mount| {
        let (device, rest) = mount.split_once(' ')?;
        let is_new = device.starts_with("/dev/") && known.insert(device.to_owned());
        let (place, _) = rest.split_once(' ')?;
        is_new.then(|| disk(Path::new(place)))?
    });
    let disks: Vec<_> = disks.take(MOST_PARTS).collect();
    Some(disks.join("; "))
}

fn disk(place: &Path) -> Option<String> {
    let disk = statvfs(place).ok()?;
    let bytes = |blocks: u64| size(blocks.saturating_mul(disk.f_frsize));
    Some(format!(
        "{}, {} free",
        bytes(disk.f_blocks),
        bytes(disk.f_bavail)
    ))
}

fn network_adapters(root: &Path) -> Option<String> {
    let adapters = fs::read_dir(root.join("sys/class/net")).ok()?;
    let adapters = adapters
        .filter_map(Result::ok)
        .filter_map(|it| adapter(&it.path()));
    let mut adapters: Vec<_> = adapters.take(MOST_PARTS).collect();
    adapters.sort_unstable();
    Some(adapters.join("; "))
}

/// `None`: it is none, but part of the system.
fn adapter(place: &Path) -> Option<String> {
    let has = |name| place.join(name).exists();
    let kind = match (has("wireless") || has("phy80211"), has("device")) {
        (true, _) => "wireless",
        (false, true) => "wired",
        (false, false) => return None,
    };
    let state = read(place, "operstate")?;
    Some(format!("{kind}, {}", state.trim()))
}

fn sizes(displays: &[Size]) -> Option<String> {
    let sizes = displays
        .iter()
        .map(|it| format!("{}x{}", it.width, it.height));
    let sizes: Vec<_> = sizes.collect();
    Some(sizes.join("; "))
}

fn size(bytes: u64) -> String {
    match bytes >> 30 {
        0 => format!("{} MiB", bytes >> 20),
        gibibytes => format!("{gibibytes} GiB"),
    }
}

fn read(root: &Path, path: &str) -> Option<String> {
    fs::read_to_string(root.join(path)).ok()
}

/// What fits into one.
fn line(text: &str) -> String {
    let mut line: String = text.chars().filter(|c| !c.is_control()).collect();
    line.truncate(line.floor_char_boundary(DiagnosticReport::LONGEST_LINE));
    line
}

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Of one line.
const MOST_PARTS: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_says_what_this_computer_is_and_not_whose() {
        let display = Size {
            width: 1_920,
            height: 1_080,
        };

        let report = collect(&[display, display]);

        let text = |item| {
            let mut lines = report.lines().iter();
            lines
                .find(|(it, _)| *it == item)
                .map(|(_, text)| text.as_str())
        };
        assert_eq!(text(DiagnosticItem::Displays), Some("1920x1080; 1920x1080"));
        assert_eq!(text(DiagnosticItem::AgentVersion), Some(VERSION));
        assert!(text(DiagnosticItem::Kernel).unwrap().starts_with("Linux "));
        let host = uname().nodename().to_string_lossy().into_owned();
        let user = std::env::var("USER").unwrap_or_else(|_| host.clone());
        for (_, text) in report.lines() {
            assert!(!text.contains(&host) && !text.contains("/dev/"), "{text}");
            assert!(user.is_empty() || !text.contains(&user), "{text}");
        }
    }

    #[test]
    fn adapters_are_told_by_their_kind_and_state() {
        let root = tempfile::tempdir().unwrap();
        for (name, kind, state) in [("eth0", "device", "up\n"), ("wlan0", "wireless", "down\n")] {
            let place = root.path().join("sys/class/net").join(name);
            fs::create_dir_all(place.join(kind)).unwrap();
            fs::write(place.join("operstate"), state).unwrap();
            fs::write(place.join("address"), "00:11:22:33:44:55").unwrap();
        }
        fs::create_dir_all(root.path().join("sys/class/net/lo")).unwrap();

        let adapters = network_adapters(root.path()).unwrap();

        assert_eq!(adapters, "wired, up; wireless, down");
    }

    #[test]
    fn a_line_is_cut_where_it_is_too_long() {
        assert_eq!(line("a\nb"), "ab");
        assert!(line(&"ä".repeat(500)).len() <= DiagnosticReport::LONGEST_LINE);
    }
}
