//! Every security setting, as it is and as it is recommended: what somebody goes through and signs.

use conclave_protocol::evidence::{ReviewedSetting, SetIn, SettingShown};
use conclave_protocol::meeting::DataMode;
use conclave_protocol::policy::{
    LARGEST_FILE_MEBIBYTES, Layer, MOST_FILES, Permitted, Setting, SettingValue, WhoProvesMore,
};

use super::operators::{Operators, of_configuration};
use crate::rules::strictness::rank;
use crate::rules::{Floor, Layers, Subject};

/// The settings, policy's first. `organisation`: what it says. `most`: what anybody in it is permitted at the most.
pub fn review(
    organisation: &Layer,
    most: &Permitted,
    floor: &Floor,
    operators: &Operators,
) -> Vec<ReviewedSetting> {
    let of_policy = Setting::ALL.map(|setting| {
        let current = most.value(setting);
        let recommended = recommended(setting);
        let locked = organisation.word(setting).is_some_and(|word| word.locked);
        // What the installation permits at the most is as good as a lock.
        let held = rank(floor.most.value(setting)) <= rank(current);
        ReviewedSetting {
            name: setting.code().to_owned(),
            set_in: SetIn::Policy,
            current: SettingShown::Policy(current),
            recommended: SettingShown::Policy(recommended),
            is_locked: locked || held,
            is_sound: rank(current) <= rank(recommended),
        }
    });
    of_policy
        .into_iter()
        .chain(of_configuration(operators))
        .collect()
}

/// The most that anybody of an organisation is permitted, setting by setting: the organisation, each group in it, and each
/// account that policy names. Somebody in groups is permitted no more than that.
pub fn loosest(rows: &[(Subject, Layer)], floor: &Floor) -> Permitted {
    let organisation = rows
        .iter()
        .find(|(subject, _)| *subject == Subject::Organisation);
    let organisation = organisation
        .map(|(_, layer)| layer.clone())
        .unwrap_or_default();
    let base = Layers {
        organisation,
        ..Layers::default()
    };
    let mut most = base.permitted(floor);
    for (subject, layer) in rows {
        let mut layers = base.clone();
        match subject {
            Subject::Organisation => continue,
            Subject::Group(group) => drop(layers.groups.insert(*group, layer.clone())),
            Subject::Account(_) => layers.account = layer.clone(),
        }
        let permitted = layers.permitted(floor);
        for setting in Setting::ALL {
            if rank(permitted.value(setting)) > rank(most.value(setting)) {
                most.set(setting, permitted.value(setting));
            }
        }
    }
    most
}

/// For healthcare: the profile's values, and everything else that people need to meet.
fn recommended(setting: Setting) -> SettingValue {
    match setting {
        Setting::HostMeetings
        | Setting::Guests
        | Setting::ScreenSharing
        | Setting::Camera
        | Setting::Messages
        | Setting::CoHosts
        | Setting::KeyWithoutPasscode
        // Somebody must be able to: 45 CFR 164.312(a)(2)(ii).
        | Setting::EmergencyAccess
        | Setting::Support
        | Setting::SupportControl
        | Setting::SupportDiagnostics
        | Setting::SupportChat
        | Setting::SupportQueue
        | Setting::MeetingControl => SettingValue::Switch(true),
        Setting::EnterByLink
        | Setting::SupportClipboard
        | Setting::SupportFiles
        | Setting::SupportUnattended
        | Setting::SupportAdministrator => SettingValue::Switch(false),
        Setting::IdleMinutes | Setting::SupportIdleMinutes => SettingValue::Number(15),
        Setting::SupportFileMebibytes => SettingValue::Number(LARGEST_FILE_MEBIBYTES),
        Setting::SupportFileCount => SettingValue::Number(MOST_FILES),
        Setting::SecondFactor => SettingValue::SecondFactor(WhoProvesMore::Everybody),
        Setting::DataMode => SettingValue::DataMode(DataMode::Conduit),
    }
}

#[cfg(test)]
mod tests {
    use conclave_protocol::AccountGroupId;
    use conclave_protocol::policy::Word;
    use uuid::Uuid;

    use super::super::operators::tests::OPERATORS;
    use super::*;

    fn floor() -> Floor {
        Floor {
            most: Permitted::default(),
            start: Permitted::default(),
        }
    }

    fn idle(minutes: u16, locked: bool) -> Layer {
        let value = SettingValue::Number(minutes);
        Layer::new([(Setting::IdleMinutes, Word { value, locked })]).unwrap()
    }

    // Shows: REQ-AD-06.
    #[test]
    fn every_setting_of_policy_is_reviewed_with_what_is_recommended() {
        let reviewed = review(
            &Layer::default(),
            &Permitted::default(),
            &floor(),
            &OPERATORS,
        );
        for setting in Setting::ALL {
            let shown = reviewed.iter().find(|one| one.name == setting.code());
            let recommended = SettingShown::Policy(recommended(setting));
            assert!(shown.is_some_and(|shown| shown.recommended == recommended));
        }
        let unsound: Vec<_> = reviewed.iter().filter(|one| !one.is_sound).collect();
        let names: Vec<_> = unsound.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "enter_by_link",
                "idle_minutes",
                "second_factor",
                "data_mode",
                "support_clipboard",
                "support_files",
                "support_idle_minutes",
                "support_unattended",
                "support_administrator"
            ]
        );
    }

    #[test]
    fn one_group_that_is_permitted_more_is_what_counts_unless_a_lock_holds_it() {
        let group = Subject::Group(AccountGroupId(Uuid::from_u128(1)));
        let open = [
            (Subject::Organisation, idle(15, false)),
            (group, idle(45, false)),
        ];
        assert_eq!(loosest(&open, &floor()).idle_minutes, 45);
        let locked = [
            (Subject::Organisation, idle(15, true)),
            (group, idle(45, false)),
        ];
        assert_eq!(loosest(&locked, &floor()).idle_minutes, 15);
    }
}
