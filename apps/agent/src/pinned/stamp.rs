//! A place in the program itself that says whether something has to stand behind it: what only stands behind a program is
//! gone as soon as a tool writes it anew, as `strip` does, and nobody would notice.

use std::fs::File;
use std::hint::black_box;
use std::io::{self, BufReader, ErrorKind, Read, Seek, SeekFrom, Write};

/// The program's file is laid out like its memory, so that this begins at a multiple of [`LENGTH`] in both.
#[repr(C, align(64))]
struct Stamp([u8; LENGTH]);

/// Written nowhere else in the program. Of what runs it says nothing: a copy's is read from the copy's file.
#[used]
static STAMP: Stamp = Stamp(*b"conclave-agent: behind a program whose next byte is 1, a pin is0");

const LENGTH: usize = 64;
const YES: u8 = b'1';

/// Whether something has to stand behind the program in this file.
pub(super) fn is_pinned(program: &mut File) -> io::Result<bool> {
    let mut found = places(program)?.into_iter();
    Ok(found.any(|(_, is_pinned)| is_pinned == YES))
}

/// Says it in a copy of the program. False: there is no place for it.
pub(super) fn put(program: &mut File, copy: &mut File) -> io::Result<bool> {
    let places = places(program)?;
    for (at, _) in &places {
        copy.seek(SeekFrom::Start(*at))?;
        copy.write_all(&[YES])?;
    }
    copy.seek(SeekFrom::End(0))?;
    Ok(!places.is_empty())
}

/// Where it is said, and what.
fn places(program: &mut File) -> io::Result<Vec<(u64, u8)>> {
    program.rewind()?;
    let stamp = black_box(&STAMP).0;
    let (label, _) = stamp.split_at(LENGTH - 1);
    let mut reader = BufReader::with_capacity(PIECE, program);
    let (mut found, mut block, mut at) = (Vec::new(), [0; LENGTH], LENGTH as u64 - 1);
    while let Some(is_pinned) = next(&mut reader, &mut block)? {
        if block.starts_with(label) {
            found.push((at, is_pinned));
        }
        at += LENGTH as u64;
    }
    Ok(found)
}

/// The last byte of the next block; `None` behind the last whole one.
fn next(reader: &mut impl Read, block: &mut [u8; LENGTH]) -> io::Result<Option<u8>> {
    match reader.read_exact(block) {
        Ok(()) => Ok(block.last().copied()),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}

/// In bytes, of what is read at once.
const PIECE: usize = 64 << 10;

/// A program with a place for it, and nothing else that runs.
#[cfg(test)]
pub(super) fn program() -> Vec<u8> {
    let mut program = vec![b'.'; LENGTH];
    program.extend(black_box(&STAMP).0);
    program.extend(b"the end");
    program
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_has_one_place_for_it() {
        let mut own = File::open("/proc/self/exe").unwrap();
        let places = places(&mut own).unwrap();

        assert_eq!(places.len(), 1);
        assert!(!is_pinned(&mut own).unwrap());
    }

    #[test]
    fn what_is_put_into_a_copy_is_read_there_and_nothing_else_is_changed() {
        let file = |bytes: &[u8]| {
            let mut file = tempfile::tempfile().unwrap();
            file.write_all(bytes).unwrap();
            file
        };
        let whole = program();
        let (mut program, mut copy) = (file(&whole), file(&whole));

        assert!(put(&mut program, &mut copy).unwrap());

        assert!(is_pinned(&mut copy).unwrap() && !is_pinned(&mut program).unwrap());
        let mut written = Vec::new();
        copy.rewind().unwrap();
        copy.read_to_end(&mut written).unwrap();
        let differ = whole.iter().zip(&written).filter(|(a, b)| a != b);
        assert_eq!((differ.count(), whole.len()), (1, written.len()));
        let mut stranger = file(b"another program");
        assert!(!put(&mut stranger, &mut copy).unwrap());
    }
}
