use std::os::unix::fs::{PermissionsExt, symlink};

use tempfile::TempDir;

use super::*;

const ONE: TransferId = TransferId(1);

struct Scene {
    home: TempDir,
    inbox: Inbox,
}

impl Scene {
    fn new(scanner: Option<&str>) -> Self {
        let home = tempfile::tempdir().unwrap();
        let scanner = scanner.map(|program| Scanner::new(program.into()));
        let inbox = Inbox::new(Downloads::at(home.path()), scanner);
        Self { home, inbox }
    }

    fn receive(&mut self, name: &str, bytes: &[u8]) {
        let create = FileWork::Create {
            transfer: ONE,
            name: name.to_owned(),
            size: bytes.len() as u64,
        };
        assert!(matches!(self.inbox.work(create), Came::Nothing));
        let write = FileWork::Write {
            transfer: ONE,
            offset: 0,
            bytes: Chunk::new(bytes.to_vec()).unwrap(),
        };
        assert!(matches!(self.inbox.work(write), Came::Nothing));
    }

    fn keep(&mut self) -> PathBuf {
        match self.inbox.work(FileWork::Keep(ONE)) {
            Came::Kept(path) => path,
            Came::Nothing | Came::Of(_) | Came::ToScan(..) => panic!("it was not kept"),
        }
    }

    /// Of what comes nothing is seen.
    fn is_empty(&self) -> bool {
        let mut seen = std::fs::read_dir(self.home.path()).unwrap();
        seen.next().is_none()
    }
}

#[test]
fn a_file_that_is_kept_is_the_person_s_alone() {
    let mut scene = Scene::new(None);
    scene.receive("1-a.txt", b"hello");

    let path = scene.keep();

    assert_eq!(path, scene.home.path().join("Conclave/1-a.txt"));
    assert_eq!(std::fs::read(&path).unwrap(), b"hello");
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

// Shows: ABUSE-54.
#[test]
fn nothing_is_overwritten() {
    let mut scene = Scene::new(None);
    for bytes in [b"one", b"two"] {
        scene.receive("1-a.txt", bytes);
        scene.keep();
    }

    let folder = scene.home.path().join("Conclave");
    assert_eq!(std::fs::read(folder.join("1-a.txt")).unwrap(), b"one");
    assert_eq!(std::fs::read(folder.join("1-a (2).txt")).unwrap(), b"two");
}

// Shows: ABUSE-54.
#[test]
fn a_name_is_no_way_out_of_the_folder() {
    let mut scene = Scene::new(None);
    for name in [
        "../a", "/tmp/a", "link/a", "no/a", "a/", ".", "..", "", "a\0",
    ] {
        let create = FileWork::Create {
            transfer: ONE,
            name: name.to_owned(),
            size: 1,
        };
        let came = scene.inbox.work(create);
        assert!(matches!(came, Came::Of(Done::Failed(ONE))), "{name}");
    }
    assert!(scene.is_empty());

    // Nor does a link lead anywhere that has the name already.
    let (folder, elsewhere) = (scene.home.path().join("Conclave"), scene.home.path());
    std::fs::create_dir(&folder).unwrap();
    symlink(elsewhere.join("b"), folder.join("1-a.txt")).unwrap();
    scene.receive("1-a.txt", b"hello");
    assert_eq!(scene.keep(), folder.join("1-a (2).txt"));
    assert!(!scene.home.path().join("b").exists());
}

// Shows: ABUSE-54.
#[test]
fn a_folder_of_ours_that_leads_elsewhere_takes_nothing() {
    let mut scene = Scene::new(None);
    let elsewhere = tempfile::tempdir().unwrap();
    symlink(elsewhere.path(), scene.home.path().join("Conclave")).unwrap();
    scene.receive("1-a.txt", b"hello");

    let came = scene.inbox.work(FileWork::Keep(ONE));

    assert!(matches!(came, Came::Of(Done::Failed(ONE))));
    let mut there = std::fs::read_dir(elsewhere.path()).unwrap();
    assert!(there.next().is_none());
}

// Shows: ABUSE-54.
#[test]
fn what_the_disk_has_no_room_for_does_not_come() {
    let mut scene = Scene::new(None);
    let create = FileWork::Create {
        transfer: ONE,
        name: "1-a".to_owned(),
        size: u64::MAX,
    };

    assert!(matches!(
        scene.inbox.work(create),
        Came::Of(Done::Failed(ONE))
    ));
}

#[test]
fn what_is_on_its_way_is_not_seen_and_what_is_discarded_is_gone() {
    let mut scene = Scene::new(None);
    scene.receive("1-a", b"x");
    assert!(scene.is_empty());
    scene.inbox.work(FileWork::Discard(ONE));
    assert!(matches!(
        scene.inbox.work(FileWork::Keep(ONE)),
        Came::Of(Done::Failed(ONE))
    ));

    scene.receive("1-b", b"x");
    scene.inbox.work(FileWork::DiscardAll);
    assert!(scene.is_empty());
    assert!(matches!(
        scene.inbox.work(FileWork::Keep(ONE)),
        Came::Of(Done::Failed(ONE))
    ));
}

// Shows: ABUSE-54.
#[test]
fn the_scanner_says_what_a_file_is() {
    for (program, expected) in [
        ("true", Some(true)),
        ("false", Some(false)),
        ("/none", None),
    ] {
        let mut scene = Scene::new(Some(program));
        scene.receive("1-a", b"x");
        let Came::ToScan(transfer, scanner, file) = scene.inbox.work(FileWork::Scan(ONE)) else {
            panic!("it is not looked at");
        };

        let said = match scanner.scan(transfer, file) {
            Done::Scanned { harmless, .. } => Some(harmless),
            _ => None,
        };
        assert_eq!(said, expected, "{program}");
    }
}

#[test]
fn a_picked_file_is_read_as_it_was_hashed() {
    let mut scene = Scene::new(None);
    let path = scene.home.path().join("scan.png");
    let bytes: Vec<u8> = (0..100_000_u32).map(|at| at as u8).collect();
    std::fs::write(&path, &bytes).unwrap();

    let hashed = Picked::open(ONE, &path).unwrap().hash().unwrap();
    let Done::Picked {
        name, size, sha256, ..
    } = scene.inbox.picked(hashed)
    else {
        panic!("it is not picked");
    };
    assert_eq!((name.as_str(), size), ("scan.png", 100_000));
    let expected: [u8; 32] = Sha256::digest(&bytes).into();
    assert_eq!(sha256, Digest(expected));
    let mut read = Vec::new();
    while read.len() < bytes.len() {
        let work = FileWork::Read {
            transfer: ONE,
            offset: read.len() as u64,
        };
        let Came::Of(Done::Read { bytes, .. }) = scene.inbox.work(work) else {
            panic!("it is not read");
        };
        read.extend_from_slice(bytes.as_bytes());
    }
    assert!(read == bytes);
}

#[test]
fn nothing_but_a_file_is_picked() {
    assert!(Picked::open(ONE, Path::new("/dev/null")).is_err());
    assert!(Picked::open(ONE, Path::new("/")).is_err());
    assert!(Picked::open(ONE, Path::new("/no/such")).is_err());
}
