//! A `PostgreSQL` server for tests, from the system's packages.
//!
//! It lives in a temporary folder, listens on a socket there and nowhere else, and goes away with the process.

use std::{
    fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Mutex, MutexGuard, OnceLock, PoisonError},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use tokio_postgres::{Client, NoTls};
use uuid::Uuid;

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
        let folder = PathBuf::from(output(as_postgres("mktemp").args([
            "-d",
            "-p",
            "/tmp",
            "pg.XXXXXXXX",
        ]))?);
        let janitor = janitor(&folder)?;
        output(
            as_postgres(binary("initdb")?)
                .arg("-D")
                .arg(folder.join("data"))
                .args([
                    "-U",
                    "postgres",
                    "-A",
                    "trust",
                    "-E",
                    "UTF8",
                    "--locale=C.UTF-8",
                    "--no-sync",
                ]),
        )?;
        let server = Mutex::new(launch(&folder)?);
        let started = Postgres {
            folder,
            server,
            janitor,
        };
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
        make_template(&server, name, prepare).await?;
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
            ensure!(
                Instant::now() < deadline,
                "the server does not answer: {}",
                log(&self.folder)
            );
            thread::sleep(Duration::from_millis(10));
        }
        ensure!(
            Instant::now() < deadline,
            "the server does not start: {}",
            log(&self.folder)
        );
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

/// A database that is dropped with this value.
pub struct Database {
    server: String,
    name: String,
}

impl Database {
    async fn create(server: String, template: Option<&str>) -> Result<Database> {
        let name = format!("t_{}", Uuid::now_v7().simple());
        let template = template.unwrap_or("template1");
        let admin = connect(&format!("{server}/postgres")).await?;
        admin
            .batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {template}"))
            .await?;
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
        let (admin, drop_it) = (
            format!("{}/postgres", self.server),
            format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name),
        );
        // A runtime cannot be blocked from inside itself. A server that is gone took its databases along.
        let dropped = thread::spawn(move || -> Result<()> {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            runtime.block_on(async { Ok(connect(&admin).await?.batch_execute(&drop_it).await?) })
        });
        let _ = dropped.join();
    }
}

async fn make_template<F>(server: &str, name: &str, prepare: impl FnOnce(String) -> F) -> Result<()>
where
    F: Future<Output = Result<()>>,
{
    let plain = name
        .chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    ensure!(
        plain && name.len() < 50,
        "{name} is no plain name of a template"
    );
    let admin = connect(&format!("{server}/postgres")).await?;
    // Held until this connection ends.
    admin
        .execute("SELECT pg_advisory_lock(hashtext($1))", &[&name])
        .await?;
    if admin
        .query_opt("SELECT 1 FROM pg_database WHERE datname = $1", &[&name])
        .await?
        .is_some()
    {
        return Ok(());
    }
    let draft = format!("{name}_draft");
    admin
        .batch_execute(&format!("DROP DATABASE IF EXISTS {draft} WITH (FORCE)"))
        .await?;
    admin
        .batch_execute(&format!("CREATE DATABASE {draft}"))
        .await?;
    prepare(format!("{server}/{draft}"))
        .await
        .with_context(|| format!("preparing the template {name}"))?;
    // A connection left open would keep the template from being renamed and cloned.
    admin
        .execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1",
            &[&draft],
        )
        .await?;
    admin
        .batch_execute(&format!("ALTER DATABASE {draft} RENAME TO {name}"))
        .await?;
    Ok(())
}

async fn connect(url: &str) -> Result<Client> {
    let (client, connection) = tokio_postgres::connect(url, NoTls)
        .await
        .with_context(|| format!("reaching {url}"))?;
    tokio::spawn(connection);
    Ok(client)
}

fn base(folder: &Path) -> String {
    format!(
        "postgres://postgres@{}",
        folder.display().to_string().replace('/', "%2F")
    )
}

