//! Settings: flag, environment variable and documentation from one definition.

use std::{
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, Result, bail, ensure};
use app::{
    mail::channel::{MailFrom, Reach, SmtpUrl},
    objects::{Local, Objects},
    server::{Flags, Founders, MemberLimit},
    settings::{Attachments, Mail, Outbox, PerDay},
};
use clap::{Args, ValueEnum};
use url::{Host, Url};

/// Where data lies: what every command that opens the database takes.
#[derive(Clone, Debug, Args)]
#[expect(clippy::struct_field_names, reason = "fields are named like their flags")]
pub struct Data {
    /// Where the SQLite file and the secret key lie.
    #[arg(long, env = "MUSTER_DATA_DIR", default_value = "./data")]
    pub data_dir: PathBuf,
    /// `postgres://user:password@host/name`; without it, a SQLite file in the data directory.
    #[arg(long, env = "MUSTER_DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// A file that holds the database URL.
    #[arg(long, env = "MUSTER_DATABASE_URL_FILE", conflicts_with = "database_url")]
    pub database_url_file: Option<PathBuf>,
    /// The key for secrets at rest, 64 hexadecimal digits. Several nodes need the same one.
    #[arg(long, env = "MUSTER_SECRET_KEY", hide_env_values = true)]
    pub secret_key: Option<String>,
    /// A file that holds the key. Without either, one is made in the data directory at first start.
    #[arg(long, env = "MUSTER_SECRET_KEY_FILE", conflicts_with = "secret_key")]
    pub secret_key_file: Option<PathBuf>,
}

/// What `serve` takes.
#[derive(Clone, Debug, Args)]
pub struct Serve {
    #[command(flatten)]
    pub data: Data,
    /// Address to listen on.
    #[arg(long, env = "MUSTER_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Where people reach the server; links begin with it. No path. Default: `http://localhost:<port>`.
    #[arg(long, env = "MUSTER_BASE_URL")]
    pub base_url: Option<Url>,
    /// Proxies whose `X-Forwarded-For` is believed, separated by commas.
    #[arg(long, env = "MUSTER_TRUSTED_PROXIES", value_delimiter = ',')]
    pub trusted_proxies: Vec<IpAddr>,
    /// Address of `/metrics` for Prometheus; without it there is none.
    #[arg(long, env = "MUSTER_METRICS_LISTEN")]
    pub metrics_listen: Option<SocketAddr>,
    /// `smtp://user:pass@host:port?tls=none|starttls|implicit`; without it, operators set one on a page, or links are copied by hand.
    #[arg(long, env = "MUSTER_SMTP_URL", hide_env_values = true)]
    pub smtp_url: Option<String>,
    /// A file that holds the SMTP URL.
    #[arg(long, env = "MUSTER_SMTP_URL_FILE", conflicts_with = "smtp_url")]
    pub smtp_url_file: Option<PathBuf>,
    /// Sender of all mail, `Muster <muster@example.com>`; needed with SMTP.
    #[arg(long, env = "MUSTER_MAIL_FROM")]
    pub mail_from: Option<String>,
    /// Connections to the mail server at once.
    #[arg(long, env = "MUSTER_MAIL_CONNECTIONS", default_value_t = 4)]
    pub mail_connections: usize,
    /// First wait after a mail was deferred; it doubles with jitter up to 1h, for 5 days.
    #[arg(long, env = "MUSTER_MAIL_RETRY_FIRST", default_value = "10s", value_parser = duration)]
    pub mail_retry_first: Duration,
    /// Rate limits and daily quotas; off for tests and benches only.
    #[arg(long, env = "MUSTER_RATE_LIMITS", default_value = "on")]
    pub rate_limits: Switch,
    /// Invitations a UTC day allows, as `workspace=5000,inviter=2000,server=20000`, which is the default; what is left out
    /// stays with the operators.
    #[arg(long, env = "MUSTER_INVITES_PER_DAY", value_parser = per_day)]
    pub invites_per_day: Option<GivenPerDay>,
    /// The largest file that may hang on a case: `25MB`, `500kB`, `1GB`.
    #[arg(long, env = "MUSTER_ATTACHMENT_LIMIT", default_value = "25MB", value_parser = size)]
    pub attachment_limit: u64,
    /// Who may create workspaces: `operators`, the default, or `everybody`. Without it, operators choose on their page.
    #[arg(long, env = "MUSTER_CREATE_WORKSPACES")]
    pub create_workspaces: Option<Founders>,
    /// How many members a workspace may have: a number, or `none`, the default. Without it, operators choose.
    #[arg(long, env = "MUSTER_MEMBER_LIMIT")]
    pub member_limit: Option<MemberLimit>,
}

