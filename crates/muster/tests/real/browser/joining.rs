//! What stands behind a link, for whoever opens it. No state is a dead end.

use anyhow::{Result, ensure};
use serde_json::json;

use crate::kit::{PASSWORD, Person, Team};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_else_is_signed_in_and_lea_takes_over() -> Result<()> {
    let team = Team::copying_links()?;
    let lea = team.invited("hollin-ash", "lea@hollin.example").await?;
    let shared = team.ann_at_a_browser().await?;
    shared.open(&lea.link).await?;
    ensure!(shared.arrives("/join").await? == "This invitation is for someone else");
    shared.sees("ann@hollin.example").await?;
    let text = shared.text().await?;
    ensure!(!text.contains("lea@hollin.example"), "{text}");
    shared.finds_nothing_wrong("join-somebody-else").await?;
    shared.click("Sign out and continue").await?;
    shared.sees("Join Hollin & Ash").await?;
    shared.fill("Your name", "Lea Fournier").await?;
    shared.fill("Password", PASSWORD).await?;
    shared.click("Create account and join").await?;
    shared.sees("You are a member of Hollin & Ash").await?;
    shared.leaves().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_with_an_account_joins_with_its_password_and_may_mistype_it() -> Result<()> {
    let team = Team::copying_links()?;
    let first = team.invited("hollin-ash", "lea@hollin.example").await?;
    team.joins(&first.link, "Lea Fournier").await?;
    let made = team.ann.post("/api/v1/workspaces", json!({"name": "Print works"})).await?.is(201).json();
    let key = made["api_key"].as_str().unwrap_or_default();
    let elsewhere = Team { ann: team.server.with_key(key)?, server: team.server };
    elsewhere.ann.post("/api/v1/workspaces/print-works/projects", json!({"key": "INK", "name": "Ink"})).await?.is(201);
    let second = elsewhere.invited("print-works", "lea@hollin.example").await?;
    let lea = Person::new().await?;
    lea.open(&second.link).await?;
    ensure!(lea.arrives("/join").await? == "Join Print works");
    lea.finds_nothing_wrong("join-with-account").await?;
    lea.fill("Your password", "not the password").await?;
    lea.click("Sign in and join").await?;
    lea.sees("Not the password of this address's account.").await?;
    lea.finds_nothing_wrong("join-wrong-password").await?;
    lea.fill("Your password", PASSWORD).await?;
    lea.click("Sign in and join").await?;
    lea.sees("You are a member of Print works").await?;
    lea.open(&elsewhere.server.url("/?choose")).await?;
    ensure!(lea.arrives("/").await? == "Your workspaces");
    lea.sees("Hollin & Ash").await?;
    lea.finds_nothing_wrong("workspaces").await?;
    lea.click("Sign out").await?;
    lea.sees("You are signed out").await?;
    lea.leaves().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn links_that_ended_say_why_and_lead_on() -> Result<()> {
    let team = Team::copying_links()?;
    let used = team.invited("hollin-ash", "used@hollin.example").await?;
    team.joins(&used.link, "Uma Sand").await?;
    let revoked = team.invited("hollin-ash", "revoked@hollin.example").await?;
    let path = format!("/api/v1/workspaces/hollin-ash/invitations/{}/revocation", revoked.id);
    team.ann.post(&path, json!({})).await?.is(204);
    let old = team.invited("hollin-ash", "old@hollin.example").await?;
    team.ann.post(&format!("/api/v1/workspaces/hollin-ash/invitations/{}/link", old.id), json!({})).await?.is(200);
    let unknown = team.server.url("/join/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    let person = Person::new().await?;
    for (link, heading, way_on) in [
        (&used.link, "You have joined already", "Sign in"),
        (&revoked.link, "This invitation was withdrawn", "Go to sign-in"),
        (&old.link, "There is a newer link", "Joined already? Sign in"),
        (&unknown, "This link leads nowhere", "Go to sign-in"),
    ] {
        person.open(link).await?;
        person.sees(heading).await?;
        person.finds_nothing_wrong(&format!("join-{}", heading.to_lowercase().replace(' ', "-"))).await?;
        person.click(way_on).await?;
        ensure!(person.arrives("/sign-in").await? == "Sign in");
    }
    person.leaves().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lea_declines_and_the_link_stays_closed() -> Result<()> {
    let team = Team::copying_links()?;
    let invited = team.invited("hollin-ash", "lea@hollin.example").await?;
    let lea = Person::new().await?;
    lea.open(&invited.link).await?;
    lea.arrives("/join").await?;
    lea.click("Decline").await?;
    lea.sees("The link is closed for good.").await?;
    lea.finds_nothing_wrong("join-declined").await?;
    lea.click("Go to sign-in").await?;
    lea.arrives("/sign-in").await?;
    lea.open(&invited.link).await?;
    lea.sees("This invitation was declined").await?;
    let path = format!("/api/v1/workspaces/hollin-ash/invitations/{}", invited.id);
    ensure!(team.ann.get(&path).await?.is(200).json()["state"] == "declined");
    lea.leaves().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_forgotten_link_may_be_opened_again_or_replaced_by_the_code() -> Result<()> {
    let team = Team::copying_links()?;
    let lea = Person::new().await?;
    lea.open(&team.server.url("/join")).await?;
    lea.sees("Open the link once more").await?;
    let fields = "[...document.querySelectorAll('main form [name]')].map(field => field.name).join()";
    lea.finds(fields, &json!("address,code")).await?;
    lea.finds_nothing_wrong("join-forgotten").await?;
    lea.click("Sign in").await?;
    lea.arrives("/sign-in").await?;
    lea.leaves().await
}
