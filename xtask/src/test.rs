//! `cargo xtask test`: the list of all that CI runs, in order, timed.

use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::{built, deny, floors, machine, postgres, sdks, shell, tidy, wasm, web};

struct Step {
    name: &'static str,
    run: fn() -> Result<()>,
}

const STEPS: &[Step] = &[
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
        run: || web::packages("web").and_then(|()| web::script("test")),
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
        name: "derived",
        run: tidy::check,
    },
    Step {
        name: "postgres",
        run: postgres::suite,
    },
    Step {
        name: "stories",
        run: stories,
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
        name: "sdk-browsers",
        run: sdks::browsers,
    },
    Step {
        name: "deny",
        run: deny::check,
    },
];

pub(crate) fn test(arguments: &[String]) -> Result<()> {
    if arguments.iter().any(|argument| argument == "--list") {
        STEPS.iter().for_each(|step| println!("{}", step.name));
        return Ok(());
    }
    let chosen = chosen(arguments)?;
    let mut times = Vec::new();
    for step in chosen {
        println!("\n=== {}", step.name);
        let start = Instant::now();
        (step.run)().with_context(|| format!("step `{}`", step.name))?;
        times.push(format!("{:>5} s  {}", start.elapsed().as_secs(), step.name));
    }
    println!("\n{}\nall steps passed", times.join("\n"));
    Ok(())
}

fn chosen(arguments: &[String]) -> Result<Vec<&'static Step>> {
    if arguments.is_empty() {
        return Ok(STEPS.iter().collect());
    }
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

/// Whole stories in a browser, against a server that each story starts for itself.
fn stories() -> Result<()> {
    let conclave = shell::target().join("debug/conclave");
    let mut stories = shell::command("web", &["npm", "run", "--silent", "test:stories"]);
    shell::run(stories.env("CONCLAVE_BIN", conclave))
}
