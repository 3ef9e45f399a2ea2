//! The files that the tidy rules look at: those of the repository, or a few made up.

use std::collections::BTreeMap;
use std::path::Path;

/// Text files by their path from the root.
pub(super) struct Tree {
    files: BTreeMap<String, String>,
}

/// Folders that are no part of the repository.
const LEFT_OUT: [&str; 3] = ["target", ".git", "sizing"];

impl Tree {
    /// The repository that this test was built from.
    pub(super) fn of_repository() -> Self {
        let mut files = BTreeMap::new();
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        collect(root, root, &mut files);
        assert!(files.len() > 50, "the repository was not found");
        Self { files }
    }

    pub(super) fn of<const N: usize>(files: [(&str, &str); N]) -> Self {
        let files = files.map(|(path, text)| (path.to_owned(), text.to_owned()));
        Self { files: BTreeMap::from(files) }
    }

    pub(super) fn insert(&mut self, path: &str, text: &str) {
        self.files.insert(path.to_owned(), text.to_owned());
    }

    pub(super) fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// Every Rust source with its path.
    pub(super) fn rust(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files
            .iter()
            .filter(|(path, _)| Path::new(path).extension().is_some_and(|kind| kind == "rs"))
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }
}

fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<String, String>) {
    let entries = std::fs::read_dir(folder).expect("a folder of the repository can be read");
    for entry in entries {
        let path = entry.expect("an entry of the repository can be read").path();
        let name = path.strip_prefix(root).expect("entries stand below the root");
        let name = name.to_str().expect("paths of the repository are text").replace('\\', "/");
        if LEFT_OUT.contains(&name.as_str()) {
            continue;
        }
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            // What is not text, such as a font, counts with its path alone.
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            files.insert(name, text);
        }
    }
}
