//! The files of an answer: all of them or none, never over existing ones unless told.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// Files that are to be written into one folder.
pub(crate) struct Files {
    folder: PathBuf,
    force: bool,
}

impl Files {
    /// Looks whether those files may be written, before any work is done for them.
    pub(crate) fn prepare(folder: &Path, force: bool, names: &[&str]) -> Result<Self, Failure> {
        let files = Self { folder: folder.to_owned(), force };
        if folder.exists() && !folder.is_dir() {
            let cause = io::Error::from(io::ErrorKind::NotADirectory);
            return Err(Failure::Write { path: folder.to_owned(), cause });
        }
        for name in names {
            let path = folder.join(name);
            files.refuse_existing(&path)?;
            has_place(&path).map_err(|cause| Failure::Write { path, cause })?;
        }
        files.try_out()?;
        Ok(files)
    }

    /// Writes a file and takes it away again, and the folders that were made for it: permissions
    /// do not tell what a file system refuses.
    fn try_out(&self) -> Result<(), Failure> {
        let missing: Vec<PathBuf> = self
            .folder
            .ancestors()
            .filter(|folder| !folder.as_os_str().is_empty())
            .take_while(|folder| !folder.exists())
            .map(Path::to_owned)
            .collect();
        let trial = self.folder.join(format!(".plimsoll.{}.part", std::process::id()));
        let tried = fs::create_dir_all(&self.folder).and_then(|()| {
            fs::OpenOptions::new().write(true).create_new(true).open(&trial)?;
            fs::remove_file(&trial)
        });
        for folder in missing {
            // Only an empty folder goes: nothing that somebody else put there.
            let _ = fs::remove_dir(folder);
        }
        tried.map_err(|cause| Failure::Write { path: self.folder.clone(), cause })
    }

    fn refuse_existing(&self, path: &Path) -> Result<(), Failure> {
        // What cannot be looked at will not be written over either.
        if !self.force && path.symlink_metadata().is_ok() {
            return Err(Failure::Exists { path: path.to_owned() });
        }
        Ok(())
    }

    /// Writes all files: each under a temporary name first, then all are renamed.
    ///
    /// A name may lead through one folder, which is made as well. Without files nothing is made.
    pub(crate) fn write<N: AsRef<str>>(&self, files: &[(N, String)]) -> Result<(), Failure> {
        let files: Vec<(&str, &str)> =
            files.iter().map(|(name, content)| (name.as_ref(), content.as_str())).collect();
        if files.is_empty() {
            return Ok(());
        }
        let mut created = self.folders(&files);
        created.retain(|folder| !folder.exists());
        let written = self.write_all(&files);
        if written.is_err() {
            for folder in created {
                // Only an empty folder goes: nothing that somebody else put there.
                let _ = fs::remove_dir(folder);
            }
        }
        written
    }

    /// The folders of some files, inner ones first.
    fn folders(&self, files: &[(&str, &str)]) -> Vec<PathBuf> {
        let mut folders: Vec<PathBuf> = Vec::new();
        for (name, _) in files {
            let path = self.folder.join(name);
            let parent = path.parent().unwrap_or(&self.folder).to_owned();
            if parent != self.folder && !folders.contains(&parent) {
                folders.push(parent);
            }
        }
        folders.push(self.folder.clone());
        folders
    }

    fn write_all(&self, files: &[(&str, &str)]) -> Result<(), Failure> {
        let refused = |path: &Path| {
            let path = path.to_owned();
            move |cause| Failure::Write { path, cause }
        };
        for folder in self.folders(files) {
            fs::create_dir_all(&folder).map_err(refused(&folder))?;
        }
        let mut pending = Pending::default();
        for (name, content) in files {
            let path = self.folder.join(name);
            self.refuse_existing(&path)?;
            has_place(&path).map_err(refused(&path))?;
            let file = name.rsplit('/').next().unwrap_or_default();
            let temporary = path.with_file_name(format!(".{file}.{}.part", std::process::id()));
            pending.paths.push(temporary.clone());
            fs::OpenOptions::new()
                .write(true)
                .create_new(true)
                .open(&temporary)
                .and_then(|mut file| {
                    file.write_all(content.as_bytes())?;
                    file.sync_all()
                })
                .map_err(refused(&path))?;
        }
        let paths = files.iter().map(|(name, _)| self.folder.join(name));
        let moves: Vec<(&Path, PathBuf)> =
            pending.paths.iter().map(PathBuf::as_path).zip(paths).collect();
        place(&moves)
    }
}

