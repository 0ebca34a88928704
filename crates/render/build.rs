//! Rebuilds an optimised binary when a file under `web/` appears or goes, because embedding lists folders at compile time.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    // Debug builds read the files from disk at start; recompiling every server for an edited template would only cost time.
    if std::env::var_os("CARGO_CFG_DEBUG_ASSERTIONS").is_none() {
        println!("cargo:rerun-if-changed=../../web");
    }
}
