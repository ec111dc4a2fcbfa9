//! What a machine needs beside cargo, Node with npm and a C compiler; on Debian as root it is installed.

use std::path::Path;

use anyhow::{Result, bail};

use crate::{foreign, shell};

/// A Debian package, and the file that shows it is there.
struct Package {
    name: &'static str,
    shows: &'static str,
    purpose: &'static str,
}

/// Without which the agent is compiled, and does less.
const FOR_COMPILING: &[Package] = &[Package {
    name: "libvpx-dev",
    shows: "/usr/include/vpx/vpx_encoder.h",
    purpose: "encodes what moves on the agent's desktop",
}];

const FOR_TESTS: &[Package] = &[
    Package {
        name: "chromium",
        shows: "/usr/bin/chromium",
        purpose: "meets in a real browser",
    },
    Package {
        name: "chromium-headless-shell",
        shows: "/usr/bin/chromium-headless-shell",
        purpose: "shows pages without a window",
    },
    Package {
        name: "firefox-esr",
        shows: "/usr/bin/firefox-esr",
        purpose: "meets in a second real browser",
    },
    Package {
        name: "fonts-dejavu-core",
        shows: "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
        purpose: "gives the browsers letters",
    },
    Package {
        name: "postgresql",
        shows: "/usr/lib/postgresql",
        purpose: "runs the store's suite on the second database",
    },
    Package {
        name: "rsyslog",
        shows: "/usr/sbin/rsyslogd",
        purpose: "collects audit entries",
    },
    Package {
        name: "rsyslog-gnutls",
        shows: "/usr/share/doc/rsyslog-gnutls",
        purpose: "lets it speak TLS",
    },
    Package {
        name: "libfaketime",
        shows: "/usr/share/doc/libfaketime",
        purpose: "moves the clock of a server that is tested",
    },
    Package {
        name: "golang-go",
        shows: foreign::GO,
        purpose: "runs a verifier of the audit log that others wrote",
    },
    Package {
        name: "golang-golang-x-mod-dev",
        shows: foreign::GO_PACKAGES,
        purpose: "is that verifier",
    },
    Package {
        name: "xvfb",
        shows: "/usr/bin/Xvfb",
        purpose: "is a desktop for the agent",
    },
    Package {
        name: "tigervnc-standalone-server",
        shows: "/usr/bin/Xtigervnc",
        purpose: "is a desktop with somebody at it",
    },
    Package {
        name: "x11-xkb-utils",
        shows: "/usr/bin/setxkbmap",
        purpose: "chooses its keyboard",
    },
    Package {
        name: "xterm",
        shows: "/usr/bin/xterm",
        purpose: "is typed into",
    },
    Package {
        name: "xclip",
        shows: "/usr/bin/xclip",
        purpose: "copies and pastes",
    },
    Package {
        name: "xdotool",
        shows: "/usr/bin/xdotool",
        purpose: "is the hand of whoever sits there",
    },
    Package {
        name: "x11-xserver-utils",
        shows: "/usr/bin/xsetroot",
        purpose: "paints a desktop",
    },
    Package {
        name: "gcc-mingw-w64-x86-64-win32",
        shows: "/usr/bin/x86_64-w64-mingw32-gcc",
        purpose: "links programs for Windows",
    },
    Package {
        name: "wine64",
        shows: "/usr/lib/wine/wine64",
        purpose: "runs them",
    },
    Package {
        name: "iproute2",
        shows: "/usr/sbin/ip",
        purpose: "gives their computer a network of its own",
    },
    Package {
        name: "openssl",
        shows: "/usr/bin/openssl",
        purpose: "hashes the passwords of whoever has an account there",
    },
];

/// Python's own tools are asked for, not their files: they come from many places.
const PYTHON: &[&str] = &["python3-venv", "python3-pip"];

/// Refuses with the list of what is missing when it can't be installed.
pub(crate) fn for_building() -> Result<()> {
    for (program, what) in [
        ("cargo", "Rust (https://rustup.rs)"),
        ("node", "Node 20.19, 22.13 or 24 (or later of each)"),
        ("npm", "npm"),
        ("cc", "a C compiler"),
    ] {
        if !shell::has(program) {
            bail!("this machine has no `{program}`: install {what}, then run the command again");
        }
    }
    Ok(())
}

/// Installs the libraries that the whole workspace is compiled with, with one line saying so.
pub(crate) fn for_compiling() -> Result<()> {
    for_building()?;
    provide(&missing(FOR_COMPILING))
}

/// Installs the packages that the tests need, with one line saying so.
pub(crate) fn for_tests() -> Result<()> {
    for_building()?;
    let mut missing = missing(FOR_TESTS);
    if !python_can_make_environments() {
        missing.extend(PYTHON);
    }
    provide(&missing)
}

fn missing(packages: &[Package]) -> Vec<&'static str> {
    let missing = packages
        .iter()
        .filter(|package| !Path::new(package.shows).exists());
    missing
        .inspect(|package| println!("missing: {} ({})", package.name, package.purpose))
        .map(|package| package.name)
        .collect()
}

fn provide(missing: &[&str]) -> Result<()> {
    if missing.is_empty() {
        return Ok(());
    }
    if !Path::new("/etc/debian_version").exists() {
        bail!(
            "install these, by whatever name your system has for them: {}",
            missing.join(", ")
        );
    }
    install(missing)
}

fn install(packages: &[&str]) -> Result<()> {
    if !is_root()? && !shell::has("sudo") {
        bail!(
            "install these as root, then run the command again: apt-get install {}",
            packages.join(" ")
        );
    }
    println!("installing Debian packages: {}", packages.join(" "));
    let sudo: &[&str] = if is_root()? { &[] } else { &["sudo"] };
    let apt = |arguments: &[&str]| {
        let line = [
            sudo,
            &["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"],
            arguments,
        ]
        .concat();
        shell::run(&mut shell::command(".", &line))
    };
    apt(&["-o", "DPkg::Lock::Timeout=300", "update"])?;
    let options = [
        "-o",
        "DPkg::Lock::Timeout=300",
        "install",
        "-y",
        "--no-install-recommends",
    ];
    apt(&[&options[..], packages].concat())
}

pub(crate) fn is_root() -> Result<bool> {
    Ok(shell::output(&mut shell::command(".", &["id", "-u"]))?.trim() == "0")
}

fn python_can_make_environments() -> bool {
    shell::command(".", &["python3", "-c", "import venv, ensurepip"])
        .stderr(std::process::Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}
