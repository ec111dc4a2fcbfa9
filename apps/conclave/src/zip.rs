//! A ZIP that packs without compressing (APPNOTE.TXT 6.3.10, method 0), written from front to back.

/// Knows where the files lie that were handed out so far.
#[derive(Default)]
pub(crate) struct ZipWriter {
    written: u32,
    directory: Vec<u8>,
    files: u16,
}

/// More than 65,535 files, or more than 4 GiB: the format's own ends, without its extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the ZIP would have more than 65,535 files, or more than 4 GiB")]
pub(crate) struct TooLarge;

impl ZipWriter {
    /// The bytes that come next: the file behind its header.
    pub(crate) fn file(&mut self, name: &str, bytes: &[u8]) -> Result<Vec<u8>, TooLarge> {
        let name = name.as_bytes();
        let header = header(name, bytes)?;
        let at = self.written;
        let out = [b"PK\x03\x04", header.as_slice(), name, bytes].concat();
        self.written = at.checked_add(length(&out)?).ok_or(TooLarge)?;
        self.files = self.files.checked_add(1).ok_or(TooLarge)?;
        self.directory.extend(b"PK\x01\x02");
        self.directory.extend(MADE_BY_UNIX.to_le_bytes());
        self.directory.extend(header);
        // No comment, the first disk, no attributes of the kind; a file that its owner alone writes.
        self.directory.extend([0; 6]);
        self.directory.extend((0o100_644_u32 << 16).to_le_bytes());
        self.directory.extend(at.to_le_bytes());
        self.directory.extend(name);
        Ok(out)
    }

    /// The bytes at the end: where everything lies.
    pub(crate) fn finish(self) -> Result<Vec<u8>, TooLarge> {
        let mut out = self.directory;
        let directory = length(&out)?;
        self.written.checked_add(directory).ok_or(TooLarge)?;
        out.extend(b"PK\x05\x06");
        out.extend([0; 4]);
        out.extend(self.files.to_le_bytes());
        out.extend(self.files.to_le_bytes());
        out.extend(directory.to_le_bytes());
        out.extend(self.written.to_le_bytes());
        out.extend([0; 2]);
        Ok(out)
    }
}

/// What both headers of a file say alike (sections 4.3.7 and 4.3.12).
fn header(name: &[u8], bytes: &[u8]) -> Result<Vec<u8>, TooLarge> {
    let (size, name) = (
        length(bytes)?,
        u16::try_from(name.len()).map_err(|_| TooLarge)?,
    );
    let mut out = Vec::with_capacity(26);
    out.extend(VERSION_NEEDED.to_le_bytes());
    // No flags; stored.
    out.extend([0; 4]);
    // The format's first day: when a log was packed says nothing.
    out.extend(0_u16.to_le_bytes());
    out.extend((1_u16 << 5 | 1).to_le_bytes());
    out.extend(crc_32(bytes).to_le_bytes());
    out.extend(size.to_le_bytes());
    out.extend(size.to_le_bytes());
    out.extend(name.to_le_bytes());
    out.extend([0; 2]);
    Ok(out)
}

fn length(bytes: &[u8]) -> Result<u32, TooLarge> {
    u32::try_from(bytes.len()).map_err(|_| TooLarge)
}

/// Of Ethernet and ZIP (ISO 3309).
fn crc_32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        let [low, ..] = crc.to_le_bytes();
        let row = CRC_TABLE.get(usize::from(low ^ byte)).copied();
        row.unwrap_or_default() ^ crc >> 8
    };
    !bytes.iter().fold(u32::MAX, step)
}

const CRC_TABLE: [u32; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < table.len() {
        let mut row = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            row = if row & 1 == 1 {
                0xedb8_8320 ^ row >> 1
            } else {
                row >> 1
            };
            bit += 1;
        }
        table[byte] = row;
        byte += 1;
    }
    table
};

const VERSION_NEEDED: u16 = 10;
const MADE_BY_UNIX: u16 = 3 << 8 | VERSION_NEEDED;

#[cfg(test)]
mod tests {
    use conclave_audit::files_of_zip;

    use super::*;

    #[test]
    fn the_checksum_is_the_one_of_the_standard() {
        assert_eq!(crc_32(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc_32(b""), 0);
    }

    #[test]
    fn what_is_packed_is_found_again() {
        let mut zip = ZipWriter::default();
        let mut bytes = zip.file("README.txt", b"read me").unwrap();
        bytes.extend(zip.file("log/tile/0/000.p/1", &[7; 32]).unwrap());
        bytes.extend(zip.finish().unwrap());

        let files = files_of_zip(&bytes).unwrap();

        assert_eq!(files.len(), 2);
        assert_eq!(files["README.txt"], b"read me");
        assert_eq!(files["log/tile/0/000.p/1"], [7; 32]);
    }
}
