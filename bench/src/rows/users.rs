//! The Users page: a frame, two lists and a form, gathered in one read and rendered.

use std::path::Path;

use anyhow::Result;

use super::run;
use crate::{
    contest,
    server::Server,
    table::{Reach, Table},
    world::{World, sqlite},
};

/// As a browser asks for it.
pub fn measure(folder: &Path, table: &mut Table) -> Result<()> {
    let url = sqlite(folder)?;
    let world = run(async {
        let world = World::new(&url).await?;
        world.grow_to(50).await?;
        world.close().await;
        Ok(world)
    })?;
    let server = Server::start(folder, &[])?;
    let path = format!("{}/settings/users", world.path());
    contest::hold("Users page of 50", &server, &path, &world.cookie(), folder, Reach::AtLeast(0.20))?.tell(table)
}
