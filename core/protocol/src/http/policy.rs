//! Bodies about policy: what an organisation, a group or an account is permitted, layer by layer.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, de};
use utoipa::ToSchema;

use crate::meeting::DataMode;
use crate::personal::{DisplayName, Title};
use crate::{AccountGroupId, AccountId, Timestamp};

/// What a policy names.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Setting {
    /// To make meetings. A switch.
    HostMeetings,
    /// That people without an account of the organisation come into meetings. A switch, of the meeting's host.
    Guests,
    /// That who holds a meeting's link comes straight in; else they wait in the lobby. A switch, of the meeting's host.
    EnterByLink,
    /// To show a screen. A switch.
    ScreenSharing,
    /// To send a camera's picture. A switch.
    Camera,
    /// To write in meetings, and all else that goes as data packets. A switch.
    Messages,
    /// To make others co-hosts. A switch, of the meeting's host.
    CoHosts,
    /// Without doing anything until one is signed out. 2 to 60.
    IdleMinutes,
    /// Who signs in with a second factor.
    SecondFactor,
    /// What is kept of meetings. Of the meeting's host, when the meeting is made.
    DataMode,
    /// That who comes by a meeting's code is let in, and given its key, by a host's word alone; else by its passcode only. A
    /// switch, of the meeting's host.
    KeyWithoutPasscode,
    /// To take emergency access. A switch.
    EmergencyAccess,
    /// To help people at their computers, and to see what they show. A switch, of the technician, as all about support.
    Support,
    /// To ask for keyboard and mouse of the computer. A switch.
    SupportControl,
    /// To ask for text from its clipboard, and to put text there. A switch.
    SupportClipboard,
    /// To ask for files, and to leave some. A switch.
    SupportFiles,
    /// The largest file that goes either way, in MiB. 1 to 100.
    SupportFileMebibytes,
    /// How many files go in one session, both ways together. 1 to 20.
    SupportFileCount,
    /// To ask for facts about the computer. A switch.
    SupportDiagnostics,
    /// To write to each other meanwhile. A switch.
    SupportChat,
    /// Without the technician's doing anything until a session ends. 2 to 60.
    SupportIdleMinutes,
    /// To help at computers that were enrolled for it when nobody is there. A switch.
    SupportUnattended,
    /// To ask for an administrator's rights at a computer where somebody sits, and to restart it with them. A switch.
    SupportAdministrator,
    /// That whoever needs help asks for it on the page for them, without an account, and waits to be taken; of a technician,
    /// that they see who waits, and take them. A switch.
    SupportQueue,
    /// To bring one's computer into a meeting, and to let somebody there use it. A switch.
    MeetingControl,
}

/// A setting's value; each setting takes one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum SettingValue {
    Switch(bool),
    /// Of what the setting counts: minutes, MiB, files.
    Number(u16),
    SecondFactor(WhoProvesMore),
    DataMode(DataMode),
}

/// Who must sign in with a second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum WhoProvesMore {
    /// Owners, admins and representatives.
    Roles,
    Everybody,
}

/// What a layer says of one setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Word {
    pub value: SettingValue,
    /// Nothing more special permits more than this.
    #[serde(default)]
    pub locked: bool,
}

/// What an organisation, a group or an account says; of what it does not name it says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Layer(BTreeMap<Setting, Word>);

/// A word that its setting does not take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrongValue(pub Setting);

/// A value for each setting: what somebody is permitted, or the most that an installation permits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Permitted {
    pub host_meetings: bool,
    pub guests: bool,
    pub enter_by_link: bool,
    pub screen_sharing: bool,
    pub camera: bool,
    pub messages: bool,
    pub co_hosts: bool,
    pub idle_minutes: u16,
    pub second_factor: WhoProvesMore,
    pub data_mode: DataMode,
    pub key_without_passcode: bool,
    pub emergency_access: bool,
    pub support: bool,
    pub support_control: bool,
    pub support_clipboard: bool,
    pub support_files: bool,
    pub support_file_mebibytes: u16,
    pub support_file_count: u16,
    pub support_diagnostics: bool,
    pub support_chat: bool,
    pub support_idle_minutes: u16,
    pub support_unattended: bool,
    pub support_administrator: bool,
    pub support_queue: bool,
    pub meeting_control: bool,
}

