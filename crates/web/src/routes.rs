//! The whole URL table.

use axum::{
    Extension, Router,
    extract::DefaultBodyLimit,
    middleware,
    routing::{MethodRouter, get, post},
};
use tower::ServiceBuilder;
use tower_http::csrf::CsrfLayer;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{api, assets, edge, health, pages, respond, site::Site};

/// The API: each route is its own OpenAPI entry.
#[expect(clippy::too_many_lines, reason = "a table has a line for each route")]
pub fn api() -> OpenApiRouter<Site> {
    OpenApiRouter::with_openapi(api::docs::head())
        .routes(routes!(api::docs::openapi))
        .routes(routes!(api::sessions::create))
        .routes(routes!(api::sessions::delete))
        .routes(routes!(api::resets::create))
        .routes(routes!(api::resets::complete))
        .routes(routes!(api::me::get, api::profile::rename))
        .routes(routes!(api::profile::addresses, api::profile::add_address))
        .routes(routes!(api::profile::verify_address))
        .routes(routes!(api::profile::cancel_address))
        .routes(routes!(api::profile::make_primary))
        .routes(routes!(api::profile::remove_address))
        .routes(routes!(api::profile::change_password))
        .routes(routes!(api::profile::sessions, api::profile::end_other_sessions))
        .routes(routes!(api::profile::end_session))
        .routes(routes!(api::profile::delete))
        .routes(routes!(api::workspaces::create))
        .routes(routes!(api::workspaces::get, api::workspaces::patch))
        .routes(routes!(api::workspaces::delete))
        .routes(routes!(api::workspaces::export))
        .routes(routes!(api::operator::restore))
        .routes(routes!(api::mail_domains::get, api::mail_domains::put))
        .routes(routes!(api::operator::settings, api::operator::change))
        .routes(routes!(api::operator::workspaces))
        .routes(routes!(api::projects::list, api::projects::create))
        .routes(routes!(api::audit::list))
        .routes(routes!(api::audit::export))
        .routes(routes!(api::projects::get, api::projects::patch))
        .routes(routes!(api::projects::stages::archive, api::projects::stages::reopen))
        .routes(routes!(api::projects::stages::delete))
        .routes(routes!(api::projects::stages::restore))
        .routes(routes!(api::projects::stages::mark, api::projects::stages::unmark))
        .routes(routes!(api::properties::wide::list))
        .routes(routes!(api::properties::wide::add))
        .routes(routes!(api::properties::wide::change))
        .routes(routes!(api::properties::wide::archive, api::properties::wide::offer))
        .routes(routes!(api::properties::own::list))
        .routes(routes!(api::properties::own::add))
        .routes(routes!(api::properties::own::change))
        .routes(routes!(api::properties::own::archive, api::properties::own::offer))
        .routes(routes!(api::labels::list, api::labels::create))
        .routes(routes!(api::labels::change, api::labels::delete))
        .routes(routes!(api::labels::merge))
        .routes(routes!(api::fields::wide::list, api::fields::wide::create))
        .routes(routes!(api::fields::wide::change, api::fields::wide::delete))
        .routes(routes!(api::fields::wide::restore))
        .routes(routes!(api::fields::wide::add_option))
        .routes(routes!(api::fields::wide::change_option))
        .routes(routes!(api::fields::own::list, api::fields::own::create))
        .routes(routes!(api::fields::own::change, api::fields::own::delete))
        .routes(routes!(api::fields::own::restore))
        .routes(routes!(api::fields::own::add_option))
        .routes(routes!(api::fields::own::change_option))
        .routes(routes!(api::projects::people))
        .routes(routes!(api::projects::grant, api::projects::ungrant))
        .routes(routes!(api::case_list::list, api::cases::create))
        .routes(routes!(api::case_list::move_cases))
        .routes(routes!(api::saved_views::list, api::saved_views::save))
        .routes(routes!(api::saved_views::delete))
        .routes(routes!(api::saved_views::share))
        .routes(routes!(api::saved_views::unshare))
        .routes(routes!(api::clones::clone))
        .routes(routes!(api::change_sets::edit))
        .routes(routes!(api::change_sets::get))
        .routes(routes!(api::change_sets::undo))
        .routes(routes!(api::change_sets::go_on))
        .routes(routes!(api::trash::delete_cases))
        .routes(routes!(api::folders::list, api::folders::create))
        .routes(routes!(api::folders::patch, api::folders::delete))
        .routes(routes!(api::trash::list))
        .routes(routes!(api::trash::restore))
        .routes(routes!(api::cases::get, api::cases::patch))
        .routes(routes!(api::attachments::list, api::attachments::create))
        .routes(routes!(api::attachments::create_early))
        .routes(routes!(api::attachments::get, api::attachments::delete))
        .routes(routes!(api::attachments::content))
        .routes(routes!(api::attachments::restore))
        .routes(routes!(api::cases::versions::list))
        .routes(routes!(api::cases::versions::get, api::cases::versions::name))
        .routes(routes!(api::cases::versions::restore))
        .routes(routes!(api::cases::review::submit, api::cases::review::withdraw, api::cases::review::answer))
        .routes(routes!(api::cases::review::list))
        .routes(routes!(api::cases::text::preview))
        .routes(routes!(api::cases::text::pasted))
        .routes(routes!(api::step_groups::list, api::step_groups::create))
        .routes(routes!(api::step_groups::get, api::step_groups::patch, api::step_groups::delete))
        .routes(routes!(api::step_groups::users))
        .routes(routes!(api::step_groups::extract))
        .routes(routes!(api::roles::list))
        .routes(routes!(api::search::list))
        .routes(routes!(api::keys::list, api::keys::create))
        .routes(routes!(api::keys::delete))
        .routes(routes!(api::service_accounts::list, api::service_accounts::create))
        .routes(routes!(api::service_accounts::keys, api::service_accounts::create_key))
        .routes(routes!(api::members::list))
        .routes(routes!(api::members::get, api::members::patch, api::members::remove))
        .routes(routes!(api::members::leave))
        .routes(routes!(api::members::shut_out))
        .routes(routes!(api::members::deactivate, api::members::reactivate))
        .routes(routes!(api::invitations::preview))
        .routes(routes!(api::invitations::list, api::invitations::create))
        .routes(routes!(api::invitations::get, api::invitations::editing::edit))
        .routes(routes!(api::invitations::revoke))
        .routes(routes!(api::invitations::link))
        .routes(routes!(api::invitations::renewal::resend))
        .routes(routes!(api::invitations::renewal::correct))
        .routes(routes!(api::invitations::renewal::sponsor))
        .routes(routes!(api::mail::get))
        .routes(routes!(api::mail::pause, api::mail::resume))
        .routes(routes!(api::mail::retry))
        .routes(routes!(api::operator_mail::get, api::operator_mail::put, api::operator_mail::remove))
        .routes(routes!(api::operator_mail::test))
        .routes(routes!(api::operator_mail::pause, api::operator_mail::resume))
        .routes(routes!(api::operator_mail::probe))
        .routes(routes!(api::joining::lookup))
        .routes(routes!(api::joining::accept))
        .routes(routes!(api::joining::decline))
        .routes(routes!(api::joining::want_anew))
}

