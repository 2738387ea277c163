//! The programs of the packages.

use std::{
    fs,
    io::Write,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result, ensure};

/// Fast rather than safe from power cuts. On the command line they could not be changed by ALTER SYSTEM.
const CONFIGURATION: &str = "
listen_addresses = ''
fsync = off
full_page_writes = off
max_connections = 300
";

/// A new folder that belongs to the user the server runs as. Its path is short: that of a socket has 107 bytes at most.
pub(super) fn make_folder() -> Result<PathBuf> {
    Ok(output(as_postgres("mktemp").args(["-d", "/tmp/pg.XXXXXXXX"]))?.into())
}

/// Makes the files of a server.
pub(super) fn make_cluster(folder: &Path) -> Result<()> {
    let data = folder.join("data");
    let mut initdb = as_postgres(binary("initdb")?);
    initdb.arg("-D").arg(&data).args(["-U", "postgres", "-A", "trust", "-E", "UTF8"]);
    output(initdb.args(["--locale=C.UTF-8", "--no-sync"]))?;
    let mut file = fs::OpenOptions::new().append(true).open(data.join("postgresql.conf"))?;
    Ok(file.write_all(CONFIGURATION.as_bytes())?)
}

/// Starts the server.
pub(super) fn launch(folder: &Path) -> Result<Child> {
    let log = fs::OpenOptions::new().create(true).append(true).open(folder.join("log"))?;
    let mut postgres = as_postgres(binary("postgres")?);
    postgres.arg("-D").arg(folder.join("data")).arg("-k").arg(folder);
    Ok(postgres.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn()?)
}

/// A process that outlives this one by a moment.
pub(super) fn janitor(folder: &Path) -> Result<Child> {
    const SCRIPT: &str = r#"
        read -r _
        pid=$(head -n 1 "$0/data/postmaster.pid" 2>/dev/null)
        if [ -n "$pid" ] && kill -INT "$pid" 2>/dev/null; then
            while kill -0 "$pid" 2>/dev/null && [ -e "$0/data/postmaster.pid" ]; do sleep 0.02; done
        fi
        rm -rf "$0""#;
    // In a session of its own, an interrupt from the keyboard does not reach it.
    let mut command = as_postgres("setsid");
    command.args(["sh", "-c", SCRIPT]).arg(folder).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    Ok(command.spawn()?)
}

/// The port the server has written down; its socket is named after it.
fn port(folder: &Path) -> Option<String> {
    let file = fs::read_to_string(folder.join("data/postmaster.pid")).ok()?;
    Some(file.lines().nth(3)?.to_owned())
}

/// Whether the server answers on its socket.
pub(super) fn is_ready(folder: &Path) -> Result<bool> {
    let Some(port) = port(folder) else {
        return Ok(false);
    };
    let mut command = Command::new(binary("pg_isready")?);
    command.args(["-q", "-U", "postgres", "-p", &port, "-h"]).arg(folder);
    Ok(command.status()?.success())
}

/// A command run as the user postgres: the server refuses to run as root.
fn as_postgres(program: impl AsRef<Path>) -> Command {
    let program = program.as_ref();
    let is_root = fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
    let mut command = if is_root {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--init-groups", "--reset-env"]).arg(program);
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
    let number =
        |path: &PathBuf| path.file_name().and_then(|name| name.to_str()).and_then(|name| name.parse::<u32>().ok());
    let newest =
        versions.flatten().map(|entry| entry.path()).max_by_key(number).context("PostgreSQL is not installed")?;
    Ok(newest.join("bin").join(name))
}

/// Runs a command and answers what it prints.
pub(super) fn output(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("running {command:?}"))?;
    ensure!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

/// What the server has said.
pub(super) fn log(folder: &Path) -> String {
    fs::read_to_string(folder.join("log")).unwrap_or_default()
}