/// Whose word it is, from the general to the special.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(tag = "layer", rename_all = "snake_case")]
pub enum Source {
    /// Nobody's: it is so while nobody says otherwise.
    Default,
    /// The installation's configuration.
    Floor,
    Organisation,
    Group {
        group: AccountGroupId,
    },
    Account,
}

/// Why a setting is as it is for somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Explanation {
    pub setting: Setting,
    /// In force.
    pub value: SettingValue,
    pub decided_by: Source,
    /// Whose lock kept the last word from permitting more; absent where it got what it asked for.
    pub held_by: Option<Source>,
    /// The most that the installation permits.
    pub floor: SettingValue,
    /// Each layer's word, from the general to the special.
    pub words: Vec<Said>,
}

/// One layer's word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Said {
    pub source: Source,
    pub value: SettingValue,
    pub locked: bool,
}

/// Answers `GET /api/v1/policies/explain`.
#[derive(Clone, Serialize, ToSchema)]
pub struct Explained {
    pub display_name: DisplayName,
    /// One for each setting.
    pub explanations: Vec<Explanation>,
    /// Those that the account is in.
    pub groups: Vec<Group>,
}

/// Answers `GET` and `PUT` of a layer.
#[derive(Clone, Serialize, ToSchema)]
pub struct Policy {
    /// Of all of the organisation's policy: rises with each change of any layer, group or membership.
    pub revision: u64,
    #[schema(value_type = BTreeMap<String, Word>)]
    pub settings: Layer,
    /// What somebody is permitted with this layer and those above it.
    pub permitted: Permitted,
    /// The most that the installation permits.
    pub floor: Permitted,
    /// Of the organisation, whatever the layer.
    pub profile: Profile,
}

/// `PUT` of a layer: what it says from here on.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePolicy {
    /// As the layer was read.
    pub revision: u64,
    #[schema(value_type = BTreeMap<String, Word>)]
    pub settings: Layer,
}

/// How an organisation stands to the healthcare profile.
#[derive(Clone, Serialize, ToSchema)]
pub struct Profile {
    /// Since when it is on; absent while it is not.
    pub since: Option<Timestamp>,
    /// Who asks to leave it: somebody else confirms that.
    pub leave_asked_by: Option<AccountId>,
    /// Until when that can be confirmed.
    pub leave_until: Option<Timestamp>,
    /// Settings that are not as the profile has them while it is on: it has more than when it was turned on, or the store
    /// was changed by another hand.
    pub drift: Vec<Setting>,
    /// What it sets and locks.
    #[schema(value_type = BTreeMap<String, Word>)]
    pub settings: Layer,
}

/// `POST /api/v1/policies/preview`: a layer as it would be. Neither `group` nor `account`: the organisation's.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PreviewPolicy {
    #[serde(default)]
    pub group: Option<AccountGroupId>,
    #[serde(default)]
    pub account: Option<AccountId>,
    #[schema(value_type = BTreeMap<String, Word>)]
    pub settings: Layer,
}

/// Answers it: what becomes different for whom.
#[derive(Clone, Serialize, ToSchema)]
pub struct PolicyPreview {
    pub revision: u64,
    /// Accounts that the layer is about.
    pub accounts: u32,
    pub changes: Vec<PolicyChange>,
}

/// A setting that becomes another for somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PolicyChange {
    pub setting: Setting,
    pub from: SettingValue,
    pub to: SettingValue,
    /// Accounts for whom it does; guests are not counted.
    pub accounts: u32,
    /// Whether it does for guests too.
    pub guests: bool,
}

/// People whom policy treats alike.
#[derive(Clone, Serialize, ToSchema)]
pub struct Group {
    pub id: AccountGroupId,
    pub name: Title,
    /// How many are in it.
    pub members: u32,
    /// The organisation's directory made it, and says who is in it and what it is called.
    pub by_directory: bool,
}

/// Answers `GET /api/v1/groups`.
#[derive(Clone, Serialize, ToSchema)]
pub struct GroupList {
    /// By name.
    pub groups: Vec<Group>,
    /// Everybody in the organisation, by name.
    pub people: Vec<GroupMember>,
}

/// `POST /api/v1/groups`, and `PUT` of one.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NameGroup {
    pub name: Title,
}

/// Answers `GET /api/v1/groups/{group}`.
#[derive(Clone, Serialize, ToSchema)]
pub struct GroupMembers {
    pub group: Group,
    /// By name.
    pub members: Vec<GroupMember>,
}

