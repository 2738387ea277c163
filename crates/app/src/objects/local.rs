//! Bodies in a folder: `WORKSPACE/ab/REST-OF-DIGEST`, and `incoming/` for those that are coming.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use data_encoding::HEXLOWER;
use domain::id::WorkspaceId;
use uuid::Uuid;

use super::{Incoming, Key, Objects};

const INCOMING: &str = "incoming";

/// A folder of bodies, for one machine or shared by all nodes.
#[derive(Clone, Debug)]
pub struct Local {
    folder: PathBuf,
    /// Between looking at the age of a body and removing it, none is kept anew.
    keeping: Arc<Mutex<()>>,
}

impl Local {
    /// This folder, which is made when the first body comes.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), keeping: Arc::default() }
    }

    fn alone(&self) -> MutexGuard<'_, ()> {
        self.keeping.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn place(&self, Key { workspace, digest }: Key) -> PathBuf {
        let digest = digest.to_string();
        let workspace = Uuid::from(workspace).simple().to_string();
        self.folder.join(workspace).join(&digest[..2]).join(&digest[2..])
    }
}

impl Objects for Local {
    fn begin(&self, unique: [u8; 16]) -> io::Result<Box<dyn Incoming>> {
        let incoming = self.folder.join(INCOMING);
        make(&incoming)?;
        let path = incoming.join(HEXLOWER.encode(&unique));
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
        Ok(Box::new(Part { store: self.clone(), file, path }))
    }

    fn open(&self, key: Key) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(File::open(self.place(key))?))
    }

    fn has(&self, key: Key) -> bool {
        self.place(key).is_file()
    }

    fn older(&self, age: Duration, see: &mut dyn FnMut(Key)) -> io::Result<()> {
        for (name, folder) in folders(&self.folder)? {
            if name == INCOMING {
                for (_, path) in files(&folder)?.into_iter().filter(|(_, path)| is_older(path, age)) {
                    remove_file(&path)?;
                }
                continue;
            }
            let Ok(workspace) = Uuid::try_parse(&name).map(WorkspaceId::from) else { continue };
            for (first, folder) in folders(&folder)? {
                for (rest, _) in files(&folder)?.into_iter().filter(|(_, path)| is_older(path, age)) {
                    if let Ok(digest) = format!("{first}{rest}").parse() {
                        see(Key { workspace, digest });
                    }
                }
            }
        }
        Ok(())
    }

    fn remove(&self, key: Key, age: Duration) -> io::Result<bool> {
        let place = self.place(key);
        let _keeping = self.alone();
        if !is_older(&place, age) {
            return Ok(false);
        }
        remove_file(&place)?;
        Ok(true)
    }
}

struct Part {
    store: Local,
    file: File,
    path: PathBuf,
}

impl Incoming for Part {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)
    }

    fn keep(self: Box<Self>, key: Key) -> io::Result<()> {
        self.file.sync_all()?;
        // Kept now, however long it took to come.
        self.file.set_modified(now())?;
        let place = self.store.place(key);
        let folder = place.parent().unwrap_or(&self.store.folder);
        make(folder)?;
        let keeping = self.store.alone();
        fs::rename(&self.path, &place)?;
        drop(keeping);
        File::open(folder)?.sync_all()
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // After it was kept there is nothing at this path.
        if let Err(error) = remove_file(&self.path) {
            tracing::warn!(%error, "what is left of an upload could not be removed");
        }
    }
}

/// Ages of files are by the clock that dates them: the file system's.
#[allow(clippy::disallowed_methods)]
fn now() -> SystemTime {
    SystemTime::now()
}

fn is_older(path: &Path, age: Duration) -> bool {
    let kept = fs::metadata(path).and_then(|file| file.modified());
    kept.is_ok_and(|kept| now().duration_since(kept).is_ok_and(|passed| passed >= age))
}

fn make(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

fn remove_file(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn folders(of: &Path) -> io::Result<Vec<(String, PathBuf)>> {
    entries(of, |kind| kind.is_dir())
}

fn files(of: &Path) -> io::Result<Vec<(String, PathBuf)>> {
    entries(of, |kind| kind.is_file())
}

/// Name and path of what lies in a folder; nothing if there is no such folder.
fn entries(of: &Path, wanted: impl Fn(fs::FileType) -> bool) -> io::Result<Vec<(String, PathBuf)>> {
    let read = match fs::read_dir(of) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        read => read?,
    };
    let mut found = Vec::new();
    for entry in read {
        let entry = entry?;
        if wanted(entry.file_type()?) {
            found.push((entry.file_name().to_string_lossy().into_owned(), entry.path()));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(n: u8) -> Key {
        Key { workspace: WorkspaceId::from(Uuid::from_u128(1)), digest: [n; 32].into() }
    }

    fn kept(store: &Local, n: u8, text: &str) {
        let mut part = store.begin([n; 16]).unwrap();
        part.write(text.as_bytes()).unwrap();
        part.keep(key(n)).unwrap();
    }

    fn seen(store: &Local, age: Duration) -> Vec<Key> {
        let mut seen = Vec::new();
        store.older(age, &mut |key| seen.push(key)).unwrap();
        seen.sort_unstable();
        seen
    }

    const NONE: Duration = Duration::ZERO;

    #[test]
    fn a_body_is_read_as_it_came_and_lies_there_once() {
        let folder = tempfile::tempdir().unwrap();
        let store = Local::new(folder.path().join("objects"));
        assert_eq!(seen(&store, NONE), []);
        kept(&store, 1, "one");
        kept(&store, 1, "one");
        kept(&store, 2, "two");
        let mut text = String::new();
        store.open(key(1)).unwrap().read_to_string(&mut text).unwrap();
        assert_eq!((text.as_str(), store.has(key(2)), store.has(key(3))), ("one", true, false));
        assert_eq!(seen(&store, NONE), [key(1), key(2)]);
        assert_eq!(store.open(key(3)).err().map(|error| error.kind()), Some(io::ErrorKind::NotFound));
    }

    #[test]
    fn what_was_never_kept_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let store = Local::new(folder.path());
        let mut part = store.begin([7; 16]).unwrap();
        part.write(b"half of it").unwrap();
        drop(part);
        let left = files(&folder.path().join(INCOMING)).unwrap();
        assert!(left.is_empty(), "{left:?}");
        // As after a kill.
        fs::write(folder.path().join(INCOMING).join("left"), "half of it").unwrap();
        assert_eq!(seen(&store, NONE), []);
        assert!(files(&folder.path().join(INCOMING)).unwrap().is_empty());
    }

    #[test]
    fn a_body_kept_anew_is_not_removed() {
        let folder = tempfile::tempdir().unwrap();
        let store = Local::new(folder.path());
        kept(&store, 1, "one");
        assert!(seen(&store, Duration::from_hours(1)).is_empty());
        assert!(!store.remove(key(1), Duration::from_hours(1)).unwrap());
        assert!(store.has(key(1)));
        assert!(store.remove(key(1), NONE).unwrap());
        assert!(!store.has(key(1)) && !store.remove(key(1), NONE).unwrap());
    }
}
