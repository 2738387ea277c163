//! What these tests are told with: the running binary, people at browsers, programs that call the API, mails.

mod client;
mod letter;
mod page;
mod person;
mod place;
mod server;
mod team;
mod waiting;

pub use client::{Answer, Client};
pub use letter::{code, link, link_into};
pub use person::Person;
pub use place::Place;
pub use server::{PASSWORD, Server, free_port, muster, setup};
pub use team::Team;

/// Runs a story on SQLite and on PostgreSQL.
#[macro_export]
macro_rules! on_both_engines {
    ($($name:ident($place:ident) $body:block)*) => {$(
        mod $name {
            use super::*;

            async fn story($place: $crate::kit::Place) -> anyhow::Result<()> $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() -> anyhow::Result<()> {
                story($crate::kit::Place::sqlite()?).await
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() -> anyhow::Result<()> {
                story($crate::kit::Place::postgres().await?).await
            }
        }
    )*};
}
