//! Programs of the organisation: which have a key, made and ended.

pub(super) mod list;
pub(super) mod make;
pub(super) mod revoke;

use conclave_protocol::Timestamp;
use conclave_protocol::program::Program;
use conclave_store::read::program;

fn shown(program: program::Program, now: Timestamp) -> Program {
    Program {
        id: program.id,
        state: program.state(now),
        name: program.name,
        scopes: program.scopes.0,
        made_by: program.made_by,
        made_by_name: program.made_by_name,
        created_at: program.created_at,
        expires_at: program.expires_at,
        last_used_on: program.last_used_on,
    }
}