/// Refuses a path at which no file can be: a folder is there, or a file where its folder would be.
fn has_place(path: &Path) -> io::Result<()> {
    if path.symlink_metadata().is_ok_and(|found| found.is_dir()) {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    match path.parent() {
        Some(folder) if folder.exists() && !folder.is_dir() => {
            Err(io::ErrorKind::NotADirectory.into())
        }
        _ => Ok(()),
    }
}

/// Renames every file into its place; where one cannot be, what was there before is put back.
fn place(moves: &[(&Path, PathBuf)]) -> Result<(), Failure> {
    let mut placed: Vec<(&Path, Option<PathBuf>)> = Vec::new();
    for (temporary, path) in moves {
        match replace(temporary, path) {
            Ok(before) => placed.push((path, before)),
            Err(cause) => {
                let lost = placed
                    .iter()
                    .rev()
                    .filter_map(|(path, before)| put_back(path, before.as_deref()).err());
                let told: Vec<String> = std::iter::once(cause.to_string()).chain(lost).collect();
                let cause = io::Error::new(cause.kind(), told.join("; "));
                return Err(Failure::Write { path: path.clone(), cause });
            }
        }
    }
    for before in placed.into_iter().filter_map(|(_, before)| before) {
        // It is under its hidden name for nothing any more.
        let _ = fs::remove_file(before);
    }
    Ok(())
}

/// Puts a file into its place; gives where that is kept which was there.
fn replace(temporary: &Path, path: &Path) -> io::Result<Option<PathBuf>> {
    let before = keep(path)?;
    match fs::rename(temporary, path) {
        Ok(()) => Ok(before),
        Err(cause) => {
            let Some(before) = before else { return Err(cause) };
            put_back(path, Some(&before))
                .map_err(|lost| io::Error::new(cause.kind(), format!("{cause}; {lost}")))?;
            Err(cause)
        }
    }
}

/// Gives what is at a path a second name, or a hidden one where the file system knows no second.
fn keep(path: &Path) -> io::Result<Option<PathBuf>> {
    match path.symlink_metadata() {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(cause) => return Err(cause),
        Ok(_) => has_place(path)?,
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let before = path.with_file_name(format!(".{name}.{}.before", std::process::id()));
    fs::hard_link(path, &before).or_else(|_| fs::rename(path, &before))?;
    Ok(Some(before))
}

/// What was there is there again; where nothing was, nothing is.
fn put_back(path: &Path, before: Option<&Path>) -> Result<(), String> {
    let Some(before) = before else {
        return fs::remove_file(path)
            .map_err(|cause| format!("{} was written and stays: {cause}", path.display()));
    };
    fs::rename(before, path).map_err(|cause| {
        let (path, before) = (path.display(), before.display());
        format!("what was {path} is now {before}: {cause}")
    })?;
    // Two names of one file are left as they are by a rename.
    let _ = fs::remove_file(before);
    Ok(())
}

/// Temporary files that are removed when something goes wrong on the way.
#[derive(Default)]
struct Pending {
    paths: Vec<PathBuf>,
}

impl Drop for Pending {
    fn drop(&mut self) {
        for path in &self.paths {
            let _ = fs::remove_file(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What stands in a folder, by names.
    fn all(folder: &Path) -> Vec<(String, String)> {
        let entries = fs::read_dir(folder).expect("a folder").map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, fs::read_to_string(&path).unwrap_or_default())
        });
        let mut entries: Vec<(String, String)> = entries.collect();
        entries.sort();
        entries
    }

    #[test]
    fn a_rename_that_fails_midway_leaves_what_was_there() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        for (name, text) in [("a", "old"), ("a.part", "new"), ("b.part", "new"), ("d", "old")] {
            fs::write(at(name), text).expect("it can be written");
        }
        let before = all(folder.path());
        // The third has no temporary file, so that it cannot be renamed.
        let (a, b, gone) = (at("a.part"), at("b.part"), at("gone.part"));
        for last in ["c", "d"] {
            let moves = [(&*a, at("a")), (&*b, at("b")), (&*gone, at(last))];
            place(&moves).expect_err("there is no such file");
            let [a, rest @ ..] = &*all(folder.path()) else { panic!("files are there") };
            assert_eq!(*a, before[0], "the old file is back");
            let left = rest.iter().map(|(name, _)| name.as_str());
            assert!(left.eq(["d"]), "neither b nor a second name of a is left: {rest:?}");
            fs::write(at("a.part"), "new").expect("it can be written");
            fs::write(at("b.part"), "new").expect("it can be written");
        }
        place(&[(&*a, at("a")), (&*b, at("b"))]).expect("both can be renamed");
        let expected = [("a", "new"), ("b", "new"), ("d", "old")];
        let expected = expected.map(|(name, text)| (name.to_owned(), text.to_owned()));
        assert_eq!(all(folder.path()), expected);
    }
}
