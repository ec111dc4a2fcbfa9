//! The audit log as auditors, participants and programs of others read it, and what tampering comes to.

use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;

use conclave::Clock;
use conclave_audit::{
    Checkpoint, ConsistencyProof, Entry, Hash, LeafPlace, TlogProof, Verifier, entries_of_bundle,
    files_of_zip, leaf_hash, verify_kit,
};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, Connection, Executor, SqliteConnection};

use crate::caller::Caller;
use crate::programs;
use crate::server_in_a_box::Server;

/// A line of its own, a member, a tag, and what other formats make of them.
const CRAFTED: &str = "Ward\r\n{\"event\":\"auth.login\"}|CEF:0=\\<x/>\u{2028}";

// Shows: REQ-AU-08.
#[tokio::test]
async fn an_auditor_finds_an_entry_and_proves_it_with_the_key_alone() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    owner.make_meeting().await;
    let auditor = owner
        .invited("cy.tanaka@riverside.example", "auditor")
        .await;
    vouch(&server).await;
    covers(&auditor, "meeting.create").await;

    let log = auditor.get("/audit/log").await;
    let made = auditor.get("/audit/entries?event=meeting.create").await;

    let verifier = Verifier::parse(&log.text("verifier_key")).unwrap();
    let checkpoint = Checkpoint::open(&log.text("checkpoint"), &verifier).unwrap();
    assert_eq!(log.body["size"], checkpoint.size);
    let [entry] = made.body["entries"].as_array().unwrap().as_slice() else {
        panic!("{}", made.body);
    };
    let seq = entry["seq"].as_u64().unwrap();
    let proof = text(&auditor, &format!("/audit/entries/{seq}/proof")).await;
    let proven = TlogProof::parse(&proof).unwrap().verify(&verifier).unwrap();
    assert_eq!(proven.index, seq);
    assert_eq!(String::from_utf8(proven.entry).unwrap(), entry["entry"]);
    // Nobody reads it unrecorded.
    let read: Vec<_> = server.entries().await;
    let read = read
        .iter()
        .filter(|entry| entry.event.name() == "audit.read");
    assert!(read.count() >= 3);
    for (path, code) in [
        ("/audit/entries?event=Meeting%20Create", "malformed_request"),
        ("/audit/entries?limit=201", "malformed_request"),
        ("/audit/entries?colour=red", "malformed_request"),
        ("/audit/entries/100000/proof", "audit_not_found"),
        ("/audit/entries/one/proof", "audit_not_found"),
        ("/audit/log/tile/0/999", "audit_not_found"),
        ("/audit/log/tile/0/000.p/256", "audit_not_found"),
    ] {
        assert_eq!(auditor.get(path).await.code(), code, "{path}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_program_reads_the_log_as_tiles_by_a_scope_of_its_own() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let (_, reader) = programs::make(&owner, &["audit:read"], None).await;
    let (_, other) = programs::make(&owner, &["meetings:read"], None).await;
    covers(&owner, "program.make").await;
    assert_eq!(other.get("/audit/log").await.code(), "key_refused");
    let key = reader.get("/audit/log").await.text("verifier_key");
    let verifier = Verifier::parse(&key).unwrap();

    let note = text(&reader, "/audit/log/checkpoint").await;
    let checkpoint = Checkpoint::open(&note, &verifier).unwrap();
    let width = checkpoint.size;
    let tile = bytes(&reader, &format!("/audit/log/tile/0/000.p/{width}")).await;
    let bundle = bytes(&reader, &format!("/audit/log/tile/entries/000.p/{width}")).await;

    let leaves = entries_of_bundle(&bundle, u16::try_from(width).unwrap()).unwrap();
    let hashes: Vec<u8> = leaves.iter().flat_map(|leaf| leaf_hash(leaf).0).collect();
    assert_eq!(tile, hashes);
    let known = reader.request(Method::GET, "/audit/log/checkpoint");
    let fresh = reader.get("/audit/log/checkpoint").await;
    let known = known.header("if-none-match", &fresh.headers["etag"]).send();
    let known = known.await.unwrap().status();
    // Unless an entry came in between.
    assert!(known == StatusCode::NOT_MODIFIED || known == StatusCode::OK);
    assert_eq!(
        reader
            .send(Method::POST, "/audit/export", Some(json!({})))
            .await
            .code(),
        "not_signed_in"
    );
    server.stop().await;
}

// Shows: ABUSE-61, ABUSE-65.
#[tokio::test]
async fn a_kit_verifies_elsewhere_until_a_bit_of_it_is_changed() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let member = owner.invited("bo.hadley@riverside.example", "member").await;
    let refused = member
        .send(Method::POST, "/audit/export", Some(json!({})))
        .await;
    assert_eq!(refused.code(), "not_allowed");
    covers(&owner, "user.accept_invitation").await;
    let log = owner.get("/audit/log").await;
    let verifier = Verifier::parse(&log.text("verifier_key")).unwrap();

    let export = owner
        .request(Method::POST, "/audit/export")
        .json(&json!({}));
    let zip = export.send().await.unwrap().bytes().await.unwrap().to_vec();

    let files = files_of_zip(&zip).unwrap();
    let rederived = verify_kit(&files, &verifier).unwrap();
    assert!(rederived.size >= log.body["size"].as_u64().unwrap());
    assert!(rederived.checkpoints > 1);
    let directory = tempfile::tempdir().unwrap();
    let kit = directory.path().join("kit.zip");
    let held = directory.path().join("held");
    std::fs::write(&kit, &zip).unwrap();
    std::fs::write(&held, log.text("checkpoint")).unwrap();
    let key = log.text("verifier_key");
    let verify = |kit: &Path| {
        let args = [
            kit.as_os_str(),
            "--key".as_ref(),
            key.as_ref(),
            "--held".as_ref(),
            held.as_os_str(),
        ];
        conclave()
            .args(["audit", "verify-kit"])
            .args(args)
            .output()
            .unwrap()
    };
    let verified = verify(&kit);
    assert!(verified.status.success(), "{}", said(&verified));
    assert!(said(&verified).contains("as signed"));
    // Each file that counts, in one bit.
    for (name, bytes) in files.iter().filter(|(name, _)| name.starts_with("log/")) {
        let mut forged = zip.clone();
        let at = bytes.as_ptr() as usize - zip.as_ptr() as usize + bytes.len() / 2;
        forged[at] ^= 1;
        std::fs::write(&kit, &forged).unwrap();
        let verified = verify(&kit);
        assert!(!verified.status.success(), "{name}: {}", said(&verified));
    }
    // Whoever kept a checkpoint that the kit is not held against has not been shown anything.
    std::fs::write(&kit, &zip).unwrap();
    owner.make_meeting().await;
    covers(&owner, "meeting.create").await;
    let later = owner.get("/audit/log").await.text("checkpoint");
    for (kept, words) in [
        (later.as_str(), "the kit ends before"),
        ("", "is no checkpoint"),
    ] {
        std::fs::write(&held, kept).unwrap();
        let verified = verify(&kit);
        assert!(!verified.status.success(), "{}", said(&verified));
        assert!(said(&verified).contains(words), "{}", said(&verified));
    }
    server.stop().await;
}

