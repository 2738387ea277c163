//! The API's own description and a page to read it with, both without leaving this server.

use std::sync::Arc;

use axum::{Extension, Json};
use utoipa::OpenApi;

/// What stands at the top of the description.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Muster API",
        description = "Everything a page can do. Send `Authorization: Bearer <api key>`. Errors are problem+json with a \
            stable `code`. Lists take `limit` and `cursor`. Times are RFC 3339 in UTC. Every POST that creates or sends \
            takes an `Idempotency-Key`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    modifiers(&Keys),
    security(("key" = [])),
)]
pub struct Api;

struct Keys;

impl utoipa::Modify for Keys {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
        let scheme = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
        api.components.get_or_insert_default().add_security_scheme("key", scheme);
    }
}

/// OpenAPI 3.1 of everything under `/api/v1`.
#[utoipa::path(get, path = "/api/v1/openapi.json", tag = "About", responses((status = OK)), security(()))]
pub async fn openapi(Extension(api): Extension<Arc<utoipa::openapi::OpenApi>>) -> Json<utoipa::openapi::OpenApi> {
    Json((*api).clone())
}
