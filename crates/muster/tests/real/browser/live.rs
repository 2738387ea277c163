//! Pages that stay true while one looks at them.

use anyhow::{Result, ensure};
use serde_json::json;
use testkit::smtp::{Peer, Script};

use crate::{
    kit::{Person, Server, Team},
    on_both_engines,
};

on_both_engines! {
    the_open_users_page_shows_that_a_mail_was_sent_and_keeps_what_is_typed(place) {
        let peer = Peer::start(Script::accepting()).await;
        let team = Team::on(Server::mailing(place, &peer.url())?)?;
        let ann = at_the_users_page(&team).await?;
        ann.press("i").await?;
        ann.is_at("E-mail addresses").await?;
        ann.press("half-typ").await?;
        team.invited("hollin-ash", "lea@hollin.example").await?;
        ann.sees_in("invitations-list", "Sent").await?;
        let row = ann.sees_in("invitations-list", "lea@hollin.example").await?;
        ensure!(row.contains("Tester"), "{row}");
        ann.is_at("E-mail addresses").await?;
        ann.press("ed").await?;
        ann.finds("document.querySelector('.addresses textarea').value", &json!("half-typed")).await?;
        still_the_same_page(&ann).await?;
        ann.finds_nothing_wrong("live").await?;
        ann.leaves().await
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_who_joins_appears_and_the_new_row_is_told_to_readers() -> Result<()> {
    let team = Team::copying_links()?;
    let lea = team.invited("hollin-ash", "lea@hollin.example").await?;
    let ann = at_the_users_page(&team).await?;
    let other = at_the_users_page(&team).await?;
    team.joins(&lea.link, "Lea Fournier").await?;
    for person in [&ann, &other] {
        person.sees_in("members-list", "Lea Fournier").await?;
        person.sees_in("invitations-list", "Nobody is waiting").await?;
        still_the_same_page(person).await?;
    }
    ann.finds("document.querySelector('[data-news]').textContent", &json!("Updated: Lea Fournier")).await?;
    ann.leaves().await?;
    other.leaves().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_restarts_is_told_calmly_and_the_page_catches_up() -> Result<()> {
    let mut team = Team::copying_links()?;
    let ann = at_the_users_page(&team).await?;
    team.server.stop()?;
    ann.sees("Connection lost, retrying").await?;
    if let Some(folder) = std::env::var_os("MUSTER_SCREENSHOTS") {
        ann.screenshot(std::path::PathBuf::from(folder).join("live-lost.png")).await?;
    }
    team.server.resume()?;
    team.invited("hollin-ash", "lea@hollin.example").await?;
    ann.sees_in("invitations-list", "lea@hollin.example").await?;
    ann.loses("Connection lost").await?;
    still_the_same_page(&ann).await
}

async fn at_the_users_page(team: &Team) -> Result<Person> {
    let ann = team.ann_at_a_browser().await?;
    ann.open(&team.server.url("/w/hollin-ash/settings/users")).await?;
    ann.sees("Members").await?;
    ann.execute("window.untouched = true", Vec::new()).await?;
    Ok(ann)
}

async fn still_the_same_page(ann: &Person) -> Result<()> {
    let untouched = ann.execute("return window.untouched === true", Vec::new()).await?;
    ensure!(untouched.json() == &json!(true), "the page was loaded anew");
    Ok(())
}