// Shows: REQ-IN-03, REQ-IN-08, ABUSE-61.
#[tokio::test]
async fn what_a_person_with_the_database_changes_is_found() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    owner.make_meeting().await;
    covers(&owner, "meeting.create").await;
    let data = server.data_dir();
    let verify = |held: Option<&Path>| {
        let mut command = conclave();
        command.args(["audit", "verify", "--data-dir"]).arg(&data);
        if let Some(held) = held {
            command.arg("--held").arg(held);
        }
        command.output().unwrap()
    };
    let fine = verify(None);
    assert!(fine.status.success(), "{}", said(&fine));
    let early = tempfile::tempdir().unwrap();
    copy_database(&data, early.path()).await;
    owner.make_meeting().await;
    owner.make_meeting().await;
    Caller::sign_in(&server).await;
    let held = early.path().join("held");
    std::fs::write(&held, owner.get("/audit/log").await.text("checkpoint")).unwrap();
    let directory = server.stop_and_leave().await;
    assert!(verify(Some(&held)).status.success());
    let whole = std::fs::read(data.join("conclave.db")).unwrap();

    for forgery in [
        "DROP TRIGGER audit_outbox_keeps_its_words;
         UPDATE audit_outbox
         SET bytes = CAST(replace(CAST(bytes AS TEXT), '\"done\"', '\"none\"') AS BLOB)
         WHERE position = (SELECT MIN(position) FROM audit_entry WHERE log = 2)",
        "DROP TRIGGER audit_outbox_keeps_its_rows;
         DROP TRIGGER audit_entry_keeps_its_rows;
         DELETE FROM audit_entry WHERE seq = 1;
         DELETE FROM audit_outbox WHERE position NOT IN (SELECT position FROM audit_entry)",
        "DROP TRIGGER audit_entry_keeps_its_rows;
         DELETE FROM audit_entry WHERE position = (SELECT MAX(position) FROM audit_entry)",
        "DROP TRIGGER audit_checkpoint_keeps_its_rows;
         DELETE FROM audit_checkpoint WHERE size = (SELECT MAX(size) FROM audit_checkpoint)",
        "DROP TRIGGER audit_checkpoint_keeps_its_words;
         UPDATE audit_checkpoint SET root = zeroblob(32) WHERE log = 1",
        "DROP TRIGGER audit_entry_keeps_its_words;
         UPDATE audit_entry SET event = 'system.stop' WHERE seq = 0 AND log = 2",
        "DROP TRIGGER audit_entry_keeps_its_words;
         UPDATE audit_entry SET actor = randomblob(16) WHERE seq = 0 AND log = 2",
        "DROP TRIGGER audit_entry_keeps_its_words;
         UPDATE audit_entry SET at = 0 WHERE seq = 0",
        "DROP TRIGGER audit_log_keeps_its_words;
         UPDATE audit_log SET log = randomblob(16) WHERE log IS NOT NULL",
        "INSERT INTO audit_outbox (position, id, log, bytes)
         SELECT -1, randomblob(16), log, bytes FROM audit_outbox WHERE position = 1",
    ] {
        std::fs::write(data.join("conclave.db"), &whole).unwrap();
        tamper(&data, forgery).await;
        let found = verify(None);
        assert!(!found.status.success(), "{forgery}: {}", said(&found));
    }
    // An older database is as good as any, but to whoever saw the later one.
    std::fs::copy(early.path().join("conclave.db"), data.join("conclave.db")).unwrap();
    let older = verify(None);
    assert!(older.status.success(), "{}", said(&older));
    let found = verify(Some(&held));
    assert!(!found.status.success() && said(&found).contains("the entries end before"));
    // Written and signed again from the first entry on, by the server itself with its own key.
    std::fs::write(data.join("conclave.db"), &whole).unwrap();
    tamper(&data, REWRITE).await;
    let _directory = Server::start_again(directory, Clock::default())
        .await
        .stop_and_leave()
        .await;
    let rewritten = verify(None);
    assert!(rewritten.status.success(), "{}", said(&rewritten));
    let found = verify(Some(&held));
    assert!(!found.status.success() && said(&found).contains("do not have the root"));
}

