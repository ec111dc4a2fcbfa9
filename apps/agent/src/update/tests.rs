use std::fs::{self, Permissions};
use std::io::Write;
use std::os::unix::fs::{FileExt, PermissionsExt};

use conclave_client::audit::Hex;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use super::*;
use crate::origin::Origin;
use crate::pinned::{program, whose};
use crate::signed::{SecretKey, key};

const PUBLISHER: &str = "publisher.example";

/// A computer with a pinned program of this version, and whatever somebody brings.
struct Computer(TempDir);

impl Computer {
    fn new() -> Self {
        let computer = Self(tempfile::tempdir().unwrap());
        let mut built = tempfile::tempfile().unwrap();
        built.write_all(&built_for(own_kind(), b"first")).unwrap();
        let mut own = File::create_new(computer.path("agent")).unwrap();
        pinned().copy(&mut built, &mut own).unwrap();
        computer
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn program(&self) -> Program {
        Program {
            file: File::open(self.path("agent")).unwrap(),
            path: self.path("agent"),
            version: version("1.2.3"),
            pinned: pinned(),
        }
    }

    /// Brings it as a file.
    fn updates(&self, program: &[u8], note: &str) -> Result<Version, NotUpdated> {
        let folder = tempfile::tempdir().unwrap();
        let from = folder.path().join("later");
        fs::write(&from, program).unwrap();
        self.program().update(&from, note)
    }

    /// Nothing was changed, and nothing else is there.
    fn is_as_it_was(&self) -> bool {
        self.ends_with(b"first") && fs::read_dir(self.0.path()).unwrap().count() == 1
    }

    /// Of the program, before what stands behind it.
    fn ends_with(&self, end: &[u8]) -> bool {
        let bytes = fs::read(self.path("agent")).unwrap();
        let length = built_for(own_kind(), end).len();
        bytes
            .get(..length)
            .is_some_and(|built| built.ends_with(end))
    }
}

fn version(text: &str) -> Version {
    text.parse().unwrap()
}

fn publisher() -> SecretKey {
    key(PUBLISHER, 1)
}

fn pinned() -> Pinned {
    Pinned {
        release: Some(publisher().public()),
        ..Pinned::to(Origin::parse("https://hospital.example").unwrap())
    }
}

fn own_kind() -> [u8; 20] {
    let mut head = [0; 20];
    let own = File::open(OWN).unwrap();
    own.read_exact_at(&mut head, 0).unwrap();
    head
}

/// Begins as a program of this kind, has a place for a pin, and ends so.
fn built_for(head: [u8; 20], end: &[u8]) -> Vec<u8> {
    let mut built = program();
    built[..20].copy_from_slice(&head);
    built.extend(end);
    built
}

fn later() -> Vec<u8> {
    built_for(own_kind(), b"later")
}

fn release(of: &[u8], number: &str) -> Release {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("built");
    fs::write(&path, of).unwrap();
    Release::of(version(number), &path).unwrap()
}

fn note(of: &[u8], number: &str) -> String {
    publisher().sign(&release(of, number)).unwrap()
}

// Shows: ABUSE-53.
#[test]
fn a_later_release_of_the_publishers_takes_the_place_of_the_program_and_keeps_its_pin() {
    let computer = Computer::new();

    let updated = computer.updates(&later(), &note(&later(), "1.3.0"));

    assert_eq!(updated.unwrap(), version("1.3.0"));
    assert!(computer.ends_with(b"later"));
    let mut agent = File::open(computer.path("agent")).unwrap();
    assert_eq!(whose(&mut agent).unwrap(), Some(pinned()));
    let mode = agent.metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o755);
    assert_eq!(fs::read_dir(computer.0.path()).unwrap().count(), 1);
}

// Shows: ABUSE-53.
#[test]
fn what_the_publisher_did_not_sign_as_a_release_is_refused() {
    let computer = Computer::new();
    let signed = note(&later(), "1.3.0");
    let forged = key(PUBLISHER, 2).sign(&release(&later(), "1.3.0"));
    let other = publisher().sign(&serde_json::json!({ "is": "conclave help policy 1" }));

    for wrong in [
        String::new(),
        forged.unwrap(),
        other.unwrap(),
        signed.replace("1.3.0", "1.4.0"),
        signed[..signed.len() - 5].to_owned(),
    ] {
        let refused = computer.updates(&later(), &wrong);
        assert!(matches!(refused, Err(NotUpdated::Unsigned(_))), "{wrong}");
    }
    assert!(computer.is_as_it_was());
}

// Shows: ABUSE-53.
#[test]
fn no_release_leads_back_to_an_earlier_one_or_to_the_same() {
    let computer = Computer::new();

    for number in ["1.2.3", "1.2.2", "0.9.9"] {
        let refused = computer.updates(&later(), &note(&later(), number));
        assert!(matches!(refused, Err(NotUpdated::NotLater { .. })));
    }
    assert!(computer.is_as_it_was());
}

