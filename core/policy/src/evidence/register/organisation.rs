//! General rules, administrative and physical safeguards: what the product supports, and what the organisation does.

use conclave_protocol::evidence::EnforcedBy::{Procedure, Server};

use crate::evidence::claim::Claim;
use crate::evidence::condition::Condition;

pub(super) const CLAIMS: &[Claim] = &[
    Claim::new("general.threats", "164.306.a", Server, "Threats",
        "What the product protects from, and where that ends, is written down, and tests hold it to that.")
        .shown(&["REQ-AD-04", "REQ-AD-01"]),
    Claim::new("general.risk_analysis", "164.306.a", Procedure, "The organisation's risk analysis",
        "The organisation has analysed its own risks, of which this product is one part.")
        .signed(),
    Claim::new("general.risks", "164.306.a", Procedure, "Assessment of the register of risks",
        "The organisation has assessed each risk of the product's register, and looks at each again when it said it would.")
        .while_set(&[Condition::Risks])
        .seen_in(&["risk.assess"]),
    Claim::new("general.applies", "164.306.a", Procedure, "Whether the rule applies",
        "The organisation has established that it is a covered entity or a business associate, and which of its uses are concerned.")
        .signed(),
    Claim::new("general.decisions", "164.306.d", Procedure, "Decisions about addressable specifications",
        "The organisation has decided about each addressable specification, with its reasons.")
        .while_set(&[Condition::Decisions]),

    Claim::new("organisation.activity_review", "164.308.a.1.ii.d", Procedure, "Review of activity",
        "Somebody of the organisation reviews activity regularly, by the record and the reports.")
        .signed(),
    Claim::new("leavers.at_once", "164.308.a.3.ii.c", Server, "Leavers",
        "An account that is suspended or removed is out of every meeting and every session at once.")
        .shown(&["REQ-AC-10", "ABUSE-06"])
        .seen_in(&["user.suspend", "user.remove"]),
    Claim::new("leavers.directory", "164.308.a.3.ii.c", Server, "Leavers by the directory",
        "Whom the organisation's directory deactivates is out of their visit within a minute.")
        .shown(&["ABUSE-15", "ABUSE-16"]),
    Claim::new("organisation.leavers", "164.308.a.3.ii.c", Procedure, "The organisation's own procedure",
        "Somebody of the organisation suspends accounts on the day that people leave.")
        .signed(),
    Claim::new("authorisation.approval", "164.308.a.4.ii.b", Server, "Approval",
        "An account is worth nothing until an administrator invited or approved its holder; who did so is on record.")
        .shown(&["REQ-AC-24", "REQ-AC-10"])
        .seen_in(&["user.accept_invitation", "user.approve"]),
    Claim::new("log_ins.monitored", "164.308.a.5.ii.c", Server, "Log-ins",
        "Each log-in, wrong password and lock-out is on record.")
        .shown(&["REQ-AU-01", "REQ-AC-03"])
        .seen_in(&["auth.login", "auth.fail", "auth.lockout"]),
    Claim::new("passwords.managed", "164.308.a.5.ii.d", Server, "Passwords",
        "Passwords that are short or that guessers try first are refused, and a forgotten one is chosen anew by mail.")
        .shown(&["REQ-ID-02", "ABUSE-11"])
        .seen_in(&["auth.reset_password"]),
    Claim::new("organisation.training", "164.308.a.5.ii.d", Procedure, "Training",
        "The organisation trains its people in how to use accounts, links and passcodes.")
        .signed(),
    Claim::new("training.current", "164.308.a.5.ii.d", Procedure, "Training on record",
        "By the register, everybody with an active account was trained, and nobody's training is over.")
        .while_set(&[Condition::Training])
        .seen_in(&["training.enter"]),
    Claim::new("organisation.incidents", "164.308.a.6.ii", Procedure, "Incidents",
        "The organisation has people and a plan for security incidents.")
        .signed(),
    Claim::new("contingency.snapshots", "164.308.a.7.ii.a", Server, "Snapshots",
        "The server makes encrypted snapshots, and restoring one is tried.")
        .shown(&["REQ-AV-02", "REQ-AV-03"])
        .waiting_for("operations"),
    Claim::new("organisation.backups", "164.308.a.7.ii.a", Procedure, "The operator's copies",
        "The operator copies the data directory regularly, and has restored one.")
        .signed(),
    Claim::new("evaluation.review", "164.308.a.8", Procedure, "Review of all settings",
        "Somebody of the organisation has gone through all security settings as they are, within the last year.")
        .while_set(&[Condition::Review])
        .seen_in(&["evidence.review"]),
    Claim::new("associates.agreement", "164.308.b.1", Procedure, "Business associate agreement",
        "An agreement with a business associate is signed and in force.")
        .while_set(&[Condition::Agreement])
        .seen_in(&["agreement.add", "agreement.change"]),
    Claim::new("workstations.left_alone", "164.310.c", Server, "Workstations that are left alone",
        "A browser that is left alone is signed out after 15 minutes at the latest; a shared screen is taken off after a time that the server's operator sets.")
        .while_set(&[Condition::IdleQuarter])
        .shown(&["REQ-LO-01", "REQ-LO-02"])
        .seen_in(&["auth.session.timeout", "meeting.share_timeout"]),
    Claim::new("organisation.workstations", "164.310.c", Procedure, "The organisation's workstations",
        "The organisation keeps its workstations where those who may not use them can't.")
        .signed(),
    Claim::new("organisation.disposal", "164.310.d.2.i", Procedure, "Disposal",
        "The operator erases the server's disks before they go elsewhere.")
        .signed(),
    Claim::new("documentation.kept", "164.316.b.2.i", Procedure, "Six years",
        "The operator keeps the record for six years at the least: the server deletes none of it, and decisions and agreements are on it by their hashes.")
        .signed(),
];
