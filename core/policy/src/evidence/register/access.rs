//! Access control: who comes in, who decides, and when it ends by itself.

use conclave_protocol::evidence::EnforcedBy::{Client, Crypto, Procedure, Server};

use crate::evidence::claim::Claim;
use crate::evidence::condition::Condition;
use crate::evidence::probe::Probe;

const ACCESS: &str = "164.312.a.1";
const USERS: &str = "164.312.a.2.i";
const EMERGENCY: &str = "164.312.a.2.ii";
const LOG_OFF: &str = "164.312.a.2.iii";
const AT_REST: &str = "164.312.a.2.iv";

pub(super) const CLAIMS: &[Claim] = &[
    Claim::new("access.codes", ACCESS, Server, "Meeting codes",
        "Each meeting has a code of its own, and a join secret of its link that nobody guesses.")
        .shown(&["REQ-AC-01", "ABUSE-01"]),
    Claim::new("access.passcodes", ACCESS, Crypto, "Passcodes",
        "A meeting can have a passcode that the server never learns.")
        .shown(&["REQ-AC-02"]),
    Claim::new("access.guessing", ACCESS, Server, "Guessing meeting codes",
        "Guessing meeting codes is slowed down; where many machines guess at one meeting, strangers wait for a host's word.")
        .shown(&["REQ-AC-04", "ABUSE-02"])
        .seen_in(&["meeting.guard"]),
    Claim::new("access.unlisted", ACCESS, Server, "No public list",
        "No meeting is listed publicly, and a wrong code is answered as one that never was.")
        .shown(&["REQ-AC-05"]),
    Claim::new("access.admission", ACCESS, Server, "Admission",
        "Whoever waits, or is not invited, hears, sees and receives nothing of a meeting.")
        .shown(&["REQ-AC-06", "REQ-AC-28", "ABUSE-28"])
        .seen_in(&["meeting.admit", "meeting.deny"]),
    Claim::new("access.lobby", ACCESS, Server, "A host lets in",
        "No link lets anybody into this organisation's meetings whom no host has seen.")
        .while_set(&[Condition::LinkAdmitsNobody])
        .shown(&["REQ-AC-28"])
        .seen_in(&["meeting.admit"]),
    Claim::new("access.expel", ACCESS, Server, "Putting somebody out",
        "A host puts somebody out of a meeting at once, and they do not come back by themselves.")
        .shown(&["REQ-AC-07", "ABUSE-19"])
        .seen_in(&["meeting.expel"]),
    Claim::new("access.end", ACCESS, Server, "Ending meetings",
        "A host ends a meeting at any time, and so does an administrator who is not in it.")
        .shown(&["REQ-AC-08"]),
    Claim::new("access.lock", ACCESS, Server, "Locking meetings",
        "Nobody new comes into a locked meeting, by any way.")
        .shown(&["REQ-AC-09"])
        .seen_in(&["meeting.lock"]),
    Claim::new("access.hosts", ACCESS, Server, "Approved hosts",
        "Only members whom an administrator invited or approved host meetings.")
        .shown(&["REQ-AC-10"])
        .seen_in(&["user.accept_invitation", "user.approve"]),
    Claim::new("access.roles", ACCESS, Server, "Roles",
        "Each route of the server has a rule for each role, and answers nobody else.")
        .shown(&["REQ-AC-11", "REQ-AU-09", "ABUSE-18"])
        .seen_in(&["access.refused"]),
    Claim::new("access.one_host", ACCESS, Server, "One host",
        "A meeting has one host; co-hosts are made by the host alone.")
        .shown(&["REQ-AC-12", "ABUSE-26"])
        .seen_in(&["meeting.make_co_host"]),
    Claim::new("access.one_presenter", ACCESS, Server, "One presenter",
        "One person at a time shows a screen, and a host can lock sharing.")
        .shown(&["REQ-AC-13", "REQ-AC-17", "ABUSE-23", "ABUSE-24"])
        .seen_in(&["meeting.hand_over", "meeting.lock_sharing"]),
    Claim::new("access.muting", ACCESS, Server, "Muting",
        "A host mutes everybody at once; nobody's microphone is opened by anybody else.")
        .shown(&["REQ-AC-18", "ABUSE-25"])
        .seen_in(&["meeting.mute", "meeting.mute_all"]),
    Claim::new("access.policy", ACCESS, Server, "Policy for users and groups",
        "What somebody is permitted follows the policies of organisation, groups and account, and is never more than the installation permits.")
        .shown(&["REQ-AC-21", "REQ-AC-22"])
        .seen_in(&["policy.change"]),
    Claim::new("access.no_weakening", ACCESS, Server, "Locked settings",
        "No user weakens a setting that is locked.")
        .shown(&["REQ-AC-23"]),
    Claim::new("access.profile", ACCESS, Server, "The healthcare profile",
        "The healthcare profile is on in this organisation; to leave it takes two people.")
        .while_set(&[Condition::Profile])
        .shown(&["REQ-MODE-01"])
        .seen_in(&["policy.profile_enter"]),
    Claim::new("access.programs", ACCESS, Server, "Software programs",
        "Programs act by keys of their own, with an owner, a scope and an end.")
        .shown(&["REQ-AC-29"])
        .seen_in(&["program.make", "program.revoke"]),
    Claim::new("access.admin_listener", ACCESS, Server, "The operator's figures",
        "The operator's figures are reached from the server itself, or by TLS.")
        .while_set(&[Condition::AdminListener]),
    Claim::new("access.presenter", ACCESS, Client, "Keyboard and mouse of the presenter",
        "Keyboard, mouse and what is shown stay the presenter's to give and to take back.")
        .shown(&["REQ-AC-14", "REQ-AC-15", "REQ-AC-16"])
        .seen_in(&["companion.control_given", "companion.control_taken_back"]),
    Claim::new("access.support", ACCESS, Client, "Remote support by permission",
        "A technician sees and does only what the person being helped has permitted, each thing separately; at a computer where nobody sits, only what policy permits.")
        .shown(&["REQ-AC-19", "REQ-AC-26", "REQ-AC-27", "REQ-AC-30"])
        .seen_in(&["support.permitted", "support.refused"]),

    Claim::new("users.identity", USERS, Server, "Unique accounts",
        "An address has one account, whose id is never given to another.")
        .shown(&["REQ-ID-01"]),
    Claim::new("users.verified", USERS, Server, "Verified addresses",
        "Who asks for an account shows by mail that the address is theirs, before the account can do anything.")
        .shown(&["REQ-ID-03"])
        .seen_in(&["user.request_account"]),
    Claim::new("users.guests", USERS, Server, "Guests",
        "Guests have an id of their own in each meeting, and do not pass under a host's name.")
        .shown(&["REQ-ID-06", "ABUSE-17"]),
    Claim::new("users.no_shared_keys", USERS, Server, "No shared keys",
        "No shared or built-in key opens rooms on this server.")
        .while_set(&[Condition::NoDeveloperKeys]),

    Claim::new("emergency.one_click", EMERGENCY, Client, "One-click meetings",
        "From the page of somebody signed in, one click starts a meeting that others join by a link, without an installation.")
        .shown(&["REQ-EM-01", "REQ-MT-05"]),
    Claim::new("emergency.break_glass", EMERGENCY, Server, "Break-glass access",
        "In an emergency wider rights are taken with a reason and for a limited time, and reviewed afterwards; a drill has shown it within a month.")
        .while_set(&[Condition::Drilled])
        .shown(&["REQ-EM-02"])
        .seen_in(&["emergency.drill", "emergency.invoke"]),
    Claim::new("emergency.reviewed", EMERGENCY, Procedure, "Review of emergency access",
        "No emergency access waits for its review for longer than 72 hours.")
        .while_set(&[Condition::EmergenciesReviewed])
        .seen_in(&["emergency.review"]),
    Claim::new("emergency.snapshot", EMERGENCY, Server, "Reading from the latest snapshot",
        "What is kept can be read from the latest snapshot while the database is lost.")
        .shown(&["REQ-EM-03"])
        .waiting_for("operations"),
    Claim::new("emergency.organisation", EMERGENCY, Procedure, "The organisation's emergency procedure",
        "The organisation has an emergency procedure for visits and records.")
        .signed(),

    Claim::new("log_off.website", LOG_OFF, Server, "Log-off of who is inactive",
        "Whoever does nothing is signed out by the server after a set time; a page that asks by itself keeps nobody signed in.")
        .tried(&[Probe::IdleExpiry])
        .shown(&["REQ-LO-02", "ABUSE-06"])
        .seen_in(&["auth.session.timeout"]),
    Claim::new("log_off.quarter", LOG_OFF, Server, "After 15 minutes at the latest",
        "Nobody of this organisation stays signed in for longer than 15 minutes without doing anything.")
        .while_set(&[Condition::IdleQuarter])
        .tried(&[Probe::IdleExpiry])
        .shown(&["REQ-LO-02"])
        .seen_in(&["auth.session.timeout"]),
    Claim::new("log_off.sharing", LOG_OFF, Server, "Screens of who is inactive",
        "A shared screen is taken off when its presenter does nothing for a set time.")
        .shown(&["REQ-LO-01"])
        .seen_in(&["meeting.share_timeout"]),
    Claim::new("log_off.meetings", LOG_OFF, Server, "Meetings that end by themselves",
        "A meeting ends by itself when it is empty, has no host, or goes on for too long.")
        .shown(&["REQ-LO-03"]),
    Claim::new("log_off.support", LOG_OFF, Client, "Idle support sessions",
        "An idle support session ends by itself and leaves nothing behind.")
        .shown(&["REQ-LO-04", "REQ-LO-05"]),

    Claim::new("at_rest.nothing_kept", AT_REST, Crypto, "Nothing is kept of what was said",
        "Of what people of this organisation say, show and type in meetings the server keeps nothing, and could read nothing.")
        .while_set(&[Condition::NothingKept, Condition::EndToEnd])
        .shown(&["REQ-MODE-02", "REQ-CR-07"]),
    Claim::new("at_rest.files", AT_REST, Server, "The data directory",
        "The files in the server's data directory are such that no other user of its machine reads them.")
        .tried(&[Probe::Files]),
    Claim::new("at_rest.recordings", AT_REST, Crypto, "Recordings",
        "A recording is sealed at the computer that makes it, before the server keeps it.")
        .shown(&["REQ-CR-11"])
        .seen_in(&["recording.ended", "recording.key_made"]),
    Claim::new("at_rest.disk", AT_REST, Procedure, "The server's disk",
        "The disk of the server is encrypted by its operator: names, addresses and times of meetings are on it in clear.")
        .signed(),
];
