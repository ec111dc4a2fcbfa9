//! An organisation's evidence at one moment: how things are set, what was decided, and what follows.

use std::collections::BTreeMap;

use conclave_policy::emergency::{Drill, is_drilled};
use conclave_policy::evidence::{
    Claim, Facts, Operators, Overdue, Provider, RISKS, SAFEGUARDS, Seen, SignOff, Traces,
    Untrained, Verdict, claims, judge, loosest, review,
};
use conclave_policy::rules::{Subject, profile};
use conclave_protocol::complaint::ComplaintCounts;
use conclave_protocol::evidence::{Mark, ReviewedSetting};
use conclave_protocol::policy::{Layer, Permitted};
use conclave_protocol::{OrganisationId, Timestamp};
use conclave_store::ReadError;
use conclave_store::log::LogHead;
use conclave_store::read::emergency::EmergencyDrill;
use conclave_store::read::evidence::{AgreementVersion, Decision, Review};
use conclave_store::read::risk::Assessment;

use super::decisions::due;
use super::{digest, of_this_program, traces};
use crate::Config;
use crate::app::App;
use crate::config::{MailSecurity, SingleSignOn};

/// What was found out for one organisation.
pub(crate) struct Inquiry {
    pub(crate) seen: Seen,
    pub(crate) decisions: Vec<Decision>,
    pub(crate) versions: Vec<AgreementVersion>,
    pub(crate) assessments: Vec<Assessment>,
    pub(crate) complaints: ComplaintCounts,
    pub(crate) last_review: Option<Review>,
    pub(crate) settings: Vec<ReviewedSetting>,
    pub(crate) profile_is_on: bool,
    /// As it was when it was looked through; absent until then, and while it has no checkpoint.
    pub(crate) log: Option<LogHead>,
}

impl Inquiry {
    pub(crate) async fn make(
        app: &App,
        organisation: OrganisationId,
        now: Timestamp,
    ) -> Result<Self, ReadError> {
        let rows = layers(app, organisation).await?;
        let state = app.store.policy_state(organisation).await?;
        let agreements = app.store.agreements(organisation).await?;
        let versions = app.store.agreement_versions(organisation, now).await?;
        let assessments = app.store.risk_assessments_in_force(organisation).await?;
        let complaints = app.store.complaint_counts(organisation, now).await?;
        let overdue = app.store.overdue_emergencies(organisation, now).await?;
        let (last_drill, _) = app.store.emergency_drills(organisation).await?;
        let untrained = app.store.people_without_training(organisation, now);
        let untrained = untrained.await?;
        let decisions = app.store.decisions_in_force(organisation).await?;
        let last_review = app.store.last_review(organisation, now).await?;
        let floor = &app.policies.floor;
        let most = loosest(&rows, floor);
        let own = rows
            .iter()
            .find(|(subject, _)| *subject == Subject::Organisation);
        let own = own.map(|(_, layer)| layer.clone()).unwrap_or_default();
        let settings = review(&own, &most, floor, &operators(&app.config));
        let profile_is_on = state.is_some_and(|state| state.profile_since.is_some());
        let mut inquiry = Self {
            seen: Seen {
                facts: facts(&app.config, most),
                observations: BTreeMap::new(),
                tests: conclave_policy::evidence::Tests::Absent,
                watched_until: None,
                program: of_this_program().await.to_owned(),
                sign_offs: decisions.iter().map(signed_off).collect(),
                traces: Traces::new(),
            },
            decisions,
            versions,
            assessments,
            complaints,
            last_review,
            settings,
            profile_is_on,
            log: None,
        };
        let here = app.evidence.seen().clone();
        inquiry.seen.observations = here.observations;
        inquiry.seen.tests = here.tests;
        inquiry.seen.watched_until = here.watched_until;
        let all_decided = inquiry.all_decided();
        let review_is_current = inquiry.review_is_current(now);
        let risks_assessed = inquiry.risks_assessed(now);
        let facts = &mut inquiry.seen.facts;
        facts.profile_holds = profile_is_on && profile::drift(&own).is_empty();
        facts.agreement_in_force = agreements.iter().any(|one| one.in_force(now));
        facts.all_decided = all_decided;
        facts.review_is_current = review_is_current;
        facts.risks_assessed = risks_assessed;
        facts.is_drilled = is_drilled(last_drill.map(tried), now);
        facts.overdue = Overdue {
            uses: overdue.uses,
            since: overdue.since,
        };
        facts.untrained = Untrained {
            people: untrained.people,
            since: untrained.since,
        };
        Ok(inquiry)
    }

