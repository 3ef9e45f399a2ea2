//! Links the C++ runtime that a statically linked HiGHS needs.
//!
//! `highs-sys` finds HiGHS through pkg-config, which names no runtime for a static library.

fn main() {
    let runtime = if std::env::var("CARGO_CFG_TARGET_VENDOR").is_ok_and(|vendor| vendor == "apple")
    {
        "c++"
    } else {
        "stdc++"
    };
    println!("cargo:rustc-link-lib={runtime}");
    println!("cargo:rerun-if-changed=build.rs");
}
