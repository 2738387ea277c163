//! A server with one workspace, on one engine, whose clock the test owns.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use app::{
    App, Clock, Failure,
    invitations::{self, Batch, Joiner, NewAccount, batch::pasted, invite::With},
    projects,
    settings::PerDay,
    setup,
    vault::Vault,
};
use axum::Router;
use db::Db;
use domain::{
    access::{Member, Role, System},
    id::{InvitationId, PersonId, WorkspaceId},
    invitation::ValidDays,
    secret::{Code, Token},
    time::Time,
};
use tempfile::TempDir;
use testkit::postgres::{Database, Postgres};

use super::Actor;

/// Which database a test runs on.
#[derive(Clone, Copy, Debug)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// A server with the workspace `hollin-ash`, its owner and the project WEB.
pub struct World {
    pub app: App,
    /// The owner, who is the operator, by API key.
    pub owner: Actor,
    pub workspace: WorkspaceId,
    router: Router,
    clock: Arc<AtomicI64>,
    /// Go away with the world.
    _place: Place,
    files: TempDir,
}

enum Place {
    Folder { _kept: TempDir },
    Database { _kept: Database },
}

/// Where every world begins: 1 December 2026, 10:40 UTC.
const START: i64 = 1_796_121_600_000_000;

/// The owner's password.
pub const PASSWORD: &str = "four unrelated words here";

impl World {
    pub async fn new(engine: Engine) -> Self {
        let (url, place) = place(engine).await;
        let db = Db::open(&db::Settings::new(url)).await.unwrap();
        db.migrate(store::migrations::ALL).await.unwrap();
        let clock = Arc::new(AtomicI64::new(START));
        let hand = Arc::clone(&clock);
        let files = tempfile::tempdir().unwrap();
        let settings = app::Settings {
            base_url: "http://localhost:8080".parse().unwrap(),
            mail: None,
            outbox: app::settings::Outbox::default(),
            rate_limits: false,
            per_day: PerDay::default(),
            attachments: app::settings::Attachments::within(files.path()),
        };
        let time = Clock::by(move || Time::from_micros(hand.load(Ordering::SeqCst)));
        let app = App::new(db, time, Vault::new([7; 32]), settings);
        let router = web::router(web::Site::new(app.clone(), web::Settings::default()));
        let made = first_run(&app).await;
        let owner = Actor::with_key(router.clone(), made.api_key.reveal());
        Self { app, owner, workspace: made.workspace.id, router, clock, _place: place, files }
    }

    /// Waits until there are so many files below the folder of bodies: what broke off goes a moment after the answer.
    pub async fn bodies_come_to(&self, count: usize) {
        for _ in 0..250 {
            if self.bodies() == count {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("{} bodies lie there, not {count}", self.bodies());
    }

    /// How many bodies of files there are, half ones too.
    fn bodies(&self) -> usize {
        let (mut folders, mut count) = (vec![self.files.path().to_owned()], 0);
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
                if entry.file_type().unwrap().is_dir() {
                    folders.push(entry.path());
                } else {
                    count += 1;
                }
            }
        }
        count
    }

    /// Moves the clock on.
    pub fn pass(&self, span: Duration) {
        self.clock.fetch_add(i64::try_from(span.as_micros()).unwrap(), Ordering::SeqCst);
    }

    /// Somebody at the same server, had it a mail server and its limits.
    pub fn with_mail_and_limits(&self) -> Actor {
        let mail = app::settings::Mail {
            reach: app::mail::channel::Reach::Anywhere,
            smtp: "smtp://127.0.0.1:9?tls=none".parse().unwrap(),
            from: "Muster <muster@hollin.example>".parse().unwrap(),
            connections: 1,
            retry_first: Duration::from_secs(10),
        };
        let settings = app::Settings { mail: Some(mail), rate_limits: true, ..self.app.settings().clone() };
        let app = App::new(self.app.db().clone(), self.app.clock().clone(), Vault::new([7; 32]), settings);
        Actor::nobody(web::router(web::Site::new(app, web::Settings::default())))
    }