const REWRITE: &str = "DROP TRIGGER audit_outbox_keeps_its_words;
    DROP TRIGGER audit_entry_keeps_its_rows;
    DROP TRIGGER audit_tile_keeps_its_rows;
    DROP TRIGGER audit_checkpoint_keeps_its_rows;
    DELETE FROM audit_entry; DELETE FROM audit_tile; DELETE FROM audit_checkpoint;
    UPDATE audit_outbox
    SET bytes = CAST(replace(CAST(bytes AS TEXT), 'meeting.create', 'meeting.cancel') AS BLOB)";

// Shows: ABUSE-61, ABUSE-65.
#[tokio::test]
async fn a_browser_that_remembers_a_checkpoint_sees_that_the_log_goes_on_from_it() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let meeting = owner.make_meeting().await;
    let guest = Caller::nobody(&server).come(&meeting, "Bo").await;
    let nobody = Caller::nobody(&server);
    assert_eq!(
        nobody.get("/audit/checkpoint").await.code(),
        "not_authenticated"
    );
    let first = guest.get("/audit/checkpoint").await;
    let verifier = Verifier::parse(&first.text("verifier_key")).unwrap();
    let open = |note: &str| Checkpoint::open(note, &verifier).unwrap();
    let before = open(&first.text("checkpoint"));
    assert_eq!(first.body["consistency"], json!([]));
    Caller::sign_in(&server).await;

    let later = guest
        .get(&format!("/audit/checkpoint?since={}", before.size))
        .await;

    let after = open(&later.text("checkpoint"));
    assert!(after.size > before.size);
    let hashes = later.body["consistency"].as_array().unwrap().iter();
    let hashes = hashes.map(|hash| Hash::from_base64(hash.as_str().unwrap()).unwrap());
    let proof = ConsistencyProof(hashes.collect());
    let (old, new) = ((before.size, before.root), (after.size, after.root));
    assert_eq!(proof.verify(old, new), Ok(()));
    // A log that is shorter than what they remember says so itself.
    let beyond = owner
        .get(&format!("/audit/checkpoint?since={}", after.size + 1_000))
        .await;
    assert!(open(&beyond.text("checkpoint")).size < after.size + 1_000);
    assert_eq!(beyond.body["consistency"], json!([]));
    server.stop().await;
}