#[derive(Clone, Serialize, ToSchema)]
pub struct GroupMember {
    pub account: AccountId,
    pub display_name: DisplayName,
}

/// The shortest time after which somebody who does nothing is signed out, or helps no longer, in minutes.
pub const SHORTEST_IDLE: u16 = 2;
pub const LONGEST_IDLE: u16 = 60;
/// Of one file in a session of support: a document or a log.
pub const LARGEST_FILE_MEBIBYTES: u16 = 100;
/// Of one session of support.
pub const MOST_FILES: u16 = 20;

impl Setting {
    pub const ALL: [Self; 25] = [
        Self::HostMeetings,
        Self::Guests,
        Self::EnterByLink,
        Self::ScreenSharing,
        Self::Camera,
        Self::Messages,
        Self::CoHosts,
        Self::IdleMinutes,
        Self::SecondFactor,
        Self::DataMode,
        Self::KeyWithoutPasscode,
        Self::EmergencyAccess,
        Self::Support,
        Self::SupportControl,
        Self::SupportClipboard,
        Self::SupportFiles,
        Self::SupportFileMebibytes,
        Self::SupportFileCount,
        Self::SupportDiagnostics,
        Self::SupportChat,
        Self::SupportIdleMinutes,
        Self::SupportUnattended,
        Self::SupportAdministrator,
        Self::SupportQueue,
        Self::MeetingControl,
    ];

    /// Its stable name.
    pub const fn code(self) -> &'static str {
        match self {
            Self::HostMeetings => "host_meetings",
            Self::Guests => "guests",
            Self::EnterByLink => "enter_by_link",
            Self::ScreenSharing => "screen_sharing",
            Self::Camera => "camera",
            Self::Messages => "messages",
            Self::CoHosts => "co_hosts",
            Self::IdleMinutes => "idle_minutes",
            Self::SecondFactor => "second_factor",
            Self::DataMode => "data_mode",
            Self::KeyWithoutPasscode => "key_without_passcode",
            Self::EmergencyAccess => "emergency_access",
            Self::Support => "support",
            Self::SupportControl => "support_control",
            Self::SupportClipboard => "support_clipboard",
            Self::SupportFiles => "support_files",
            Self::SupportFileMebibytes => "support_file_mebibytes",
            Self::SupportFileCount => "support_file_count",
            Self::SupportDiagnostics => "support_diagnostics",
            Self::SupportChat => "support_chat",
            Self::SupportIdleMinutes => "support_idle_minutes",
            Self::SupportUnattended => "support_unattended",
            Self::SupportAdministrator => "support_administrator",
            Self::SupportQueue => "support_queue",
            Self::MeetingControl => "meeting_control",
        }
    }

    /// Whether it is of the setting's kind, and within its range.
    pub fn takes(self, value: SettingValue) -> bool {
        match self {
            Self::HostMeetings
            | Self::Guests
            | Self::EnterByLink
            | Self::ScreenSharing
            | Self::Camera
            | Self::Messages
            | Self::CoHosts
            | Self::KeyWithoutPasscode
            | Self::EmergencyAccess
            | Self::Support
            | Self::SupportControl
            | Self::SupportClipboard
            | Self::SupportFiles
            | Self::SupportDiagnostics
            | Self::SupportChat
            | Self::SupportUnattended
            | Self::SupportAdministrator
            | Self::SupportQueue
            | Self::MeetingControl => matches!(value, SettingValue::Switch(_)),
            Self::IdleMinutes | Self::SupportIdleMinutes => {
                matches!(value, SettingValue::Number(SHORTEST_IDLE..=LONGEST_IDLE))
            }
            Self::SupportFileMebibytes => {
                matches!(value, SettingValue::Number(1..=LARGEST_FILE_MEBIBYTES))
            }
            Self::SupportFileCount => matches!(value, SettingValue::Number(1..=MOST_FILES)),
            Self::SecondFactor => matches!(value, SettingValue::SecondFactor(_)),
            Self::DataMode => matches!(value, SettingValue::DataMode(_)),
        }
    }
}

impl Layer {
    pub fn new(words: impl IntoIterator<Item = (Setting, Word)>) -> Result<Self, WrongValue> {
        let words: BTreeMap<_, _> = words.into_iter().collect();
        let wrong = words
            .iter()
            .find(|(setting, word)| !setting.takes(word.value));
        match wrong {
            Some((setting, _)) => Err(WrongValue(*setting)),
            None => Ok(Self(words)),
        }
    }

