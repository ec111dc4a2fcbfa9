//! The HTTP surface: Conclave's own API, the browser application, LiveKit's routes, the probes.

mod account;
mod account_requests;
mod agreements;
mod anomalies;
mod asked_mail;
pub(crate) mod audit;
mod authority;
mod body;
mod chosen_password;
mod command;
mod companions;
mod complaints;
mod cookie;
mod emergency;
mod even_time;
mod evidence;
mod factor_check;
mod groups;
mod headers;
mod invitations;
mod journal;
mod mailed_link;
mod meeting_sessions;
mod meetings;
pub(crate) mod occasion;
mod origin;
pub(crate) mod own_browser;
pub(crate) mod pace;
mod password_resets;
mod people;
mod policies;
mod present;
mod probes;
pub mod problem;
mod program;
mod programs;
mod recordings;
mod repeatable;
mod reports;
mod risks;
mod saved_views;
mod scim;
mod server_info;
mod session;
mod setup;
mod signed_in;
pub(crate) mod source;
mod supervised;
mod supervision;
mod support;
mod trainings;
mod web;

use std::any::Any;
use std::sync::LazyLock;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use conclave_policy::recording::MOST_PIECE;
use tower_http::catch_panic::CatchPanicLayer;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::livekit::{self, LiveKit};
pub(crate) use meeting_sessions::outcome;
pub(crate) use web::application_digest;

/// Everything on the main listener.
pub(crate) fn router(app: App, livekit: LiveKit) -> Router {
    let (api, _) = api().split_for_parts();
    let api = api
        .route("/api/v1/openapi.json", get(async || ([JSON], openapi())))
        .route("/api/{*rest}", any(nothing_here))
        .layer(from_fn_with_state(app.clone(), pace::keep))
        .layer(from_fn(headers::of_api));
    Router::new()
        .merge(web::router())
        .merge(api)
        .merge(scim::router(&app))
        .merge(probes::router())
        .method_not_allowed_fallback(wrong_method)
        .fallback(web::nothing_here)
        .layer(DefaultBodyLimit::max(app.config.limits.body))
        .layer(from_fn_with_state(app.clone(), origin::check))
        .layer(from_fn_with_state(app.clone(), in_time))
        .with_state(app.clone())
        .merge(livekit::router(livekit))
        .layer(CatchPanicLayer::custom(our_mistake))
        .layer(from_fn_with_state(app.clone(), headers::always))
        .layer(from_fn_with_state(app, journal::keep))
}

/// `/metrics` and the probes, on the admin listener.
pub(crate) fn admin_router(app: App) -> Router {
    Router::new()
        .merge(probes::router())
        .merge(probes::metrics_router())
        .with_state(app)
}

/// The OpenAPI description of `/api/v1`, as indented JSON.
pub fn openapi() -> &'static str {
    static PRINTED: LazyLock<String> = LazyLock::new(|| {
        let (_, description) = api().split_for_parts();
        Description::print(&description)
    });
    &PRINTED
}