// Shows: ABUSE-65.
#[tokio::test]
async fn nothing_of_another_organisation_is_among_entries_in_tiles_or_in_a_kit() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let zoe = owner.invited("zoe@elsewhere.example", "owner").await;
    server
        .tamper(
            "INSERT INTO organisation (id, name, created_at)
             VALUES (x'00000000000070008000000000000009', 'Elsewhere', 9000000000000000);
             UPDATE account SET organisation = x'00000000000070008000000000000009'
             WHERE email = 'zoe@elsewhere.example'",
        )
        .await;
    vouch(&server).await;
    let (here, there) = (owner.make_meeting().await, zoe.make_meeting().await);
    covers(&owner, "meeting.create").await;
    covers(&zoe, "meeting.create").await;

    for (reader, own, other) in [(&owner, &here, &there), (&zoe, &there, &here)] {
        let size = reader.get("/audit/log").await.body["size"].as_u64();
        let width = u16::try_from(size.unwrap()).unwrap();
        let bundle = bytes(reader, &format!("/audit/log/tile/entries/000.p/{width}")).await;
        let entries = reader.get("/audit/entries?limit=200").await.body;
        let entries = entries.to_string();
        let kit = reader.request(Method::POST, "/audit/export");
        let kit = kit.json(&json!({})).send().await.unwrap();
        assert_eq!(kit.status(), StatusCode::OK);
        let kit = kit.bytes().await.unwrap();
        for (taken, what) in [
            (&bundle[..], "bundle"),
            (entries.as_bytes(), "entries"),
            (&kit[..], "kit"),
        ] {
            assert!(holds(taken, &own.id), "{what}");
            assert!(!holds(taken, &other.id), "{what}");
        }
        let about = format!("/audit/entries?object={}", other.id);
        assert_eq!(reader.get(&about).await.body["entries"], json!([]));
        // Nor is there a hash of any that is not of the log's own.
        let tile = bytes(reader, &format!("/audit/log/tile/0/000.p/{width}")).await;
        let leaves = entries_of_bundle(&bundle, width).unwrap().into_iter();
        let hashes = leaves.flat_map(|leaf| {
            let Hash(hash) = leaf_hash(leaf);
            hash
        });
        assert_eq!(tile, hashes.collect::<Vec<_>>());
    }
    server.stop().await;
}