    /// A link to set a new password, as the operator hands one over.
    pub async fn reset_link(&self, address: &str) -> Token {
        let (system, email) = (System::because("a test"), address.parse().unwrap());
        self.app.write(None, move |tx, now| app::resets::by_hand(tx, &system, &email, now)).await.unwrap()
    }

    /// Somebody without key or cookie.
    pub fn nobody(&self) -> Actor {
        Actor::nobody(self.router.clone())
    }

    /// Somebody with this key.
    pub fn with_key(&self, key: &str) -> Actor {
        Actor::with_key(self.router.clone(), key)
    }

    /// Somebody with this session, as a browser has it.
    pub fn with_session(&self, session: &Token) -> Actor {
        let actor = self.nobody();
        actor.put_cookie("muster", session.reveal());
        actor
    }

    /// An invitation by the owner.
    pub async fn invitation(&self, address: &str, role: Role) -> InvitationId {
        let (owner, text, app) = (self.owner_member().await, address.to_owned(), self.app.clone());
        let sent = self.app.write(None, move |tx, now| {
            let (rows, valid) = (pasted(&text), ValidDays::default());
            let batch = Batch { rows, role, projects: Vec::new(), message: None, valid, send_email: false };
            let with = With { vault: app.vault(), per_day: None, mail: false };
            invitations::invite(tx, with, &owner.may()?, &batch, now)
        });
        sent.await.unwrap().results[0].invitation.unwrap()
    }

    /// An invitation by the owner with a mail in the outbox; gives the code that stands in it.
    pub async fn mailed(&self, address: &str) -> (InvitationId, Code) {
        let (owner, text, app) = (self.owner_member().await, address.to_owned(), self.app.clone());
        let sent = self.app.write(None, move |tx, now| {
            let (rows, valid) = (pasted(&text), ValidDays::default());
            let batch =
                Batch { rows, role: Role::Tester, projects: Vec::new(), message: None, valid, send_email: true };
            let with = With { vault: app.vault(), per_day: None, mail: true };
            let id = invitations::invite(tx, with, &owner.may()?, &batch, now)?.results[0].invitation.unwrap();
            let text = "SELECT secret FROM message WHERE invitation = ?";
            let mut row: db::Row = tx.one(db::sql!(text, uuid::Uuid::from(id)))?;
            Ok((id, row.get::<Vec<u8>>("secret").map_err(broken)?))
        });
        let (id, sealed) = sent.await.unwrap();
        let opened = String::from_utf8(self.app.vault().open("mailed token", &sealed).unwrap()).unwrap();
        (id, opened.split_once(' ').unwrap().1.parse().unwrap())
    }

    /// A fresh copied token of an invitation.
    pub async fn token(&self, id: InvitationId) -> Token {
        let owner = self.owner_member().await;
        self.app.write(None, move |tx, now| invitations::copy_link(tx, &owner.may()?, id, now)).await.unwrap().1
    }

    /// A member of this role; asks by session, as a browser does. Gives the membership's id, too.
    pub async fn member(&self, name: &str, role: Role) -> (Actor, String) {
        let token = self.token(self.invitation(&format!("{name}@hollin.example"), role).await).await;
        let name = name.to_owned();
        let joined = self.app.write(None, move |tx, now| {
            // Nobody signs in with this password: hashing a real one takes long on purpose.
            let account = NewAccount { name: name.parse().map_err(broken)?, password: "none".to_owned() };
            let joiner = Joiner { account: Some(account), ..Joiner::default() };
            invitations::accept(tx, &token, &joiner, now)
        });
        let joined = joined.await.unwrap();
        (self.with_session(&joined.session), joined.member.to_string())
    }

