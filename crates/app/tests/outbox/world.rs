//! A server without its web pages: an app on either engine, a clock that tests set, an owner with a project, and a
//! mail server that does as it is told.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use app::{
    App, Clock, Failure, Settings,
    invitations::{self, Batch, batch::pasted, invite::With},
    mail::{
        channel::{Channel, Timeouts},
        worker::{Handle, Worker},
    },
    settings::{Mail, PerDay},
    setup::{FirstRun, first_run},
    vault::Vault,
};
use db::{Db, Statement};
use domain::{
    access::{May, Member, Membership, Role, SignedIn, System},
    email::Email,
    id::{InvitationId, WorkspaceId},
    invitation::{Delivery, ValidDays},
    project_key::ProjectKey,
    secret::Token,
    time::Time,
    title::{PersonName, ProjectName, WorkspaceName},
};
use store::{invitations::Invitation, messages};
use tempfile::TempDir;
use testkit::{
    postgres::{Database, Postgres},
    smtp::{Peer, Script},
};
use tokio::time::{sleep, timeout};

/// Tuesday, 24 November 2026, 10:40 UTC.
pub const START: Time = Time::from_micros(1_795_516_800_000_000);
/// How long a test waits for something that should happen soon.
pub const PATIENCE: Duration = Duration::from_secs(10);
/// The first wait after a deferral, and of a probe.
pub const RETRY_FIRST: Duration = Duration::from_secs(10);

/// A clock that stands until somebody sets it. Clones are the same clock.
#[derive(Clone)]
pub struct Watch(Arc<AtomicI64>);

impl Watch {
    fn clock(&self) -> Clock {
        let micros = Arc::clone(&self.0);
        Clock::by(move || Time::from_micros(micros.load(Ordering::SeqCst)))
    }

    pub fn now(&self) -> Time {
        Time::from_micros(self.0.load(Ordering::SeqCst))
    }
}

/// What is removed with a world.
pub enum Place {
    Folder {
        _folder: TempDir,
    },
    Database {
        _database: Database,
    },
    /// On a server of the test's own.
    Elsewhere,
}

pub struct World {
    pub app: App,
    pub peer: Peer,
    pub watch: Watch,
    pub owner: Arc<Member>,
    pub workspace: WorkspaceId,
    pub db_settings: db::Settings,
    _place: Place,
}

impl World {
    pub async fn sqlite(script: Script) -> Self {
        let folder = TempDir::with_prefix("muster-").unwrap();
        let url = format!("sqlite://{}", folder.path().join("muster.db").display());
        Self::at(db::Settings::new(url), Place::Folder { _folder: folder }, script).await
    }

    pub async fn postgres(script: Script) -> Self {
        let name = template();
        let database = Postgres::from_template(&name, |url| async move {
            let db = Db::open(&db::Settings::new(url)).await?;
            db.migrate(store::migrations::ALL).await?;
            db.close().await;
            Ok(())
        });
        let database = database.await.unwrap();
        Self::at(db::Settings::new(database.url()), Place::Database { _database: database }, script).await
    }

    pub async fn at(db_settings: db::Settings, place: Place, script: Script) -> Self {
        let db = Db::open(&db_settings).await.unwrap();
        db.migrate(store::migrations::ALL).await.unwrap();
        let watch = Watch(Arc::new(AtomicI64::new(START.micros())));
        let peer = Peer::start(script).await;
        let app = app_on(db, &watch, &peer.url());
        let owner = set_up(&app).await;
        Self { workspace: owner.workspace(), app, peer, watch, owner, db_settings, _place: place }
    }

    /// Another node on the same database.
    pub async fn another_app(&self) -> App {
        app_on(Db::open(&self.db_settings).await.unwrap(), &self.watch, &self.peer.url())
    }

    /// A node on the same database whose command line names no mail server.
    pub async fn app_of_operators(&self) -> App {
        let db = Db::open(&self.db_settings).await.unwrap();
        let settings = Settings { mail: None, ..self.app.settings().clone() };
        App::new(db, self.watch.clock(), Vault::new([7; 32]), settings)
    }

    /// The owner invites a tester on this node.
    pub async fn invite_by(&self, app: &App, address: &str) -> InvitationId {
        let (may, batch, verbs) = (self.owner.may().unwrap(), batch(Role::Tester, &[address]), app.clone());
        let sent = app.write(None, move |tx, now| invitations::invite(tx, with(&verbs), &may, &batch, now)).await;
        sent.unwrap().results[0].invitation.unwrap()
    }

