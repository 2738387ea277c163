//! Debian's packages that the tests need: real databases, mail servers and browsers.

use crate::step;
use anyhow::{Context, Result, bail};
use std::fs;
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::process::{Command, Stdio};

const PACKAGES: [&str; 5] = ["postgresql", "chromium", "chromium-driver", "postfix", "openssl"];

/// Tells Debian's scripts to start no service while it exists.
const POLICY: &str = "/usr/sbin/policy-rc.d";
/// Read by PostgreSQL's scripts: no cluster of its own on port 5432.
const CLUSTER: &str = "/etc/postgresql-common/createcluster.d/muster-tests.conf";

/// Installs the packages that are missing; without the right to, names them and fails.
pub fn install_missing() -> Result<()> {
    let missing: Vec<_> = PACKAGES.into_iter().filter(|package| !is_installed(package)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    if !is_root() || !Path::new("/usr/bin/apt-get").exists() {
        bail!("the tests need Debian's packages {0}\nInstall them as root: apt-get install {0}", missing.join(" "));
    }
    let _quiet = Quiet::begin()?;
    answer_questions()?;
    step::run("Debian: package lists", &mut apt("update"))?;
    step::run(&format!("Debian: {}", missing.join(" ")), apt("install").arg("--no-install-recommends").args(&missing))
}

fn is_installed(package: &str) -> bool {
    let query = Command::new("dpkg-query").args(["--show", "--showformat=${db:Status-Status}", package]).output();
    query.is_ok_and(|answer| answer.stdout == b"installed")
}

/// Whether we may install packages and start what only root may start.
pub fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

fn apt(verb: &str) -> Command {
    let mut apt = step::command("apt-get");
    apt.args(["--quiet", "--yes", "--option=Dpkg::Use-Pty=0", verb]).env("DEBIAN_FRONTEND", "noninteractive");
    apt.stdin(Stdio::null());
    apt
}

/// Neither a database cluster nor a mail configuration of the machine: the tests bring their own in temporary folders.
fn answer_questions() -> Result<()> {
    fs::create_dir_all(Path::new(CLUSTER).parent().context("the path has a parent")?)?;
    fs::write(CLUSTER, "create_main_cluster = false\n").with_context(|| format!("cannot write {CLUSTER}"))?;
    let mut debconf = step::command("debconf-set-selections").stdin(Stdio::piped()).spawn()?;
    let mut answers = debconf.stdin.take().context("stdin was asked for")?;
    answers.write_all(b"postfix postfix/main_mailer_type select No configuration\n")?;
    drop(answers);
    debconf.wait()?;
    Ok(())
}

/// While it lives, packages start no services. A policy the machine already has stays untouched.
struct Quiet {
    ours: bool,
}

impl Quiet {
    fn begin() -> Result<Self> {
        let ours = !Path::new(POLICY).exists();
        if ours {
            fs::write(POLICY, "#!/bin/sh\nexit 101\n").with_context(|| format!("cannot write {POLICY}"))?;
            fs::set_permissions(POLICY, fs::Permissions::from_mode(0o755))?;
        }
        Ok(Self { ours })
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        if self.ours && fs::remove_file(POLICY).is_err() {
            eprintln!("{POLICY} could not be taken away: services will not start until you do");
        }
    }
}
