//! A real Postfix from Debian, all in one temporary folder, on a loopback port. Needs root.
//!
//! Every domain is local to it, so that nothing it is given can leave the machine.

use crate::process::Process;
use anyhow::{Context, Result, bail};
use std::fmt::Write as _;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use std::{fs, thread};
use tempfile::TempDir;

const MASTER: &str = "/usr/lib/postfix/sbin/master";
/// Debian's `nobody` and `nogroup`, who own the mailboxes.
const NOBODY: u32 = 65_534;
const START_PATIENCE: Duration = Duration::from_secs(20);

/// A running Postfix. Dropping it stops its processes and removes the folder.
#[derive(Debug)]
pub struct Postfix {
    // Fields are dropped in this order: the folder must outlive the processes that write to it.
    _master: Process,
    folder: TempDir,
    port: u16,
}

impl Postfix {
    /// Starts one that takes every mail; about three seconds.
    pub fn start() -> Result<Self> {
        Self::refusing(&[])
    }

    /// Starts one that answers `RCPT TO` these addresses with these words, as in `("ann@example.test", "550 5.7.1 no")`.
    pub fn refusing(refusals: &[(&str, &str)]) -> Result<Self> {
        let folder = TempDir::with_prefix("postfix-").context("cannot make a temporary folder")?;
        let port = free_port()?;
        lay_out(folder.path(), port, refusals)?;
        let (master, _stdout) =
            Process::start(Command::new("setsid").arg(MASTER).arg("-c").arg(folder.path()).arg("-d"))?;
        let postfix = Self { _master: master, folder, port };
        postfix.wait_until_it_listens()?;
        Ok(postfix)
    }

    /// The port it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The address as a setting of ours: plain text, no sign-in.
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}?tls=none", self.port)
    }

    /// The mails delivered to an address, as raw text, oldest first. Empty while they are under way.
    pub fn mailbox(&self, address: &str) -> Result<Vec<String>> {
        let folder = self.folder.path().join("mail/all/new");
        let mut files = match fs::read_dir(&folder) {
            Ok(entries) => entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?,
            Err(_) => return Ok(Vec::new()),
        };
        files.sort();
        let mails = files.iter().map(|file| fs::read(file).map(|mail| String::from_utf8_lossy(&mail).into_owned()));
        let mails = mails.collect::<Result<Vec<_>, _>>()?;
        let mark = format!("Delivered-To: {address}");
        Ok(mails.into_iter().filter(|mail| mail.lines().any(|line| line.eq_ignore_ascii_case(&mark))).collect())
    }

    /// Waits until that many mails are in the mailbox; an error says what the log has to tell.
    pub fn wait_for(&self, address: &str, count: usize, patience: Duration) -> Result<Vec<String>> {
        let deadline = Instant::now() + patience;
        loop {
            let mails = self.mailbox(address)?;
            if mails.len() >= count {
                return Ok(mails);
            }
            if Instant::now() > deadline {
                bail!("{} of {count} mails for {address} in {patience:?}\n{}", mails.len(), self.log());
            }
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// What it has written to its log.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    fn wait_until_it_listens(&self) -> Result<()> {
        let deadline = Instant::now() + START_PATIENCE;
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            if Instant::now() > deadline {
                bail!("Postfix does not listen after {START_PATIENCE:?}\n{}", self.log());
            }
            thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }
}

/// The system chooses; another process could take it before Postfix does, which then fails to start.
fn free_port() -> Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

fn lay_out(folder: &Path, port: u16, refusals: &[(&str, &str)]) -> Result<()> {
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755))?;
    for part in ["queue", "data", "mail"] {
        fs::create_dir(folder.join(part))?;
    }
    chown(folder.join("data"), Some(user_id("postfix")?), None).context("Postfix can only be started by root")?;
    chown(folder.join("mail"), Some(NOBODY), Some(NOBODY))?;
    fs::write(folder.join("main.cf"), main_cf(folder, refusals)?)?;
    fs::write(folder.join("master.cf"), master_cf(port))?;
    let check = Command::new("/usr/sbin/postfix").arg("-c").arg(folder).arg("check").output();
    let check = check.context("Postfix is not installed")?;
    if !check.status.success() {
        bail!("postfix check: {}{}", String::from_utf8_lossy(&check.stderr), String::from_utf8_lossy(&check.stdout));
    }
    Ok(())
}

fn user_id(name: &str) -> Result<u32> {
    let output = Command::new("id").args(["-u", name]).output()?;
    String::from_utf8_lossy(&output.stdout).trim().parse().with_context(|| format!("there is no user {name}"))
}

fn main_cf(folder: &Path, refusals: &[(&str, &str)]) -> Result<String> {
    let mut refused = String::new();
    for (address, answer) in refusals {
        write!(refused, " {{ {address} = {answer} }}")?;
    }
    let access =
        if refused.is_empty() { String::new() } else { format!("check_recipient_access inline:{{{refused} }}") };
    let folder = folder.display();
    Ok(format!(
        "\
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = postfix.test
mynetworks = 127.0.0.0/8
mydestination =
alias_maps =
disable_dns_lookups = yes
smtpd_peername_lookup = no
smtpd_relay_restrictions = reject_unauth_destination
smtpd_recipient_restrictions = {access}
virtual_mailbox_domains = static:all
virtual_mailbox_maps = static:all/
virtual_mailbox_base = {folder}/mail
virtual_uid_maps = static:{NOBODY}
virtual_gid_maps = static:{NOBODY}
default_transport = error:nothing leaves this machine
relay_transport = error:nothing leaves this machine
"
    ))
}

/// The services a delivery needs: `name type private unprivileged chroot wakeup limit command`.
fn master_cf(port: u16) -> String {
    format!(
        "\
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"
    )
}
