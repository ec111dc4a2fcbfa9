//! The files of one session: those that come into one folder, and those that the person picked.
//!
//! # Security
//!
//! What comes is written in the session's own directory, which goes with it, and becomes the person's when it is whole
//! and was looked at. No name of the technician's is a way: a file is opened beneath that directory alone, without
//! links, where no other one is. Nothing is overwritten, and nothing is run.

mod downloads;
mod scanner;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::os::fd::OwnedFd;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use conclave_protocol::remote::{Chunk, Digest, FileName, TransferId};
use conclave_remote::{Done, FileWork};
use rustix::fs::{
    AtFlags, CWD, FileType, Mode, OFlags, ResolveFlags, fstat, mkdirat, open, openat, openat2,
    unlinkat,
};
use rustix::io::Errno;
use sha2::{Digest as _, Sha256};

pub use self::downloads::Downloads;
pub use self::scanner::Scanner;

pub struct Inbox {
    place: PathBuf,
    folder: OwnedFd,
    downloads: Downloads,
    scanner: Option<Scanner>,
    coming: BTreeMap<TransferId, Coming>,
    picked: BTreeMap<TransferId, File>,
}

struct Coming {
    name: String,
    file: File,
}

/// What is left to be done elsewhere, or came of it.
pub enum Came {
    Nothing,
    Of(Done),
    /// To be looked at, for as long as that takes.
    ToScan(TransferId, Scanner, PathBuf),
    /// It is the person's, and lies here.
    Kept(PathBuf),
}

/// A file that the person picked, before it is known.
pub struct Picked {
    transfer: TransferId,
    name: FileName,
    file: File,
}

/// With what is promised of it.
pub struct Hashed {
    picked: Picked,
    size: u64,
    sha256: Digest,
}

impl Inbox {
    /// In the directory that goes with the session.
    pub fn open(
        run_directory: &Path,
        downloads: Downloads,
        scanner: Option<Scanner>,
    ) -> io::Result<Self> {
        let directory = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let parent = open(run_directory, directory, Mode::empty())?;
        match mkdirat(&parent, FOLDER, Mode::RWXU) {
            Ok(()) | Err(Errno::EXIST) => {}
            Err(error) => return Err(error.into()),
        }
        let folder = openat(&parent, FOLDER, directory | OFlags::NOFOLLOW, Mode::empty())?;
        Ok(Self {
            place: run_directory.join(FOLDER),
            folder,
            downloads,
            scanner,
            coming: BTreeMap::new(),
            picked: BTreeMap::new(),
        })
    }

    /// One piece of work of the session's. [`FileWork::Pick`] is the person's.
    pub fn work(&mut self, work: FileWork) -> Came {
        let of = transfer_of(&work);
        match (self.try_work(work), of) {
            (Ok(came), _) => came,
            (Err(_), Some(transfer)) => Came::Of(Done::Failed(transfer)),
            (Err(_), None) => Came::Nothing,
        }
    }

    fn try_work(&mut self, work: FileWork) -> io::Result<Came> {
        match work {
            FileWork::Create { transfer, name, .. } => self.create(transfer, name)?,
            FileWork::Write {
                transfer,
                offset,
                bytes,
            } => {
                let coming = self.coming.get(&transfer).ok_or(Errno::BADF)?;
                coming.file.write_all_at(bytes.as_bytes(), offset)?;
            }
            FileWork::Scan(transfer) => return self.scan(transfer),
            FileWork::Keep(transfer) => return self.keep(transfer).map(Came::Kept),
            FileWork::Discard(transfer) => self.discard(transfer)?,
            FileWork::DiscardAll => self.discard_all(),
            FileWork::Read { transfer, offset } => return self.read(transfer, offset),
            FileWork::Close(transfer) => drop(self.picked.remove(&transfer)),
            FileWork::Pick(_) => {}
        }
        Ok(Came::Nothing)
    }

    fn create(&mut self, transfer: TransferId, name: String) -> io::Result<()> {
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
        let mode = Mode::RUSR | Mode::WUSR;
        let beneath = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS;
        let file = openat2(&self.folder, &name, flags, mode, beneath)?;
        let file = File::from(file);
        self.coming.insert(transfer, Coming { name, file });
        Ok(())
    }

