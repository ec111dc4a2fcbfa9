//! What people are called where there is little room: in one line, shortened in the middle where it is longer.
//!
//! The whole name is in the question that let somebody in, and in the details of the sign.

use conclave_remote::Person;

/// Named in one line; how many more there are is said.
const MOST_NAMED: usize = 2;
const BETWEEN: &str = "; ";

/// Of whom they are, within so many pixels.
pub(super) fn tag(person: &Person, room: u32) -> String {
    let (name, organisation) = (person.name.as_str(), person.organisation.as_str());
    let room = room.saturating_sub(width(", "));
    let kept = width(organisation).min(room / 3);
    let name = shortened(name, room - kept);
    let organisation = shortened(organisation, room.saturating_sub(width(&name)));
    format!("{name}, {organisation}")
}

/// Of several people, each within the same share.
pub(super) fn tags(people: &[Person], room: u32) -> String {
    let named = people.len().min(MOST_NAMED);
    let others = match people.len() - named {
        0 => String::new(),
        others => format!("{BETWEEN}{others} more"),
    };
    let between = width(BETWEEN) * u32::from(named > 1);
    let room = room.saturating_sub(width(&others) + between);
    let share = room / u32::try_from(named.max(1)).unwrap_or(1);
    let names = people.iter().take(named).map(|person| tag(person, share));
    names.collect::<Vec<_>>().join(BETWEEN) + &others
}

/// As it is, if it fits; else its beginning and its end: what is left out is seen to be.
fn shortened(text: &str, room: u32) -> String {
    if width(text) <= room {
        return text.to_owned();
    }
    let half = room.saturating_sub(width("…")) / 2;
    let start = fitting(text.chars(), half);
    let end = fitting(text.chars().rev(), half);
    let end = end.chars().rev();
    start.chars().chain(['…']).chain(end).collect()
}

fn fitting(text: impl Iterator<Item = char>, room: u32) -> String {
    let mut used = 0;
    text.take_while(|letter| {
        used += pixels(*letter);
        used <= room
    })
    .collect()
}

pub(super) fn width(text: &str) -> u32 {
    text.chars().map(pixels).sum()
}

/// At the size of the sign's text: as in DejaVu Sans or a little wider, so that what is found to fit does in others too.
fn pixels(letter: char) -> u32 {
    match letter {
        'M' | 'W' | 'm' | 'w' | '@' | '%' | '…' => 17,
        // Of East Asia, and pictures: as wide as they are high.
        '\u{1100}'..='\u{115f}'
        | '\u{2e80}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{1f000}'..='\u{1faff}' => 18,
        letter if letter.is_uppercase() => 14,
        _ => 11,
    }
}

#[cfg(test)]
mod tests {
    use conclave_protocol::personal::{DisplayName, Title};

    use super::*;
    use crate::ui::scene;

    const ROOM: u32 = 538;

    fn named(name: &str, organisation: &str) -> Person {
        Person {
            name: DisplayName::parse(name).unwrap(),
            organisation: Title::parse(organisation).unwrap(),
            ..scene::person()
        }
    }

    #[test]
    fn what_fits_is_said_whole() {
        let person = scene::person();

        assert_eq!(tag(&person, ROOM), "Anna Berg, Northern Clinics");
        assert_eq!(tags(&[person], ROOM), "Anna Berg, Northern Clinics");
    }

    #[test]
    fn a_long_name_keeps_its_beginning_its_end_and_whose_it_is() {
        let long = format!("Anna {}Lindqvist", "Maria ".repeat(8));

        let tag = tag(&named(&long, "Northern Clinics"), ROOM);

        assert!(tag.starts_with("Anna Maria") && tag.contains('…'), "{tag}");
        assert!(tag.ends_with("Lindqvist, Northern Clinics"), "{tag}");
        assert!(width(&tag) <= ROOM);
    }

    #[test]
    fn whatever_people_are_called_the_line_is_not_longer_than_the_room() {
        let names = ["W".repeat(64), "好".repeat(64), "Bo".to_owned()];
        let people: Vec<Person> = names
            .iter()
            .flat_map(|name| names.iter().map(|other| named(name, other)))
            .collect();
        for person in &people {
            assert!(width(&tag(person, ROOM)) <= ROOM);
            assert!(width(&tag(person, 80)) <= 80);
        }
        for room in [ROOM, 370] {
            assert!(width(&tags(&people, room)) <= room, "{room}");
        }
        assert!(tags(&people, ROOM).ends_with("; 7 more"));
    }
}