    /// Starts the outbox worker, short of patience with its mail server.
    pub fn work(&self) -> Handle {
        self.work_on(self.app.clone())
    }

    pub fn work_on(&self, app: App) -> Handle {
        let timeouts = Timeouts { command: Duration::from_secs(2), after_dot: Duration::from_millis(700) };
        let channel = Channel::new(self.peer.url().parse().unwrap(), "muster.example").with_timeouts(timeouts);
        Worker::start_on(app, channel)
    }

    /// The owner invites testers.
    pub async fn invite(&self, addresses: &[&str]) -> Vec<InvitationId> {
        self.invite_as(&self.owner, Role::Tester, addresses).await
    }

    pub async fn invite_as(&self, inviter: &Arc<Member>, role: Role, addresses: &[&str]) -> Vec<InvitationId> {
        let may = inviter.may().unwrap();
        let batch = batch(role, addresses);
        let app = self.app.clone();
        let sent = self.app.write(None, move |tx, now| invitations::invite(tx, with(&app), &may, &batch, now)).await;
        sent.unwrap().results.iter().map(|row| row.invitation.unwrap()).collect()
    }

    pub async fn revoke(&self, id: InvitationId) {
        let may: May<Membership> = self.owner.may().unwrap();
        self.app.write(None, move |tx, now| invitations::revoke(tx, &may, id, now)).await.unwrap();
    }

    /// An invitation with its last mail.
    pub async fn invitation(&self, id: InvitationId) -> Invitation {
        self.app.read(move |db, _| Ok(store::invitations::of_token(db, id)?)).await.unwrap()
    }

    pub async fn delivery(&self, id: InvitationId) -> Delivery {
        self.invitation(id).await.delivery.unwrap()
    }

    pub async fn deliveries(&self, ids: &[InvitationId]) -> Vec<Delivery> {
        let mut all = Vec::new();
        for id in ids {
            all.push(self.delivery(*id).await);
        }
        all
    }

    /// Waits until this became of the mail.
    pub async fn until(&self, id: InvitationId, wanted: Delivery) -> Invitation {
        let is_so = async || Some(self.invitation(id).await).filter(|found| found.delivery == Some(wanted));
        match soon(is_so).await {
            Some(invitation) => invitation,
            None => panic!("not {wanted} but {:?}", self.invitation(id).await),
        }
    }

    pub async fn channel(&self) -> store::channel::Channel {
        self.app.read(|db, _| Ok(store::channel::get(db)?)).await.unwrap()
    }

    /// Waits until the channel is so.
    pub async fn until_channel(&self, is_so: impl Fn(&store::channel::Channel) -> bool) -> store::channel::Channel {
        match soon(async || Some(self.channel().await).filter(&is_so)).await {
            Some(channel) => channel,
            None => panic!("the channel is {:?}", self.channel().await),
        }
    }

    /// Waits until so many rows have this.
    pub async fn until_count(&self, text: &'static str, wanted: i64) {
        let reached = soon(async || (self.count(text).await == wanted).then_some(())).await;
        assert!(reached.is_some(), "{text}: {} and not {wanted}", self.count(text).await);
    }

    /// The steps of an invitation's mails.
    pub async fn timeline(&self, id: InvitationId) -> Vec<Delivery> {
        let steps = self.app.read(move |db, _| Ok(messages::timeline(db, id)?)).await.unwrap();
        steps.iter().map(|step| step.state).collect()
    }

    /// Sets the clock forward and lets the worker look at it.
    pub async fn pass(&self, span: Duration) {
        self.watch.0.fetch_add(i64::try_from(span.as_micros()).unwrap(), Ordering::SeqCst);
        self.nudge().await;
    }

    pub async fn nudge(&self) {
        let told = self.app.write(None, |tx, _| {
            tx.notify(messages::TOPIC, "");
            Ok(())
        });
        told.await.unwrap();
    }

    /// Ends all leases, whose time is the database's on `PostgreSQL`.
    pub async fn end_leases(&self) {
        self.sql("UPDATE message SET lease_until = 0 WHERE lease_until IS NOT NULL").await;
        self.nudge().await;
    }

    pub async fn sql(&self, text: &'static str) {
        self.app.db().write(move |tx| tx.run(Statement::new(text, Vec::new()))).await.unwrap();
    }

