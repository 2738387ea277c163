//! The wire to the server is as safe as the address asks.

use std::{
    fs,
    net::TcpListener,
    os::unix::fs::{MetadataExt, PermissionsExt, chown},
    path::Path,
    process::Command,
};

use db::{Db, Error, Row, Settings, sql};
use testkit::postgres::Postgres;

use crate::bed;

/// Lets the server speak TLS on the loopback; answers the port.
async fn with_tls(server: &Postgres) -> u16 {
    let data = server.folder().join("data");
    make_certificate(&data);
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let (admin, line) =
        tokio_postgres::connect(&format!("{}/postgres", server.base()), tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(line);
    for setting in ["ssl = on".to_owned(), "listen_addresses = '127.0.0.1'".to_owned(), format!("port = {port}")] {
        admin.batch_execute(&format!("ALTER SYSTEM SET {setting}")).await.unwrap();
    }
    port
}

/// A certificate for the name localhost, where the server looks for it.
fn make_certificate(data: &Path) {
    let (key, certificate) = (data.join("server.key"), data.join("server.crt"));
    let mut openssl = Command::new("openssl");
    openssl.args("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=test".split(' '));
    openssl.args(["-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=critical,CA:FALSE"]);
    let made = openssl.arg("-keyout").arg(&key).arg("-out").arg(&certificate).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let owner = fs::metadata(data).unwrap();
    for file in [&key, &certificate] {
        chown(file, Some(owner.uid()), Some(owner.gid())).unwrap();
    }
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
}

async fn is_encrypted(url: &str) -> Result<bool, Error> {
    let db = Db::open(&Settings::new(url)).await?;
    let asked = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    let mut row: Row = db.read(move |conn| conn.one(sql!(asked))).await?;
    row.get("ssl")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_must_prove_who_it_is() {
    let server = Postgres::start().unwrap();
    let port = with_tls(&server).await;
    server.stop().unwrap();
    server.resume().unwrap();
    let roots = format!("sslrootcert={}", server.folder().join("data/server.crt").display());
    let url = |host: &str, query: &str| format!("postgres://postgres@{host}:{port}/postgres?{query}");
    for mode in ["require", "verify-ca", "verify-full"] {
        let trusted = url("localhost", &format!("sslmode={mode}&{roots}"));
        assert_eq!(is_encrypted(&trusted).await, Ok(true), "{mode}");
        let unknown = url("localhost", &format!("sslmode={mode}"));
        assert!(matches!(is_encrypted(&unknown).await, Err(Error::Unavailable(_))), "{mode}");
    }
    let another_name = url("127.0.0.1", &format!("sslmode=verify-full&{roots}"));
    assert!(matches!(is_encrypted(&another_name).await, Err(Error::Unavailable(_))));
    assert_eq!(is_encrypted(&url("localhost", "")).await, Ok(false));
}

#[tokio::test(flavor = "multi_thread")]
async fn tls_that_is_asked_for_is_not_done_without() {
    let (settings, _place) = bed::postgres().await;
    for mode in ["require", "verify-ca", "verify-full", "verify_full", ""] {
        let url = format!("{}?sslmode={mode}", settings.url);
        assert!(is_encrypted(&url).await.is_err(), "{mode}");
    }
}
