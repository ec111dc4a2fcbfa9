//! `cargo xtask test`: the list of all that CI runs, timed.

use std::thread;
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::lanes::Lane::{self, Patient, Plain};
use crate::lanes::{Lanes, Timed};
use crate::passed::Passed;
use crate::report::Tested;
use crate::{
    built, deny, floors, foreign, machine, other_systems, postgres, processors, sdks, shell, tidy,
    wasm, web,
};

struct Step {
    name: &'static str,
    run: fn() -> Result<()>,
}

const STEPS: &[Step] = &[
    Step {
        name: "libraries",
        run: machine::for_compiling,
    },
    Step {
        name: "machine",
        run: machine::for_tests,
    },
    Step {
        name: "format",
        run: format,
    },
    Step {
        name: "floors",
        run: floors::check,
    },
    Step {
        name: "wasm",
        run: wasm::test,
    },
    Step {
        name: "web-build",
        run: web::build,
    },
    Step {
        name: "web-check",
        run: || web::packages("web").and_then(|()| web::script("check")),
    },
    Step {
        name: "web-test",
        run: || web::packages("web").and_then(|()| web::tests("test")),
    },
    Step {
        name: "build",
        run: built::everything,
    },
    Step {
        name: "rust",
        run: built::tests,
    },
    Step {
        name: "clockless",
        run: built::without_clock,
    },
    Step {
        name: "calls",
        run: built::calls,
    },
    Step {
        name: "derived",
        run: tidy::check,
    },
    Step {
        name: "postgres",
        run: postgres::suite,
    },
    Step {
        name: "audit-foreign",
        run: foreign::verify,
    },
    Step {
        name: "stories",
        run: || stories("meetings"),
    },
    Step {
        name: "desktop",
        run: || stories("desktop"),
    },
    Step {
        name: "sdk-python",
        run: sdks::python,
    },
    Step {
        name: "sdk-node",
        run: sdks::node,
    },
    Step {
        name: "sdk-chromium",
        run: sdks::chromium,
    },
    Step {
        name: "sdk-firefox",
        run: sdks::firefox,
    },
    Step {
        name: "windows",
        run: other_systems::windows,
    },
    Step {
        name: "macos",
        run: other_systems::macos,
    },
    Step {
        name: "deny",
        run: deny::check,
    },
];

/// What runs beside each other when everything runs; each stage waits for the one before.
const STAGES: &[&[Lane]] = &[
    &[Plain(&["libraries"])],
    // Nothing is compiled with what the machine lacks for tests.
    &[
        Plain(&["build"]),
        Plain(&[
            "machine",
            "format",
            "floors",
            "wasm",
            "web-build",
            "web-test",
        ]),
    ],
    &[
        Plain(&["rust", "postgres", "sdk-python", "sdk-node"]),
        // They wait for people and for each other, most of all. Fifty people who call at once need what the quickest of the
        // other tests leave them, and a third lane that is not patient would leave them too little.
        Plain(&["calls", "desktop"]),
    ],
    // A browser that has not all of two cores sends smaller pictures than are waited for.
    &[Plain(&["stories", "sdk-chromium", "sdk-firefox"])],
];

/// What runs beside all stages after [`BUILD`], on what these leave of the processors. First what builds in folders of its own,
/// so that no step that begins a stage waits for it, and last the one that waits for answers of programs.
const MEANWHILE: &[Lane] = &[Patient(&[
    "deny",
    "macos",
    "clockless",
    "derived",
    "audit-foreign",
    "web-check",
    "windows",
])];

const BUILD: &str = "build";

pub(crate) fn test(arguments: &[String]) -> Result<()> {
    if arguments.iter().any(|argument| argument == "--list") {
        STEPS.iter().for_each(|step| println!("{}", step.name));
        return Ok(());
    }
    let start = Instant::now();
    let times = if arguments.is_empty() {
        everything()?
    } else {
        one_by_one(chosen(arguments)?)?
    };
    println!();
    for (step, time) in times {
        println!("{:>5} s  {step}", time.as_secs());
    }
    println!(
        "passed in {} s{}",
        start.elapsed().as_secs(),
        processors::taken().map_or_else(String::new, |taken| format!(
            ", with {} s of processors",
            taken.as_secs()
        ))
    );
    Ok(())
}

fn everything() -> Result<Vec<Timed>> {
    let lanes = Lanes::new()?;
    let mut times = Vec::new();
    let mut stages = STAGES.iter();
    for stage in stages.by_ref() {
        times.extend(lanes.run(stage)?);
        if steps(stage).contains(&BUILD) {
            break;
        }
    }
    let tested = Tested::find()?;
    times.extend(rest(&lanes, stages)?);
    let passed = Passed::read(STEPS.iter().map(|step| step.name))?;
    tested.report(&passed)?;
    Ok(times)
}

/// The stages that are left, one after the other, and all that runs meanwhile.
fn rest(
    lanes: &Lanes,
    stages: impl Iterator<Item = &'static &'static [Lane]>,
) -> Result<Vec<Timed>> {
    thread::scope(|scope| {
        let meanwhile = scope.spawn(|| lanes.run(MEANWHILE));
        let staged: Result<Vec<_>> = stages.map(|stage| lanes.run(stage)).collect();
        let beside = meanwhile
            .join()
            .unwrap_or_else(|_| bail!("a lane panicked"));
        Ok([staged?.concat(), beside?].concat())
    })
}

fn steps(stage: &[Lane]) -> Vec<&'static str> {
    stage.iter().flat_map(Lane::steps).copied().collect()
}

fn one_by_one(steps: Vec<&'static Step>) -> Result<Vec<Timed>> {
    let mut times = Vec::new();
    for step in steps {
        println!("\n=== {}", step.name);
        let start = Instant::now();
        (step.run)().with_context(|| format!("step `{}`", step.name))?;
        times.push((step.name, start.elapsed()));
    }
    Ok(times)
}

fn chosen(arguments: &[String]) -> Result<Vec<&'static Step>> {
    arguments
        .iter()
        .map(|name| match STEPS.iter().find(|step| step.name == name) {
            Some(step) => Ok(step),
            None => bail!("there is no step `{name}`: see `cargo xtask test --list`"),
        })
        .collect()
}

fn format() -> Result<()> {
    shell::run(&mut shell::command(
        ".",
        &["cargo", "fmt", "--all", "--check"],
    ))
}

/// Whole stories in a browser, against a server that each story starts for itself: those of a project of
/// `web/stories/vitest.config.ts`.
fn stories(project: &str) -> Result<()> {
    let conclave = shell::target().join("debug/conclave");
    let mut stories = web::tests_of("test:stories");
    stories.args(["--project", project]);
    shell::run(stories.env("CONCLAVE_BIN", conclave))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_each_step_once() {
        let planned = STAGES.iter().flat_map(|stage| steps(stage));
        let mut planned: Vec<&str> = planned.chain(steps(MEANWHILE)).collect();
        let mut all: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
        planned.sort_unstable();
        all.sort_unstable();

        assert_eq!(planned, all);
    }
}