    pub fn word(&self, setting: Setting) -> Option<Word> {
        self.0.get(&setting).copied()
    }

    pub fn words(&self) -> impl Iterator<Item = (Setting, Word)> {
        self.0.iter().map(|(setting, word)| (*setting, *word))
    }

    /// The other's words, and this one's of what the other does not name.
    #[must_use]
    pub fn overlaid_by(&self, other: &Self) -> Self {
        let words = self.0.iter().chain(&other.0);
        Self(words.map(|(setting, word)| (*setting, *word)).collect())
    }

    /// This one's words, but of what the other names.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        let kept = self
            .words()
            .filter(|(setting, _)| other.word(*setting).is_none());
        Self(kept.collect())
    }

    /// What the two say differently.
    pub fn differences(&self, other: &Self) -> Vec<Setting> {
        let all = Setting::ALL.into_iter();
        all.filter(|setting| self.word(*setting) != other.word(*setting))
            .collect()
    }
}

impl<'de> Deserialize<'de> for Layer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let words = BTreeMap::<Setting, Word>::deserialize(deserializer)?;
        Self::new(words).map_err(|WrongValue(setting)| {
            de::Error::custom(format_args!("{} takes no such value", setting.code()))
        })
    }
}

impl Permitted {
    pub fn value(&self, setting: Setting) -> SettingValue {
        match setting {
            Setting::HostMeetings => SettingValue::Switch(self.host_meetings),
            Setting::Guests => SettingValue::Switch(self.guests),
            Setting::EnterByLink => SettingValue::Switch(self.enter_by_link),
            Setting::ScreenSharing => SettingValue::Switch(self.screen_sharing),
            Setting::Camera => SettingValue::Switch(self.camera),
            Setting::Messages => SettingValue::Switch(self.messages),
            Setting::CoHosts => SettingValue::Switch(self.co_hosts),
            Setting::IdleMinutes => SettingValue::Number(self.idle_minutes),
            Setting::SecondFactor => SettingValue::SecondFactor(self.second_factor),
            Setting::DataMode => SettingValue::DataMode(self.data_mode),
            Setting::KeyWithoutPasscode => SettingValue::Switch(self.key_without_passcode),
            Setting::EmergencyAccess => SettingValue::Switch(self.emergency_access),
            Setting::Support => SettingValue::Switch(self.support),
            Setting::SupportControl => SettingValue::Switch(self.support_control),
            Setting::SupportClipboard => SettingValue::Switch(self.support_clipboard),
            Setting::SupportFiles => SettingValue::Switch(self.support_files),
            Setting::SupportFileMebibytes => SettingValue::Number(self.support_file_mebibytes),
            Setting::SupportFileCount => SettingValue::Number(self.support_file_count),
            Setting::SupportDiagnostics => SettingValue::Switch(self.support_diagnostics),
            Setting::SupportChat => SettingValue::Switch(self.support_chat),
            Setting::SupportIdleMinutes => SettingValue::Number(self.support_idle_minutes),
            Setting::SupportUnattended => SettingValue::Switch(self.support_unattended),
            Setting::SupportAdministrator => SettingValue::Switch(self.support_administrator),
            Setting::SupportQueue => SettingValue::Switch(self.support_queue),
            Setting::MeetingControl => SettingValue::Switch(self.meeting_control),
        }
    }

