//! The security settings of the configuration file, as they are and as they are recommended.

use std::time::Duration;

use conclave_protocol::evidence::{ReviewedSetting, SetIn, SettingShown};
use conclave_protocol::policy::SettingValue;

use crate::time_out::TimeOuts;

/// What the operator set, in the words of the configuration file.
#[derive(Clone, Copy, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a setting of its own"
)]
pub struct Operators {
    pub tls: bool,
    /// How many machines or networks are believed about whom they pass on.
    pub trusted_proxies: u64,
    pub require_end_to_end_encryption: bool,
    pub time_outs: TimeOuts,
    pub sessions_idle: Duration,
    pub allow_api_keys: bool,
    pub api_keys: u64,
    pub admin_allow_remote: bool,
    pub account_requests: bool,
    /// From one machine, in a second.
    pub changes: u32,
    pub lockout_threshold: u32,
    /// In minutes.
    pub lockout_longest: u64,
    /// Wrong codes of one machine, and wrong invitations to one meeting.
    pub lockout_codes: u32,
    pub lockout_door: u32,
    pub password_memory_kib: u32,
    pub password_passes: u32,
    /// How mail goes out, where it does; and whether that is by TLS.
    pub mail: Option<(&'static str, bool)>,
    pub provider: Option<Provider>,
    /// Each audit entry goes to a machine of the operator's too.
    pub sends_entries: bool,
    pub rounds: Duration,
    /// Between two looks for what is unusual.
    pub looks: Duration,
    /// A report of this program's tests is known.
    pub reports_tests: bool,
    pub takes_complaints: bool,
}

/// What of an identity provider is believed.
#[derive(Clone, Copy, Debug)]
pub struct Provider {
    /// How many methods, and how many contexts, count as a second factor.
    pub methods: u64,
    pub contexts: u64,
    pub subject_is_external_id: bool,
    pub max_age: Option<Duration>,
    pub clock_leeway: Duration,
}

/// In the order of the file. What is not there at all, such as a mail server, is left out.
pub(super) fn of_configuration(operators: &Operators) -> Vec<ReviewedSetting> {
    let mut settings = of_access(operators).to_vec();
    settings.extend(of_times(operators));
    settings.extend(of_passwords(operators));
    settings.extend(operators.mail.map(|(way, is_sound)| {
        let text = |text: &str| SettingShown::Text(text.to_owned());
        configured("mail.security", text(way), text("starttls"), is_sound)
    }));
    settings.extend(operators.provider.iter().flat_map(of_provider));
    settings.extend([
        switch("syslog", operators.sends_entries, true),
        at_most("anomalies.every", operators.looks.as_secs(), SOON),
        at_most("evidence.every", operators.rounds.as_secs(), SOON),
        switch("evidence.tests", operators.reports_tests, true),
        switch("complaints", operators.takes_complaints, true),
    ]);
    settings
}

fn of_access(operators: &Operators) -> [ReviewedSetting; 8] {
    [
        switch("tls", operators.tls, true),
        at_most("trusted_proxies", operators.trusted_proxies, 4),
        switch(
            "meetings.require_end_to_end_encryption",
            operators.require_end_to_end_encryption,
            true,
        ),
        switch("allow_api_keys", operators.allow_api_keys, false),
        at_most("api_keys", operators.api_keys, 0),
        switch("admin.allow_remote", operators.admin_allow_remote, false),
        switch("accounts.requests", operators.account_requests, false),
        at_most("limits.changes_per_second", operators.changes.into(), 200),
    ]
}

/// In minutes.
fn of_times(operators: &Operators) -> [ReviewedSetting; 5] {
    let TimeOuts {
        empty,
        host_absent,
        longest,
        idle_share,
    } = operators.time_outs;
    let minutes = |time: Duration| time.as_secs().div_ceil(60);
    [
        at_most("meetings.end_when_empty", minutes(empty), 60),
        at_most("meetings.end_without_host", minutes(host_absent), 60),
        at_most("meetings.longest", minutes(longest), 24 * 60),
        at_most("meetings.stop_idle_share", minutes(idle_share), 30),
        at_most("sessions.idle", minutes(operators.sessions_idle), 15),
    ]
}

fn of_passwords(operators: &Operators) -> [ReviewedSetting; 6] {
    [
        at_most("lockout.threshold", operators.lockout_threshold.into(), 10),
        at_least("lockout.longest", operators.lockout_longest, 15),
        at_most("lockout.codes", operators.lockout_codes.into(), 20),
        at_most("lockout.door", operators.lockout_door.into(), 20),
        at_least(
            "passwords.memory_kib",
            operators.password_memory_kib.into(),
            19_456,
        ),
        at_least("passwords.passes", operators.password_passes.into(), 2),
    ]
}

/// What counts as a second factor is as good as the provider that says so.
fn of_provider(provider: &Provider) -> [ReviewedSetting; 5] {
    let counted = |name, words| {
        let advised = SettingShown::Text("those that the provider proves".to_owned());
        configured(name, SettingShown::Number(words), advised, true)
    };
    let hours = |time: Duration| time.as_secs().div_ceil(60 * 60);
    let age = match provider.max_age.map(hours) {
        Some(hours) => at_most("single_sign_on.max_age", hours, 12),
        None => configured(
            "single_sign_on.max_age",
            SettingShown::Text("any".to_owned()),
            SettingShown::Number(12),
            false,
        ),
    };
    [
        counted("single_sign_on.second_factor_amr", provider.methods),
        counted("single_sign_on.second_factor_acr", provider.contexts),
        switch(
            "single_sign_on.subject_is_external_id",
            provider.subject_is_external_id,
            false,
        ),
        age,
        at_most(
            "single_sign_on.clock_leeway",
            provider.clock_leeway.as_secs(),
            60,
        ),
    ]
}

fn switch(name: &str, current: bool, recommended: bool) -> ReviewedSetting {
    let shown = |on| SettingShown::Policy(SettingValue::Switch(on));
    configured(
        name,
        shown(current),
        shown(recommended),
        current == recommended,
    )
}

fn at_most(name: &str, current: u64, recommended: u64) -> ReviewedSetting {
    let (shown, advised) = (
        SettingShown::Number(current),
        SettingShown::Number(recommended),
    );
    configured(name, shown, advised, current <= recommended)
}

fn at_least(name: &str, current: u64, recommended: u64) -> ReviewedSetting {
    let (shown, advised) = (
        SettingShown::Number(current),
        SettingShown::Number(recommended),
    );
    configured(name, shown, advised, current >= recommended)
}

/// Nobody but the operator changes it.
fn configured(
    name: &str,
    current: SettingShown,
    recommended: SettingShown,
    is_sound: bool,
) -> ReviewedSetting {
    ReviewedSetting {
        name: name.to_owned(),
        set_in: SetIn::Configuration,
        current,
        recommended,
        is_locked: true,
        is_sound,
    }
}

/// Seconds. What fails, and what is unusual, is seen within two of them.
const SOON: u64 = 5 * 60;

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(crate) const OPERATORS: Operators = Operators {
        tls: true,
        trusted_proxies: 0,
        require_end_to_end_encryption: true,
        time_outs: TimeOuts {
            empty: Duration::from_secs(60 * 60),
            host_absent: Duration::from_secs(60 * 60),
            longest: Duration::from_secs(24 * 60 * 60),
            idle_share: Duration::from_secs(30 * 60),
        },
        sessions_idle: Duration::from_secs(15 * 60),
        allow_api_keys: false,
        api_keys: 0,
        admin_allow_remote: false,
        account_requests: false,
        changes: 50,
        lockout_threshold: 5,
        lockout_longest: 15,
        lockout_codes: 20,
        lockout_door: 20,
        password_memory_kib: 65_536,
        password_passes: 3,
        mail: Some(("starttls", true)),
        provider: None,
        sends_entries: true,
        rounds: Duration::from_secs(30),
        looks: Duration::from_secs(60),
        reports_tests: true,
        takes_complaints: true,
    };

    #[test]
    fn what_is_looser_than_recommended_is_said_to_be() {
        let unsound = |operators: &Operators| {
            let settings = of_configuration(operators).into_iter();
            let unsound = settings.filter(|one| !one.is_sound);
            unsound.map(|one| one.name).collect::<Vec<_>>()
        };
        assert!(unsound(&OPERATORS).is_empty());
        let loose = Operators {
            sessions_idle: Duration::from_secs(15 * 60 + 1),
            mail: Some(("none", false)),
            provider: Some(Provider {
                methods: 1,
                contexts: 0,
                subject_is_external_id: false,
                max_age: None,
                clock_leeway: Duration::from_secs(60),
            }),
            ..OPERATORS
        };
        let names = ["sessions.idle", "mail.security", "single_sign_on.max_age"];
        assert_eq!(unsound(&loose), names);
    }
}