    /// Looks through the log for what shows claims at work: to be told, since nothing rests on it.
    pub(crate) async fn look_through_log(
        mut self,
        app: &App,
        organisation: OrganisationId,
    ) -> Result<Self, ReadError> {
        if let Some((log, traces)) = traces::find(app, organisation, &self.decisions).await? {
            self.seen.traces = traces;
            self.log = Some(log);
        }
        Ok(self)
    }

    /// Each claim with how it stands, in the order of the register.
    pub(crate) fn verdicts(&self, now: Timestamp) -> Vec<(&'static Claim, Verdict)> {
        claims()
            .map(|claim| (claim, judge(claim, &self.seen, now)))
            .collect()
    }

    /// Whether somebody has signed for the settings as they are, not too long ago.
    pub(crate) fn review_is_current(&self, now: Timestamp) -> bool {
        self.last_review.as_ref().is_some_and(|last| {
            now.since(last.signed_at) < REVIEWED_FOR && last.settings == digest(&self.settings)
        })
    }

    fn risks_assessed(&self, now: Timestamp) -> bool {
        RISKS.iter().all(|risk| {
            let mut assessed = self.assessments.iter();
            assessed.any(|one| one.risk == risk.id && now < one.next_look_at)
        })
    }

    fn all_decided(&self) -> bool {
        let mut addressable = SAFEGUARDS
            .iter()
            .filter(|row| row.mark == Mark::Addressable);
        addressable.all(|row| {
            self.decisions
                .iter()
                .any(|decision| decision.subject == row.code)
        })
    }
}

/// What whoever is permitted the most is permitted.
pub(crate) async fn most_permitted(
    app: &App,
    organisation: OrganisationId,
) -> Result<Permitted, ReadError> {
    let rows = layers(app, organisation).await?;
    Ok(loosest(&rows, &app.policies.floor))
}

async fn layers(
    app: &App,
    organisation: OrganisationId,
) -> Result<Vec<(Subject, Layer)>, ReadError> {
    let rows = app.store.all_layers(organisation).await?.into_iter();
    let rows = rows.map(|row| (row.subject(), row.settings));
    Ok(rows.collect())
}

/// The operator's settings.
pub(crate) fn operators(config: &Config) -> Operators {
    let count = |many: usize| u64::try_from(many).unwrap_or(u64::MAX);
    Operators {
        tls: config.tls.is_some(),
        trusted_proxies: count(config.trusted_proxies.len()),
        require_end_to_end_encryption: config.meetings.require_end_to_end_encryption,
        time_outs: config.meetings.time_outs(),
        sessions_idle: config.sessions.idle,
        allow_api_keys: config.allow_api_keys || config.dev,
        api_keys: count(config.developer_keys().len()),
        admin_allow_remote: config.admin.allow_remote,
        account_requests: config.accounts.requests,
        changes: config.limits.changes_per_second.get(),
        lockout_threshold: config.lockout.threshold,
        lockout_longest: config.lockout.longest.as_secs() / 60,
        lockout_codes: config.lockout.codes,
        lockout_door: config.lockout.door,
        password_memory_kib: config.passwords.memory_kib,
        password_passes: config.passwords.passes,
        mail: config.mail.as_ref().map(|mail| way(mail.security)),
        provider: config.single_sign_on.as_ref().map(provider),
        sends_entries: config.syslog.is_some(),
        rounds: config.evidence.every,
        looks: config.anomalies.every,
        reports_tests: config.evidence.tests.is_some(),
        takes_complaints: config.complaints.is_some(),
    }
}

/// Mail that goes no further than this machine is by no TLS; where it goes from there is not seen here.
const fn way(security: MailSecurity) -> (&'static str, bool) {
    match security {
        MailSecurity::Starttls => ("starttls", true),
        MailSecurity::Tls => ("tls", true),
        MailSecurity::None => ("none", false),
    }
}

fn provider(provider: &SingleSignOn) -> Provider {
    let count = |words: &[String]| u64::try_from(words.len()).unwrap_or(u64::MAX);
    Provider {
        methods: count(&provider.second_factor_amr),
        contexts: count(&provider.second_factor_acr),
        subject_is_external_id: provider.subject_is_external_id,
        max_age: provider.max_age,
        clock_leeway: provider.clock_leeway,
    }
}

