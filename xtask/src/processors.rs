//! How long the programs that this one started, and waited for, had the machine's processors.

use std::time::Duration;

/// `None`: this system doesn't say it as Linux does (proc_pid_stat(5), `cutime` and `cstime`).
pub(crate) fn taken() -> Option<Duration> {
    read(&std::fs::read_to_string("/proc/self/stat").ok()?)
}

fn read(stat: &str) -> Option<Duration> {
    // The program's name, in brackets, may have spaces.
    let (_, after_name) = stat.rsplit_once(')')?;
    let times = after_name.split_whitespace().skip(13).take(2);
    let ticks: u64 = times
        .map(|time| time.parse::<u64>().ok())
        .sum::<Option<_>>()?;
    Some(Duration::from_millis(ticks * 1_000 / TICKS_PER_SECOND))
}

/// `USER_HZ`, which has been this on every architecture that Rust's standard library runs on.
const TICKS_PER_SECOND: u64 = 100;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_times_of_children_are_read_after_a_name_with_brackets() {
        let stat = "7 (a) b) S 1 7 7 0 -1 4194304 90 12 0 0 3 4 250 50 20 0 1 0 88 0 0";

        assert_eq!(read(stat), Some(Duration::from_secs(3)));
    }

    #[test]
    fn what_was_waited_for_counts() {
        let before = taken().unwrap();
        let busy = "i=0; while [ $i -lt 60000 ]; do i=$((i+1)); done";
        std::process::Command::new("sh")
            .args(["-c", busy])
            .status()
            .unwrap();

        assert!(taken().unwrap() > before);
    }
}
