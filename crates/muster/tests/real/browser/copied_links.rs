//! A server without a mail server: links are copied by hand.

use anyhow::{Result, ensure};
use serde_json::json;
use testkit::browser::Look;

use crate::kit::{PASSWORD, Person, Team};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_mail_server_the_link_is_copied_and_passed_on() -> Result<()> {
    let team = Team::copying_links()?;
    let ann = team.ann_at_a_browser().await?;
    ann.sees("No mail server is set.").await?;
    ann.click("Invite Users").await?;
    ann.arrives("/w/hollin-ash/settings/users").await?;
    ann.click("Invite Users").await?;
    ann.sees("This server sends no mail").await?;
    ann.paste("lea@hollin.example").await?;
    ann.sees("1 to invite").await?;
    ann.finds_nothing_wrong("copying-dialog").await?;
    ann.click("Send Invite").await?;
    ann.sees("No mail was sent. Copy each link and pass it on yourself.").await?;
    ann.sees("No mail, copy the link").await?;
    ann.click("Copy link for lea@hollin.example").await?;
    ann.sees("Copied").await?;
    let link = ann.reads("Link for lea@hollin.example").await?;
    ann.finds_nothing_wrong("copied-link").await?;
    joins(&team, &link).await?.leaves().await?;
    ann.leaves().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_was_an_answer_is_not_asked_for_again_by_live_updates() -> Result<()> {
    let team = Team::copying_links()?;
    team.invited("hollin-ash", "lea@hollin.example").await?;
    let ann = team.ann_at_a_browser().await?;
    ann.open(&team.server.url("/w/hollin-ash/settings/users")).await?;
    ann.click("More for lea@hollin.example").await?;
    ann.click("Show a link to copy").await?;
    ann.sees("Pass this link on to lea@hollin.example and nobody else").await?;
    ann.finds_nothing_wrong("copied-link-answer").await?;
    let lea = joins(&team, &ann.reads("Link").await?).await?;
    // Her page hears of the project as soon as Ann's would.
    team.ann.post("/api/v1/workspaces/hollin-ash/projects", json!({"key": "APP", "name": "Mobile app"})).await?.is(201);
    lea.sees("Mobile app").await?;
    lea.leaves().await?;
    ann.leaves().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_scripts_the_link_stands_on_a_page_of_its_own() -> Result<()> {
    let team = Team::copying_links()?;
    let ann = Person::with(Look::desktop().without_scripts()).await?;
    team.is_signed_in(&ann).await?;
    ann.open(&team.server.url("/w/hollin-ash/settings/users/invite")).await?;
    ann.fill("E-mail addresses", "lea@hollin.example").await?;
    ann.click("Send Invite").await?;
    ann.arrives("/w/hollin-ash/settings/users").await?;
    ann.click("Copy link for lea@hollin.example").await?;
    ann.sees("Pass this link on to lea@hollin.example and nobody else").await?;
    ann.finds_nothing_wrong("copied-link-page").await?;
    let link = ann.reads("Link").await?;
    ann.click("Back to users").await?;
    ann.arrives("/w/hollin-ash/settings/users").await?;
    joins(&team, &link).await?.leaves().await?;
    ann.leaves().await
}

async fn joins(team: &Team, link: &str) -> Result<Person> {
    team.server.secret(link.rsplit('/').next().unwrap_or_default());
    ensure!(link.starts_with(&team.server.url("/join/")) && link.len() < 200, "{link}");
    let lea = Person::new().await?;
    lea.open(link).await?;
    ensure!(lea.arrives("/join").await? == "Join Hollin & Ash");
    lea.fill("Your name", "Lea Fournier").await?;
    lea.fill("Password", PASSWORD).await?;
    lea.click("Create account and join").await?;
    lea.sees("You are a member of Hollin & Ash").await?;
    Ok(lea)
}
