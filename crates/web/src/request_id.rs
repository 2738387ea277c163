//! An id for every request: in the log, in the answer's `x-request-id`, on the page of an error.

use app::App;
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use data_encoding::HEXLOWER;
use http::HeaderValue;

use crate::respond::REQUEST_ID;

/// Draws a fresh id; what a client sends under that name is not believed.
pub async fn give(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let id = HEXLOWER.encode(&app.clock().now().bytes::<8>());
    let value = HeaderValue::from_str(&id).expect("hexadecimal digits are visible ASCII");
    request.headers_mut().insert(REQUEST_ID, value.clone());
    let mut response = next.run(request).await;
    response.headers_mut().insert(REQUEST_ID, value);
    response
}
