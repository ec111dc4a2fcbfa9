//! The page that is made from the program says what it does. `UPDATE_DOCS=1` writes it anew.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use conclave::http::problem::ALL;
use conclave_policy::anomaly::{Bounds, bounds};
use conclave_policy::capability::{AccountAction, MeetingAction, account_may, participant_may};
use conclave_policy::evidence::{
    Claim, DATA_CLASSES, LIMITS, RISKS, SAFEGUARDS, banned_phrase, claims, claims_of,
};
use conclave_policy::rules::profile::HEALTHCARE;
use conclave_protocol::account::AccountRole;
use conclave_protocol::anomaly::AnomalyRule;
use conclave_protocol::evidence::Mark;
use conclave_protocol::meeting::ParticipantRole;
use conclave_protocol::policy::{Permitted, Setting};
use conclave_protocol::risk::Quality;

// Shows: REQ-AD-07.
#[test]
fn the_page_of_errors_lists_every_code() {
    let mut page = ERRORS.to_owned();
    for kind in ALL {
        let status = kind.status.as_u16();
        writeln!(page, "| `{}` | {status} | {} |", kind.code, kind.detail).unwrap();
    }

    is_fresh("errors.md", &page);
}

#[test]
fn codes_are_listed_once() {
    let mut codes: Vec<_> = ALL.iter().map(|kind| kind.code).collect();
    codes.sort_unstable();
    codes.dedup();

    assert_eq!(codes.len(), ALL.len());
}

// Shows: REQ-CR-15.
#[test]
fn no_page_and_no_text_says_what_nobody_can_show() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut files = vec![
        root.join("README.md"),
        root.join("CHANGELOG.md"),
        root.join("SECURITY.md"),
    ];
    for folder in ["docs", "web/src", "apps/conclave/src", "core/protocol/src"] {
        texts_in(&root.join(folder), &mut files);
    }
    assert!(files.len() > 200);
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        assert_eq!(banned_phrase(&text), None, "{}", file.display());
    }
}

/// Whatever a reader or a browser may come to see.
fn texts_in(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let ending = path.extension().unwrap_or_default();
        if path.is_dir() {
            texts_in(&path, files);
        } else if ["md", "rs", "ts", "tsx", "html", "toml", "json"]
            .iter()
            .any(|one| ending == *one)
        {
            files.push(path);
        }
    }
}

// Shows: REQ-AD-01, REQ-AD-07, REQ-CR-12.
#[test]
fn the_page_of_evidence_lists_every_claim_and_every_class_of_data() {
    let mut page = EVIDENCE.to_owned();
    for row in SAFEGUARDS {
        let mark = match row.mark {
            Mark::Required => "R",
            Mark::Addressable => "A",
        };
        writeln!(
            page,
            "\n### {} {} ({mark})\n\n{}\n\n{CLAIMS}",
            row.citation, row.name, row.asks
        )
        .unwrap();
        for claim in claims_of(row.code) {
            let by = words(&format!("{:?}", claim.enforced_by));
            writeln!(
                page,
                "| `{}` | {} | {by} | {} |",
                claim.id,
                claim.sentence,
                rests_on(claim)
            )
            .unwrap();
        }
    }
    page.push_str(CLASSES);
    for class in DATA_CLASSES {
        let claims = class.claims.iter().map(|id| format!("`{id}`"));
        let claims = claims.collect::<Vec<_>>().join(", ");
        writeln!(
            page,
            "| {} | {} | {} | {claims} |",
            class.name, class.in_motion, class.at_rest
        )
        .unwrap();
    }
    page.push_str("\n## Where promises end\n\n");
    for (title, text) in LIMITS {
        writeln!(page, "- **{title}.** {text}").unwrap();
    }

    is_fresh("evidence.md", &page);
}