/// What the store does not know is filled in where it was asked.
fn facts(config: &Config, loosest: Permitted) -> Facts {
    let of_this_machine = config.admin.listen.ip().is_loopback();
    Facts {
        tls: config.tls.is_some(),
        end_to_end_required: config.meetings.require_end_to_end_encryption,
        developer_keys: !config.developer_keys().is_empty(),
        admin_listener_is_protected: of_this_machine || config.tls.is_some(),
        loosest,
        profile_holds: false,
        agreement_in_force: false,
        review_is_current: false,
        all_decided: false,
        risks_assessed: false,
        is_drilled: false,
        overdue: Overdue::default(),
        untrained: Untrained::default(),
    }
}

fn tried(drill: EmergencyDrill) -> Drill {
    Drill {
        at: drill.at,
        passed: drill.failed_at.is_none(),
    }
}

fn signed_off(decision: &Decision) -> (String, SignOff) {
    let signed = SignOff {
        choice: decision.choice,
        at: decision.decided_at,
        due: due(decision),
    };
    (decision.subject.clone(), signed)
}

/// A year (45 CFR 164.308(a)(8): from time to time).
const REVIEWED_FOR: std::time::Duration = std::time::Duration::from_secs(366 * 24 * 60 * 60);

#[cfg(test)]
mod tests {
    use conclave_protocol::policy::Setting;

    use super::*;
    use crate::config::DEFAULTS;

    /// What may be set and keeps nobody out: addresses, names, files that another setting is about, and how much a server
    /// takes on.
    const NO_SAFEGUARDS: [&str; 37] = [
        "listen",
        "public_url",
        "data_dir",
        "tls.certificate",
        "tls.key",
        "admin.listen",
        "media.port",
        "media.advertise",
        "media.threads",
        "limits.connections",
        "limits.body",
        "limits.request_time",
        "limits.meetings",
        "limits.participants",
        "passwords.at_once",
        "mail.server",
        "mail.port",
        "mail.from",
        "mail.user",
        "mail.password_file",
        "mail.authority",
        "single_sign_on.issuer",
        "single_sign_on.name",
        "single_sign_on.client_id",
        "single_sign_on.client_secret_file",
        "single_sign_on.authority",
        "single_sign_on.answer_time",
        "syslog.server",
        "syslog.port",
        "syslog.format",
        "syslog.authority",
        "syslog.certificate",
        "syslog.key",
        "evidence.tests_key",
        "logging.format",
        "logging.filter",
        "api_keys.key_of_my_program",
    ];

    /// Each key of the printed file, those that are commented out too.
    fn keys() -> Vec<String> {
        let mut table = String::new();
        let mut keys = Vec::new();
        for line in DEFAULTS.lines() {
            let line = line.strip_prefix("# ").unwrap_or(line);
            let is_key = |key: &str| key.chars().all(|c| c.is_ascii_lowercase() || c == '_');
            let head = line
                .strip_prefix('[')
                .and_then(|line| line.strip_suffix(']'));
            if let Some(name) = head {
                table = format!("{name}.");
            } else if let Some((key, _)) = line.split_once(" = ").filter(|(key, _)| is_key(key)) {
                keys.push(format!("{table}{key}"));
            }
        }
        keys
    }

    // Shows: REQ-AD-06.
    #[test]
    fn every_security_setting_of_policy_and_of_the_configuration_is_reviewed() {
        let mail = "server = \"mail.example.org\"\nfrom = \"a@example.org\"";
        let provider = "issuer = \"https://login.example.org\"\nname = \"R\"\nclient_id = \"c\"\nclient_secret_file = \"s\"";
        let text = format!("[mail]\n{mail}\n[single_sign_on]\n{provider}\n");
        let config: Config = toml::from_str(&text).unwrap();
        let permitted = Permitted::default();
        let floor = conclave_policy::rules::Floor {
            most: permitted,
            start: permitted,
        };
        let operators = operators(&config);
        let reviewed = review(&Layer::default(), &permitted, &floor, &operators);
        let names: Vec<_> = reviewed.iter().map(|one| one.name.as_str()).collect();
        for setting in Setting::ALL {
            assert!(names.contains(&setting.code()), "{}", setting.code());
        }
        let is_reviewed = |key: &str| names.contains(&key.strip_prefix("policy.").unwrap_or(key));
        let keys = keys();
        assert!(keys.len() > 60, "{keys:?}");
        for key in &keys {
            let is_none = NO_SAFEGUARDS.contains(&key.as_str());
            assert!(is_none || is_reviewed(key), "{key} is not reviewed");
        }
        for key in NO_SAFEGUARDS {
            assert!(keys.iter().any(|one| one == key), "{key} is no setting");
        }
    }
}