fn holds(bytes: &[u8], id: &str) -> bool {
    bytes.windows(id.len()).any(|part| part == id.as_bytes())
}

// Shows: ABUSE-63.
#[tokio::test]
async fn nothing_that_is_typed_makes_an_entry_or_ends_one() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let wrong = json!({"email": CRAFTED, "password": CRAFTED});
    owner.send(Method::POST, "/session", Some(wrong)).await;
    let title = json!({"title": CRAFTED, "invitation_verifier": crate::caller::verifier(b"x")});
    owner.send(Method::POST, "/meetings", Some(title)).await;
    let name = json!({"name": CRAFTED});
    owner.send(Method::POST, "/groups", Some(name)).await;
    let meeting = owner.make_meeting().await;
    let join = json!({"display_name": CRAFTED, "invitation_proof": meeting.proof});
    let nobody = Caller::nobody(&server);
    nobody
        .send(
            Method::POST,
            &format!("/meetings/{}/join", meeting.code),
            Some(join),
        )
        .await;
    let agent = owner
        .request(Method::POST, "/session/step-up")
        .json(&json!({}));
    agent
        .header("user-agent", "x|CEF:0=\\ {\"event\":\"auth.login\"}")
        .send()
        .await
        .unwrap();
    covers(&owner, "meeting.create").await;
    let mut logs = server.store().logs().await.unwrap();
    for head in logs.heads().await.unwrap() {
        let leaves = logs.leaves(&head, 0, head.size).await.unwrap();
        for (seq, leaf) in leaves.iter().enumerate() {
            let leaf = leaf.leaf().unwrap();
            // One line, of one parse: byte for byte what is written again from what was read.
            assert!(leaf.iter().all(|byte| (0x20..0x7f).contains(byte)));
            let entry = Entry::from_canonical(&leaf).unwrap();
            let value: Value = serde_json::from_slice(&leaf).unwrap();
            assert_eq!(value["event"], entry.event.name());
            assert_eq!(
                LeafPlace::of(&leaf).map(|place| place.seq),
                Some(seq as u64)
            );
            let text = String::from_utf8(leaf).unwrap();
            assert!(!text.contains("CEF") && !text.contains("Ward"), "{text}");
        }
    }
    drop(logs);
    server.stop().await;
}

// Shows: ABUSE-66.
#[tokio::test]
async fn a_clock_that_is_set_back_is_on_record_and_changes_no_order() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    let meeting = owner.make_meeting().await;

    server.set_clock_by(-3_600);

    let noticed = async {
        while !server
            .entries()
            .await
            .iter()
            .any(|entry| entry.event.name() == "system.clock")
        {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), noticed)
        .await
        .unwrap();
    owner.come(&meeting, "Amy").await;
    covers(&owner, "meeting.join").await;
    let listed = owner.get("/audit/entries?limit=200").await;
    let entries: Vec<Value> = listed.body["entries"]
        .as_array()
        .unwrap()
        .iter()
        .rev()
        .map(|entry| serde_json::from_str(entry["entry"].as_str().unwrap()).unwrap())
        .collect();
    assert!(
        entries
            .iter()
            .enumerate()
            .all(|(seq, entry)| entry["seq"] == seq)
    );
    let time = |event: &str| {
        let found = entries.iter().find(|entry| entry["event"] == event);
        found.unwrap()["time"].as_str().unwrap().to_owned()
    };
    // The time on record does not go back, whatever the machine's clock says.
    assert!(time("meeting.join") >= time("meeting.create"));
    // At the next start, too.
    let directory = server.stop_and_leave().await;
    let clock = Clock::default();
    clock.set_by(-3 * 3_600);
    let server = Server::start_again(directory, clock).await;
    let set = server.entries().await;
    let set = set
        .iter()
        .filter(|entry| entry.event.name() == "system.clock");
    assert!(set.count() >= 2);
    server.stop().await;
}