// Shows: REQ-AD-04, REQ-AD-07.
#[test]
fn the_page_of_risks_lists_every_risk_with_what_is_left() {
    let mut page = RISK_PAGE.to_owned();
    for risk in RISKS {
        let affects = risk.affects.iter().map(|quality| match quality {
            Quality::Confidentiality => "C",
            Quality::Integrity => "I",
            Quality::Availability => "A",
        });
        let affects = affects.collect::<Vec<_>>().join(" ");
        let claims = risk.claims.iter().map(|id| format!("`{id}`"));
        let claims = claims.collect::<Vec<_>>().join(", ");
        writeln!(
            page,
            "| `{}` | {} | {} | {affects} | {} × {} = {} | {claims} | {} | {} |",
            risk.id,
            risk.threat,
            risk.asset,
            risk.likelihood.code(),
            risk.impact.code(),
            risk.level().code(),
            risk.organisation,
            risk.residual.code()
        )
        .unwrap();
    }

    is_fresh("risks.md", &page);
}

/// Else nothing could ever show it.
#[test]
fn each_requirement_that_a_claim_rests_on_is_one_of_the_list() {
    let list =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../xtask/src/requirements/list.txt");
    let list = std::fs::read_to_string(list).unwrap();
    let known = |id: &&str| {
        list.lines()
            .any(|line| line.starts_with(&format!("{id} | ")))
    };
    for claim in claims() {
        let mut named = claim
            .requirements
            .iter()
            .filter(|id| id.starts_with("REQ-"));
        assert!(named.all(known), "{}", claim.id);
    }
}

/// Else no log could ever have an entry of it.
#[test]
fn each_event_that_a_claim_is_seen_in_is_one_of_the_catalogue() {
    let names =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../core/audit/src/event/name.rs");
    let names = std::fs::read_to_string(names).unwrap();
    for claim in claims() {
        for event in claim.seen_in {
            let is_one = names.contains(&format!("=> \"{event}\","));
            assert!(is_one, "{}: {event}", claim.id);
        }
    }
}

fn rests_on(claim: &Claim) -> String {
    let mut grounds: Vec<String> = Vec::new();
    grounds.extend(
        claim
            .waits_for
            .map(|what| format!("not built: {}", what.replace('_', " "))),
    );
    grounds.extend(
        claim
            .conditions
            .iter()
            .map(|one| format!("setting `{}`", one.code())),
    );
    grounds.extend(
        claim
            .probes
            .iter()
            .map(|one| format!("trial `{}`", one.code())),
    );
    if !claim.requirements.is_empty() {
        grounds.push(format!("tests of {}", claim.requirements.join(", ")));
    }
    if claim.needs_sign_off {
        grounds.push("a signature of the organisation, for a year at the most".to_owned());
    } else if !claim.seen_in.is_empty() {
        let events = claim.seen_in.iter().map(|event| format!("`{event}`"));
        let events = events.collect::<Vec<_>>().join(", ");
        grounds.push(format!("seen in {events}"));
    }
    grounds.join("; ")
}

// Shows: REQ-AU-08.
#[test]
fn the_page_of_anomalies_lists_every_rule() {
    let mut page = ANOMALIES.to_owned();
    for rule in AnomalyRule::ALL {
        let Bounds {
            counts,
            subject,
            usual,
            threshold,
            window_minutes: window,
        } = bounds(rule);
        writeln!(
            page,
            "| `{}` | {counts} | {subject} | {} | {} | {} to {} | {} to {} |",
            rule.code(),
            usual.threshold,
            span(usual.window_minutes),
            threshold.start(),
            threshold.end(),
            span(*window.start()),
            span(*window.end()),
        )
        .unwrap();
    }
    page.push_str(ANOMALIES_END);

    is_fresh("anomalies.md", &page);
}

/// Minutes in the largest unit that fits.
fn span(minutes: u32) -> String {
    match minutes {
        _ if minutes.is_multiple_of(24 * 60) => format!("{} d", minutes / (24 * 60)),
        _ if minutes.is_multiple_of(60) => format!("{} h", minutes / 60),
        _ => format!("{minutes} min"),
    }
}