    /// How many rows have this.
    pub async fn count(&self, text: &'static str) -> i64 {
        let row = self.app.read(move |db, _| Ok(db.one::<db::Row>(Statement::new(text, Vec::new()))?));
        row.await.unwrap().get("n").unwrap()
    }

    /// The token in the mail to this address.
    pub fn token_mailed_to(&self, address: &str) -> Token {
        let mails = self.peer.mails();
        let mail = mails.iter().find(|mail| mail.to == [address]).unwrap();
        token_in(&mail.text())
    }
}

/// What is found before patience ends.
pub async fn soon<T>(find: impl AsyncFn() -> Option<T>) -> Option<T> {
    let found = async {
        loop {
            if let Some(found) = find().await {
                return found;
            }
            sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(PATIENCE, found).await.ok()
}

/// The token of the link in an invitation's mail.
pub fn token_in(mail: &str) -> Token {
    token_behind("/join/", mail)
}

/// The token of the link into this folder in a mail.
pub fn token_behind(folder: &str, mail: &str) -> Token {
    let text = mail_parser::MessageParser::default().parse(mail.as_bytes()).unwrap();
    let body = text.body_text(0).unwrap().into_owned();
    let link = body.split_whitespace().find(|word| word.contains(folder)).unwrap();
    link.rsplit('/').next().unwrap().parse().unwrap()
}

pub fn with(app: &App) -> With<'_> {
    With { vault: app.vault(), per_day: None, mail: true }
}

pub fn batch(role: Role, addresses: &[&str]) -> Batch {
    let rows = pasted(&addresses.join("\n"));
    Batch { rows, role, projects: Vec::new(), message: None, valid: ValidDays::default(), send_email: true }
}

/// The tests' one schema has one template.
fn template() -> String {
    let mut hasher = DefaultHasher::new();
    for migration in store::migrations::ALL {
        migration.sql.hash(&mut hasher);
    }
    format!("muster_{:016x}", hasher.finish())
}

fn app_on(db: Db, watch: &Watch, smtp: &str) -> App {
    let mail = Mail {
        smtp: smtp.parse().unwrap(),
        reach: app::mail::channel::Reach::Anywhere,
        from: "Muster <muster@hollin.example>".parse().unwrap(),
        connections: 2,
        retry_first: RETRY_FIRST,
    };
    let settings = Settings {
        base_url: "https://muster.hollin.example".parse().unwrap(),
        mail: Some(mail),
        outbox: app::settings::Outbox::default(),
        rate_limits: false,
        per_day: PerDay::default(),
        attachments: app::settings::Attachments::within(std::path::Path::new("nowhere")),
    };
    App::new(db, watch.clock(), Vault::new([7; 32]), settings)
}

async fn set_up(app: &App) -> Arc<Member> {
    let first = FirstRun {
        email: Email::parse("ann@hollin.example").unwrap(),
        name: PersonName::parse("Ann Keller").unwrap(),
        password: "no hash at all".to_owned(),
        workspace: WorkspaceName::parse("Hollin & Ash").unwrap(),
        project: Some((ProjectKey::parse("WEB").unwrap(), ProjectName::parse("Web shop").unwrap())),
    };
    let system = System::because("a test begins");
    let made = app.write(None, move |tx, now| first_run(tx, &system, &first, None, now)).await.unwrap();
    member(app, &made.session, made.workspace.id).await
}

/// Who a session belongs to, as a member.
pub async fn member(app: &App, session: &Token, workspace: WorkspaceId) -> Arc<Member> {
    let hash = session.hash();
    let found = app.read(move |db, now| {
        let (who, _): (SignedIn, _) = store::access::session(db, &hash, now.at)?.ok_or(Failure::Unknown)?;
        store::access::member(db, &who, workspace)?.ok_or(Failure::Unknown)
    });
    Arc::new(found.await.unwrap())
}

/// Runs each of these functions as one test per engine.
macro_rules! on_both_engines {
    ($($name:ident)*) => {$(
        mod $name {
            use crate::world::World;

            #[tokio::test(flavor = "multi_thread")]
            async fn sqlite() {
                super::$name(World::sqlite(testkit::smtp::Script::accepting()).await).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn postgres() {
                super::$name(World::postgres(testkit::smtp::Script::accepting()).await).await;
            }
        }
    )*};
}
pub(crate) use on_both_engines;
