//! The way from an empty server to a team.

use std::time::Duration;

use anyhow::{Result, ensure};
use testkit::{
    browser::Look,
    smtp::{Peer, Script},
};

use crate::{
    kit::{PASSWORD, Person, Place, Server},
    on_both_engines,
};

const PASTED: &str = "lea@hollin.example, Bo Lind <bo@hollin.example>, kim@hollin.example";

on_both_engines! {
    the_first_owner_sets_up_and_invites_three_people_who_join(place) {
        journey(place, Look::desktop(), true).await
    }

    the_same_without_scripts(place) {
        journey(place, Look::desktop().without_scripts(), false).await
    }
}

async fn journey(place: Place, look: Look, scripts: bool) -> Result<()> {
    let peer = Peer::start(Script::accepting()).await;
    let server = Server::mailing(place, &peer.url())?;
    let ann = Person::with(look).await?;
    set_up(&ann, &server).await?;
    let before = ann.clicks();
    invite(&ann, scripts).await?;
    eprintln!("from the dashboard to three sent invitations: {} clicks", ann.clicks() - before);
    let mails = peer.wait_for(3, Duration::from_secs(10)).await;
    ann.sees_after_a_while("Sent").await?;
    for mail in mails {
        let person = Person::with(look).await?;
        join(&person, &server.link_in(&mail.data)?, &mail.to[0]).await?;
        is_a_tester(&person, &server).await?;
        person.leaves().await?;
    }
    ann.open(&server.url("/w/hollin-ash/settings/users")).await?;
    ann.sees("Lea of the test").await?;
    ann.sees("Nobody is waiting").await?;
    ann.leaves().await
}

async fn set_up(ann: &Person, server: &Server) -> Result<()> {
    ann.open(&server.url("/")).await?;
    ann.arrives("/setup").await?;
    ann.fill("Your name", "Ann Keller").await?;
    ann.fill("E-mail", "ann@hollin.example").await?;
    ann.fill("Password", PASSWORD).await?;
    ann.fill("Workspace", "Hollin & Ash").await?;
    ann.fill("First project", "Web shop").await?;
    ann.fill("Its key", "WEB").await?;
    ann.click("Create workspace").await?;
    ensure!(ann.arrives("/w/hollin-ash").await? == "Dashboard");
    ann.finds_nothing_wrong("first-dashboard").await
}

/// Dashboard, Users, Invite Team, and back at Users with three pending.
async fn invite(ann: &Person, scripts: bool) -> Result<()> {
    ann.click("Invite Users").await?;
    ensure!(ann.arrives("/w/hollin-ash/settings/users").await? == "Users");
    ann.click("Invite Users").await?;
    if scripts {
        ann.sees("Invite Team").await?;
        ann.is_at("E-mail addresses").await?;
        ann.paste(PASTED).await?;
        ann.sees("3 to invite").await?;
    } else {
        ensure!(ann.arrives("/w/hollin-ash/settings/users/invite").await? == "Invite Team");
        ann.fill("E-mail addresses", PASTED).await?;
    }
    ann.has_chosen("Role", "Tester").await?;
    ann.finds_nothing_wrong(if scripts { "invite-dialog" } else { "invite-page" }).await?;
    ann.click("Send Invite").await?;
    ann.arrives("/w/hollin-ash/settings/users").await?;
    ann.sees("3 invited").await?;
    for address in ["lea@hollin.example", "bo@hollin.example", "kim@hollin.example"] {
        ann.sees(address).await?;
    }
    Ok(())
}

async fn join(person: &Person, link: &str, address: &str) -> Result<()> {
    person.open(link).await?;
    ensure!(person.arrives("/join").await? == "Join Hollin & Ash");
    person.holds("E-mail", address).await?;
    let first = address.split('@').next().unwrap_or_default();
    let name = format!("{}{} of the test", first[..1].to_uppercase(), &first[1..]);
    person.fill("Your name", &name).await?;
    person.fill("Password", PASSWORD).await?;
    person.click("Create account and join").await?;
    ensure!(person.arrives("/w/hollin-ash").await? == "Dashboard");
    person.sees("You are a member of Hollin & Ash").await
}

/// Sees the work, not the levers.
async fn is_a_tester(person: &Person, server: &Server) -> Result<()> {
    person.sees("Web shop").await?;
    ensure!(!person.may_click("Invite Users").await?);
    person.open(&server.url("/w/hollin-ash/settings/general")).await?;
    person.sees("You lack the right Manage the workspace").await?;
    let status = "performance.getEntriesByType('navigation')[0].responseStatus";
    person.finds(status, &serde_json::json!(403)).await?;
    person.open(&server.url("/w/hollin-ash/settings/users")).await?;
    person.sees("Members").await?;
    ensure!(!person.may_click("Invite Users").await?);
    person.finds_nothing_wrong("users-of-a-tester").await
}