#[tokio::test]
async fn while_a_look_can_not_be_recorded_nobody_is_shown_anything_and_others_are_served() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    owner.make_meeting().await;
    covers(&owner, "meeting.create").await;
    let nobody = Caller::nobody(&server);
    let looks = async || {
        let entries = server.entries().await;
        let looks = entries.iter().filter(|entry| {
            let name = entry.event.name();
            name.starts_with("audit.") || name.starts_with("report.")
        });
        looks.count()
    };
    let before = looks().await;
    let blockade = server.block_writes().await;

    // Of those that ask at the same moment the second is not shown what the first is being recorded for.
    let (one, other, tile, bundle, proof, entries, report, beside) = tokio::join!(
        owner.get("/audit/log/checkpoint"),
        owner.get("/audit/log/checkpoint"),
        owner.get("/audit/log/tile/0/000.p/1"),
        owner.get("/audit/log/tile/entries/000.p/1"),
        owner.get("/audit/entries/0/proof"),
        owner.get("/audit/entries"),
        owner.get("/admin/reports/usage"),
        tokio::time::timeout(Duration::from_secs(2), nobody.get("/server")),
    );

    for refused in [one, other, tile, bundle, proof, entries, report] {
        assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(refused.code(), "store_unavailable");
    }
    assert!(beside.is_ok_and(|served| served.status.is_success()));
    drop(blockade);
    // Nobody was shown anything, and nothing says that they were; of those that ask for pieces together one entry tells.
    let shown =
        async { while owner.get("/audit/log/checkpoint").await.status != StatusCode::OK {} };
    let patience = Duration::from_secs(30);
    tokio::time::timeout(patience, shown).await.unwrap();
    assert_eq!(looks().await, before + 1);
    let piece = || owner.get("/audit/entries/0/proof");
    let pieces = tokio::join!(piece(), piece(), piece(), piece());
    assert_eq!(pieces.0.status, StatusCode::OK);
    assert_eq!(looks().await, before + 2);
    server.stop().await;
}

