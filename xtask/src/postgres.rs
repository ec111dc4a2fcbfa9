//! The store's statements and contract suite on PostgreSQL: the one that `DATABASE_URL` names, or a private one.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::{built, machine, shell};

pub(crate) fn suite() -> Result<()> {
    let programs = built::tests_of("conclave-store")?;
    let suite = |url: &str| {
        programs.iter().try_for_each(|program| {
            let mut tests = program.command();
            // The rest was run on SQLite with all other tests.
            tests.args(["--quiet", "postgres"]);
            shell::run(tests.env("DATABASE_URL", url))
        })
    };
    if let Ok(url) = std::env::var("DATABASE_URL") {
        return suite(&url);
    }
    let Some(cluster) = Cluster::start()? else {
        println!("PostgreSQL: skipped, neither DATABASE_URL nor a server of Debian's is here");
        return Ok(());
    };
    suite(&cluster.url)
}

/// A server of Debian's package in a folder of ours, on a Unix socket only; ended when dropped.
struct Cluster {
    programs: PathBuf,
    data: PathBuf,
    url: String,
}

impl Cluster {
    fn start() -> Result<Option<Self>> {
        let Some(programs) = newest_programs() else {
            return Ok(None);
        };
        let folder = std::env::temp_dir().join(format!("conclave-postgres-{}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        if machine::is_root()? {
            shell::run(shell::command(".", &["chown", "postgres:"]).arg(&folder))?;
        }
        let cluster = Self {
            url: format!(
                "postgresql:///postgres?host={}&user=postgres",
                folder.display()
            ),
            data: folder.join("data"),
            programs,
        };
        cluster.program(
            "initdb",
            &["--auth=trust", "--username=postgres", "--no-sync"],
        )?;
        let options = format!("-c listen_addresses='' -k {} -c fsync=on", folder.display());
        let log = folder.join("log").display().to_string();
        cluster.program(
            "pg_ctl",
            &["--wait", "--log", &log, "--options", &options, "start"],
        )?;
        Ok(Some(cluster))
    }

    /// PostgreSQL refuses to run as root.
    fn program(&self, name: &str, arguments: &[&str]) -> Result<()> {
        let path = self.programs.join(name).display().to_string();
        let data = self.data.display().to_string();
        let line = [&[path.as_str(), "--pgdata", &data], arguments].concat();
        let line = if machine::is_root()? {
            [&["runuser", "-u", "postgres", "--"], line.as_slice()].concat()
        } else {
            line
        };
        let mut command = shell::command("/", &line);
        shell::run(command.stdout(std::process::Stdio::null()))
            .with_context(|| format!("PostgreSQL's {name}"))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _gone_already = self.program("pg_ctl", &["--wait", "--mode=immediate", "stop"]);
        if let Some(folder) = self.data.parent() {
            let _left = std::fs::remove_dir_all(folder);
        }
    }
}

fn newest_programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let mut folders: Vec<PathBuf> = versions
        .flatten()
        .map(|version| version.path().join("bin"))
        .filter(|folder| folder.join("initdb").exists())
        .collect();
    folders.sort();
    folders.pop()
}