/// On or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    /// As shipped.
    On,
    /// For tests and benches.
    Off,
}

/// `10s`, `5m`, `1h`.
fn duration(text: &str) -> Result<Duration, String> {
    let unit = text.chars().last().unwrap_or_default();
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 60 * 60,
        _ => return Err("write it as 10s, 5m or 1h".into()),
    };
    let number: u64 = text[..text.len() - 1].parse().map_err(|_| "write it as 10s, 5m or 1h".to_owned())?;
    Ok(Duration::from_secs(number.saturating_mul(seconds)))
}

/// `500kB`, `25MB`, `1GB`; a bare number counts bytes.
fn size(text: &str) -> Result<u64, String> {
    let wrong = || "write it as 500kB, 25MB or 1GB".to_owned();
    let text = text.trim().to_ascii_lowercase();
    let units = [("kb", 1_000), ("mb", 1_000_000), ("gb", 1_000_000_000), ("", 1)];
    let (digits, unit) =
        units.iter().find_map(|(word, unit)| Some((text.strip_suffix(word)?, unit))).ok_or_else(wrong)?;
    let number: u64 = digits.trim().parse().map_err(|_| wrong())?;
    number.checked_mul(*unit).filter(|bytes| *bytes > 0).ok_or_else(wrong)
}

/// The quotas that were given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GivenPerDay {
    workspace: Option<i64>,
    inviter: Option<i64>,
    server: Option<i64>,
}

/// `workspace=5000,inviter=2000,server=20000`, or a part of it.
fn per_day(text: &str) -> Result<GivenPerDay, String> {
    let mut limits = GivenPerDay::default();
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let (scope, number) = part.split_once('=').ok_or("write it as workspace=5000,inviter=2000,server=20000")?;
        let number: i64 = number.trim().parse().map_err(|_| format!("{number:?} is not a number"))?;
        match scope.trim() {
            "workspace" => limits.workspace = Some(number),
            "inviter" => limits.inviter = Some(number),
            "server" => limits.server = Some(number),
            other => return Err(format!("{other:?} is none of workspace, inviter, server")),
        }
    }
    Ok(limits)
}

/// The store of files of a data directory.
pub fn objects(data_dir: &Path) -> Arc<dyn Objects> {
    Arc::new(Local::new(Attachments::within(data_dir).folder))
}

/// A secret given directly or in a file.
fn secret(direct: Option<&String>, file: Option<&PathBuf>) -> Result<Option<String>> {
    match (direct, file) {
        (Some(text), _) => Ok(Some(text.clone())),
        (None, Some(path)) => {
            let text = std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
            Ok(Some(text.trim().to_owned()))
        }
        (None, None) => Ok(None),
    }
}

impl Data {
    /// The database, as its own floor wants it.
    pub fn database(&self) -> Result<db::Settings> {
        let given = secret(self.database_url.as_ref(), self.database_url_file.as_ref())?;
        let url = given.map_or_else(|| self.sqlite(), Ok)?;
        Ok(db::Settings::new(url))
    }

    fn sqlite(&self) -> Result<String> {
        let file = std::path::absolute(self.data_dir.join("muster.db")).context("finding the data directory")?;
        Ok(format!("sqlite://{}", file.display()))
    }

    /// Where bodies of files lie.
    pub fn objects(&self) -> Arc<dyn Objects> {
        objects(&self.data_dir)
    }

    /// The key for secrets at rest.
    pub fn vault(&self) -> Result<app::vault::Vault> {
        match secret(self.secret_key.as_ref(), self.secret_key_file.as_ref())? {
            Some(key) => crate::key::given(&key),
            None => crate::key::in_directory(&self.data_dir),
        }
    }