fn launch(folder: &Path) -> Result<Child> {
    let log = fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(folder.join("log"))?;
    let mut command = as_postgres(binary("postgres")?);
    command
        .arg("-D")
        .arg(folder.join("data"))
        .arg("-k")
        .arg(folder);
    for setting in [
        "listen_addresses=",
        "fsync=off",
        "full_page_writes=off",
        "max_connections=300",
    ] {
        command.args(["-c", setting]);
    }
    Ok(command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()?)
}

/// A process that outlives this one by a moment.
fn janitor(folder: &Path) -> Result<Child> {
    const SCRIPT: &str = r#"
        read -r _
        pid=$(head -n 1 "$0/data/postmaster.pid" 2>/dev/null)
        if [ -n "$pid" ] && kill -INT "$pid" 2>/dev/null; then
            while kill -0 "$pid" 2>/dev/null && [ -e "$0/data/postmaster.pid" ]; do sleep 0.02; done
        fi
        rm -rf "$0""#;
    // In a session of its own, an interrupt from the keyboard does not reach it.
    let mut command = as_postgres("setsid");
    command
        .args(["sh", "-c", SCRIPT])
        .arg(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    Ok(command.spawn()?)
}

fn is_ready(folder: &Path) -> Result<bool> {
    let mut command = Command::new(binary("pg_isready")?);
    Ok(command
        .args(["-q", "-U", "postgres", "-h"])
        .arg(folder)
        .status()?
        .success())
}

/// A command run as the user postgres: the server refuses to run as root.
fn as_postgres(program: impl AsRef<Path>) -> Command {
    let program = program.as_ref();
    let is_root = fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
    let mut command = if is_root {
        let mut command = Command::new("setpriv");
        command
            .args([
                "--reuid=postgres",
                "--regid=postgres",
                "--init-groups",
                "--reset-env",
            ])
            .arg(program);
        command
    } else {
        Command::new(program)
    };
    command.current_dir("/");
    command
}

/// A program of the newest version installed.
fn binary(name: &str) -> Result<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").context("PostgreSQL is not installed")?;
    let number = |path: &PathBuf| {
        path.file_name()
            .and_then(|name| name.to_str())
            .and_then(|name| name.parse::<u32>().ok())
    };
    let newest = versions
        .flatten()
        .map(|entry| entry.path())
        .max_by_key(number)
        .context("PostgreSQL is not installed")?;
    Ok(newest.join("bin").join(name))
}

fn output(command: &mut Command) -> Result<String> {
    let output = command
        .output()
        .with_context(|| format!("running {command:?}"))?;
    ensure!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

fn log(folder: &Path) -> String {
    fs::read_to_string(folder.join("log")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn names(database: &Database) -> Result<Vec<String>> {
        let rows = database
            .connect()
            .await?
            .query("SELECT name FROM held ORDER BY name", &[])
            .await?;
        Ok(rows.iter().map(|row| row.get(0)).collect())
    }

    async fn clone_of(template: &str) -> Result<Database> {
        let prepare = |url: String| async move {
            let client = connect(&url).await?;
            Ok(client
                .batch_execute(
                    "CREATE TABLE held (name text); INSERT INTO held VALUES ('template')",
                )
                .await?)
        };
        Postgres::from_template(template, prepare).await
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn clones_of_one_template_know_nothing_of_each_other() -> Result<()> {
        let template = format!("kit_{}", Uuid::now_v7().simple());
        let (one, two) = tokio::join!(clone_of(&template), clone_of(&template));
        let (one, two) = (one?, two?);
        one.connect()
            .await?
            .batch_execute("INSERT INTO held VALUES ('one')")
            .await?;
        assert_eq!(names(&one).await?, ["one", "template"]);
        assert_eq!(names(&two).await?, ["template"]);
        Ok(())
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_failed_preparation_leaves_no_template() -> Result<()> {
        let template = format!("kit_{}", Uuid::now_v7().simple());
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
        database
            .connect()
            .await?
            .batch_execute("CREATE TABLE held (name text)")
            .await?;
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
