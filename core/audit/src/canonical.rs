//! RFC 8785: one JSON value, one sequence of bytes.
//!
//! Entries hold no fractions, so a number is an integer that every JSON reader keeps exactly
//! (up to 2⁵³ − 1 either way, RFC 7493); others are refused rather than rounded.

use serde_json::Value;

/// A number that is not an integer of at most 53 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a number is not an integer of at most 53 bits")]
pub(crate) struct NotExact;

pub(crate) fn canonical(value: &Value) -> Result<Vec<u8>, NotExact> {
    let mut out = String::new();
    write(value, &mut out)?;
    Ok(out.into_bytes())
}

fn write(value: &Value, out: &mut String) -> Result<(), NotExact> {
    match value {
        Value::Null | Value::Bool(_) | Value::String(_) => out.push_str(&value.to_string()),
        Value::Number(number) => {
            let exact = number.as_i64().filter(|n| n.abs() <= MAX_SAFE_INTEGER);
            out.push_str(&exact.ok_or(NotExact)?.to_string());
        }
        Value::Array(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                separate(i, out);
                write(item, out)?;
            }
            out.push(']');
        }
        Value::Object(members) => {
            // RFC 8785, 3.2.3: names in the order of their UTF-16 code units.
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
            out.push('{');
            for (i, (name, member)) in sorted.into_iter().enumerate() {
                separate(i, out);
                out.push_str(&Value::from(name.as_str()).to_string());
                out.push(':');
                write(member, out)?;
            }
            out.push('}');
        }
    }
    Ok(())
}

fn separate(index: usize, out: &mut String) {
    if index > 0 {
        out.push(',');
    }
}

/// 2⁵³ − 1.
const MAX_SAFE_INTEGER: i64 = (1 << 53) - 1;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn text(value: &Value) -> String {
        String::from_utf8(canonical(value).unwrap()).unwrap()
    }

    /// RFC 8785, 3.2.3.
    #[test]
    fn names_are_sorted_by_utf_16_code_units() {
        let value = json!({
            "\u{20ac}": 0, "\r": 1, "\u{fb33}": 2, "1": 3, "\u{1f600}": 4, "\u{80}": 5, "\u{f6}": 6,
        });

        assert_eq!(
            text(&value),
            "{\"\\r\":1,\"1\":3,\"\u{80}\":5,\"\u{f6}\":6,\"\u{20ac}\":0,\"\u{1f600}\":4,\"\u{fb33}\":2}"
        );
    }

    /// RFC 8785, 3.2.2.2.
    #[test]
    fn strings_are_escaped_as_ecmascript_does() {
        let value = json!("\u{20ac}$\u{f}\nA'B\"\\\"/\u{7f}");

        assert_eq!(
            text(&value),
            "\"\u{20ac}$\\u000f\\nA'B\\\"\\\\\\\"/\u{7f}\""
        );
    }

    #[test]
    fn numbers_that_a_reader_could_round_are_refused() {
        assert_eq!(text(&json!(MAX_SAFE_INTEGER)), "9007199254740991");
        for value in [json!(1_i64 << 53), json!(0.5), json!(u64::MAX)] {
            assert_eq!(canonical(&value), Err(NotExact));
        }
    }

    #[test]
    fn literals_arrays_and_nesting_have_no_white_space() {
        let value = json!({"b": [null, true, {"d": [], "c": {}}], "a": false});

        assert_eq!(
            text(&value),
            r#"{"a":false,"b":[null,true,{"c":{},"d":[]}]}"#
        );
    }
}
