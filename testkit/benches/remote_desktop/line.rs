//! A line of 4 Mbit/s each way to a computer with a network of its own, to which this machine's loopback is beyond it.
//!
//! It takes root, `ip` and `tc`, and a kernel with network namespaces and token buckets.

use std::net::Ipv4Addr;
use std::process::{Command, Stdio};

use anyhow::{Context, ensure};

pub(crate) struct Line {
    name: String,
    here: String,
}

/// Addresses for measurements (RFC 2544).
const HERE: Ipv4Addr = Ipv4Addr::new(198, 18, 255, 253);
pub(crate) const THERE: Ipv4Addr = Ipv4Addr::new(198, 18, 255, 254);
const SLOW: [&str; 7] = ["tbf", "rate", "4mbit", "burst", "16kb", "latency", "400ms"];

impl Line {
    /// # Errors
    ///
    /// Where this machine can't.
    pub(crate) fn lay() -> anyhow::Result<Self> {
        let line = Self {
            name: format!("conclave-bench-{}", std::process::id()),
            here: format!("cnb{}", std::process::id()),
        };
        let (name, here) = (line.name.as_str(), line.here.as_str());
        let (near, far) = (HERE.to_string(), THERE.to_string());
        let sysctl = format!("/proc/sys/net/ipv4/conf/{here}");
        let let_in = "echo 1 > /proc/sys/net/ipv4/conf/eth0/route_localnet";
        run(&["ip", "netns", "add", name])?;
        let peer = ["type", "veth", "peer", "name", "eth0", "netns", name];
        run(&[&["ip", "link", "add", here][..], &peer].concat())?;
        std::fs::write(format!("{sysctl}/route_localnet"), "1")?;
        // Else the other end is asked for in the name of 127.0.0.1, which it does not answer.
        std::fs::write(format!("{sysctl}/arp_announce"), "2")?;
        run(&["ip", "netns", "exec", name, "sh", "-c", let_in])?;
        run(&["ip", "address", "add", &format!("{near}/30"), "dev", here])?;
        run(&["ip", "link", "set", here, "up"])?;
        let on = ["dev", "eth0"];
        let address = format!("{far}/30");
        run(&[
            &["ip", "-n", name, "address", "add", address.as_str()][..],
            &on,
        ]
        .concat())?;
        run(&["ip", "-n", name, "link", "set", "eth0", "up"])?;
        let route = [
            "route",
            "add",
            "127.0.0.1/32",
            "via",
            near.as_str(),
            "src",
            far.as_str(),
        ];
        run(&[&["ip", "-n", name][..], &route, &on].concat())?;
        line.slow_down()?;
        Ok(line)
    }

    fn slow_down(&self) -> anyhow::Result<()> {
        let here = ["tc", "qdisc", "add", "dev", self.here.as_str(), "root"];
        run(&[&here[..], &SLOW].concat())?;
        let there = ["tc", "qdisc", "add", "dev", "eth0", "root"];
        let within = ["ip", "netns", "exec", self.name.as_str()];
        run(&[&within[..], &there, &SLOW].concat())
    }

    /// Starts a program at the other end.
    pub(crate) fn there(&self, program: &str) -> Command {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.name, program]);
        command
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let _link = run(&["ip", "link", "delete", &self.here]);
        let _name = run(&["ip", "netns", "delete", &self.name]);
    }
}

fn run(line: &[&str]) -> anyhow::Result<()> {
    let (program, arguments) = line.split_first().context("no program")?;
    let mut command = Command::new(program);
    let status = command.args(arguments).stderr(Stdio::null()).status();
    let status = status.with_context(|| format!("there is no {program}"))?;
    ensure!(status.success(), "{}: {status}", line.join(" "));
    Ok(())
}
