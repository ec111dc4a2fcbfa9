//! The audit entries that an action leaves behind: at least one.

use conclave_audit::Entry;

/// What becomes durable with an action. Made from an [`Entry`], from several, or from what the action did.
pub struct Record<Done>(Maker<Done>);

type Maker<Done> = Box<dyn FnOnce(&Done) -> Vec<Entry> + Send>;

impl<Done> Record<Done> {
    /// Entries that depend on the action's result, made after it and inside of its transaction.
    /// An empty list fails the action: nothing is written without a record.
    pub fn after(make: impl FnOnce(&Done) -> Vec<Entry> + Send + 'static) -> Self {
        Self(Box::new(make))
    }

    /// The entry of the action itself, and one for each thing that followed. `None` of those fails the action.
    pub(crate) fn followed(
        entry: Entry,
        following: impl FnOnce(&Done) -> Option<Vec<Entry>> + Send + 'static,
    ) -> Self {
        Self::after(move |done| match following(done) {
            Some(more) => std::iter::once(entry).chain(more).collect(),
            None => Vec::new(),
        })
    }

    pub(crate) fn entries(self, done: &Done) -> Vec<Entry> {
        (self.0)(done)
    }
}

impl<Done> From<Entry> for Record<Done> {
    fn from(entry: Entry) -> Self {
        Self::after(move |_| vec![entry])
    }
}

impl<Done, const N: usize> From<[Entry; N]> for Record<Done> {
    fn from(entries: [Entry; N]) -> Self {
        Self::after(move |_| entries.into())
    }
}
