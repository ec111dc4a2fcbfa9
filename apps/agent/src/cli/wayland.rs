//! A Wayland session, in which X's pictures, keys and pointer are those of some programs alone.

use std::env;

/// Why nobody is helped in one: the screen would be black beside them, and the stop keys unheard over all others.
const REFUSED: &str = "this is a Wayland session, of which only programs made for X would be seen and stopped; \
                       log out and choose an X11 session (\"Xorg\") at the log-in screen, or";

/// Whether whoever runs this is in one. Programs made for X find a display in it all the same.
pub(super) fn is_here() -> bool {
    let is_set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    let kind = env::var_os("XDG_SESSION_TYPE");
    is_set("WAYLAND_DISPLAY") || kind.is_some_and(|kind| kind == "wayland")
}

/// Nothing is begun in one. `instead`: how the screen is shown without this program.
pub(super) fn refuse(instead: &str) -> Result<(), String> {
    if is_here() {
        return Err(format!("{REFUSED} {instead}"));
    }
    Ok(())
}
