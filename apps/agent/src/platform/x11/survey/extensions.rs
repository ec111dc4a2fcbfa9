//! The extensions that the agent uses, with the versions that the display has.

use x11rb::connection::RequestConnection as _;
use x11rb::protocol::composite::{self, ConnectionExt as _};
use x11rb::protocol::damage::{self, ConnectionExt as _};
use x11rb::protocol::randr::{self, ConnectionExt as _};
use x11rb::protocol::shm::{self, ConnectionExt as _};
use x11rb::protocol::xfixes::{self, ConnectionExt as _};
use x11rb::protocol::xinput::{self, ConnectionExt as _};
use x11rb::protocol::xkb::{self, ConnectionExt as _};
use x11rb::protocol::xtest::{self, ConnectionExt as _};

use super::Display;
use crate::check::Extension;
use crate::platform::Fault;

pub(super) fn of(display: &Display) -> Result<Vec<Extension>, Fault> {
    KNOWN
        .iter()
        .map(|(name, ask)| {
            let is_there = display.extension_information(name)?.is_some();
            let version = is_there.then(|| ask(display)).transpose()?;
            Ok(Extension {
                name: (*name).to_owned(),
                version: version.map(|(major, minor)| format!("{major}.{minor}")),
            })
        })
        .collect()
}

/// Major and minor.
type Ask = fn(&Display) -> Result<(u32, u32), Fault>;

const KNOWN: &[(&str, Ask)] = &[
    (shm::X11_EXTENSION_NAME, |display| {
        let has = display.shm_query_version()?.reply()?;
        Ok((has.major_version.into(), has.minor_version.into()))
    }),
    (damage::X11_EXTENSION_NAME, |display| {
        let has = display.damage_query_version(1, 1)?.reply()?;
        Ok((has.major_version, has.minor_version))
    }),
    (xfixes::X11_EXTENSION_NAME, |display| {
        let has = display.xfixes_query_version(5, 0)?.reply()?;
        Ok((has.major_version, has.minor_version))
    }),
    (composite::X11_EXTENSION_NAME, |display| {
        let has = display.composite_query_version(0, 4)?.reply()?;
        Ok((has.major_version, has.minor_version))
    }),
    (randr::X11_EXTENSION_NAME, |display| {
        let has = display.randr_query_version(1, 5)?.reply()?;
        Ok((has.major_version, has.minor_version))
    }),
    (xtest::X11_EXTENSION_NAME, |display| {
        let has = display.xtest_get_version(2, 2)?.reply()?;
        Ok((has.major_version.into(), has.minor_version.into()))
    }),
    (xinput::X11_EXTENSION_NAME, |display| {
        let has = display.xinput_xi_query_version(2, 2)?.reply()?;
        Ok((has.major_version.into(), has.minor_version.into()))
    }),
    (xkb::X11_EXTENSION_NAME, |display| {
        let has = display.xkb_use_extension(1, 0)?.reply()?;
        Ok((has.server_major.into(), has.server_minor.into()))
    }),
];