/// The pages: method and address of each, and its handler. The coverage test walks this very table.
#[expect(clippy::too_many_lines, reason = "a table has a line for each page")]
pub fn pages() -> Vec<(&'static str, &'static str, MethodRouter<Site>)> {
    vec![
        ("GET", "/", get(pages::home::show)),
        ("GET", "/setup", get(pages::setup::show)),
        ("POST", "/setup", post(pages::setup::create)),
        ("GET", "/sign-in", get(pages::sessions::show)),
        ("POST", "/sign-in", post(pages::sessions::create)),
        ("POST", "/sign-out", post(pages::sessions::delete)),
        ("GET", "/forgot-password", get(pages::resets::ask)),
        ("POST", "/forgot-password", post(pages::resets::create)),
        ("GET", "/reset", get(pages::resets::show)),
        ("GET", "/reset/{token}", get(pages::resets::open)),
        ("POST", "/reset", post(pages::resets::update)),
        ("GET", "/verify", get(pages::verify::show)),
        ("GET", "/verify/{token}", get(pages::verify::open)),
        ("POST", "/verify", post(pages::verify::confirm)),
        ("GET", "/profile", get(pages::profile::show)),
        ("POST", "/profile", post(pages::profile::rename)),
        ("POST", "/profile/addresses", post(pages::profile::add_address)),
        ("POST", "/profile/addresses/link", post(pages::profile::mail_link)),
        ("POST", "/profile/addresses/cancellation", post(pages::profile::cancel_address)),
        ("POST", "/profile/addresses/{id}/primary", post(pages::profile::make_primary)),
        ("POST", "/profile/addresses/{id}/removal", post(pages::profile::remove_address)),
        ("POST", "/profile/password", post(pages::profile::change_password)),
        ("POST", "/profile/sessions/others", post(pages::profile::end_others)),
        ("POST", "/profile/sessions/{id}/end", post(pages::profile::end_session)),
        ("POST", "/profile/workspaces/{workspace}/leaving", post(pages::profile::leave)),
        ("POST", "/profile/deletion", post(pages::profile::delete)),
        ("GET", "/join", get(pages::join::show)),
        ("GET", "/join/{token}", get(pages::join::open)),
        ("POST", "/join/code", post(pages::join::code)),
        ("POST", "/join/acceptance", post(pages::join::accept)),
        ("POST", "/join/refusal", post(pages::join::decline)),
        ("POST", "/join/renewal", post(pages::join::want_anew)),
        ("POST", "/join/sign-out", post(pages::join::sign_out)),
        ("GET", "/w/{workspace}", get(pages::dashboard::show)),
        ("GET", "/w/{workspace}/events", get(pages::events::follow)),
        ("GET", "/w/{workspace}/search", get(pages::search::show)),
        ("POST", "/w/{workspace}/projects", post(pages::projects::create)),
        ("GET", "/w/{workspace}/settings/users", get(pages::users::show)),
        ("GET", "/w/{workspace}/members/{id}", get(pages::members::one::show)),
        ("GET", "/w/{workspace}/members/review", get(pages::members::review::show)),
        ("POST", "/w/{workspace}/members/deeds", post(pages::members::review::act)),
        ("GET", "/w/{workspace}/settings/roles", get(pages::roles::show)),
        ("GET", "/w/{workspace}/settings/users/invite", get(pages::invitations::show)),
        ("GET", "/invite-team.csv", get(pages::invitations::template)),
        ("POST", "/w/{workspace}/invitations", post(pages::invitations::create)),
        ("POST", "/w/{workspace}/invitations/links", post(pages::invitations::links)),
        ("POST", "/w/{workspace}/invitations/resending", post(pages::invitation::chosen::resend)),
        ("POST", "/w/{workspace}/invitations/revocation", post(pages::invitation::chosen::revoke)),
        ("GET", "/w/{workspace}/invitations/{id}", get(pages::invitation::show)),
        ("POST", "/w/{workspace}/invitations/{id}/resending", post(pages::invitation::resend)),
        ("GET", "/w/{workspace}/invitations/{id}/editing", get(pages::invitation::editing::show)),
        ("POST", "/w/{workspace}/invitations/{id}/editing", post(pages::invitation::editing::create)),
        ("GET", "/w/{workspace}/invitations/{id}/correction", get(pages::invitation::correction::show)),
        ("POST", "/w/{workspace}/invitations/{id}/correction", post(pages::invitation::correction::create)),
        ("POST", "/w/{workspace}/invitations/{id}/sponsorship", post(pages::invitation::sponsor)),
        ("POST", "/w/{workspace}/invitations/{id}/link", post(pages::invitations::link)),
        ("POST", "/w/{workspace}/invitations/{id}/revocation", post(pages::invitations::revoke)),
        ("GET", "/w/{workspace}/settings/general", get(pages::general::show)),
        ("POST", "/w/{workspace}/settings/general", post(pages::general::update)),
        ("POST", "/w/{workspace}/export", post(api::workspaces::export)),
        ("POST", "/w/{workspace}/deletion", post(pages::general::delete)),
        ("POST", "/w/{workspace}/settings/domains", post(pages::general::domains)),
        ("GET", "/w/{workspace}/settings/projects", get(pages::projects::show)),
        ("GET", "/w/{workspace}/settings/projects/{project}", get(pages::projects::one::show)),
        ("POST", "/w/{workspace}/settings/projects/{project}", post(pages::projects::one::update)),
        ("GET", "/w/{workspace}/p/{project}/cases/new", get(pages::cases::new)),
        ("POST", "/w/{workspace}/p/{project}/cases", post(pages::cases::create)),
        ("GET", "/w/{workspace}/p/{project}/cases/{case}", get(pages::cases::show)),
        ("POST", "/w/{workspace}/p/{project}/cases/{case}", post(pages::cases::update)),
        ("POST", "/w/{workspace}/p/{project}/cases/{case}/attachments", post(pages::cases::files::create)),
        ("GET", "/w/{workspace}/p/{project}/attachments/{attachment}", get(pages::cases::files::show)),
        ("POST", "/w/{workspace}/p/{project}/attachments/{attachment}/removal", post(pages::cases::files::remove)),
        ("POST", "/w/{workspace}/p/{project}/attachments/{attachment}/restoration", post(pages::cases::files::restore)),
        ("GET", "/w/{workspace}/p/{project}/cases/{case}/edit", get(pages::cases::edit)),
        ("POST", "/w/{workspace}/p/{project}/cases/{case}/review", post(pages::cases::review::say)),
        ("GET", "/w/{workspace}/p/{project}/cases/{case}/versions", get(pages::cases::versions::list)),
        ("GET", "/w/{workspace}/p/{project}/cases/{case}/versions/{version}", get(pages::cases::versions::show)),
        (
            "POST",
            "/w/{workspace}/p/{project}/cases/{case}/versions/{version}/restoration",
            post(pages::cases::versions::restore),
        ),
        ("POST", "/w/{workspace}/p/{project}/cases/{case}/versions/{version}/name", post(pages::cases::versions::name)),
        ("GET", "/w/{workspace}/p/{project}", get(pages::repository::show)),
        ("GET", "/w/{workspace}/p/{project}/folders/{id}/children", get(pages::repository::children)),
        ("POST", "/w/{workspace}/p/{project}/folders", post(pages::repository::folders::create)),
        ("POST", "/w/{workspace}/p/{project}/folders/move", post(pages::repository::folders::lay_down)),
        ("POST", "/w/{workspace}/p/{project}/folders/{id}", post(pages::repository::folders::update)),
        ("POST", "/w/{workspace}/p/{project}/folders/{id}/deletion", post(pages::repository::folders::delete)),
        ("POST", "/w/{workspace}/p/{project}/cases/line", post(pages::repository::cases::create)),
        ("POST", "/w/{workspace}/p/{project}/cases/taking-up", post(pages::repository::cases::take_up)),
        ("POST", "/w/{workspace}/p/{project}/cases/move", post(pages::repository::cases::lay_down)),
        ("POST", "/w/{workspace}/p/{project}/cases/deletion", post(pages::repository::cases::delete)),
        ("POST", "/w/{workspace}/p/{project}/views", post(pages::repository::saved::save)),
        ("POST", "/w/{workspace}/p/{project}/views/{id}/deletion", post(pages::repository::saved::delete)),
        ("POST", "/w/{workspace}/p/{project}/shared-views", post(pages::repository::saved::share)),
        ("POST", "/w/{workspace}/p/{project}/shared-views/{id}/deletion", post(pages::repository::saved::unshare)),
        ("POST", "/w/{workspace}/p/{project}/cloning", post(pages::clones::ask)),
        ("POST", "/w/{workspace}/p/{project}/cases/clone", post(pages::clones::clone)),
        ("GET", "/w/{workspace}/p/{project}/editing", get(pages::change_sets::matching)),
        ("POST", "/w/{workspace}/p/{project}/editing", post(pages::change_sets::chosen)),
        ("POST", "/w/{workspace}/p/{project}/cases/edit", post(pages::change_sets::edit)),
        ("GET", "/w/{workspace}/p/{project}/changes/{id}", get(pages::change_sets::show)),
        ("POST", "/w/{workspace}/p/{project}/changes/{id}/undo", post(pages::change_sets::undo)),
        ("POST", "/w/{workspace}/p/{project}/changes/{id}/go-on", post(pages::change_sets::go_on)),
        ("GET", "/w/{workspace}/p/{project}/trash", get(pages::trash::show)),
        ("POST", "/w/{workspace}/p/{project}/trash/{id}/restoration", post(pages::trash::restore)),
        ("POST", "/w/{workspace}/settings/projects/{project}/archive", post(pages::projects::stages::archive)),
        ("POST", "/w/{workspace}/settings/projects/{project}/reopening", post(pages::projects::stages::reopen)),
        ("POST", "/w/{workspace}/settings/projects/{project}/deletion", post(pages::projects::stages::delete)),
        ("POST", "/w/{workspace}/settings/projects/{project}/restoration", post(pages::projects::stages::restore)),
        ("POST", "/w/{workspace}/projects/{project}/favourite", post(pages::projects::stages::mark)),
        ("GET", "/w/{workspace}/settings/properties", get(pages::properties::list)),
        ("POST", "/w/{workspace}/settings/properties/{kind}", post(pages::properties::add)),
        ("GET", "/w/{workspace}/settings/properties/{kind}/{key}", get(pages::properties::show)),
        ("POST", "/w/{workspace}/settings/properties/{kind}/{key}", post(pages::properties::change)),
        ("POST", "/w/{workspace}/settings/properties/{kind}/{key}/archive", post(pages::properties::archive)),
        ("POST", "/w/{workspace}/settings/properties/{kind}/{key}/return", post(pages::properties::offer)),
        ("GET", "/w/{workspace}/settings/fields", get(pages::fields::list)),
        ("POST", "/w/{workspace}/settings/fields", post(pages::fields::create)),
        ("GET", "/w/{workspace}/settings/fields/{id}", get(pages::fields::show)),
        ("POST", "/w/{workspace}/settings/fields/{id}", post(pages::fields::change)),
        ("POST", "/w/{workspace}/settings/fields/{id}/deletion", post(pages::fields::delete)),
        ("POST", "/w/{workspace}/settings/fields/{id}/restoration", post(pages::fields::restore)),
        ("POST", "/w/{workspace}/settings/fields/{id}/options", post(pages::fields::add_option)),
        ("POST", "/w/{workspace}/settings/fields/{id}/options/{option}", post(pages::fields::change_option)),
        ("GET", "/w/{workspace}/settings/projects/{project}/properties", get(pages::properties::list)),
        ("POST", "/w/{workspace}/settings/projects/{project}/properties/{kind}", post(pages::properties::add)),
        ("GET", "/w/{workspace}/settings/projects/{project}/properties/{kind}/{key}", get(pages::properties::show)),
        ("POST", "/w/{workspace}/settings/projects/{project}/properties/{kind}/{key}", post(pages::properties::change)),
        (
            "POST",
            "/w/{workspace}/settings/projects/{project}/properties/{kind}/{key}/archive",
            post(pages::properties::archive),
        ),
        (
            "POST",
            "/w/{workspace}/settings/projects/{project}/properties/{kind}/{key}/return",
            post(pages::properties::offer),
        ),
        ("GET", "/w/{workspace}/settings/projects/{project}/fields", get(pages::fields::list)),
        ("POST", "/w/{workspace}/settings/projects/{project}/fields", post(pages::fields::create)),
        ("GET", "/w/{workspace}/settings/projects/{project}/fields/{id}", get(pages::fields::show)),
        ("POST", "/w/{workspace}/settings/projects/{project}/fields/{id}", post(pages::fields::change)),
        ("POST", "/w/{workspace}/settings/projects/{project}/fields/{id}/deletion", post(pages::fields::delete)),
        ("POST", "/w/{workspace}/settings/projects/{project}/fields/{id}/restoration", post(pages::fields::restore)),
        ("POST", "/w/{workspace}/settings/projects/{project}/fields/{id}/options", post(pages::fields::add_option)),
        (
            "POST",
            "/w/{workspace}/settings/projects/{project}/fields/{id}/options/{option}",
            post(pages::fields::change_option),
        ),
        ("GET", "/w/{workspace}/settings/projects/{project}/labels", get(pages::labels::list)),
        ("POST", "/w/{workspace}/settings/projects/{project}/labels", post(pages::labels::create)),
        ("GET", "/w/{workspace}/settings/projects/{project}/labels/{id}", get(pages::labels::show)),
        ("POST", "/w/{workspace}/settings/projects/{project}/labels/{id}", post(pages::labels::change)),
        ("POST", "/w/{workspace}/settings/projects/{project}/labels/{id}/merging", post(pages::labels::merge)),
        ("POST", "/w/{workspace}/settings/projects/{project}/labels/{id}/deletion", post(pages::labels::delete)),
        ("GET", "/w/{workspace}/settings/mail", get(pages::mail::show)),
        ("POST", "/w/{workspace}/mail/pause", post(pages::mail::pause)),
        ("POST", "/w/{workspace}/mail/resumption", post(pages::mail::resume)),
        ("POST", "/w/{workspace}/mail/retry", post(pages::mail::retry)),
        ("GET", "/operator/mail", get(pages::operator_mail::show)),
        ("POST", "/operator/mail", post(pages::operator_mail::save)),
        ("POST", "/operator/mail/removal", post(pages::operator_mail::remove)),
        ("POST", "/operator/mail/test", post(pages::operator_mail::test)),
        ("POST", "/operator/mail/pause", post(pages::operator_mail::pause)),
        ("POST", "/operator/mail/resumption", post(pages::operator_mail::resume)),
        ("POST", "/operator/mail/probe", post(pages::operator_mail::probe)),
        ("GET", "/w/{workspace}/settings/api-keys", get(pages::api_keys::show)),
        ("POST", "/w/{workspace}/api-keys", post(pages::api_keys::create)),
        ("POST", "/w/{workspace}/api-keys/{id}/revocation", post(pages::api_keys::revoke)),
        ("GET", "/w/{workspace}/settings/service-accounts", get(pages::service_accounts::list)),
        ("POST", "/w/{workspace}/service-accounts", post(pages::service_accounts::create)),
        ("GET", "/w/{workspace}/settings/service-accounts/{id}", get(pages::service_accounts::show)),
        ("POST", "/w/{workspace}/service-accounts/{id}/api-keys", post(pages::service_accounts::create_key)),
        ("GET", "/w/{workspace}/settings/audit", get(pages::audit::show)),
        ("POST", "/w/{workspace}/audit/exports", post(pages::audit::export)),
        ("GET", "/operator", get(pages::operator::show)),
        ("POST", "/operator/workspaces/{id}/restoration", post(pages::operator::restore)),
        ("POST", "/operator/settings", post(pages::operator::update)),
        ("GET", "/assets/{name}", get(assets::serve)),
        ("GET", "/healthz", get(health::alive)),
        ("GET", "/readyz", get(health::ready)),
    ]
}

/// A body that lies in memory may be so large; files, which do not, have a limit of their own.
const LARGEST_BODY: usize = 10 * 1024 * 1024;

/// The server, from the outermost layer to the handlers.
pub fn router(site: Site) -> Router {
    let (api, description) = api().split_for_parts();
    let table = pages().into_iter().fold(api, |table, (_, path, handler)| table.route(path, handler));
    let docs =
        utoipa_swagger_ui::SwaggerUi::new("/api/docs").config(utoipa_swagger_ui::Config::from("/api/v1/openapi.json"));
    let docs: Router<Site> = docs.into();
    let docs = docs.layer(middleware::from_fn(respond::loosen_for_docs));
    let layers = ServiceBuilder::new()
        .layer(middleware::from_fn_with_state(site.clone(), edge::pass))
        .layer(csrf(&site))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(Extension(api::docs::Description::of(&description)));
    table.merge(docs).layer(layers).with_state(site)
}

/// Unsafe requests from other sites are refused. The base URL is trusted, whatever `Host` says.
fn csrf(site: &Site) -> CsrfLayer {
    let base = site.app().settings().base_url.origin().ascii_serialization();
    CsrfLayer::new().add_trusted_origin(&base).expect("the base URL was checked to be an origin")
}
