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
            files.refuse_existing(&folder.join(name))?;
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
        for ((name, _), temporary) in files.iter().zip(&pending.paths) {
            let path = self.folder.join(name);
            fs::rename(temporary, &path).map_err(refused(&path))?;
        }
        Ok(())
    }
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
