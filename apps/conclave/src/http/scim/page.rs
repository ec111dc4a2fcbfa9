//! Which part of a list a directory asks for (RFC 7644, 3.4.2).

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use conclave_protocol::scim::answer::List;
use conclave_protocol::scim::filter::Filter;
use serde::Deserialize;

use crate::http::problem::{Refusal, SCIM_FILTER, SCIM_VALUE};

/// What was asked.
pub(super) struct Page {
    pub(super) filter: Option<Filter>,
    /// Of a group.
    pub(super) without_members: bool,
    start: u32,
    count: u32,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asked {
    filter: Option<String>,
    start_index: Option<i64>,
    count: Option<i64>,
    excluded_attributes: Option<String>,
}

impl Page {
    /// Of all that there is; `most` of it at one time.
    pub(super) fn of<T>(&self, all: Vec<T>, most: u32) -> List<T> {
        let total = u32::try_from(all.len()).unwrap_or(u32::MAX);
        let (from, count) = (self.start - 1, self.count.min(most));
        let page = all.into_iter().skip(from as usize).take(count as usize);
        List::page(total, self.start, page.collect())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Page {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let asked = Query::<Asked>::from_request_parts(parts, state).await;
        let Query(asked) = asked.map_err(|_| SCIM_VALUE)?;
        let filter = asked.filter.as_deref().map(Filter::parse).transpose();
        let excluded = asked.excluded_attributes.unwrap_or_default();
        let mut excluded = excluded.split(',');
        Ok(Self {
            filter: filter.map_err(|_| SCIM_FILTER)?,
            without_members: excluded.any(|name| name.trim().eq_ignore_ascii_case("members")),
            start: bounded(asked.start_index.unwrap_or(1)).max(1),
            count: bounded(asked.count.unwrap_or(i64::MAX)),
        })
    }
}

/// What is less than nothing is nothing (RFC 7644, 3.4.2.4).
fn bounded(number: i64) -> u32 {
    u32::try_from(number.max(0)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(start: i64, count: i64) -> List<u32> {
        let page = Page {
            filter: None,
            without_members: false,
            start: bounded(start).max(1),
            count: bounded(count),
        };
        page.of((1..=10).collect(), 4)
    }

    #[test]
    fn a_page_is_bounded_and_says_how_much_there_is() {
        assert_eq!(page(1, 2).resources, [1, 2]);
        assert_eq!(page(9, 100).resources, [9, 10]);
        assert_eq!(page(-5, 100).resources, [1, 2, 3, 4]);
        assert!(page(11, 2).resources.is_empty());
        let none = page(1, -1);
        assert_eq!((none.total_results, none.items_per_page), (10, 0));
    }
}
