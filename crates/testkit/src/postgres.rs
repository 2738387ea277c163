//! A `PostgreSQL` server for tests, from the system's packages.
//!
//! It lives in a temporary folder, listens on a socket there and nowhere else, and goes away with the process.

mod database;
mod process;

use std::{
    path::{Path, PathBuf},
    process::{Child, Command},
    sync::{Mutex, MutexGuard, OnceLock, PoisonError},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Result, bail, ensure};

pub use database::Database;
use process::{is_ready, janitor, launch, log, make_cluster, make_folder, output};

/// Names the socket directory of a server that many test processes share.
pub const SHARED: &str = "MUSTER_TEST_POSTGRES";

/// How long a server may take to answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// A server of one's own. It stops when this is dropped, or when the process ends in whatever way.
pub struct Postgres {
    folder: PathBuf,
    server: Mutex<Child>,
    /// Its input closes with this process; it then stops what is left and removes the folder.
    janitor: Child,
}

impl Postgres {
    /// Starts a server: about 0.8 s.
    pub fn start() -> Result<Postgres> {
        let folder = make_folder()?;
        let janitor = janitor(&folder)?;
        make_cluster(&folder)?;
        let server = Mutex::new(launch(&folder)?);
        let started = Postgres { folder, server, janitor };
        started.wait()?;
        Ok(started)
    }

    /// The address of the server for this test run, without a database name.
    ///
    /// That is the one named by the environment, else one started for this process.
    pub fn shared() -> Result<String> {
        static OWN: OnceLock<std::result::Result<Postgres, String>> = OnceLock::new();
        if let Ok(folder) = std::env::var(SHARED) {
            return Ok(base(Path::new(&folder)));
        }
        match OWN.get_or_init(|| Postgres::start().map_err(|error| format!("{error:#}"))) {
            Ok(server) => Ok(server.base()),
            Err(error) => bail!("no server to share: {error}"),
        }
    }

    /// A fresh, empty database on the shared server.
    pub async fn database() -> Result<Database> {
        Database::create(Postgres::shared()?, None).await
    }

    /// A database cloned from a template on the shared server.
    ///
    /// The first one to ask, of all processes, makes the template: `prepare` gets the address of an empty database. Put
    /// a hash of the schema into the name, since a template is never made anew.
    pub async fn from_template<F>(name: &str, prepare: impl FnOnce(String) -> F) -> Result<Database>
    where
        F: Future<Output = Result<()>>,
    {
        let server = Postgres::shared()?;
        database::make_template(&server, name, prepare).await?;
        Database::create(server, Some(name)).await
    }

    /// A fresh, empty database on this server.
    pub async fn empty(&self) -> Result<Database> {
        Database::create(self.base(), None).await
    }

    /// The address of this server without a database name.
    pub fn base(&self) -> String {
        base(&self.folder)
    }

    /// The folder of its socket.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Stops the server at once, breaking off transactions: what `pg_ctl stop -m fast` does.
    pub fn stop(&self) -> Result<()> {
        self.end_with("INT")
    }

    /// Ends the server as a crash does, without a chance to tidy up.
    pub fn kill(&self) -> Result<()> {
        self.end_with("KILL")
    }

    /// Starts the server again after [`Postgres::stop`] or [`Postgres::kill`].
    pub fn resume(&self) -> Result<()> {
        let mut server = self.process();
        let deadline = Instant::now() + PATIENCE;
        // Children of a killed server keep its memory for a moment, and the next one refuses to start until then.
        loop {
            *server = launch(&self.folder)?;
            if self.answers_before(deadline, &mut server)? {
                return Ok(());
            }
        }
    }

    fn process(&self) -> MutexGuard<'_, Child> {
        self.server.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answers_before(&self, deadline: Instant, server: &mut Child) -> Result<bool> {
        while server.try_wait()?.is_none() {
            if is_ready(&self.folder)? {
                return Ok(true);
            }
            ensure!(Instant::now() < deadline, "the server does not answer: {}", log(&self.folder));
            thread::sleep(Duration::from_millis(10));
        }
        ensure!(Instant::now() < deadline, "the server does not start: {}", log(&self.folder));
        thread::sleep(Duration::from_millis(20));
        Ok(false)
    }

    fn wait(&self) -> Result<()> {
        let mut server = self.process();
        let ready = self.answers_before(Instant::now() + PATIENCE, &mut server)?;
        ensure!(ready, "the server ended at once: {}", log(&self.folder));
        Ok(())
    }

    fn end_with(&self, signal: &str) -> Result<()> {
        let mut server = self.process();
        output(Command::new("kill").args(["-s", signal, &server.id().to_string()]))?;
        server.wait()?;
        Ok(())
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // The janitor does the rest; waiting for it leaves neither zombie nor folder behind.
        drop(self.janitor.stdin.take());
        let _ = self.server.get_mut().map(Child::wait);
        let _ = self.janitor.wait();
    }
}

fn base(folder: &Path) -> String {
    format!("postgres://postgres@{}", folder.display().to_string().replace('/', "%2F"))
}

#[cfg(test)]
mod tests {
    use anyhow::Result;

    use super::{
        Database, Postgres, bail,
        database::{connect, new_name},
    };

    async fn names(database: &Database) -> Result<Vec<String>> {
        let rows = database.connect().await?.query("SELECT name FROM held ORDER BY name", &[]).await?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    }

    async fn clone_of(template: &str) -> Result<Database> {
        let prepare = |url: String| async move {
            let client = connect(&url).await?;
            Ok(client.batch_execute("CREATE TABLE held (name text); INSERT INTO held VALUES ('template')").await?)
        };
        Postgres::from_template(template, prepare).await
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn clones_of_one_template_know_nothing_of_each_other() -> Result<()> {
        let template = new_name("kit");
        let (one, two) = tokio::join!(clone_of(&template), clone_of(&template));
        let (one, two) = (one?, two?);
        one.connect().await?.batch_execute("INSERT INTO held VALUES ('one')").await?;
        assert_eq!(names(&one).await?, ["one", "template"]);
        assert_eq!(names(&two).await?, ["template"]);
        Ok(())
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_failed_preparation_leaves_no_template() -> Result<()> {
        let template = new_name("kit");
        let failed = Postgres::from_template(&template, |_| async { bail!("on purpose") }).await;
        assert!(failed.is_err());
        let cloned = clone_of(&template).await?;
        assert_eq!(names(&cloned).await?, ["template"]);
        Ok(())
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_database_is_dropped_with_its_value() -> Result<()> {
        let database = Postgres::database().await?;
        let url = database.url();
        drop(connect(&url).await?);
        drop(database);
        assert!(connect(&url).await.is_err());
        Ok(())
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_server_comes_back_after_a_crash_and_leaves_no_folder() -> Result<()> {
        let server = Postgres::start()?;
        let database = server.empty().await?;
        database.connect().await?.batch_execute("CREATE TABLE held (name text)").await?;
        server.kill()?;
        assert!(database.connect().await.is_err());
        server.resume()?;
        assert!(names(&database).await?.is_empty());
        let folder = server.folder().to_owned();
        drop((database, server));
        assert!(!folder.exists());
        Ok(())
    }
}
