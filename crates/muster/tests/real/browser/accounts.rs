//! People and their accounts: a way back in, addresses, sessions, the end.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use testkit::smtp::{Mail, Peer, Script};

use crate::kit::{PASSWORD, Person, Place, Server, Team, link_into};

const NEW: &str = "quite another four words";
const PATIENCE: Duration = Duration::from_secs(20);

async fn mailing() -> Result<(Team, Peer)> {
    let peer = Peer::start(Script::accepting()).await;
    Ok((Team::on(Server::mailing(Place::sqlite()?, &peer.url())?)?, peer))
}

/// The link of the newest mail to this address.
async fn link(team: &Team, peer: &Peer, to: &str, folder: &str, mails: usize) -> Result<String> {
    let all = peer.wait_for(mails, PATIENCE).await;
    let mail: &Mail = all.iter().rev().find(|mail| mail.to == [to]).context("no mail to that address")?;
    let link = link_into(folder, &mail.data)?;
    team.server.secret(link.rsplit('/').next().unwrap_or_default());
    Ok(link)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ann_forgets_her_password_and_sets_a_new_one_by_mail() -> Result<()> {
    let (team, peer) = mailing().await?;
    let ann = Person::new().await?;
    ann.open(&team.server.url("/sign-in")).await?;
    ann.click("Forgot your password?").await?;
    ensure!(ann.arrives("/forgot-password").await? == "Forgot your password");
    ann.finds_nothing_wrong("forgot-password").await?;
    ann.fill("E-mail", "ann@hollin.example").await?;
    ann.click("Mail me a link").await?;
    ann.sees("Look into your mail").await?;
    ann.finds_nothing_wrong("forgot-password-sent").await?;
    let link = link(&team, &peer, "ann@hollin.example", "/reset/", 1).await?;
    ann.open(&link).await?;
    ensure!(ann.arrives("/reset").await? == "Set a new password");
    ann.holds("E-mail", "ann@hollin.example").await?;
    ann.fill("New password", "short").await?;
    ann.click("Set password").await?;
    ann.sees("At least 10 characters.").await?;
    ann.finds_nothing_wrong("reset-wrong").await?;
    ann.fill("New password", NEW).await?;
    ann.click("Set password").await?;
    ann.arrives("/sign-in").await?;
    ann.sees("Your new password is set").await?;
    ann.fill("E-mail", "ann@hollin.example").await?;
    ann.fill("Password", NEW).await?;
    ann.click("Sign in").await?;
    ann.arrives("/w/hollin-ash").await?;
    ann.open(&link).await?;
    ann.sees("This link has done its work").await?;
    ann.finds_nothing_wrong("reset-used").await?;
    ann.leaves().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ann_adds_an_address_and_makes_it_the_primary_one() -> Result<()> {
    let (team, peer) = mailing().await?;
    let ann = team.ann_at_a_browser().await?;
    ann.click("AK Ann Keller").await?;
    ann.click("Profile").await?;
    ensure!(ann.arrives("/profile").await? == "Profile");
    ann.finds_nothing_wrong("profile").await?;
    ann.click("Add an address").await?;
    ann.fill("New address", "ann@private.example").await?;
    ann.fill("Your password", PASSWORD).await?;
    ann.click("Mail me the link").await?;
    ann.sees("Waits for you").await?;
    let link = link(&team, &peer, "ann@private.example", "/verify/", 1).await?;
    ann.open(&link).await?;
    ensure!(ann.arrives("/verify").await? == "Confirm your address");
    ann.finds_nothing_wrong("verify").await?;
    ann.click("Confirm").await?;
    ann.arrives("/profile").await?;
    ann.sees("ann@private.example is confirmed").await?;
    ann.click("Make primary: ann@private.example").await?;
    ann.sees("Make this the primary address?").await?;
    ann.finds_nothing_wrong("profile-primary").await?;
    ann.fill("Your password", PASSWORD).await?;
    ann.click("Make primary").await?;
    ann.sees("Mail for you goes to ann@private.example from now on").await?;
    ann.leaves().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lea_ends_her_other_session_and_deletes_her_account() -> Result<()> {
    let team = Team::copying_links()?;
    let invited = team.invited("hollin-ash", "lea@hollin.example").await?;
    team.joins(&invited.link, "Lea Fournier").await?;
    let (here, there) = (Person::new().await?, Person::new().await?);
    for lea in [&here, &there] {
        lea.signs_in(&team.server.url("/sign-in"), "lea@hollin.example").await?;
        lea.arrives("/w/hollin-ash").await?;
    }
    here.open(&team.server.url("/profile")).await?;
    here.sees("This one").await?;
    here.click("End all others").await?;
    here.sees("sessions ended").await?;
    there.open(&team.server.url("/w/hollin-ash")).await?;
    there.arrives("/sign-in").await?;
    here.click("Delete my account").await?;
    here.fill("Your primary address, to confirm", "lea@hollin.example").await?;
    here.finds_nothing_wrong("profile-deletion").await?;
    here.fill("Your password", PASSWORD).await?;
    here.click("Delete account").await?;
    here.arrives("/sign-in").await?;
    here.sees("Your account is deleted").await?;
    here.signs_in(&team.server.url("/sign-in"), "lea@hollin.example").await?;
    here.sees("No account has this address and password.").await?;
    there.leaves().await?;
    here.leaves().await
}
