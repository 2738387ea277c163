//! Somebody who listens to a stream of events.

use std::time::Duration;

use axum::body::Body;
use http_body_util::BodyExt;

/// A stream that is open.
pub struct Listener {
    body: Body,
    read: String,
}

/// One event of a stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    pub name: String,
    pub id: String,
    pub data: String,
    /// As it came.
    pub text: String,
}

impl Listener {
    pub fn new(body: Body) -> Self {
        Self { body, read: String::new() }
    }

    /// The next event; none once the stream has ended.
    pub async fn next(&mut self) -> Option<Heard> {
        loop {
            if let Some((event, rest)) = self.read.split_once("\n\n") {
                let (heard, rest) = (heard(event), rest.len());
                self.read.drain(..self.read.len() - rest);
                return Some(heard);
            }
            let frame = tokio::time::timeout(Duration::from_secs(20), self.body.frame()).await;
            let frame = frame.expect("nothing was heard in 20 seconds")?;
            let bytes = frame.unwrap().into_data().unwrap();
            self.read.push_str(std::str::from_utf8(&bytes).unwrap());
        }
    }

    /// Waits for word of this thing: what was done just before may still be on its way.
    pub async fn hears_of(&mut self, name: &str, id: &str) -> Heard {
        loop {
            let heard = self.hears(name).await;
            if heard.data == id {
                return heard;
            }
        }
    }

    /// The next event of this name.
    pub async fn hears(&mut self, name: &str) -> Heard {
        loop {
            let heard = self.next().await.unwrap_or_else(|| panic!("the stream ended without {name}"));
            if heard.name == name {
                return heard;
            }
        }
    }
}

fn heard(event: &str) -> Heard {
    let mut heard = Heard { text: event.to_owned(), ..Heard::default() };
    for (field, value) in event.lines().filter_map(|line| line.split_once(": ")) {
        match field {
            "event" => value.clone_into(&mut heard.name),
            "id" => value.clone_into(&mut heard.id),
            "data" => value.clone_into(&mut heard.data),
            _ => {}
        }
    }
    heard
}
