//! Text arrives as it was typed, whatever the keyboard is.

use conclave_agent::platform::x11::{Injector, Ledger};
use conclave_agent::platform::{Injected, Input, InputSink};
use conclave_protocol::remote::{Key, TypedText};
use x11rb::connection::Connection as _;
use x11rb::protocol::Event;
use x11rb::protocol::xkb::{ConnectionExt as _, ID};
use x11rb::protocol::xproto::{ConnectionExt as _, ModMask};

use crate::client::{Client, at};
use crate::desktop::Desktop;
use crate::editor::Editor;

const PLAIN: &str = "Hello, World! {}[]|\\@#~'\"`^";
const WORLD: &str = "äöüß ÄÖÜ é ñ € Ω жЖ 日本 🙂";

const RETURN: u8 = 0x28;
const CAPITALS: u8 = 0x39;
const LEFT_SHIFT: u8 = 0xe1;

#[test]
fn text_arrives_with_an_american_keyboard() {
    arrives("us");
}

#[test]
fn text_arrives_with_a_german_keyboard() {
    arrives("de");
}

#[test]
fn text_arrives_with_a_russian_keyboard() {
    arrives("ru");
}

fn arrives(layout: &str) {
    let desktop = Desktop::new();
    desktop.lay_out(layout);
    let editor = Editor::open(&desktop);
    let mut injector = injector(&desktop);

    for text in [PLAIN, WORLD] {
        enter(&mut injector, text);
        assert_eq!(editor.line(), text, "{layout}");
    }
}

#[test]
fn text_arrives_right_after_the_keyboard_was_changed() {
    let desktop = Desktop::new();
    desktop.lay_out("us");
    let editor = Editor::open(&desktop);
    let mut injector = injector(&desktop);

    for (layout, text) in [
        ("de", "zyß@€ж"),
        ("us", "zy@ßж"),
        ("fr", "azqw12ж"),
        ("de", WORLD),
    ] {
        desktop.lay_out(layout);
        enter(&mut injector, text);
        assert_eq!(editor.line(), text, "{layout}");
    }
}

#[test]
fn keys_mean_what_the_layout_says() {
    let desktop = Desktop::new();
    desktop.lay_out("de");
    let editor = Editor::open(&desktop);
    let mut injector = injector(&desktop);

    // Left of X, right of T, and right of L: Z, Y and ; in the US.
    for key in [0x1d, 0x1c, 0x33, RETURN] {
        tap(&mut injector, key);
    }

    assert_eq!(editor.line(), "yzö");
}

#[test]
fn locked_capitals_change_no_text_and_stay_locked() {
    let desktop = Desktop::new();
    let editor = Editor::open(&desktop);
    let mut injector = injector(&desktop);
    tap(&mut injector, CAPITALS);

    enter(&mut injector, "abC äÄ");

    assert_eq!(editor.line(), "abC äÄ");
    let client = desktop.client();
    client.xkb_use_extension(1, 0).unwrap().reply().unwrap();
    let state = client.xkb_get_state(ID::USE_CORE_KBD.into()).unwrap();
    assert!(state.reply().unwrap().locked_mods.contains(ModMask::LOCK));
}

#[test]
fn a_held_modifier_changes_no_text_and_stays_held() {
    let desktop = Desktop::new();
    let editor = Editor::open(&desktop);
    let mut injector = injector(&desktop);
    press(&mut injector, LEFT_SHIFT, true);

    type_in(&mut injector, "abc1");

    assert!(desktop.client().is_down(50));
    press(&mut injector, LEFT_SHIFT, false);
    tap(&mut injector, RETURN);
    assert_eq!(editor.line(), "abc1");
}

#[test]
fn more_characters_arrive_than_there_are_spare_keys() {
    let desktop = Desktop::new();
    let editor = Editor::open(&desktop);
    let mut injector = injector(&desktop);

    // One kind after the other, each read before the next is typed.
    for first in (0x4e00..0x4e00 + 30 * 12).step_by(30) {
        let text: String = (first..first + 30).filter_map(char::from_u32).collect();
        enter(&mut injector, &text);
        assert_eq!(editor.line(), text);
    }
}

