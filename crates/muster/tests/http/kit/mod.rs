//! What these tests are told with: a world on an engine, actors who ask, answers to look into.

mod actor;
mod answer;
mod listener;
mod world;

pub use actor::Actor;
pub use answer::Answer;
pub use listener::Listener;
pub use world::{Engine, PASSWORD, World};

/// Runs a test on SQLite and on PostgreSQL.
#[macro_export]
macro_rules! on_both_engines {
    ($($name:ident($world:ident) $body:block)*) => {$(
        mod $name {
            #[allow(unused_imports, reason = "not every story names what stands around it")]
            use super::*;

            async fn story($world: $crate::kit::World) $body

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                story($crate::kit::World::new($crate::kit::Engine::Sqlite).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                story($crate::kit::World::new($crate::kit::Engine::Postgres).await).await;
            }
        }
    )*};
}