// Shows: ABUSE-53.
#[test]
fn a_program_that_is_not_the_one_that_was_signed_is_refused() {
    let computer = Computer::new();
    let signed = note(&later(), "1.3.0");
    let mut changed = later();
    changed[70] ^= 1;
    let longer = [later(), vec![0]].concat();

    let torn = later()[..30].to_vec();
    for wrong in [torn, Vec::new(), changed, longer] {
        let refused = computer.updates(&wrong, &signed);
        assert!(matches!(refused, Err(NotUpdated::Other)));
    }
    assert!(computer.is_as_it_was());
}

// Shows: ABUSE-53.
#[test]
fn an_archive_and_a_program_for_other_computers_are_no_release_though_they_are_signed() {
    let computer = Computer::new();
    let mut processor = own_kind();
    processor[18] ^= 0xff;
    let foreign = built_for(processor, b"later");
    let archive = b"PK\x03\x04../../etc/cron.d/x".to_vec();

    let refused = computer.updates(&foreign, &note(&foreign, "1.3.0"));
    assert!(matches!(refused, Err(NotUpdated::Foreign)));
    let path = computer.path("archive");
    fs::write(&path, &archive).unwrap();
    let unpublished = Release::of(version("1.3.0"), &path);
    assert!(matches!(unpublished, Err(NotUpdated::Foreign)));
    fs::remove_file(path).unwrap();
    let signed = Release {
        size: archive.len() as u64,
        sha256: Hex(Sha256::digest(&archive).into()),
        ..release(&later(), "1.3.0")
    };
    let refused = computer.updates(&archive, &publisher().sign(&signed).unwrap());
    assert!(matches!(refused, Err(NotUpdated::Foreign)));
    assert!(computer.is_as_it_was());
}

// Shows: ABUSE-53.
#[test]
fn what_is_swapped_after_it_was_looked_at_is_not_what_is_put_in_place() {
    let computer = Computer::new();
    let program = computer.program();
    let place = Place::of(&program.file, &program.path).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("later");
    fs::write(&path, later()).unwrap();
    let from = File::open(&path).unwrap();
    let signed = release(&later(), "1.3.0");

    let mut copy = take(&signed, &from, place.nameless().unwrap()).unwrap();
    fs::write(&path, built_for(own_kind(), b"evil!")).unwrap();
    let put = place.put(|file| program.pinned.copy(&mut copy, file));

    assert!(put.is_ok() && computer.ends_with(b"later"));
    let swapped = take(&signed, &File::open(&path).unwrap(), copy);
    assert!(matches!(swapped, Err(NotUpdated::Other)));
}

// Shows: ABUSE-53, ABUSE-55.
#[test]
fn where_others_could_swap_the_program_or_another_lies_in_its_place_nothing_is_changed() {
    let computer = Computer::new();
    let (later, folder) = (later(), computer.0.path());
    let signed = note(&later, "1.3.0");

    fs::set_permissions(folder, Permissions::from_mode(0o777)).unwrap();
    let open = computer.updates(&later, &signed);
    assert!(matches!(open, Err(NotUpdated::Open(_))));
    fs::set_permissions(folder, Permissions::from_mode(0o700)).unwrap();
    assert!(computer.is_as_it_was());

    let program = computer.program();
    fs::rename(computer.path("agent"), computer.path("moved")).unwrap();
    fs::write(computer.path("agent"), b"another").unwrap();
    fs::write(computer.path("later"), &later).unwrap();
    let elsewhere = program.update(&computer.path("later"), &signed);
    assert!(matches!(elsewhere, Err(NotUpdated::Elsewhere(_))));
    assert_eq!(fs::read(computer.path("agent")).unwrap(), b"another");
}

// Shows: ABUSE-53.
#[test]
fn of_two_updates_beside_each_other_the_second_changes_nothing() {
    let computer = Computer::new();
    let (first, second) = (computer.program(), computer.program());
    let place = Place::of(&first.file, &first.path).unwrap();

    let beside = Place::of(&second.file, &second.path);
    assert!(matches!(beside, Err(NotUpdated::Unwritable(_))));

    let mut copy = tempfile::tempfile().unwrap();
    copy.write_all(&later()).unwrap();
    let put = place.put(|file| first.pinned.copy(&mut copy, file));
    put.unwrap();
    drop(place);
    let after = Place::of(&second.file, &second.path);
    assert!(matches!(after, Err(NotUpdated::Elsewhere(_))));
    assert!(computer.ends_with(b"later"));
}

// Shows: ABUSE-53.
#[test]
fn of_an_update_that_fails_half_way_nothing_is_left() {
    let computer = Computer::new();
    // It has no place for a pin.
    let unmarked = [&own_kind()[..], b"another program"].concat();

    let refused = computer.updates(&unmarked, &note(&unmarked, "1.3.0"));

    assert!(matches!(refused, Err(NotUpdated::Pin(PinFault::Unmarked))));
    assert!(computer.is_as_it_was());
}

#[test]
fn a_program_that_names_no_publisher_is_not_updated() {
    let computer = Computer::new();
    let mut program = computer.program();
    program.pinned.release = None;

    let refused = program.update(&computer.path("agent"), &note(&later(), "1.3.0"));

    assert!(matches!(refused, Err(NotUpdated::Nobody)));
}
