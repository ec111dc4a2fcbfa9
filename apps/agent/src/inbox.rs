//! The files of one session: those that come into one folder, and those that the person picked.
//!
//! # Security
//!
//! What comes has no name before it is whole and was looked at: of an agent that ends, however it does, nothing of it is
//! left. Then it becomes the person's. No name of the technician's is a way: it is a plain one, and given in one folder
//! alone, where no other file has it: the kernel lets nothing out of that folder (`RESOLVE_BENEATH`). Nothing is
//! overwritten, and nothing is run.

mod beneath;
mod downloads;
pub(crate) mod nameless;
mod scanner;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::FileExt;
use std::path::{Component, Path, PathBuf};

use conclave_protocol::remote::{Chunk, Digest, FileName, TransferId};
use conclave_remote::{Done, FileWork};
use rustix::fs::{CWD, FileType, Mode, OFlags, fstat, fstatvfs, openat};
use rustix::io::Errno;
use sha2::{Digest as _, Sha256};

pub use self::downloads::Downloads;
pub use self::scanner::Scanner;

pub struct Inbox {
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
    ToScan(TransferId, Scanner, File),
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
    #[must_use]
    pub fn new(downloads: Downloads, scanner: Option<Scanner>) -> Self {
        Self {
            downloads,
            scanner,
            coming: BTreeMap::new(),
            picked: BTreeMap::new(),
        }
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
            FileWork::Create {
                transfer,
                name,
                size,
            } => self.create(transfer, name, size)?,
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
            FileWork::Discard(transfer) => drop(self.coming.remove(&transfer)),
            FileWork::DiscardAll => {
                self.coming.clear();
                self.picked.clear();
            }
            FileWork::Read { transfer, offset } => return self.read(transfer, offset),
            FileWork::Close(transfer) => drop(self.picked.remove(&transfer)),
            FileWork::Pick(_) => {}
        }
        Ok(Came::Nothing)
    }

    fn create(&mut self, transfer: TransferId, name: String, size: u64) -> io::Result<()> {
        if !is_plain(&name) {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let file = self.downloads.nameless()?;
        let disk = fstatvfs(&file)?;
        let free = disk.f_bavail.saturating_mul(disk.f_frsize);
        if free < size.saturating_add(LEFT_FREE) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.coming.insert(transfer, Coming { name, file });
        Ok(())
    }

    fn scan(&mut self, transfer: TransferId) -> io::Result<Came> {
        let coming = self.coming.get(&transfer).ok_or(Errno::BADF)?;
        Ok(match &self.scanner {
            Some(scanner) => {
                let file = File::open(nameless::way_to(&coming.file))?;
                Came::ToScan(transfer, scanner.clone(), file)
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
        self.downloads.take(&coming.name, &coming.file)
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

/// Of one folder's file, and no way to another.
fn is_plain(name: &str) -> bool {
    let mut parts = Path::new(name).components();
    match (parts.next(), parts.next()) {
        (Some(Component::Normal(part)), None) => part == name && !name.contains('\0'),
        _ => false,
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

/// In bytes: no technician fills up a disk.
const LEFT_FREE: u64 = 64 << 20;

/// Of a file whose own name is not a plain one.
const NAMELESS: &str = "file";

/// In bytes, of what is read at once.
const PIECE: usize = 64 << 10;

#[cfg(test)]
mod tests;
