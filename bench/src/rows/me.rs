//! `GET /api/v1/me` with a key: the shortest call that knows who asks.

use std::path::Path;

use anyhow::Result;
use testkit::postgres::Postgres;

use super::run;
use crate::{
    contest::{self, Contest},
    server::Server,
    table::{Reach, Table},
    world::{World, sqlite},
};

/// On `SQLite`, and for orientation on `PostgreSQL`.
pub fn measure(folder: &Path, table: &mut Table) -> Result<()> {
    let world = world(&sqlite(folder)?)?;
    let server = Server::start(folder, &[])?;
    hold("GET /api/v1/me", &server, &world, folder, Reach::AtLeast(0.40))?.tell(table)?;
    drop(server);
    on_postgres(folder, table)
}

fn on_postgres(folder: &Path, table: &mut Table) -> Result<()> {
    let engine = Postgres::start()?;
    let database = run(engine.empty())?;
    let world = world(&database.url())?;
    let server = Server::start(folder, &["--database-url", &database.url()])?;
    hold("GET /api/v1/me on PostgreSQL", &server, &world, folder, Reach::Nothing)?.tell(table)
}

fn world(url: &str) -> Result<World> {
    run(async {
        let world = World::new(url).await?;
        world.close().await;
        Ok(world)
    })
}

fn hold(work: &str, server: &Server, world: &World, folder: &Path, reach: Reach) -> Result<Contest> {
    contest::hold(work, server, "/api/v1/me", &world.key(), folder, reach)
}