fn api() -> OpenApiRouter<App> {
    let endpoints = OpenApiRouter::new()
        .routes(routes!(server_info::handle))
        .routes(routes!(setup::handle))
        .routes(routes!(
            session::sign_in::handle,
            session::read::handle,
            session::sign_out::handle
        ))
        .merge(vault())
        .merge(sign_in_ways())
        .routes(routes!(meetings::create::handle, meetings::list::handle))
        .routes(routes!(meetings::read::handle, meetings::change::handle))
        .routes(routes!(meetings::join::handle))
        .routes(routes!(meetings::ticket::handle))
        .routes(routes!(meetings::leave::handle))
        .routes(routes!(meetings::end::handle))
        .routes(routes!(meetings::admit::handle))
        .routes(routes!(meetings::admit_all::handle))
        .routes(routes!(meetings::deny::handle))
        .routes(routes!(meetings::vouch::handle))
        .routes(routes!(meetings::expel::handle))
        .routes(routes!(meetings::mute::handle))
        .routes(routes!(meetings::mute_all::handle))
        .routes(routes!(meetings::stop_video::handle))
        .routes(routes!(meetings::ask_to_unmute::handle))
        .routes(routes!(meetings::make_co_host::handle))
        .routes(routes!(meetings::take_back_co_host::handle))
        .routes(routes!(meetings::lock_sharing::handle))
        .routes(routes!(meetings::unlock_sharing::handle))
        .routes(routes!(meetings::hand_over::handle))
        .routes(routes!(meetings::lock::handle))
        .routes(routes!(meetings::unlock::handle))
        .routes(routes!(meetings::devices::handle))
        .routes(routes!(meetings::channel::handle))
        .merge(people())
        .routes(routes!(meetings::list_invited::handle))
        .routes(routes!(meetings::invite::handle))
        .routes(routes!(meetings::uninvite::handle))
        .routes(routes!(meetings::cancel::handle))
        .routes(routes!(meetings::unguard::handle))
        .routes(routes!(meetings::change_passcode::handle))
        .routes(routes!(supervision::list::handle))
        .routes(routes!(supervision::people::handle))
        .merge(presented_computers())
        .merge(remote_support())
        .merge(policy())
        .merge(programs())
        .merge(single_sign_on())
        .merge(audit_log())
        .merge(centre())
        .merge(evidence())
        .merge(emergency());
    OpenApiRouter::with_openapi(<Description as utoipa::OpenApi>::openapi())
        .nest("/api/v1", endpoints)
}

fn policy() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(groups::list::handle, groups::create::handle))
        .routes(routes!(
            groups::read::handle,
            groups::rename::handle,
            groups::delete::handle
        ))
        .routes(routes!(groups::add::handle, groups::remove::handle))
        .routes(routes!(
            policies::organisation::read,
            policies::organisation::change
        ))
        .routes(routes!(policies::group::read, policies::group::change))
        .routes(routes!(policies::account::read, policies::account::change))
        .routes(routes!(policies::preview::handle))
        .routes(routes!(policies::explain::handle))
        .routes(routes!(policies::enter_profile::handle))
        .routes(routes!(policies::leave_profile::ask))
        .routes(routes!(policies::leave_profile::confirmed))
}

/// Computers that presenters bring into their meetings.
fn presented_computers() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(companions::offer::handle))
        .routes(routes!(companions::look_up::handle))
        .routes(routes!(companions::bring::handle))
        .routes(routes!(companions::give::handle))
        .routes(routes!(companions::terms::handle))
        .routes(routes!(companions::facts::handle))
}

/// Help at somebody's computer.
fn remote_support() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(support::list::handle, support::open::handle))
        .routes(routes!(support::end::handle))
        .routes(routes!(support::code::handle))
        .routes(routes!(support::terms::handle))
        .routes(routes!(support::facts::handle))
        .routes(routes!(support::feedback::handle))
        .routes(routes!(
            support::questions::read,
            support::questions::change
        ))
        .merge(queue_for_support())
        .merge(recordings())
        .merge(unattended_support())
}

/// Who asks for help, and is taken by whichever technician takes them.
fn queue_for_support() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(
            support::requests::list::handle,
            support::requests::ask::handle
        ))
        .routes(routes!(
            support::requests::standing::handle,
            support::requests::withdraw::handle
        ))
        .routes(routes!(support::requests::claim::handle))
        .routes(routes!(support::requests::take::handle))
        .routes(routes!(support::requests::decline::handle))
}

/// Help at computers where nobody need be.
fn unattended_support() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(support::devices::list::handle))
        .routes(routes!(support::devices::invite::handle))
        .routes(routes!(support::devices::enrol::handle))
        .routes(routes!(support::devices::line::handle))
        .routes(routes!(support::devices::granted::handle))
        .routes(routes!(support::devices::revoke::handle))
        .routes(routes!(support::devices::renew::handle))
        .routes(routes!(support::devices::grant::handle))
        .routes(routes!(support::devices::withdraw::handle))
        .routes(routes!(support::devices::open::handle))
        .routes(routes!(support::devices::credentials::handle))
}