#[test]
fn the_page_of_policy_says_who_may_what() {
    use AccountRole as A;
    use ParticipantRole as P;
    let accounts = [
        A::Owner,
        A::Admin,
        A::AccountManager,
        A::Representative,
        A::Auditor,
        A::Member,
    ];
    let participants = [P::Host, P::CoHost, P::Participant, P::Guest, P::Companion];
    let mut page = POLICY.to_owned();
    page.push_str(&table(&accounts, AccountAction::ALL, |role, action| {
        account_may(role, action).is_allowed()
    }));
    page.push_str(IN_MEETINGS);
    page.push_str(&table(&participants, MeetingAction::ALL, |role, action| {
        participant_may(role, action).is_allowed()
    }));
    page.push_str(SETTINGS);
    let (most, start) = (
        Permitted::default(),
        conclave::starts_with(&conclave::Config::default()),
    );
    for setting in Setting::ALL {
        let json = |permitted: Permitted| {
            serde_json::to_string(&permitted.value(setting))
                .unwrap()
                .replace('"', "")
        };
        let code = setting.code();
        writeln!(page, "| `{code}` | {} | {} |", json(start), json(most)).unwrap();
    }
    page.push_str(PROFILE);
    for (setting, value, why) in HEALTHCARE {
        let value = serde_json::to_string(&value).unwrap().replace('"', "");
        writeln!(page, "| `{}` | {value} | {why} |", setting.code()).unwrap();
    }

    is_fresh("policy.md", &page);
}

/// A row for each action, a column for each role.
fn table<Role: Copy + std::fmt::Debug, Action: Copy + std::fmt::Debug>(
    roles: &[Role],
    actions: &[Action],
    may: impl Fn(Role, Action) -> bool,
) -> String {
    let names: Vec<_> = roles
        .iter()
        .map(|role| words(&format!("{role:?}")))
        .collect();
    let mut table = format!("| | {} |\n|---|", names.join(" | "));
    table.push_str(&"---|".repeat(roles.len()));
    table.push('\n');
    for action in actions {
        let cells = roles.iter().map(|role| match may(*role, *action) {
            true => "yes",
            false => "–",
        });
        let cells: Vec<_> = cells.collect();
        let action = words(&format!("{action:?}"));
        writeln!(table, "| {action} | {} |", cells.join(" | ")).unwrap();
    }
    table
}

/// `AdmitAll` as `admit all`.
fn words(name: &str) -> String {
    let mut words = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
    }
    words
}

fn is_fresh(name: &str, page: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../../docs")
        .join(name);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, page).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == page,
        "docs/{name} is not what the program says; run with UPDATE_DOCS=1"
    );
}

const ERRORS: &str = "\
# Errors

Every refusal of the HTTP API is a problem document (RFC 9457, `application/problem+json`). Programs
branch on `code`, which is stable; `detail` is for people, and may be worded better one day. Where
waiting helps, `retry_after` and the header `Retry-After` say for how many seconds.

An answer never tells more than its caller may know: a meeting of somebody else, one that is over and
one that never was are all `meeting_not_found`, and a wrong password and an unknown e-mail address are
both `sign_in_failed`.

The routes of LiveKit's protocol (`/rtc`, `/twirp`) answer in that protocol's own way instead; see
[signalling](signalling.md).

| code | status | what it means |
|---|---|---|
";

const POLICY: &str = "\
# Policy: who may do what

This page is made from the program: each table is asked of the code that decides.

Three things decide whether somebody may do something, and all must agree: the role of their account, their role in the
meeting, and their organisation's policy. Every refusal is on record.

## Accounts

";
const IN_MEETINGS: &str = "
## In a meeting

Of who is in. Whoever waits can be told how they stand, and leave.

";
const SETTINGS: &str = "
## Settings

Installation, organisation, groups and accounts may each say a word about a setting: nothing, a value, or a value that is
locked. From the general to the special, the more special word counts, but never permits more than a more general one has
locked; what the installation says (`[policy]` in its configuration) is always locked; of several groups the strictest
word counts. Guests have the organisation's words. `GET /api/v1/policies/explain` says for one account each layer's word,
which one decided, and whose lock held it. Why it is done so: [decision 9](decisions/0009-policy-is-a-lattice.md).

A change holds at once. Cameras, screens and messages stop at the media router, in meetings that go on, within a second.
What is about the door holds for who comes from then on; nobody is put out. Co-hosts stay what they are until the meeting
ends. A meeting keeps the data mode that it was made in, since its members' keys depend on it. `guests`, `enter_by_link`,
`co_hosts`, `data_mode` and `key_without_passcode` are those of the meeting's host; all others are each person's own. A picture that is encrypted
end to end is what its sender calls it: where the camera is off and screens are not, a camera that calls itself a screen
passes as one.