    /// Leaves it as it is where the setting takes no such value.
    pub fn set(&mut self, setting: Setting, value: SettingValue) {
        match (setting, value) {
            (Setting::HostMeetings, SettingValue::Switch(on)) => self.host_meetings = on,
            (Setting::Guests, SettingValue::Switch(on)) => self.guests = on,
            (Setting::EnterByLink, SettingValue::Switch(on)) => self.enter_by_link = on,
            (Setting::ScreenSharing, SettingValue::Switch(on)) => self.screen_sharing = on,
            (Setting::Camera, SettingValue::Switch(on)) => self.camera = on,
            (Setting::Messages, SettingValue::Switch(on)) => self.messages = on,
            (Setting::CoHosts, SettingValue::Switch(on)) => self.co_hosts = on,
            (Setting::IdleMinutes, SettingValue::Number(minutes)) => self.idle_minutes = minutes,
            (Setting::SecondFactor, SettingValue::SecondFactor(who)) => self.second_factor = who,
            (Setting::DataMode, SettingValue::DataMode(mode)) => self.data_mode = mode,
            (Setting::KeyWithoutPasscode, SettingValue::Switch(on)) => {
                self.key_without_passcode = on;
            }
            (Setting::EmergencyAccess, SettingValue::Switch(on)) => self.emergency_access = on,
            (Setting::Support, SettingValue::Switch(on)) => self.support = on,
            (Setting::SupportControl, SettingValue::Switch(on)) => self.support_control = on,
            (Setting::SupportClipboard, SettingValue::Switch(on)) => self.support_clipboard = on,
            (Setting::SupportFiles, SettingValue::Switch(on)) => self.support_files = on,
            (Setting::SupportFileMebibytes, SettingValue::Number(mebibytes)) => {
                self.support_file_mebibytes = mebibytes;
            }
            (Setting::SupportFileCount, SettingValue::Number(files)) => {
                self.support_file_count = files;
            }
            (Setting::SupportDiagnostics, SettingValue::Switch(on)) => {
                self.support_diagnostics = on;
            }
            (Setting::SupportChat, SettingValue::Switch(on)) => self.support_chat = on,
            (Setting::SupportIdleMinutes, SettingValue::Number(minutes)) => {
                self.support_idle_minutes = minutes;
            }
            (Setting::SupportUnattended, SettingValue::Switch(on)) => {
                self.support_unattended = on;
            }
            (Setting::SupportAdministrator, SettingValue::Switch(on)) => {
                self.support_administrator = on;
            }
            (Setting::SupportQueue, SettingValue::Switch(on)) => self.support_queue = on,
            (Setting::MeetingControl, SettingValue::Switch(on)) => self.meeting_control = on,
            _ => {}
        }
    }
}

/// Everything.
impl Default for Permitted {
    fn default() -> Self {
        Self {
            host_meetings: true,
            guests: true,
            enter_by_link: true,
            screen_sharing: true,
            camera: true,
            messages: true,
            co_hosts: true,
            idle_minutes: LONGEST_IDLE,
            second_factor: WhoProvesMore::Roles,
            data_mode: DataMode::Archive,
            key_without_passcode: true,
            emergency_access: true,
            support: true,
            support_control: true,
            support_clipboard: true,
            support_files: true,
            support_file_mebibytes: LARGEST_FILE_MEBIBYTES,
            support_file_count: MOST_FILES,
            support_diagnostics: true,
            support_chat: true,
            support_idle_minutes: LONGEST_IDLE,
            support_unattended: true,
            support_administrator: true,
            support_queue: true,
            meeting_control: true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layer_is_read_as_it_is_written_and_of_right_kinds_alone() {
        let text = r#"{"guests":{"value":false,"locked":true},"idle_minutes":{"value":10,"locked":false},"second_factor":{"value":"everybody","locked":false},"data_mode":{"value":"retain","locked":false}}"#;
        let layer: Layer = serde_json::from_str(text).unwrap();

        assert_eq!(serde_json::to_string(&layer).unwrap(), text);
        for wrong in [
            r#"{"guests":{"value":3}}"#,
            r#"{"idle_minutes":{"value":1}}"#,
            r#"{"idle_minutes":{"value":61}}"#,
            r#"{"support":{"value":15}}"#,
            r#"{"support_idle_minutes":{"value":61}}"#,
            r#"{"support_file_mebibytes":{"value":0}}"#,
            r#"{"support_file_mebibytes":{"value":101}}"#,
            r#"{"support_file_count":{"value":21}}"#,
            r#"{"data_mode":{"value":"everybody"}}"#,
            r#"{"parking":{"value":true}}"#,
            r#"{"guests":{"value":true,"why":"so"}}"#,
        ] {
            assert!(serde_json::from_str::<Layer>(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_permitted_is_set_and_read_setting_by_setting() {
        let written = serde_json::to_value(Permitted::default()).unwrap();
        for setting in Setting::ALL {
            let value = Permitted::default().value(setting);
            assert!(setting.takes(value));
            assert_eq!(
                serde_json::to_value(value).unwrap(),
                written[setting.code()]
            );
        }
        let mut permitted = Permitted::default();
        permitted.set(Setting::Camera, SettingValue::Switch(false));
        permitted.set(Setting::Guests, SettingValue::Number(3));
        assert_eq!(
            permitted.value(Setting::Camera),
            SettingValue::Switch(false)
        );
        assert_eq!(permitted.value(Setting::Guests), SettingValue::Switch(true));
    }
}
