//! Every page in light and dark, on desk and phone: accessible, within its window, within the content security policy.

use anyhow::Result;
use testkit::browser::Look;

use crate::kit::{PASSWORD, Person, Place, Server, Team};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_desk_by_day() -> Result<()> {
    every_page("desk-light", Look::desktop()).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_desk_by_night() -> Result<()> {
    every_page("desk-dark", Look::desktop().dark()).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_phone_by_day() -> Result<()> {
    every_page("phone-light", Look::phone()).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_phone_by_night() -> Result<()> {
    every_page("phone-dark", Look::phone().dark()).await
}

/// The narrowest window of WCAG 2.2's reflow.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_the_narrowest_window() -> Result<()> {
    every_page("narrow", Look::phone().size(320, 640)).await
}

async fn every_page(look: &str, device: Look) -> Result<()> {
    let ann = Person::with(device).await?;
    let server = Server::mailing(Place::sqlite()?, "smtp://127.0.0.1:9?tls=none")?;
    ann.open(&server.url("/setup")).await?;
    ann.finds_nothing_wrong(&format!("setup-{look}")).await?;
    ann.fill("E-mail", "nobody").await?;
    ann.click("Create workspace").await?;
    ann.sees("Enter your name.").await?;
    ann.finds_nothing_wrong(&format!("setup-refused-{look}")).await?;

    let team = Team::on(server)?;
    let invited = team.invited("hollin-ash", "ruth.oyelaran@hollin.example").await?;
    ann.open(&invited.link).await?;
    ann.sees("Join Hollin & Ash").await?;
    ann.finds_nothing_wrong(&format!("join-{look}")).await?;

    ann.open(&team.server.url("/sign-in")).await?;
    ann.finds_nothing_wrong(&format!("sign-in-{look}")).await?;
    ann.fill("E-mail", "ann@hollin.example").await?;
    ann.fill("Password", PASSWORD).await?;
    ann.click("Sign in").await?;
    ann.arrives("/w/hollin-ash").await?;
    ann.finds_nothing_wrong(&format!("dashboard-{look}")).await?;

    for (page, path) in [
        ("users", "/settings/users"),
        ("invite", "/settings/users/invite"),
        ("roles", "/settings/roles"),
        ("project", "/settings/projects/WEB"),
        ("general", "/settings/general"),
        ("projects", "/settings/projects"),
        ("api-keys", "/settings/api-keys"),
    ] {
        ann.open(&team.server.url(&format!("/w/hollin-ash{path}"))).await?;
        ann.finds_nothing_wrong(&format!("{page}-{look}")).await?;
    }
    ann.open(&team.server.url("/w/hollin-ash/settings/users")).await?;
    ann.click("Invite Users").await?;
    ann.sees("Invite Team").await?;
    ann.finds_nothing_wrong(&format!("dialog-{look}")).await?;
    ann.open(&team.server.url("/w/nowhere")).await?;
    ann.finds_nothing_wrong(&format!("not-found-{look}")).await?;
    ann.leaves().await
}