A session of remote support is under `support` and those whose names begin with it, as they are for its technician, and under
no other. What they permit the person at the computer is still asked for, each thing by itself; where nobody sits, an administrator's
name and password are asked for instead. To see the screen is part of `support`; it is recorded where `data_mode` is `archive`, and
nowhere else. `support_file_mebibytes` is the size of one file, and `support_file_count` how many go in one session, both ways
together: 100 MiB and 20 at the most. `support_queue` is asked twice: of the organisation, whether anybody may ask for help on the
page for it, and of a technician, whether they see who waits.

A computer in a meeting is under `meeting_control`, as it is for whoever brought it. Where it is taken away, none is brought or
lent, the picture of those that are there stops, and nothing comes to them. What somebody does at another's computer goes as
data packets, and so takes `messages` too.

| setting | while nobody says otherwise | the most that an installation permits by default |
|---|---|---|
";
const PROFILE: &str = "
## The healthcare profile

One act of an owner or admin sets and locks these for the organisation. While it is on nobody changes them. To leave it, an
owner asks, and another owner or an admin confirms within 24 hours; both are on record, and the settings stay as they are
until somebody changes them.

| setting | value | why |
|---|---|---|
";

const CLAIMS: &str = "| id | sentence | kept true by | rests on |\n|---|---|---|---|";
const CLASSES: &str = "
## Classes of data

| class | on its way | at rest | claims |
|---|---|---|---|
";
const RISK_PAGE: &str = "\
# Risks: what may go wrong, and what is left

This page is made from the program: it is the register that `/admin/risks` shows, and a part of each export of the
[evidence](evidence.md). What the product protects from, and from whom, is told at length in the [threat model](threat-model.md).

It is general. How likely something is at one organisation, and how bad, that organisation assesses itself (45 CFR
164.308(a)(1)(ii)(A) and (B)): `PUT /api/v1/risks/{risk}` keeps what it does about a risk (accepted, reduced, shared, avoided), its
own likelihood and impact, why, who said so, and when somebody looks again, two years later at the most. What was said before is
kept; the record and exports have a hash of it. The claim `general.risks` is met while each risk has an assessment that is not
out of date.

C is confidentiality, I integrity, A availability (164.306(a)(1)). Likelihood and impact, each low, moderate or high, are those
without anything that is done; both together make the level. What the product does is named by claims, which hold or not on a
running server; what is left is what is left while they do and the organisation does its part.

| id | threat | to what | affects | likelihood × impact | the product, by claims | the organisation | left |
|---|---|---|---|---|---|---|---|
";
const EVIDENCE: &str = "\
# Evidence: which safeguard holds, and what shows it

This page is made from the program: its tables are the register that the server judges itself by.

`/admin/evidence` shows the rows of the Security Rule (45 CFR 164.312, and what software supports of 164.306, 164.308,
164.310 and 164.316) with their marks, R for required and A for addressable. Each row has claims. A claim's sentence is told
only while it is *proven*: while everything that it rests on was seen to hold, lately enough. Else the page says what is
missing. Nobody certifies software for this, and no row says so; a test keeps such phrases out of every page and text.

| state | meaning |
|---|---|
| proven | all grounds hold |
| stale | nothing speaks against it, and a ground was never seen, or too long ago |
| not met | a ground does not hold, or is not built |
| not applicable | the organisation does otherwise, by a decision with reasons; what is proven stays proven |

## What a claim rests on

- **Settings** are read from the running process and from the organisation's policies as they are for whoever is permitted the
  most, with each question. One group that may stay signed in for an hour is enough for a row to change.
- **Trials** are made every `evidence.every` (30 s): the server opens a TLS connection to itself, looks at its certificate's end,
  guesses at an account that nobody has and leaves a session alone, both at an accelerated clock and with the limits that are set,
  reads what is on record, which counts from when it has read the newest of it, looks at the rights of its files, computes test vectors, and looks at what media sessions negotiated.
