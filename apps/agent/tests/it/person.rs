//! Somebody at the computer: a desktop whose keyboard and mouse are devices of its own, moved by this test (RFB 3.8).

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::time::Instant;

use tempfile::TempDir;

use crate::PATIENCE;
use crate::desktop::Desktop;

pub(crate) struct Person {
    pub(crate) desktop: Desktop,
    hands: UnixStream,
    _folder: TempDir,
}

impl Person {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("hands");
        let socket = socket.to_str().unwrap();
        let size = ["-geometry", "640x480", "-depth", "24"];
        let access = ["-SecurityTypes", "None", "-rfbport", "-1", "-rfbunixpath"];
        let arguments = [&size[..], &access, &[socket]].concat();
        let desktop = Desktop::of("Xtigervnc", &arguments);
        Self {
            hands: shake(connect(socket)),
            desktop,
            _folder: folder,
        }
    }

    pub(crate) fn key(&mut self, symbol: u32, down: bool) {
        let [a, b, c, d] = symbol.to_be_bytes();
        self.hands
            .write_all(&[4, down.into(), 0, 0, a, b, c, d])
            .unwrap();
    }

    pub(crate) fn pointer(&mut self, x: u16, y: u16, buttons: u8) {
        let ([a, b], [c, d]) = (x.to_be_bytes(), y.to_be_bytes());
        self.hands.write_all(&[5, buttons, a, b, c, d]).unwrap();
    }
}

/// The server takes connections of its own kind a little after it takes those of X.
fn connect(socket: &str) -> UnixStream {
    let until = Instant::now() + PATIENCE;
    loop {
        match UnixStream::connect(socket) {
            Ok(stream) => return stream,
            Err(error) => assert!(Instant::now() < until, "{error}"),
        }
        std::thread::yield_now();
    }
}

fn shake(mut hands: UnixStream) -> UnixStream {
    hands.set_read_timeout(Some(PATIENCE)).unwrap();
    assert_eq!(read::<12>(&mut hands), *b"RFB 003.008\n");
    hands.write_all(b"RFB 003.008\n").unwrap();
    let [kinds] = read(&mut hands);
    let mut offered = vec![0; kinds.into()];
    hands.read_exact(&mut offered).unwrap();
    let (no_password, shared) = (1, 1);
    assert!(offered.contains(&no_password));
    hands.write_all(&[no_password]).unwrap();
    assert_eq!(read(&mut hands), [0; 4]);
    hands.write_all(&[shared]).unwrap();
    let screen: [u8; 24] = read(&mut hands);
    let name = u32::from_be_bytes([screen[20], screen[21], screen[22], screen[23]]);
    let mut name = vec![0; name as usize];
    hands.read_exact(&mut name).unwrap();
    hands
}

fn read<const LENGTH: usize>(from: &mut UnixStream) -> [u8; LENGTH] {
    let mut bytes = [0; LENGTH];
    from.read_exact(&mut bytes).unwrap();
    bytes
}
