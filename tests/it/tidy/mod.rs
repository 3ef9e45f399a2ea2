//! Style that matters is a test: where imports point, how long files are, what they start with,
//! which crates are depended on, and that every error code has its heading in the book.
//!
//! Each rule is a function from a tree to what breaks it, so that it is tried on the repository
//! and on a small tree that breaks it on purpose.

mod dependencies;
mod files;
mod tree;

use tree::Tree;

/// Everything that breaks a rule, in the order of the rules.
fn violations(tree: &Tree) -> Vec<String> {
    let rules: [fn(&Tree) -> Vec<String>; 9] = [
        dependencies::arrows,
        dependencies::unlisted,
        dependencies::judge_is_independent,
        dependencies::checks_are_independent,
        files::too_long,
        files::too_wide,
        files::without_introduction,
        files::unfinished,
        files::out_of_place,
    ];
    rules.iter().flat_map(|rule| rule(tree)).collect()
}

#[test]
fn the_repository_is_tidy() {
    let found = violations(&Tree::of_repository());
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn every_error_code_has_a_heading_and_every_heading_a_code() {
    let tree = Tree::of_repository();
    assert_eq!(files::codes_in_source(&tree), files::codes_in_book(&tree));
}

/// A tree that follows every rule.
fn tidy_tree() -> Tree {
    Tree::of([
        ("Cargo.toml", "[package]\nname = \"plimsoll\"\n[dependencies]\ndomain.workspace = true\n"),
        ("domain/Cargo.toml", "[package]\nname = \"domain\"\n[dependencies]\n"),
        ("solver/Cargo.toml", "[package]\nname = \"solver\"\n[dependencies]\ndomain = {}\n"),
        ("simulator/Cargo.toml", "[package]\nname = \"simulator\"\n[dependencies]\n"),
        ("catalogs/Cargo.toml", "[package]\nname = \"catalogs\"\n[dependencies]\n"),
        ("reports/Cargo.toml", "[package]\nname = \"reports\"\n[dependencies]\n"),
        ("src/main.rs", "//! The program.\nfn main() {}\n"),
    ])
}

/// Breaks one rule on purpose and expects it to be named.
fn expect(path: &str, text: &str, needle: &str) {
    let mut tree = tidy_tree();
    assert_eq!(violations(&tree), Vec::<String>::new(), "the tidy tree is tidy");
    tree.insert(path, text);
    let found = violations(&tree);
    assert!(found.iter().any(|line| line.contains(needle)), "{needle:?} not in {found:?}");
}

#[test]
fn an_arrow_between_siblings_is_found() {
    let manifest = "[package]\nname = \"solver\"\n[dependencies]\nreports.workspace = true\n";
    expect("solver/Cargo.toml", manifest, "solver imports reports");
    expect("solver/src/lib.rs", "//! Solver.\nuse catalogs::embedded;\n", "names catalogs");
}

#[test]
fn an_arrow_from_the_domain_is_found() {
    let manifest = "[package]\nname = \"domain\"\n[dependencies]\nsolver.workspace = true\n";
    expect("domain/Cargo.toml", manifest, "domain imports solver");
}

#[test]
fn a_judge_that_uses_the_solver_is_found() {
    let text = "//! Judge.\nuse solver::queueing::erlang_c;\n";
    expect("simulator/src/lib.rs", text, "simulator/src/lib.rs names solver");
    let formula = "//! Judge.\nfn erlang_c() {}\n";
    expect("simulator/src/lib.rs", formula, "simulator/src/lib.rs holds erlang_c");
}

#[test]
fn a_check_that_uses_the_solver_is_found() {
    let text = "//! Check.\nuse solver::model::Model;\n";
    expect("src/check/cost.rs", text, "src/check/cost.rs uses the solver");
    expect("src/audit/asked.rs", text, "src/audit/asked.rs uses the solver");
}

#[test]
fn an_unlisted_dependency_is_found() {
    let manifest = "[package]\nname = \"solver\"\n[dependencies]\nleft-pad = \"1\"\n";
    expect("solver/Cargo.toml", manifest, "solver depends on left-pad");
}

#[test]
fn a_long_file_is_found() {
    let text = format!("//! Long.\n{}", "const A: u8 = 1;\n".repeat(400));
    expect("src/long.rs", &text, "src/long.rs has 401 lines");
}

#[test]
fn a_wide_line_is_found() {
    let text = format!("//! Wide.\n// {}\n", "x".repeat(100));
    expect("src/wide.rs", &text, "src/wide.rs:2 has 103 columns");
}

#[test]
fn a_file_without_an_introduction_is_found() {
    expect("src/bare.rs", "fn main() {}\n", "src/bare.rs does not start with //!");
}

#[test]
fn what_is_unfinished_is_found() {
    expect("src/later.rs", "//! Later.\nfn later() { todo!() }\n", "src/later.rs holds todo!(");
    let ignored = "//! Off.\n#[ignore]\nfn off() {}\n";
    expect("src/off.rs", ignored, "src/off.rs holds #[ignore");
}

#[test]
fn a_folder_that_nobody_planned_is_found() {
    expect("misc/notes.rs", "//! Notes.\n", "misc is not a planned entry");
}