- **Tests** count while a report of them is signed by the key in `evidence.tests_key` and names the very program that runs, by
  the SHA-256 of its file, and is younger than half a year. An edited report, one of another build, and an old one show nothing.
  `cargo xtask test` makes one for the server that it tested, in `target/tests.note`, of the tests that passed in that very run, and
  says which are missing because they did not run: what one of those shows is not shown, whatever others do. A machine that releases
  keeps its key with `CONCLAVE_TESTS_KEY`. `conclave sign-tests` is what signs. It signs for its own file
  alone, and says which build that was: what a debug build was shown to do says nothing of a release, whose hash is another.
- **Signatures** are decisions of the organisation about what its own people do. Each names who sees to it, and a day within a
  year (in a year, where it names none): from that day on the claim is stale until somebody signs anew.

Beside that stands the newest **entry** of the organisation's log that shows a claim at work, of those that the latest checkpoint
covers: that somebody was signed out, locked out or put out, or that somebody signed. Its number, its time and its id are a ground that
informs (*seen in*, below): what happened once is nothing to rest on, and what never happened here yet stands in no claim's way. Whoever may
read the log opens the entry from the page, at `/admin/audit?entry=<id>`. Of a moment in the past no entries are named.

Each change of a state is an audit entry (`evidence.state`), and once a day all of them are, by a hash (`evidence.evaluate`), so
that `GET /api/v1/evidence?at=2027-03-03T12:00:00Z` and the log answer together what was shown that day, with the sentences as
they were told then. What a round saw is good for two of them (ten seconds at the least): where no round follows, because the
server did not run or its rounds failed, what rests on trials and tests is stale from then on, at this moment and in the past
alike. A moment that no finished round has seen, or that is less than five seconds ago, is judged as it is when the question comes.

## What the organisation does

An addressable row has a decision: implemented, an equivalent, or not reasonable, with a reason and with what was weighed (risk,
size, complexity, infrastructure, cost: 164.306(b)(2)). What people of the organisation do is signed for in the same way; where the
row is a required one, it is implemented or not met. The page says who signed. The words stay in the database; entries and exports
have their hash.

`owner` is who sees to it from then on, a name or an office, and `due` the day by which somebody decides anew, within a year
(`decision_invalid`): both are on the page and in exports. A decision to do otherwise that is past its day excuses nothing for good: what it
excused is stale. What was decided before decisions had either is good for as long as it was, signatures for a year and rows until they are
decided anew.

The register of agreements holds business associates, dates, and the hash of the document; what it said before a change is kept, is
shown, and is in exports, each version with the hash that the entry has of it. While the healthcare profile is on and none is in
force, the page says so. `/admin/agreements` hands out a [template](templates/business-associate-agreement.md), which is no legal
advice. The [register of risks](risks.md) comes with the product; the organisation assesses each of them. The review lists every security setting as it is and as it is recommended; a signature is
for the settings as they were read, and is out of date as soon as one of them changes.

Emergency access that nobody reviewed within 72 hours makes its row *not met*, with how many and since when, until it is reviewed.

Who was trained in what, when, and until when that is good is entered at `/admin/training` by owners, admins and account managers
(`training.enter`, with the hash of what the register says), and taken back where it was a mistake (`training.withdraw`): it counts no
more, and stays. While somebody with an active account has none on record, or one of theirs is over with none later in the same
matter, `training.current` is *not met*, with how many and since when; the page says who. Whom it is about reads at `/account` what the
register says of them, and says that it was so (`training.acknowledge`); the register shows when, and takes nobody else's word for it.

`complaints` in the configuration names where complaints about privacy go; it is shown at the foot of every page outside of
meetings. What comes in is entered at `/admin/complaints` by owners, admins and account managers, with a second factor: when it
came, what kind it is (a complaint, or a request by 45 CFR 164.522 to 164.528), what was said, and what became of it. Words lie in
the database sealed under a key of this installation, as those of emergency access do; each reading is on record
(`complaint.read`), and entries and exports have no more than kinds, outcomes and numbers.

## Taking it out