#[test]
fn a_character_that_was_typed_before_is_typed_again_among_many_others() {
    let desktop = Desktop::new();
    let editor = Editor::open(&desktop);
    let mut injector = injector(&desktop);
    let mut before = 'ж';

    enter(&mut injector, "ж");
    assert_eq!(editor.line(), "ж");
    for first in (0x4e00..0x4e00 + 30 * 6).step_by(30) {
        let mut text: String = (first..first + 30).filter_map(char::from_u32).collect();
        let next = text.chars().next().unwrap();
        text.push(std::mem::replace(&mut before, next));
        enter(&mut injector, &text);
        assert_eq!(editor.line(), text);
    }
}

#[test]
fn a_text_with_more_characters_than_there_are_spare_places_is_not_begun() {
    let desktop = Desktop::new();
    let client = desktop.client();
    let window = client.window(at(0, 0, 100, 100), 0);
    client.focus(window);
    let setup = client.setup();
    let first = setup.min_keycode;
    let (meanings, _) = mapping(&client);
    let keys = (first..=u8::MAX).zip(&meanings);
    let spare = keys.filter(|(_, meaning)| meaning.is_empty());
    for (key, _) in spare.skip(2) {
        let meant = client.change_keyboard_mapping(1, key, 1, &[0x61]);
        meant.unwrap().check().unwrap();
    }
    let mut injector = injector(&desktop);

    let text = TypedText::parse("日本語文字").unwrap();
    let typed = injector.inject(&Input::Text(text)).unwrap();

    assert_eq!(typed, Injected::NoSuchKey);
    let is_key = |event: &Event| matches!(event, Event::KeyPress(_));
    assert!(!client.events().iter().any(is_key));
}

#[test]
fn the_keyboard_is_as_it_was_afterwards() {
    let desktop = Desktop::new();
    let client = desktop.client();
    let before = mapping(&client);
    let editor = Editor::open(&desktop);
    let mut injector = injector(&desktop);
    enter(&mut injector, WORLD);
    assert_eq!(editor.line(), WORLD);
    assert!(mapping(&client) != before);

    injector.release_all().unwrap();
    assert!(mapping(&client) == before);

    enter(&mut injector, "€");
    assert_eq!(editor.line(), "€");
    drop(injector);
    assert!(mapping(&client) == before);
}

#[test]
fn a_layout_that_was_loaded_meanwhile_is_left_as_it_is() {
    let desktop = Desktop::new();
    let client = desktop.client();
    desktop.lay_out("de");
    let german = mapping(&client);
    desktop.lay_out("us");
    let editor = Editor::open(&desktop);
    let mut injector = injector(&desktop);
    enter(&mut injector, WORLD);
    assert_eq!(editor.line(), WORLD);

    desktop.lay_out("de");
    drop(injector);

    assert!(mapping(&client) == german);
}

/// What each key means, and which are modifiers. The width of the table is no meaning.
fn mapping(client: &Client) -> (Vec<Vec<u32>>, Vec<u8>) {
    let setup = client.setup();
    let (first, last) = (setup.min_keycode, setup.max_keycode);
    let keys = client.get_keyboard_mapping(first, last - first + 1);
    let keys = keys.unwrap().reply().unwrap();
    let width = usize::from(keys.keysyms_per_keycode);
    let trimmed = |key: &[u32]| {
        let used = key.iter().rposition(|symbol| *symbol != 0);
        key[..used.map_or(0, |last| last + 1)].to_vec()
    };
    let meanings = keys.keysyms.chunks(width).map(trimmed).collect();
    let modifiers = client.get_modifier_mapping().unwrap().reply().unwrap();
    let mut modifiers = modifiers.keycodes;
    modifiers.retain(|code| *code != 0);
    (meanings, modifiers)
}

pub(crate) fn injector(desktop: &Desktop) -> Injector {
    Injector::open(desktop.name(), Ledger::default()).unwrap()
}

pub(crate) fn press(injector: &mut Injector, usage: u8, down: bool) {
    let key = Key::new(usage).unwrap();
    let pressed = injector.inject(&Input::Key { key, down }).unwrap();
    assert_eq!(pressed, Injected::Done);
}

fn tap(injector: &mut Injector, usage: u8) {
    press(injector, usage, true);
    press(injector, usage, false);
}

fn enter(injector: &mut Injector, text: &str) {
    type_in(injector, text);
    tap(injector, RETURN);
}

fn type_in(injector: &mut Injector, text: &str) {
    let text = TypedText::parse(text).unwrap();
    let typed = injector.inject(&Input::Text(text)).unwrap();
    assert_eq!(typed, Injected::Done);
}