#[tokio::test]
async fn an_operator_says_on_record_that_an_older_copy_was_put_back() {
    let server = Server::start().await;
    let owner = Caller::owner(&server).await;
    owner.make_meeting().await;
    covers(&owner, "meeting.create").await;
    let data = server.data_dir();
    let older = tempfile::tempdir().unwrap();
    copy_database(&data, older.path()).await;
    Caller::sign_in(&server).await;
    let held = older.path().join("held");
    std::fs::write(&held, owner.get("/audit/log").await.text("checkpoint")).unwrap();
    let restored = |reason: &str| {
        let mut command = conclave();
        command.args(["audit", "restored", "--reason", reason, "--data-dir"]);
        command.arg(&data).arg("--held").arg(&held);
        command.output().unwrap()
    };
    // A server that runs would go on with the copy.
    let beside = restored("disk_failure");
    assert!(!beside.status.success(), "{}", said(&beside));
    assert!(said(&beside).contains("uses the data directory"));
    let directory = server.stop_and_leave().await;
    // Nothing was put back yet, and a sentence is no word.
    for (reason, words) in [
        ("disk_failure", "as many entries"),
        ("The disk broke", "not a word"),
    ] {
        let refused = restored(reason);
        assert!(!refused.status.success(), "{}", said(&refused));
        assert!(said(&refused).contains(words), "{}", said(&refused));
    }
    for left in ["conclave.db-wal", "conclave.db-shm"] {
        let _gone = std::fs::remove_file(data.join(left));
    }
    std::fs::copy(older.path().join("conclave.db"), data.join("conclave.db")).unwrap();

    let stated = restored("disk_failure");

    assert!(stated.status.success(), "{}", said(&stated));
    let server = Server::start_again(directory, Clock::default()).await;
    let entries = server.entries().await;
    let stated: Vec<_> = entries
        .iter()
        .filter(|entry| entry.event.name() == "system.restore")
        .map(|entry| serde_json::to_value(entry).unwrap())
        .collect();
    // One in each log; the checkpoint that was kept is of the organisation's.
    assert_eq!(stated.len(), 2);
    let lost = stated.iter().filter_map(|entry| {
        assert_eq!(entry["detail"]["why"], "disk_failure");
        let lost = entry["detail"]["lost_size"].as_u64()?;
        assert!(entry["org"].is_string());
        Some((entry["detail"]["size"].as_u64().unwrap(), lost))
    });
    let lost: Vec<_> = lost.collect();
    let [(size, lost)] = lost.as_slice() else {
        panic!("{lost:?}");
    };
    assert!(size < lost);
    // Whoever remembers what was lost is told, with the proof; whoever remembers less has lost nothing.
    let url = Caller::nobody(&server).url;
    let owner = Caller { url, ..owner };
    covers(&owner, "system.restore").await;
    let asked = async |since: u64| {
        let path = format!("/audit/checkpoint?since={since}");
        owner.get(&path).await.body
    };
    let told = asked(*lost).await;
    let key = told["verifier_key"].as_str().unwrap();
    let proof = TlogProof::parse(told["restored"].as_str().unwrap()).unwrap();
    let proven = proof.verify(&Verifier::parse(key).unwrap()).unwrap();
    let entry = Entry::from_canonical(&proven.entry).unwrap();
    assert_eq!(entry.event.name(), "system.restore");
    assert!(asked(size - 1).await["restored"].is_null());
    server.stop().await;
}

/// Waits until the log covers an event of this name.
pub(crate) async fn covers(reader: &Caller, event: &str) {
    let covered = async {
        loop {
            let found = reader.get(&format!("/audit/entries?event={event}")).await;
            if found.body["entries"]
                .as_array()
                .is_some_and(|found| !found.is_empty())
            {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), covered)
        .await
        .unwrap();
}

/// The database as it is at this moment.
async fn copy_database(from: &Path, to: &Path) {
    let to = to.join("conclave.db");
    run(from, format!("VACUUM INTO '{}'", to.display())).await;
}

/// What a person does who has the files.
async fn tamper(data: &Path, sql: &str) {
    run(data, sql.to_owned()).await;
}

async fn run(data: &Path, sql: String) {
    let options = SqliteConnectOptions::new().filename(data.join("conclave.db"));
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    connection.execute(AssertSqlSafe(sql)).await.unwrap();
    connection.close().await.unwrap();
}

/// As if everybody who is signed in had shown a second factor.
async fn vouch(server: &Server) {
    server
        .tamper("UPDATE web_session SET assurance = 'totp' WHERE assurance = 'password'")
        .await;
}

async fn bytes(caller: &Caller, path: &str) -> Vec<u8> {
    let answer = caller.request(Method::GET, path).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    answer.bytes().await.unwrap().to_vec()
}

async fn text(caller: &Caller, path: &str) -> String {
    String::from_utf8(bytes(caller, path).await).unwrap()
}

fn conclave() -> Command {
    Command::new(env!("CARGO_BIN_EXE_conclave"))
}

fn said(output: &Output) -> String {
    let (out, err) = (&output.stdout, &output.stderr);
    format!(
        "{}{}",
        String::from_utf8_lossy(out),
        String::from_utf8_lossy(err)
    )
}