    /// An invitation whose inviter may not invite any more.
    pub async fn invitation_on_hold(&self, n: usize) -> String {
        let (lead, member) = self.member(&format!("lead{n}"), Role::Manager).await;
        let asked = serde_json::json!({"recipients": format!("held{n}@hollin.example"), "role": "tester"});
        let sent = lead.post("/api/v1/workspaces/hollin-ash/invitations", asked).await.is(201).json();
        let path = format!("/api/v1/workspaces/hollin-ash/members/{member}");
        self.owner.patch(&path, serde_json::json!({"role": "tester"})).await.is(200);
        sent["results"][0]["invitation"].as_str().unwrap().to_owned()
    }

    /// A private project, on which nobody holds a role.
    pub async fn private_project(&self, key: &str, name: &str) {
        let owner = self.owner_member().await;
        let (key, name) = (key.parse().unwrap(), name.parse().unwrap());
        let made = self.app.write(None, move |tx, now| projects::create(tx, &owner.may()?, &key, &name, true, now));
        made.await.unwrap();
    }

    /// A service account of this role: its id and a key of it.
    pub async fn service_account(&self, name: &str, role: Role) -> (String, String) {
        let path = "/api/v1/workspaces/hollin-ash/service-accounts";
        let body = serde_json::json!({"name": name, "role": role.slug()});
        let id = self.owner.post(path, body).await.is(201).json()["id"].as_str().unwrap().to_owned();
        let key = self.owner.post(&format!("{path}/{id}/api-keys"), serde_json::json!({"name": "its key"})).await;
        (id, key.is(201).json()["key"].as_str().unwrap().to_owned())
    }

    /// The owner at a browser.
    pub async fn owners_browser(&self) -> Actor {
        let owner = self.owner_person().await;
        let session = self.app.write(None, move |tx, now| Ok(store::sessions::open(tx, owner, None, now)?));
        self.with_session(&session.await.unwrap())
    }

    async fn owner_member(&self) -> Arc<Member> {
        let (workspace, owner) = (self.workspace, self.owner_person().await);
        let member = self.app.write(None, move |tx, now| {
            let session = store::sessions::open(tx, owner, None, now)?;
            let (who, _) = store::access::session(tx, &session.hash(), now.at)?.expect("just opened");
            Ok(store::access::member(tx, &who, workspace)?)
        });
        Arc::new(member.await.unwrap().unwrap())
    }

    async fn owner_person(&self) -> PersonId {
        self.owner.get("/api/v1/me").await.json()["person"]["id"].as_str().unwrap().parse().unwrap()
    }
}

fn broken(error: impl std::fmt::Display) -> Failure {
    Failure::Broken(error.to_string())
}

async fn first_run(app: &App) -> setup::Made {
    let password = app.passwords().hash(PASSWORD.into(), [1; 16]).await.unwrap();
    let made = app.write(None, move |tx, now| {
        let first = setup::FirstRun {
            email: "ann@hollin.example".parse().map_err(broken)?,
            name: "Ann Keller".parse().map_err(broken)?,
            password: password.clone(),
            workspace: "Hollin & Ash".parse().map_err(broken)?,
            project: Some(("WEB".parse().map_err(broken)?, "Web shop".parse().map_err(broken)?)),
        };
        setup::first_run(tx, &System::because("a test"), &first, None, now)
    });
    made.await.unwrap()
}

async fn place(engine: Engine) -> (String, Place) {
    match engine {
        Engine::Sqlite => {
            let folder = tempfile::tempdir().unwrap();
            (format!("sqlite://{}", folder.path().join("muster.db").display()), Place::Folder { _kept: folder })
        }
        Engine::Postgres => {
            let name = template();
            let database = Postgres::from_template(&name, async |url| {
                let db = Db::open(&db::Settings::new(url)).await?;
                db.migrate(store::migrations::ALL).await?;
                db.close().await;
                Ok(())
            });
            let database = database.await.unwrap();
            (database.url().clone(), Place::Database { _kept: database })
        }
    }
}

/// A name that changes with the schema.
fn template() -> String {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    for migration in store::migrations::ALL {
        migration.sql.hash(&mut hasher);
    }
    format!("muster_http_{:x}", hasher.finish())
}
