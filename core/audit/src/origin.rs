//! Which log a name stands for: `<host>/audit/<organisation>`, or `<host>/audit/system` for the installation's.

use uuid::Uuid;

use crate::KeyName;

/// Whose acts a log holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogOwner {
    Installation,
    Organisation(Uuid),
}

impl LogOwner {
    /// The name of this log at a host (with its port, where it has one); `None` for what is no host.
    pub fn origin(self, host: &str) -> Option<KeyName> {
        KeyName::parse(&match self {
            Self::Installation => format!("{host}{FOLDER}{SYSTEM}"),
            Self::Organisation(id) => format!("{host}{FOLDER}{id}"),
        })
    }

    pub fn of_origin(origin: &KeyName) -> Option<Self> {
        let (_, owner) = origin.as_str().rsplit_once(FOLDER)?;
        match owner {
            SYSTEM => Some(Self::Installation),
            id => id.parse().ok().map(Self::Organisation),
        }
    }

    /// As an entry's `org` has it.
    pub fn organisation(self) -> Option<Uuid> {
        match self {
            Self::Installation => None,
            Self::Organisation(id) => Some(id),
        }
    }
}

const FOLDER: &str = "/audit/";
const SYSTEM: &str = "system";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_whose_log_it_is() {
        let organisation = LogOwner::Organisation(Uuid::from_u128(5));
        for (owner, origin) in [
            (LogOwner::Installation, "clinic.example/audit/system"),
            (
                organisation,
                "clinic.example/audit/00000000-0000-0000-0000-000000000005",
            ),
        ] {
            let name = owner.origin("clinic.example").unwrap();
            assert_eq!(name.as_str(), origin);
            assert_eq!(LogOwner::of_origin(&name), Some(owner));
        }
        let other = KeyName::parse("sum.golang.org").unwrap();
        assert_eq!(LogOwner::of_origin(&other), None);
    }
}
