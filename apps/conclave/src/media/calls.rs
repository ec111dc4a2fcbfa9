//! The server API's calls that an owner has not answered yet.

use std::collections::BTreeMap;

use conclave_sfu::{ApiRefusal, ApiResponse, CallId};

use super::orders::Answer;

#[derive(Default)]
pub(super) struct Calls {
    open: BTreeMap<CallId, Answer>,
    last: u64,
}

impl Calls {
    pub(super) fn open(&mut self, answer: Answer) -> CallId {
        self.last += 1;
        let call = CallId(self.last);
        self.open.insert(call, answer);
        call
    }

    pub(super) fn answer(&mut self, call: CallId, reply: Result<ApiResponse, ApiRefusal>) {
        if let Some(answer) = self.open.remove(&call) {
            // Nobody may be waiting any more; what was asked for has happened.
            let _unheard = answer.send(reply);
        }
    }
}
