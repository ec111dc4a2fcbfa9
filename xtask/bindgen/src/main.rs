//! Writes the JavaScript, and its types, that a WebAssembly module of ours is called through.
//!
//! A package of its own, so that only who builds for browsers builds it; from the library, so that our lock file says
//! which version it is.
#![forbid(unsafe_code)]

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

fn main() -> Result<()> {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(module), Some(folder), None) = (arguments.next(), arguments.next(), arguments.next())
    else {
        anyhow::bail!("usage: conclave-bindgen MODULE FOLDER");
    };
    Bindgen::new()
        .input_path(module)
        .web(true)?
        .typescript(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(&folder)
        .with_context(|| format!("could not write to {}", folder.display()))
}