/// Sessions that are kept, sealed. A piece of one is larger than other bodies may be.
fn recordings() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(support::keep_piece::handle))
        .layer(DefaultBodyLimit::max(MOST_PIECE))
        .routes(routes!(support::begin_recording::handle))
        .routes(routes!(support::end_recording::handle))
        .routes(routes!(support::keep_feedback::handle))
        .routes(routes!(recordings::list::handle))
        .routes(routes!(recordings::make_key::handle))
        .routes(routes!(recordings::retain::handle))
        .routes(routes!(recordings::acknowledge::handle))
        .routes(routes!(recordings::play::handle))
        .routes(routes!(recordings::piece::handle))
}

/// What the organisation's records say.
fn centre() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(meeting_sessions::list::handle))
        .routes(routes!(meeting_sessions::read::handle))
        .routes(routes!(meeting_sessions::quality::handle))
        .routes(routes!(reports::handle))
        .routes(routes!(people::timeline::handle))
        .routes(routes!(
            saved_views::list::handle,
            saved_views::save::handle
        ))
        .routes(routes!(
            saved_views::open::handle,
            saved_views::change::handle,
            saved_views::remove::handle
        ))
        .routes(routes!(anomalies::list::handle))
        .routes(routes!(anomalies::words::handle))
        .routes(routes!(anomalies::review::handle))
        .routes(routes!(
            anomalies::rules::handle,
            anomalies::change_rules::handle
        ))
}

/// Programs with a key of their own.
fn programs() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(programs::list::handle, programs::make::handle))
        .routes(routes!(programs::revoke::handle))
}

/// How an account signs in, and where it is signed in.
fn sign_in_ways() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(session::second_factor::handle))
        .routes(routes!(session::step_up::handle))
        .routes(routes!(session::begin_passkey::handle))
        .routes(routes!(session::use_passkey::handle))
        .routes(routes!(account::read_sign_in::handle))
        .routes(routes!(
            account::begin_totp::handle,
            account::set_up_totp::handle,
            account::remove_totp::handle
        ))
        .routes(routes!(account::begin_passkey::handle))
        .routes(routes!(account::add_passkey::handle))
        .routes(routes!(
            account::rename_passkey::handle,
            account::remove_passkey::handle
        ))
        .routes(routes!(account::make_recovery_codes::handle))
        .routes(routes!(account::change_password::handle))
        .routes(routes!(
            account::list_sessions::handle,
            account::end_other_sessions::handle
        ))
        .routes(routes!(account::end_session::handle))
        .routes(routes!(account::ask_email::handle))
        .routes(routes!(account::change_email::handle))
}

/// By the organisation's identity provider.
fn single_sign_on() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(session::begin_single_sign_on::handle))
        .routes(routes!(session::finish_single_sign_on::handle))
        .routes(routes!(session::provider_logout::handle))
        .routes(routes!(
            account::connect_single_sign_on::handle,
            account::disconnect_single_sign_on::handle
        ))
}

/// What happened, and what proves it.
fn audit_log() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(audit::log::handle))
        .routes(routes!(audit::entries::handle))
        .routes(routes!(audit::proof::handle))
        .routes(routes!(audit::signed::handle))
        .routes(routes!(audit::tile::handle))
        .routes(routes!(audit::export::handle))
        .routes(routes!(audit::checkpoint::handle))
}

/// What shows that safeguards hold.
fn evidence() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(evidence::read::handle))
        .routes(routes!(evidence::export::handle))
        .routes(routes!(evidence::exports::list))
        .routes(routes!(evidence::exports::read))
        .routes(routes!(evidence::decide::handle))
        .routes(routes!(evidence::review::read, evidence::review::sign))
        .routes(routes!(agreements::list::handle, agreements::add::handle))
        .routes(routes!(agreements::change::handle))
        .routes(routes!(agreements::template::handle))
        .routes(routes!(risks::list::handle))
        .routes(routes!(risks::assess::handle))
        .routes(routes!(complaints::list::handle, complaints::enter::handle))
        .routes(routes!(complaints::words::handle))
        .routes(routes!(complaints::close::handle))
        .routes(routes!(trainings::list::handle, trainings::enter::handle))
        .routes(routes!(trainings::withdraw::handle))
        .routes(routes!(trainings::own::handle))
        .routes(routes!(trainings::acknowledge::handle))
}