    fn scan(&mut self, transfer: TransferId) -> io::Result<Came> {
        let coming = self.coming.get(&transfer).ok_or(Errno::BADF)?;
        Ok(match &self.scanner {
            Some(scanner) => {
                let path = self.place.join(&coming.name);
                Came::ToScan(transfer, scanner.clone(), path)
            }
            None => Came::Of(Done::Scanned {
                transfer,
                harmless: true,
            }),
        })
    }

    fn keep(&mut self, transfer: TransferId) -> io::Result<PathBuf> {
        let coming = self.coming.remove(&transfer).ok_or(Errno::BADF)?;
        coming.file.sync_all()?;
        let kept = self
            .downloads
            .take(&self.folder, &coming.name, &coming.file);
        if kept.is_err() {
            unlinkat(&self.folder, &coming.name, AtFlags::empty())?;
        }
        kept
    }

    fn discard(&mut self, transfer: TransferId) -> io::Result<()> {
        if let Some(coming) = self.coming.remove(&transfer) {
            unlinkat(&self.folder, &coming.name, AtFlags::empty())?;
        }
        Ok(())
    }

    fn discard_all(&mut self) {
        for coming in std::mem::take(&mut self.coming).into_values() {
            let _gone = unlinkat(&self.folder, &coming.name, AtFlags::empty());
        }
        self.picked.clear();
    }

    fn read(&mut self, transfer: TransferId, offset: u64) -> io::Result<Came> {
        let file = self.picked.get(&transfer).ok_or(Errno::BADF)?;
        let mut bytes = vec![0; Chunk::LARGEST];
        let length = file.read_at(&mut bytes, offset)?;
        bytes.truncate(length);
        let bytes = Chunk::new(bytes).ok_or(io::ErrorKind::UnexpectedEof)?;
        Ok(Came::Of(Done::Read {
            transfer,
            offset,
            bytes,
        }))
    }

    /// It can be read from here on.
    pub fn picked(&mut self, hashed: Hashed) -> Done {
        let Picked {
            transfer,
            name,
            file,
        } = hashed.picked;
        self.picked.insert(transfer, file);
        Done::Picked {
            transfer,
            name,
            size: hashed.size,
            sha256: hashed.sha256,
        }
    }
}

impl Drop for Inbox {
    fn drop(&mut self) {
        self.discard_all();
    }
}

impl Picked {
    /// Nothing but a file: no pipe, no device, no folder.
    pub fn open(transfer: TransferId, path: &Path) -> io::Result<Self> {
        let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        let file = openat(CWD, path, flags, Mode::empty())?;
        if !FileType::from_raw_mode(fstat(&file)?.st_mode).is_file() {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let name = path.file_name().map(|name| name.to_string_lossy());
        let name = name.and_then(|name| FileName::parse(&name).ok());
        let name = name.or_else(|| FileName::parse(NAMELESS).ok());
        Ok(Self {
            transfer,
            name: name.ok_or(io::ErrorKind::InvalidInput)?,
            file: File::from(file),
        })
    }

    /// Reads all of it.
    pub fn hash(mut self) -> io::Result<Hashed> {
        let mut hash = Sha256::new();
        let mut size = 0_u64;
        let mut piece = vec![0; PIECE];
        self.file.seek(SeekFrom::Start(0))?;
        loop {
            let length = self.file.read(&mut piece)?;
            if length == 0 {
                break;
            }
            hash.update(piece.get(..length).unwrap_or_default());
            size += length as u64;
        }
        Ok(Hashed {
            picked: self,
            size,
            sha256: Digest(hash.finalize().into()),
        })
    }
}

fn transfer_of(work: &FileWork) -> Option<TransferId> {
    match work {
        FileWork::Create { transfer, .. }
        | FileWork::Write { transfer, .. }
        | FileWork::Read { transfer, .. }
        | FileWork::Scan(transfer)
        | FileWork::Keep(transfer)
        | FileWork::Discard(transfer)
        | FileWork::Pick(transfer)
        | FileWork::Close(transfer) => Some(*transfer),
        FileWork::DiscardAll => None,
    }
}

/// In the session's directory.
const FOLDER: &str = "files";

/// Of a file whose own name is not a plain one.
const NAMELESS: &str = "file";

/// In bytes, of what is read at once.
const PIECE: usize = 64 << 10;

#[cfg(test)]
mod tests;
