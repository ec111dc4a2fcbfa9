//! What programs spend, and who started whom.

use std::time::Duration;

use anyhow::Context;

/// In user mode and in the system, all threads.
pub(crate) fn processor_time(process: u32) -> anyhow::Result<Duration> {
    let fields = fields(process)?;
    let ticks = |at: usize| fields.get(at).and_then(|ticks| ticks.parse::<u64>().ok());
    let ticks = ticks(USER_TIME).zip(ticks(SYSTEM_TIME));
    let (user, system) = ticks.context("no processor time")?;
    Ok(Duration::from_millis((user + system) * 10))
}

/// Those that run of those that it started.
pub(crate) fn children(of: u32) -> anyhow::Result<Vec<u32>> {
    let parent = of.to_string();
    let entries = std::fs::read_dir("/proc")?.flatten();
    let numbers = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let is_child = |process: &u32| {
        let fields = fields(*process).unwrap_or_default();
        fields.get(PARENT) == Some(&parent)
    };
    Ok(numbers.filter(is_child).collect())
}

/// What it was started with, behind its name.
pub(crate) fn argument(process: u32) -> Option<String> {
    let line = std::fs::read(format!("/proc/{process}/cmdline")).ok()?;
    let argument = line.split(|byte| *byte == 0).nth(1)?;
    String::from_utf8(argument.to_vec()).ok()
}

/// Behind the name, which is in parentheses and may hold spaces.
fn fields(process: u32) -> anyhow::Result<Vec<String>> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat"))?;
    let (_, fields) = stat.rsplit_once(')').context("no process status")?;
    Ok(fields.split_whitespace().map(str::to_owned).collect())
}

const PARENT: usize = 1;
/// In hundredths of a second.
const USER_TIME: usize = 11;
const SYSTEM_TIME: usize = 12;