/// Breaking the glass, and looking at it afterwards.
fn emergency() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(
            emergency::standing::handle,
            emergency::invoke::handle
        ))
        .routes(routes!(emergency::end::handle))
        .routes(routes!(emergency::meetings::handle))
        .routes(routes!(meetings::enter_by_emergency::handle))
        .routes(routes!(emergency::uses::handle))
        .routes(routes!(emergency::words::handle))
        .routes(routes!(emergency::review::handle))
        .routes(routes!(
            emergency::codes::handle,
            emergency::make_codes::handle
        ))
        .routes(routes!(session::emergency_code::handle))
}

/// A vault is larger than other bodies may be.
fn vault() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(
            account::read_vault::handle,
            account::change_vault::handle
        ))
        .layer(DefaultBodyLimit::max(account::LARGEST_BODY))
        .routes(routes!(account::ask::handle))
        .routes(routes!(account::end_request::handle))
}

/// Who has an account, and how they come by one.
fn people() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(people::list::handle))
        .routes(routes!(people::approve::handle))
        .routes(routes!(people::suspend::handle))
        .routes(routes!(people::restore::handle))
        .routes(routes!(people::remove::handle))
        .routes(routes!(people::change_role::handle))
        .routes(routes!(people::reset_factors::handle))
        .routes(routes!(people::unlock::handle))
        .routes(routes!(invitations::create::handle))
        .routes(routes!(invitations::withdraw::handle))
        .routes(routes!(invitations::accept::handle))
        .routes(routes!(account_requests::ask::handle))
        .routes(routes!(account_requests::confirm::handle))
        .routes(routes!(password_resets::ask::handle))
        .routes(routes!(password_resets::finish::handle))
}

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Conclave",
        description = "Meetings: accounts, codes, lobbies, participants and tickets.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    components(schemas(
        conclave_protocol::channel::Upstream,
        conclave_protocol::channel::Downstream
    )),
    modifiers(&Credentials)
)]
struct Description;

impl Description {
    fn print(description: &OpenApi) -> String {
        description.to_pretty_json().unwrap_or_default()
    }
}

/// How requests prove who sends them.
struct Credentials;

impl utoipa::Modify for Credentials {
    fn modify(&self, description: &mut OpenApi) {
        use utoipa::openapi::security::{
            ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme,
        };

        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        let cookie = ApiKey::Cookie(ApiKeyValue::new("__Host-conclave"));
        let components = description.components.get_or_insert_default();
        components.add_security_scheme("participant", SecurityScheme::Http(bearer.clone()));
        components.add_security_scheme("support_request", SecurityScheme::Http(bearer.clone()));
        components.add_security_scheme("program", SecurityScheme::Http(bearer));
        components.add_security_scheme("session", SecurityScheme::ApiKey(cookie));
    }
}

/// Answers in time, or says that it did not. A WebSocket's upgrade is an answer.
async fn in_time(State(app): State<App>, request: Request, next: Next) -> Response {
    let limit: Duration = app.config.limits.request_time;
    let answer = tokio::time::timeout(limit, next.run(request)).await;
    answer.unwrap_or_else(|_| problem::REQUEST_TIMEOUT.into_response())
}

async fn nothing_here() -> Response {
    problem::NOT_FOUND.into_response()
}

async fn wrong_method() -> Response {
    problem::METHOD_NOT_ALLOWED.into_response()
}

/// The panic's words may hold what a person typed; its place in the code is logged by the panic hook.
fn our_mistake(_: Box<dyn Any + Send>) -> Response {
    problem::INTERNAL.into_response()
}

const JSON: (axum::http::HeaderName, &str) = (axum::http::header::CONTENT_TYPE, "application/json");
