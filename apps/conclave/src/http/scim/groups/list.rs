//! `GET /scim/v2/Groups`: the groups that the directory made, or the one that it looks up.

use axum::extract::State;
use conclave_policy::directory::MOST_GROUPS_LISTED;
use conclave_protocol::scim::answer::{Group, List};
use conclave_protocol::scim::filter::Filter;
use conclave_store::read::directory::DirectoryGroup;

use super::Whole;
use crate::app::App;
use crate::http::problem::{Refusal, SCIM_FILTER};
use crate::http::scim::page::Page;
use crate::http::scim::provisioner::Provisioner;
use crate::http::scim::resource::Scim;

pub(in crate::http::scim) async fn handle(
    State(app): State<App>,
    by: Provisioner,
    page: Page,
) -> Result<Scim<List<Group>>, Refusal> {
    let mut groups = app.store.directory_groups(by.organisation()).await?;
    if let Some(filter) = &page.filter {
        if matches!(filter, Filter::UserName(_)) {
            return Err(SCIM_FILTER.into());
        }
        groups.retain(|group| fits(group, filter));
    }
    let List {
        total_results,
        start_index,
        resources,
        ..
    } = page.of(groups, MOST_GROUPS_LISTED);
    let mut shown = Vec::with_capacity(resources.len());
    for group in resources {
        let mut group = Whole::of(&app, group).await?.shown(&app);
        group.members = group.members.filter(|_| !page.without_members);
        shown.push(group);
    }
    Ok(Scim(List::page(total_results, start_index, shown)))
}

fn fits(group: &DirectoryGroup, filter: &Filter) -> bool {
    match filter {
        // Names that read alike are one.
        Filter::DisplayName(name) => group.name.as_str().to_lowercase() == name.to_lowercase(),
        Filter::ExternalId(id) => group
            .external_id
            .as_ref()
            .is_some_and(|own| own.as_str() == id),
        Filter::UserName(_) => false,
    }
}