    /// The same without making one: `None` before the first start.
    pub fn existing_vault(&self) -> Result<Option<app::vault::Vault>> {
        match secret(self.secret_key.as_ref(), self.secret_key_file.as_ref())? {
            Some(key) => crate::key::given(&key).map(Some),
            None => crate::key::existing(&self.data_dir),
        }
    }
}

impl Serve {
    /// Where people reach the server.
    pub fn base_url(&self) -> Result<Url> {
        let Some(url) = &self.base_url else {
            return Url::parse(&format!("http://localhost:{}", self.listen.port())).context("making the base URL");
        };
        ensure!(matches!(url.scheme(), "http" | "https"), "--base-url must begin with http:// or https://");
        ensure!(matches!(url.path(), "" | "/"), "--base-url must have no path");
        ensure!(url.query().is_none() && url.fragment().is_none(), "--base-url must have no path");
        ensure!(url.username().is_empty() && url.password().is_none(), "--base-url must hold no user");
        match url.host() {
            Some(Host::Ipv4(ip)) if ip.is_unspecified() => {
                bail!("--base-url must be an address that people can open, not 0.0.0.0")
            }
            Some(Host::Ipv6(ip)) if ip.is_unspecified() => {
                bail!("--base-url must be an address that people can open, not [::]")
            }
            Some(_) => Ok(url.clone()),
            None => bail!("--base-url names no host"),
        }
    }

    /// How mail leaves; `None` leaves that to operators, and is copy-link mode until they set a mail server.
    pub fn mail(&self) -> Result<Option<Mail>> {
        let Some(url) = secret(self.smtp_url.as_ref(), self.smtp_url_file.as_ref())? else { return Ok(None) };
        let smtp: SmtpUrl = url.parse().context("--smtp-url")?;
        let Outbox { from, connections, retry_first } = self.outbox()?;
        let from = from.context("--smtp-url needs --mail-from: the sender of all mail")?;
        Ok(Some(Mail { smtp, reach: Reach::Anywhere, from, connections, retry_first }))
    }

    /// What holds for a mail server that operators set.
    pub fn outbox(&self) -> Result<Outbox> {
        let from = self.mail_from.as_deref().map(str::parse::<MailFrom>).transpose().context("--mail-from")?;
        ensure!(self.mail_connections > 0, "--mail-connections must be at least 1");
        Ok(Outbox { from, connections: self.mail_connections, retry_first: self.mail_retry_first })
    }

    /// The day's quotas unless operators choose others.
    fn per_day(&self) -> PerDay {
        let (given, usual) = (self.invites_per_day.unwrap_or_default(), PerDay::default());
        PerDay {
            workspace: given.workspace.unwrap_or(usual.workspace),
            inviter: given.inviter.unwrap_or(usual.inviter),
            server: given.server.unwrap_or(usual.server),
        }
    }

    /// What the command line decides in place of the operators.
    pub fn flags(&self) -> Flags {
        let GivenPerDay { workspace, inviter, server } = self.invites_per_day.unwrap_or_default();
        Flags {
            founders: self.create_workspaces,
            member_limit: self.member_limit,
            per_workspace: workspace,
            per_inviter: inviter,
            per_server: server,
        }
    }

    /// All that the app wants to know.
    pub fn app(&self) -> Result<app::Settings> {
        Ok(app::Settings {
            base_url: self.base_url()?,
            mail: self.mail()?,
            outbox: self.outbox()?,
            rate_limits: self.rate_limits == Switch::On,
            per_day: self.per_day(),
            attachments: Attachments { limit: self.attachment_limit, ..Attachments::within(&self.data.data_dir) },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_and_quotas_are_read_as_the_contract_writes_them() {
        assert_eq!(["10s", "5m", "1h"].map(duration), [10, 300, 3600].map(|s| Ok(Duration::from_secs(s))));
        assert!(["", "10", "s", "-1s", "1d"].into_iter().all(|text| duration(text).is_err()));
        assert_eq!(["25MB", "500 kB", "1gb", "9"].map(size), [25_000_000, 500_000, 1_000_000_000, 9].map(Ok));
        assert!(["", "MB", "0", "-1", "25M", "99999999999999GB"].into_iter().all(|text| size(text).is_err()));
        assert_eq!(per_day("inviter=3"), Ok(GivenPerDay { inviter: Some(3), ..GivenPerDay::default() }));
        assert!(per_day("everybody=3").is_err());
    }
}