`POST /api/v1/evidence/export` with `{\"format\": \"json\"}` has the statement, a signed note (C2SP) over it, and the key's text: the
audit log's key under the name `<host>/audit/<organisation>/evidence`. The format `pdf` has the same rows on paper and carries the
signed note as an attached file, `evidence.note`; it prints that file's SHA-256, the signature and the key, so that anybody can hold the one against
the other. Neither holds addresses, free text or anything secret, nor names but those that decisions give as `owner`. With `at`, both say that they are of the past
(`is_past`): decisions, agreements, assessments and numbers of complaints are those of that moment. Agreements that were changed
before the register kept versions begin with their last one.

Beside it goes what proves the entries that the statement names to somebody who has nothing else of the log. The statement has the
log's checkpoint and the key of it (`log`); `proofs` has for each of these entries, once, a file of C2SP's form
[`.tlog-proof`](https://c2sp.org/tlog-proof) with the entry itself, against that very checkpoint. In a PDF they are the attached files
`checkpoint` and `entry-<number>.tlog-proof`. [The audit log](audit-log.md) tells of the form; the key counts for who has it from
elsewhere too, as browsers of the organisation do. An entry has opaque ids, networks and no names, and says who did what: whoever may not read the log
(account managers) gets the checkpoint alone. Proofs are not kept with an export: the log makes them at any time.

It needs a second factor, and proof of who sits there that is not older than ten minutes.

What was issued is kept as it is, 400 of it: `GET /api/v1/evidence/exports` lists it, and one of them is the signed note byte by
byte, whatever the register of claims says meanwhile; that one was read is on record. For a further one the oldest goes where it is
older than a year, and nothing else is taken out (`too_many_exports`): what was issued does not go because somebody takes out more.

## The register
";

const ANOMALIES: &str = "\
# Anomalies: rules that look through the log

This page is made from the program: its table is asked of the catalogue that the server judges by.

Every minute (`anomalies.every`) the server holds a fixed list of rules against what the audit log gained since it last looked. A rule counts
facts about one subject within a window that ends with each of them. When it has counted enough there is a finding: a row on the
page `/admin/anomalies`, an entry of the log (`anomaly.found`, with rule, subject by id, count and window, and no name), and one more in the
figure `conclave_anomalies_found`. A collector gets the entry as it gets all others ([integrations](integrations.md)). Nobody is sent mail.

How far the rules have looked is kept with what they found, in one transaction, so that a restart repeats nothing and leaves nothing out. After a
finding a rule keeps quiet about its subject for one window: what goes on is told once in it, and not with each fact. What was on record before the
rules came is history, and not looked at.

Facts come from the organisation's own log; those of the installation's, which know no organisation (codes that no meeting has, addresses that no
account has, the clock), count for the organisation that people sign in to.

## Who

| | |
|---|---|
| see findings | owners, admins, account managers, auditors, with a second factor |
| review them, and read what others said | owners, admins, auditors; nobody reviews a finding about their own account, or one that counts what they did |
| set the rules | owners and admins, who have lately shown that it is them |

A review is an outcome (explained, an incident, needs follow-up) and a note. Notes may name people, so they are nowhere in the log, which keeps the hash of
what they are sealed in; they lie in the database under this installation's key, and reading one is on record (`anomaly.read`). There is one review of a
finding, and it stays.

## The catalogue

An organisation sets each rule's threshold and window within bounds, or turns it off (`PUT /api/v1/admin/anomalies/rules`, on record as
`anomaly.change_rules`). A change by which a rule finds less counts itself as loosening. What happened is judged by what was in force
when it did: a rule that is turned off still looks at what was on record by then, its own turning off with it.

| rule | counts | for each | usually from | within | threshold | window |
|---|---|---|---|---|---|---|
";
const ANOMALIES_END: &str = "
The usual hours are 6 to 20 o'clock (UTC) until the organisation says otherwise, on all days of the week.

## Where this ends

- A rule counts what is on record. Who stays below its threshold, or is patient for longer than its window, is not found.
- A policy counts as loosened where a setting of a layer permits more than it did, or a lock was taken off. Who comes into a group that permits more is in
  the log and in the report of changes, and is no finding.
- A browser is known by a cookie that it keeps for 90 days: whoever deletes theirs is new again.
- Networks are as the log has them, an IPv4 /24 or an IPv6 /48: a hospital behind one address is one network.
- Of one organisation 20,000 facts are kept that may count; of more, the oldest are forgotten.
";
