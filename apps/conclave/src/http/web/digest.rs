//! What the browser application's files hash to, all together: on record at each start.
//!
//! The same as, in `web/dist`:
//! `find * -type f ! -name '*.br' ! -name '*.gz' | LC_ALL=C sort | xargs sha256sum | sha256sum`

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

use sha2::{Digest as _, Sha256};

use super::Files;

/// 64 hexadecimal digits; `None` where the program was built without its application.
pub(crate) fn application_digest() -> Option<&'static str> {
    static DIGEST: LazyLock<Option<String>> = LazyLock::new(digest);
    DIGEST.as_deref()
}

fn digest() -> Option<String> {
    let named = Files::iter().filter(|path| !path.ends_with(".br") && !path.ends_with(".gz"));
    let files: BTreeMap<String, _> = named
        .filter_map(|path| Some((path.to_string(), Files::get(&path)?.data)))
        .collect();
    (!files.is_empty()).then(|| of(files.iter().map(|(path, data)| (path.as_str(), &**data))))
}

/// The paths ascend by their bytes.
fn of<'a>(files: impl Iterator<Item = (&'a str, &'a [u8])>) -> String {
    let lines: String = files
        .map(|(path, data)| format!("{}  {path}\n", hexadecimal(&Sha256::digest(data))))
        .collect();
    hexadecimal(&Sha256::digest(lines))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _infallible = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_what_sha256sum_says_of_its_own_list() {
        let files: [(&str, &[u8]); 2] = [("assets/a.js", b"one"), ("index.html", b"two")];

        assert_eq!(
            of(files.into_iter()),
            "87df2c64314baf52f641ba1119ed890d51ce65ba33e126b2958fe7914457e4e8"
        );
    }
}
