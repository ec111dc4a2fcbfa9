//! The inventory: browsers, passkeys, authenticator programs and programs by which accounts and the server's data are reached.

use conclave_protocol::program::ProgramState;
use conclave_protocol::report::{Cell, Unit};
use conclave_store::read::device::{Device, DeviceKind};
use conclave_store::read::program::Program;
use conclave_store::{ReadError, Store};

use super::{Content, Scope, columns, figure, instant, is_full, text};

/// As they are at this moment. Of the report's time is only what was not used in it.
pub(super) async fn of(store: &Store, scope: &Scope) -> Result<Content, ReadError> {
    let devices = store
        .device_inventory(scope.organisation, scope.now)
        .await?;
    let mut programs = store.programs(scope.organisation).await?;
    programs.retain(|program| program.state(scope.now) == ProgramState::Active);
    let of_kind = |kind: DeviceKind| count(devices.iter().filter(|one| one.kind == kind));
    let uses = devices
        .iter()
        .filter(|device| says_when(device.kind))
        .map(|device| device.last_used_at)
        .chain(programs.iter().map(|program| program.last_used_on));
    let unused = count(uses.filter(|used| used.is_none_or(|at| at < scope.from)));
    Ok(Content {
        figures: vec![
            figure("open_sessions", Unit::Count, of_kind(DeviceKind::Session)),
            figure(
                "known_browsers",
                Unit::Count,
                of_kind(DeviceKind::KnownBrowser),
            ),
            figure("passkeys", Unit::Count, of_kind(DeviceKind::Passkey)),
            figure(
                "authenticators",
                Unit::Count,
                of_kind(DeviceKind::Authenticator),
            ),
            figure("active_programs", Unit::Count, count(programs.iter())),
            figure("unused", Unit::Count, unused),
        ],
        charts: Vec::new(),
        columns: columns(&[
            ("kind", Unit::Word),
            ("holder", Unit::Text),
            ("called", Unit::Text),
            ("since", Unit::Time),
            ("last_used", Unit::Time),
        ]),
        is_cut: is_full(&devices),
        rows: devices
            .into_iter()
            .map(device)
            .chain(programs.iter().map(program))
            .collect(),
    })
}

/// Of the others it is not kept when they were used.
fn says_when(kind: DeviceKind) -> bool {
    match kind {
        DeviceKind::Session | DeviceKind::Passkey => true,
        DeviceKind::KnownBrowser | DeviceKind::Authenticator => false,
    }
}

fn count<T>(of: impl Iterator<Item = T>) -> u64 {
    u64::try_from(of.count()).unwrap_or(u64::MAX)
}

fn device(device: Device) -> Vec<Option<Cell>> {
    let kind = match device.kind {
        DeviceKind::Session => "session",
        DeviceKind::KnownBrowser => "known_browser",
        DeviceKind::Passkey => "passkey",
        DeviceKind::Authenticator => "authenticator",
    };
    vec![
        text(kind),
        text(device.holder.as_str()),
        device.called.and_then(text),
        instant(Some(device.since)),
        instant(device.last_used_at),
    ]
}

/// Whose it is: whoever made it.
fn program(program: &Program) -> Vec<Option<Cell>> {
    vec![
        text("program"),
        text(program.made_by_name.as_str()),
        text(program.name.as_str()),
        instant(Some(program.created_at)),
        instant(program.last_used_on),
    ]
}
