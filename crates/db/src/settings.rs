//! Where the database is and how patient to be with it.

use std::{fmt, thread, time::Duration};

use url::Url;

/// A database engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// One file beside the program.
    Sqlite,
    /// A server.
    Postgres,
}

/// How to open a database. `Debug` hides the password.
#[derive(Clone)]
pub struct Settings {
    /// `sqlite:///path/to/file`, or `postgres://user:password@host/name?sslmode=verify-full`.
    ///
    /// A socket directory is written as `postgres://user@%2Frun%2Fpostgresql/name`. `sslmode` is `disable` (the
    /// default), or any of `require`, `verify-ca` and `verify-full`, which all verify certificate and host name;
    /// `sslrootcert` names a file of certificates to trust in place of the system's.
    pub url: String,
    /// A second address of the same `PostgreSQL` for LISTEN, where `url` leads through a pooler that cannot.
    pub listen_url: Option<String>,
    /// Connections to `PostgreSQL`, besides one that listens.
    pub pool_size: usize,
    /// Connections that read from `SQLite`, besides the one that writes.
    pub readers: usize,
    /// Units of work that may wait for the writer of `SQLite`.
    pub queue_length: usize,
    /// How long a unit waits for a connection or for a place in the queue.
    pub acquire_timeout: Duration,
    /// How long making a connection to `PostgreSQL` may take.
    pub connect_timeout: Duration,
    /// How long one statement may run; on `SQLite`, with the reading of its rows.
    pub statement_timeout: Duration,
    /// How long a statement waits for a lock, and for another process that writes to the same `SQLite` file.
    pub lock_timeout: Duration,
    /// How long a transaction may pause between two statements on `PostgreSQL`.
    pub idle_timeout: Duration,
}

impl Settings {
    /// Sensible settings for the database at this address.
    pub fn new(url: impl Into<String>) -> Settings {
        Settings {
            url: url.into(),
            listen_url: None,
            pool_size: 16,
            readers: thread::available_parallelism().map_or(4, |cores| cores.get().max(4)),
            queue_length: 1024,
            acquire_timeout: Duration::from_secs(5),
            connect_timeout: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(30),
            lock_timeout: Duration::from_secs(5),
            idle_timeout: Duration::from_secs(30),
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("url", &without_secrets(&self.url))
            .field("listen_url", &self.listen_url.as_deref().map(without_secrets))
            .field("pool_size", &self.pool_size)
            .field("readers", &self.readers)
            .field("queue_length", &self.queue_length)
            .finish_non_exhaustive()
    }
}

/// The address with neither password nor query, both of which can hold secrets.
fn without_secrets(address: &str) -> String {
    let Ok(mut url) = Url::parse(address) else {
        return "(an address that cannot be read)".into();
    };
    if url.password().is_some() && url.set_password(Some("hidden")).is_err() {
        return format!("{}:…", url.scheme());
    }
    url.set_query(None);
    url.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_hides_the_password() {
        let hides = |url: &str| !format!("{:?}", Settings::new(url)).contains("sesame");
        assert!(hides("postgres://ann:sesame@db.example/muster"));
        assert!(hides("postgres://ann:sesame@%2Frun%2Fpostgresql/muster"));
        assert!(hides("postgres:///muster?host=/run/postgresql&password=sesame"));
        assert!(hides("postgres://ann:sesame@a:1,b:2/muster"));
    }
}
