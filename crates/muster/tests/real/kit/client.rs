//! A program that calls the API.

use std::time::Duration;

use anyhow::{Context, Result};
use reqwest::{Method, header, redirect::Policy};
use serde_json::Value;

use super::waiting::wait;

/// A caller with a key, or with nothing.
#[derive(Clone)]
pub struct Client {
    base: String,
    key: Option<String>,
    http: reqwest::Client,
}

/// What came back, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: header::HeaderMap,
    pub text: String,
}

impl Client {
    /// Somebody without a key. Every request has a connection of its own, since servers here die often.
    pub fn nobody(base: String) -> Result<Self> {
        let http = reqwest::Client::builder().no_proxy().redirect(Policy::none()).pool_max_idle_per_host(0);
        Ok(Self { base, key: None, http: http.timeout(Duration::from_secs(40)).build()? })
    }

    /// The same with a key.
    pub fn with_key(self, key: &str) -> Self {
        Self { key: Some(key.to_owned()), ..self }
    }

    /// The same with the key of somebody else.
    pub fn like(self, other: &Self) -> Self {
        Self { key: other.key.clone(), ..self }
    }

    pub async fn get(&self, path: &str) -> Result<Answer> {
        self.send(Method::GET, path, None, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Result<Answer> {
        self.send(Method::POST, path, Some(body), None).await
    }

    /// The same call however often it is made with this idempotency key.
    pub async fn post_once(&self, path: &str, key: &str, body: Value) -> Result<Answer> {
        self.send(Method::POST, path, Some(body), Some(key)).await
    }

    /// Waits until what is read here has this value at this JSON pointer: a page answers a click a moment later.
    pub async fn reads(&self, path: &str, pointer: &str, value: &Value) -> Result<()> {
        let mut last = Value::Null;
        let come = wait(async || {
            last = self.get(path).await?.is(200).json().pointer(pointer).cloned().unwrap_or_default();
            Ok((last == *value).then_some(()))
        });
        come.await.with_context(|| format!("{pointer} of {path} is not {value}, but {last}"))
    }

    async fn send(&self, method: Method, path: &str, body: Option<Value>, once: Option<&str>) -> Result<Answer> {
        let mut request = self.http.request(method.clone(), format!("{}{path}", self.base));
        if let Some(key) = &self.key {
            request = request.header(header::AUTHORIZATION, format!("Bearer {key}"));
        }
        if let Some(once) = once {
            request = request.header("idempotency-key", once);
        }
        if let Some(body) = body {
            request = request.header(header::CONTENT_TYPE, "application/json").body(body.to_string());
        }
        let response = request.send().await.with_context(|| format!("{method} {path}"))?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.with_context(|| format!("the answer to {method} {path}"))?;
        Ok(Answer { status, headers, text })
    }
}

impl Answer {
    /// The body as JSON; null if it is none.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }

    /// A header's text.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The answer itself, if it has this status; else the test fails and shows it.
    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }
}
