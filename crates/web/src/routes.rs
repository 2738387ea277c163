//! The whole URL table.

use std::{sync::Arc, time::Duration};

use app::App;
use axum::{
    Extension, Router,
    extract::{DefaultBodyLimit, Request},
    middleware,
    routing::{get, post},
};
use http::{HeaderName, header};
use tower_http::{
    catch_panic::CatchPanicLayer, csrf::CsrfLayer, limit::RequestBodyLimitLayer, timeout::TimeoutLayer, trace::TraceLayer,
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{api, assets, health, pages, request_id, respond, site::Site};

/// The API: each route is its own OpenAPI entry.
pub fn api() -> OpenApiRouter<Site> {
    OpenApiRouter::with_openapi(<api::docs::Api as utoipa::OpenApi>::openapi())
        .routes(routes!(api::docs::openapi))
        .routes(routes!(api::sessions::create))
        .routes(routes!(api::sessions::delete))
        .routes(routes!(api::me::get))
        .routes(routes!(api::workspaces::create))
        .routes(routes!(api::workspaces::get, api::workspaces::patch))
        .routes(routes!(api::projects::list, api::projects::create))
        .routes(routes!(api::roles::list))
        .routes(routes!(api::keys::list, api::keys::create))
        .routes(routes!(api::keys::delete))
        .routes(routes!(api::members::list))
        .routes(routes!(api::members::get, api::members::patch))
        .routes(routes!(api::members::deactivate, api::members::reactivate))
        .routes(routes!(api::invitations::preview))
        .routes(routes!(api::invitations::list, api::invitations::create))
        .routes(routes!(api::invitations::get))
        .routes(routes!(api::invitations::revoke))
        .routes(routes!(api::invitations::link))
        .routes(routes!(api::joining::lookup))
        .routes(routes!(api::joining::accept))
        .routes(routes!(api::joining::decline))
}
