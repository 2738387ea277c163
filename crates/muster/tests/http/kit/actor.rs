//! Somebody who asks: with a key, with a browser's cookies, or as nobody.

use std::{collections::BTreeMap, net::SocketAddr, sync::Mutex};

use axum::{Router, body::Body, extract::ConnectInfo};
use http::{Method, Request, Response, header};
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

use super::{Answer, Listener};

/// Somebody who asks.
pub struct Actor {
    router: Router,
    key: Option<String>,
    cookies: Mutex<BTreeMap<String, String>>,
}

impl Actor {
    /// With neither key nor cookie.
    pub fn nobody(router: Router) -> Self {
        Self { router, key: None, cookies: Mutex::default() }
    }

    /// With a key.
    pub fn with_key(router: Router, key: impl Into<String>) -> Self {
        Self { key: Some(key.into()), ..Self::nobody(router) }
    }

    /// The same key or cookies once more.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap().get(name).cloned()
    }

    /// Puts a cookie into the jar.
    pub fn put_cookie(&self, name: &str, value: &str) {
        self.cookies.lock().unwrap().insert(name.to_owned(), value.to_owned());
    }

    /// The cookies as they are now.
    pub fn jar_kept(&self) -> BTreeMap<String, String> {
        self.cookies.lock().unwrap().clone()
    }

    /// The cookies as they were then.
    pub fn put_back(&self, kept: BTreeMap<String, String>) {
        *self.cookies.lock().unwrap() = kept;
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None, &[]).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.json(Method::POST, path, body).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.json(Method::PATCH, path, body).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.json(Method::PUT, path, body).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None, &[]).await
    }

    /// A posted form, as a page sends it.
    pub async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let kind = [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "same-origin")];
        self.send(Method::POST, path, Some(body), &kind).await
    }

    pub async fn json(&self, method: Method, path: &str, body: Value) -> Answer {
        self.send(method, path, Some(body.to_string()), &[("content-type", "application/json")]).await
    }

    /// Any request; cookies that come back are kept. Of a stream only the first event is read.
    pub async fn send(&self, method: Method, path: &str, body: Option<String>, headers: &[(&str, &str)]) -> Answer {
        let (parts, body) = self.response(method, path, body, headers).await.into_parts();
        let text = if parts.headers.get("content-type").is_some_and(|kind| kind == "text/event-stream") {
            Listener::new(body).next().await.unwrap_or_default().text
        } else {
            String::from_utf8_lossy(&body.collect().await.unwrap().to_bytes()).into_owned()
        };
        let answer = Answer { status: parts.status, headers: parts.headers, text };
        self.keep(&answer);
        answer
    }

    /// Listens to a stream, after the event with this id.
    pub async fn listen(&self, path: &str, after: Option<&str>) -> Listener {
        let headers: Vec<_> = after.map(|id| ("last-event-id", id)).into_iter().collect();
        let response = self.response(Method::GET, path, None, &headers).await;
        assert_eq!(response.status(), 200, "{path}");
        Listener::new(response.into_body())
    }

    async fn response(
        &self,
        method: Method,
        path: &str,
        body: Option<String>,
        headers: &[(&str, &str)],
    ) -> Response<Body> {
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, "localhost:8080");
        if let Some(key) = &self.key {
            request = request.header(header::AUTHORIZATION, format!("Bearer {key}"));
        }
        let cookies = self.jar();
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let peer = ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 4711)));
        let request = request.extension(peer).body(Body::from(body.unwrap_or_default())).unwrap();
        self.router.clone().oneshot(request).await.unwrap()
    }

    fn jar(&self) -> String {
        let cookies = self.cookies.lock().unwrap();
        cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    fn keep(&self, answer: &Answer) {
        let mut jar = self.cookies.lock().unwrap();
        for (name, value) in answer.cookies() {
            if value.is_empty() {
                jar.remove(&name);
            } else {
                jar.insert(name, value);
            }
        }
    }
}
