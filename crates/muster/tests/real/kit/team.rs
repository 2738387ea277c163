//! A server where Ann Keller has set up Hollin & Ash.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::{Client, PASSWORD, Person, Place, Server};

/// The server and Ann's key to it.
pub struct Team {
    pub server: Server,
    /// Ann, by API key.
    pub ann: Client,
}

/// An invitation that was made by a call.
pub struct Invited {
    pub id: String,
    /// The copied link.
    pub link: String,
}

impl Team {
    /// Without a mail server, on SQLite.
    pub fn copying_links() -> Result<Self> {
        Self::on(Server::start(Place::sqlite()?, &[])?)
    }

    /// On a server that runs and is empty.
    pub fn on(server: Server) -> Result<Self> {
        let ann = server.with_key(&server.set_up()?)?;
        Ok(Self { server, ann })
    }

    /// Ann, by the same key, at another server.
    pub fn ann_at(&self, server: &Server) -> Result<Client> {
        Ok(server.nobody()?.like(&self.ann))
    }

    /// Ann at a browser, signed in, on the dashboard.
    pub async fn ann_at_a_browser(&self) -> Result<Person> {
        let ann = Person::new().await?;
        self.is_signed_in(&ann).await?;
        Ok(ann)
    }

    /// Makes this person Ann, signed in, on the dashboard.
    pub async fn is_signed_in(&self, ann: &Person) -> Result<()> {
        ann.signs_in(&self.server.url("/sign-in"), "ann@hollin.example").await?;
        ann.arrives("/w/hollin-ash").await?;
        Ok(())
    }

    /// An invitation to a workspace as a tester, and its link.
    pub async fn invited(&self, workspace: &str, address: &str) -> Result<Invited> {
        self.invited_as("tester", workspace, address).await
    }

    /// The same to another role.
    pub async fn invited_as(&self, role: &str, workspace: &str, address: &str) -> Result<Invited> {
        let path = format!("/api/v1/workspaces/{workspace}/invitations");
        let sent = self.ann.post(&path, json!({"recipients": [address], "role": role})).await?.is(201).json();
        let id = text(&sent["results"][0]["invitation"])?;
        let copied = self.ann.post(&format!("{path}/{id}/link"), json!({})).await?.is(200).json();
        let link = text(&copied["url"])?;
        self.server.secret(link.rsplit('/').next().unwrap_or_default());
        Ok(Invited { id, link })
    }

    /// Somebody who has joined with this link by a call.
    pub async fn joins(&self, link: &str, name: &str) -> Result<()> {
        let token = link.rsplit('/').next().unwrap_or_default();
        let body = json!({"token": token, "name": name, "password": PASSWORD});
        self.server.nobody()?.post("/api/v1/invitations/acceptance", body).await?.is(201);
        Ok(())
    }
}

/// A text in an answer.
fn text(value: &Value) -> Result<String> {
    value.as_str().map(str::to_owned).with_context(|| format!("{value} is no text"))
}
