//! One entry as a line of ArcSight's Common Event Format, version 0: for collectors that sort by its fields.

use std::fmt::Write as _;

use serde_json::Value;

use crate::{Actor, Entry, Outcome};

/// How much an entry asks to be looked at, from 0 to 10.
pub(crate) fn severity(entry: &Entry) -> u8 {
    let name = entry.event.name();
    match entry.outcome {
        _ if name.starts_with("emergency.") => 9,
        _ if name == "auth.lockout" || name == "meeting.guard" || name == "system.clock" => 7,
        _ if name == "anomaly.found" => 7,
        _ if name == "system.take_back_time" || name == "system.restore" => 7,
        Outcome::Refused => 5,
        Outcome::Failed => 4,
        Outcome::Done => 2,
    }
}

impl Entry {
    /// `CEF:0|Conclave|conclave|VERSION|EVENT|EVENT|SEVERITY|KEY=VALUE …`, in one line.
    pub fn to_cef(&self, version: &str) -> String {
        let name = self.event.name();
        let mut line = String::from("CEF:0|Conclave|conclave");
        for part in [version, name, name] {
            line.push('|');
            escape(part, &['|'], &mut line);
        }
        // Writing to a string cannot fail.
        let _written = write!(line, "|{}|", severity(self));
        for (at, (key, value)) in self.extension().into_iter().enumerate() {
            let _written = write!(line, "{}{key}=", if at > 0 { " " } else { "" });
            escape(&value, &['='], &mut line);
        }
        line
    }

    /// The keys are those of CEF's dictionary.
    fn extension(&self) -> Vec<(&'static str, String)> {
        let mut fields = vec![
            ("rt", self.time.as_unix_millis().to_string()),
            ("externalId", self.id.to_string()),
            ("act", self.event.name().to_owned()),
            ("outcome", word(&self.outcome)),
        ];
        let (kind, who) = actor(&self.actor);
        fields.push(("spriv", kind));
        fields.extend(who.map(|who| ("suid", who)));
        fields.extend(
            self.reason
                .as_ref()
                .map(|reason| ("reason", reason.as_str().to_owned())),
        );
        if let Some(object) = self.event.object() {
            fields.push(("cs1Label", word(&object.kind)));
            fields.push(("cs1", object.id.to_string()));
        }
        if let Some(organisation) = self.org {
            fields.push(("cs2Label", "organisation".to_owned()));
            fields.push(("cs2", organisation.to_string()));
        }
        if let Some(source) = &self.src {
            fields.push(("cs3Label", "network".to_owned()));
            fields.push(("cs3", word(&source.address)));
        }
        fields
    }
}

/// The word that stands for a value of a closed vocabulary, or the one member of what wraps it.
fn word(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => word,
        Ok(Value::Object(members)) => members
            .into_values()
            .find_map(|member| member.as_str().map(str::to_owned))
            .unwrap_or_default(),
        _ => String::new(),
    }
}

/// Their role, or what they are; and their id.
fn actor(actor: &Actor) -> (String, Option<String>) {
    match actor {
        Actor::Account { id, role, .. } | Actor::Participant { id, role, .. } => {
            (role.as_str().to_owned(), Some(id.to_string()))
        }
        Actor::Program { id } => ("program".to_owned(), Some(id.to_string())),
        Actor::ApiKey { key_hash } => ("api_key".to_owned(), Some(word(key_hash))),
        Actor::System => ("system".to_owned(), None),
        Actor::Operator => ("operator".to_owned(), None),
        Actor::Anonymous => ("anonymous".to_owned(), None),
    }
}

/// A value must neither end its field nor the line. In the head that is a bar, in the extension an equals sign.
fn escape(value: &str, ends: &[char], line: &mut String) {
    for letter in value.chars() {
        match letter {
            '\\' => line.push_str("\\\\"),
            '\n' => line.push_str("\\n"),
            '\r' => line.push_str("\\r"),
            other if ends.contains(&other) => line.extend(['\\', other]),
            // Neither has a meaning in the format; a terminal may give it one.
            other if other.is_control() => line.push(' '),
            other => line.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{Code, EntryTime, Event, Source, Stamp};

    fn entry(event: Event) -> Entry {
        let stamp = Stamp {
            id: Uuid::from_u128(1),
            time: EntryTime::from_unix_micros(1_795_336_200_000_000),
            salt: [7; 16],
        };
        let actor = Actor::Account {
            id: Uuid::from_u128(2),
            role: Code::new("admin"),
            auth: None,
        };
        Entry::new(stamp, actor, event)
    }

    #[test]
    fn an_entry_is_one_line_with_the_fields_of_the_dictionary() {
        let account = Uuid::from_u128(3);
        let entry = entry(Event::UserSuspend { account })
            .refused(Code::new("above_you"))
            .in_organisation(Uuid::from_u128(4))
            .from_source(Source::truncated("192.0.2.7".parse().unwrap()));

        assert_eq!(
            entry.to_cef("0.1.0"),
            "CEF:0|Conclave|conclave|0.1.0|user.suspend|user.suspend|5|rt=1795336200000 \
             externalId=00000000-0000-0000-0000-000000000001 act=user.suspend outcome=refused \
             spriv=admin suid=00000000-0000-0000-0000-000000000002 reason=above_you \
             cs1Label=account cs1=00000000-0000-0000-0000-000000000003 \
             cs2Label=organisation cs2=00000000-0000-0000-0000-000000000004 \
             cs3Label=network cs3=192.0.2.0/24"
        );
    }

    // Shows: ABUSE-63.
    #[test]
    fn no_value_ends_its_field_or_the_line() {
        let mut head = String::new();
        escape("a|b\\c\r\nCEF:0|", &['|'], &mut head);
        let mut extension = String::new();
        escape("a=b\\c\nsuid=\u{1b}[2J", &['='], &mut extension);

        assert_eq!(head, "a\\|b\\\\c\\r\\nCEF:0\\|");
        assert_eq!(extension, "a\\=b\\\\c\\nsuid\\= [2J");
    }
}
