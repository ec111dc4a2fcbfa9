//! An update of this program: a later release of its publisher's in the place of the program that runs.
//!
//! # Security
//!
//! What counts is whom the pin names, which the one that brings the update can't choose. A release is one program and no
//! archive, so no name in it leads anywhere. It is copied once, to where nobody else can change it, and hashed as it is copied:
//! what is put in place is made of that copy, whatever becomes of the file that it came from. Nothing of it is run here. The
//! program is the former or the later one at any moment, whole.

mod place;
mod release;

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

pub use self::release::{Kind, NoVersion, Release, Version};

use self::place::Place;
use self::release::{is_like, take};
use crate::pinned::{PinFault, Pinned};
use crate::signed::Unsigned;

/// What is to be updated.
pub struct Program {
    file: File,
    path: PathBuf,
    version: Version,
    pinned: Pinned,
}

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum NotUpdated {
    #[error("this agent knows nobody who signs its releases")]
    Nobody,
    #[error("the release does not count")]
    Unsigned(#[from] Unsigned),
    #[error("the release is {release}, which does not follow {own}")]
    NotLater { release: Version, own: Version },
    #[error("this is not the program that was signed")]
    Other,
    #[error("this is no program, or one for other computers")]
    Foreign,
    #[error("{0} is not the program that runs")]
    Elsewhere(PathBuf),
    #[error("others could change what lies in the folder of {0}")]
    Open(PathBuf),
    #[error("{0} can't be read")]
    Unreadable(PathBuf, #[source] io::Error),
    #[error("the program can't be replaced")]
    Unwritable(#[source] io::Error),
    #[error(transparent)]
    Pin(#[from] PinFault),
    #[error(transparent)]
    Version(#[from] NoVersion),
}

const OWN: &str = "/proc/self/exe";

impl Program {
    /// The one that runs.
    pub fn own() -> Result<Self, NotUpdated> {
        let own = PathBuf::from(OWN);
        let opened = File::open(&own).and_then(|file| Ok((file, std::env::current_exe()?)));
        let (file, path) = opened.map_err(|error| NotUpdated::Unreadable(own, error))?;
        Ok(Self {
            file,
            path,
            version: Version::own()?,
            pinned: Pinned::own()?.ok_or(NotUpdated::Nobody)?,
        })
    }

    pub fn version(&self) -> Version {
        self.version
    }

    /// By the program in that file, if the note says that its publisher released it, and it is a later one.
    pub fn update(&self, from: &Path, note: &str) -> Result<Version, NotUpdated> {
        let key = self.pinned.release.as_ref().ok_or(NotUpdated::Nobody)?;
        let release: Release = key.open(note)?;
        release.follows(self.version)?;
        let place = Place::of(&self.file, &self.path)?;
        let opened = File::open(from);
        let from = opened.map_err(|error| NotUpdated::Unreadable(from.into(), error))?;
        let mut copy = take(&release, &from, place.nameless()?)?;
        if !is_like(&copy, &self.file) {
            return Err(NotUpdated::Foreign);
        }
        place.put(|file| self.pinned.copy(&mut copy, file))?;
        Ok(release.version)
    }
}

#[cfg(test)]
mod tests;
