//! A database with a workspace, made in process by the product's own verbs.

use std::{fmt::Display, path::Path, sync::Arc};

use anyhow::{Context, Result};
use app::{
    App, Clock, Failure,
    invitations::{self, Batch, Joiner, NewAccount, batch::pasted, invite::With},
    settings::{Mail, Outbox, PerDay},
    setup::{self, FirstRun, Made},
    vault::Vault,
};
use db::Db;
use domain::{
    access::{Member, Role, System},
    invitation::ValidDays,
};

/// The address of the owner.
const OWNER: &str = "ann@hollin.example";

/// A workspace with its owner and the project WEB.
pub struct World {
    /// The app on it.
    pub app: App,
    /// The workspace and what lets the owner in.
    pub made: Made,
    /// The owner's membership.
    pub owner: Arc<Member>,
}

/// The `SQLite` database of a data directory, which is made.
pub fn sqlite(data: &Path) -> Result<String> {
    std::fs::create_dir_all(data).with_context(|| format!("creating {}", data.display()))?;
    Ok(format!("sqlite://{}", data.join("muster.db").display()))
}

impl World {
    /// On an empty database.
    pub async fn new(url: &str) -> Result<Self> {
        Self::mailing(url, None).await
    }

    /// The same with a mail server.
    pub async fn mailing(url: &str, mail: Option<Mail>) -> Result<Self> {
        let db = Db::open(&db::Settings::new(url)).await?;
        db.migrate(store::migrations::ALL).await?;
        let settings = app::Settings {
            base_url: "http://localhost:8080".parse()?,
            mail,
            outbox: Outbox::default(),
            rate_limits: true,
            per_day: PerDay::default(),
            attachments: app::settings::Attachments::within(&std::env::temp_dir()),
        };
        let app = App::new(db, Clock::system(), Vault::new([7; 32]), settings);
        let made = app.write(None, |tx, now| setup::first_run(tx, &system(), &first()?, None, now)).await?;
        let owner = Arc::new(owner(&app, &made).await?);
        Ok(Self { app, made, owner })
    }

    /// Members beside the owner, until there are so many.
    pub async fn grow_to(&self, members: usize) -> Result<()> {
        for (number, (name, role)) in names().zip(ROLES.into_iter().cycle()).take(members - 1).enumerate() {
            self.member(format!("member{number}@hollin.example"), name, role).await?;
        }
        Ok(())
    }

    /// The path of the workspace's pages.
    pub fn path(&self) -> String {
        format!("/w/{}", self.made.workspace.slug)
    }

    /// The header of a call with the owner's key.
    pub fn key(&self) -> String {
        format!("authorization: Bearer {}", self.made.api_key.reveal())
    }

    /// The header of the owner's browser.
    pub fn cookie(&self) -> String {
        format!("cookie: muster={}", self.made.session.reveal())
    }

    /// Leaves the database for a server.
    pub async fn close(&self) {
        self.app.db().clone().close().await;
    }

    async fn member(&self, address: String, name: String, role: Role) -> Result<()> {
        let owner = Arc::clone(&self.owner);
        let joined = self.app.write(None, move |tx, now| {
            let with = With { vault: &Vault::new([7; 32]), per_day: None, mail: false };
            let sent = invitations::invite(tx, with, &owner.may()?, &batch(&address, role), now)?;
            let id = sent.results[0].invitation.ok_or_else(|| broken("an invitation was refused"))?;
            let (_, token) = invitations::copy_link(tx, &owner.may()?, id, now)?;
            // Nobody signs in with this password: hashing a real one takes long on purpose.
            let account = NewAccount { name: name.parse().map_err(broken)?, password: "none".to_owned() };
            invitations::accept(tx, &token, &Joiner { account: Some(account), ..Joiner::default() }, now)
        });
        joined.await?;
        Ok(())
    }
}

/// These addresses, invited to the same role, with a mail each.
pub fn batch(addresses: &str, role: Role) -> Batch {
    let valid = ValidDays::default();
    Batch { rows: pasted(addresses), role, projects: Vec::new(), message: None, valid, send_email: true }
}

const ROLES: [Role; 4] = [Role::Tester, Role::Tester, Role::Manager, Role::ReadOnly];

fn names() -> impl Iterator<Item = String> {
    const GIVEN: [&str; 10] = ["Ada", "Ben", "Chiara", "Dmitri", "Elif", "Farid", "Greta", "Hana", "Ivo", "Jun"];
    const FAMILY: [&str; 10] = ["Abel", "Brandt", "Costa", "Dahl", "Egger", "Fuchs", "Gomez", "Horn", "Ito", "Jansen"];
    GIVEN.into_iter().flat_map(|given| FAMILY.map(|family| format!("{given} {family}")))
}

fn system() -> System {
    System::because("the bench")
}

fn broken(error: impl Display) -> Failure {
    Failure::Broken(error.to_string())
}

fn first() -> Result<FirstRun, Failure> {
    Ok(FirstRun {
        email: OWNER.parse().map_err(broken)?,
        name: "Ann Keller".parse().map_err(broken)?,
        password: "none".to_owned(),
        workspace: "Hollin & Ash".parse().map_err(broken)?,
        project: Some(("WEB".parse().map_err(broken)?, "Web shop".parse().map_err(broken)?)),
    })
}

async fn owner(app: &App, made: &Made) -> Result<Member> {
    let (workspace, session) = (made.workspace.id, made.session.hash());
    let member = app.point(move |db, now| {
        let (who, _) = store::access::session(db, &session, now.at)?.ok_or(Failure::Unknown)?;
        Ok(store::access::member(db, &who, workspace)?)
    });
    member.await?.context("the owner is a member")
}
