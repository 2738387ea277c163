//! Databases on a server.

use std::thread;

use anyhow::{Context, Result, ensure};
use tokio_postgres::{Client, NoTls};
use uuid::Uuid;

/// A database that is dropped with this value.
pub struct Database {
    server: String,
    name: String,
}

impl Database {
    pub(super) async fn create(server: String, template: Option<&str>) -> Result<Database> {
        let name = new_name("t");
        let template = template.unwrap_or("template1");
        let admin = connect(&format!("{server}/postgres")).await?;
        admin.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {template}")).await?;
        Ok(Database { server, name })
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("{}/{}", self.server, self.name)
    }

    /// A connection of one's own to it.
    pub async fn connect(&self) -> Result<Client> {
        connect(&self.url()).await
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let (admin, drop_it) =
            (format!("{}/postgres", self.server), format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
        // A runtime cannot be blocked from inside itself. A server that is gone took its databases along.
        let dropped = thread::spawn(move || -> Result<()> {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(async { Ok(connect(&admin).await?.batch_execute(&drop_it).await?) })
        });
        let _ = dropped.join();
    }
}

/// Makes the template unless there is one; of several who ask, one does and the others wait.
pub(super) async fn make_template<F>(server: &str, name: &str, prepare: impl FnOnce(String) -> F) -> Result<()>
where
    F: Future<Output = Result<()>>,
{
    let plain = name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    ensure!(plain && name.len() < 50, "{name} is no plain name of a template");
    let admin = connect(&format!("{server}/postgres")).await?;
    // Held until this connection ends.
    admin.execute("SELECT pg_advisory_lock(hashtext($1))", &[&name]).await?;
    if admin.query_opt("SELECT 1 FROM pg_database WHERE datname = $1", &[&name]).await?.is_some() {
        return Ok(());
    }
    let draft = format!("{name}_draft");
    admin.batch_execute(&format!("DROP DATABASE IF EXISTS {draft} WITH (FORCE)")).await?;
    admin.batch_execute(&format!("CREATE DATABASE {draft}")).await?;
    prepare(format!("{server}/{draft}")).await.with_context(|| format!("preparing the template {name}"))?;
    // A connection left open would keep the template from being renamed and cloned.
    admin.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1", &[&draft]).await?;
    admin.batch_execute(&format!("ALTER DATABASE {draft} RENAME TO {name}")).await?;
    Ok(())
}

pub(super) async fn connect(url: &str) -> Result<Client> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.with_context(|| format!("reaching {url}"))?;
    tokio::spawn(connection);
    Ok(client)
}

/// A name that no other test has.
#[expect(clippy::disallowed_methods, reason = "it only has to be new")]
pub(super) fn new_name(prefix: &str) -> String {
    format!("{prefix}_{}", Uuid::now_v7().simple())
}
