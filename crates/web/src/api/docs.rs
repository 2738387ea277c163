//! The API's own description and a page to read it with, both without leaving this server.

use std::sync::Arc;

use axum::{Extension, Json};
use http::StatusCode;
use serde_json::{Value, json};
use utoipa::{OpenApi as _, openapi::OpenApi};

/// What stands at the top of the description.
#[derive(utoipa::OpenApi)]
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

/// The head of the description, for the routes to be added to.
pub fn head() -> OpenApi {
    Api::openapi()
}

struct Keys;

impl utoipa::Modify for Keys {
    fn modify(&self, api: &mut OpenApi) {
        use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
        let scheme = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
        api.components.get_or_insert_default().add_security_scheme("key", scheme);
    }
}

/// The description as it is served, made once.
#[derive(Clone, Debug)]
pub struct Description(Arc<Value>);

impl Description {
    /// Finishes what the routes say of themselves: every answer has words, and errors are problem+json.
    pub fn of(api: &OpenApi) -> Self {
        let mut text = serde_json::to_value(api).expect("the description is plain data");
        for (path, calls) in text["paths"].as_object_mut().into_iter().flatten() {
            for (method, call) in calls.as_object_mut().into_iter().flatten() {
                name(path, call);
                common(path, method, call);
                let answers = call.get_mut("responses").and_then(Value::as_object_mut);
                for (status, answer) in answers.into_iter().flatten() {
                    finish(status, answer);
                }
            }
        }
        Self(Arc::new(text))
    }
}

/// What a workspace has and a project too: the project's goes by `project_fields` and the like.
const OF_BOTH: [&str; 3] = ["deletion", "fields", "properties"];

/// Names of operations are unique: the noun of the path before the handler's verb, as in `invitations_revoke`.
fn name(path: &str, call: &mut Value) {
    let mut path = path.trim_start_matches("/api/v1/").trim_start_matches("workspaces/{workspace}/");
    let in_project = path.starts_with("projects/{project}/");
    // What lies in a project or a case is named by itself.
    for outer in ["projects/{project}/", "cases/{case}/"] {
        path = path.strip_prefix(outer).unwrap_or(path);
    }
    let noun: String = path.chars().take_while(|c| c.is_alphabetic() || *c == '-').collect();
    let verb = call["operationId"].as_str().unwrap_or_default().to_owned();
    let whose = if in_project && OF_BOTH.contains(&noun.as_str()) { "project_" } else { "" };
    call["operationId"] = format!("{whose}{}_{verb}", noun.replace('-', "_")).into();
}

/// What any call of its kind may be answered: its handler names the rest.
fn common(path: &str, method: &str, call: &mut Value) {
    let asks = |place: &str| {
        call["parameters"].as_array().is_some_and(|all| all.iter().any(|parameter| parameter["in"] == place))
    };
    let (body, keyed) = (call["requestBody"].is_object(), asks("header"));
    let kinds = [
        (StatusCode::UNAUTHORIZED, call["security"].is_null()),
        (StatusCode::FORBIDDEN, method != "get"),
        (StatusCode::NOT_FOUND, path.contains('{')),
        (StatusCode::CONFLICT, keyed),
        (StatusCode::PAYLOAD_TOO_LARGE, body),
        (StatusCode::UNPROCESSABLE_ENTITY, body || keyed || asks("query")),
    ];
    let Some(answers) = call["responses"].as_object_mut() else { return };
    for (status, _) in kinds.into_iter().filter(|(_, holds)| *holds) {
        answers.entry(status.as_str()).or_insert_with(
            || json!({"content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}),
        );
    }
}

fn finish(status: &str, answer: &mut Value) {
    let status = status.parse::<StatusCode>().unwrap_or_default();
    let Some(answer) = answer.as_object_mut() else { return };
    answer.entry("description").or_insert_with(|| status.canonical_reason().unwrap_or_default().into());
    let content = answer.get_mut("content").and_then(Value::as_object_mut).filter(|_| !status.is_success());
    if let Some(content) = content
        && let Some(problem) = content.remove("application/json")
    {
        content.insert("application/problem+json".to_owned(), problem);
    }
}

/// OpenAPI 3.1 of everything under `/api/v1`.
#[utoipa::path(get, path = "/api/v1/openapi.json", tag = "About", responses((status = OK)), security(()))]
pub async fn openapi(Extension(description): Extension<Description>) -> Json<Value> {
    Json((*description.0).clone())
}
