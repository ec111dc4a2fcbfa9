//! Compiles the few lines of C that speak with libvpx, where the library can be linked as a part of the program.

use std::env;
use std::path::{Path, PathBuf};

/// Of Debian's package `libvpx-dev`: the agent is one file, so the shared one does not serve.
const LIBRARY: &str = "libvpx.a";

fn main() {
    println!("cargo::rustc-check-cfg=cfg(vp9)");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/shim.c");
    let Some(folder) = folders().find(|folder| folder.join(LIBRARY).exists()) else {
        println!("cargo::warning={LIBRARY} is not here: this build encodes no video");
        // It may come.
        folders()
            .take(1)
            .for_each(|folder| rerun_with(&folder.join(LIBRARY)));
        return;
    };
    rerun_with(&folder.join(LIBRARY));
    cc::Build::new().file("src/shim.c").compile("conclave_vp9");
    println!("cargo::rustc-link-search=native={}", folder.display());
    println!("cargo::rustc-link-lib=static=vpx");
    println!("cargo::rustc-link-lib=m");
    println!("cargo::rustc-link-lib=pthread");
    println!("cargo::rustc-cfg=vp9");
}

fn rerun_with(path: &Path) {
    println!("cargo::rerun-if-changed={}", path.display());
}

/// Where systems keep libraries of this machine's kind.
fn folders() -> impl Iterator<Item = PathBuf> {
    let architecture = env::var("CARGO_CFG_TARGET_ARCH").unwrap_or_default();
    let multiarch = format!("{architecture}-linux-gnu");
    let roots = ["/usr/lib", "/usr/lib64"].map(Path::new);
    let of_kind = roots.map(|root| root.join(&multiarch));
    of_kind.into_iter().chain(roots.map(Path::to_path_buf))
}
