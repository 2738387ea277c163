//! Pages that stay true while one looks at them.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
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
        ann.sees("Invite Team").await?;
        ann.press("half-typ").await?;
        team.invited("hollin-ash", "lea@hollin.example").await?;
        listed(&ann, "invitations-list", "Sent").await?;
        let row = listed(&ann, "invitations-list", "lea@hollin.example").await?;
        ensure!(row.contains("Tester"), "{row}");
        ensure!(ann.focus().await? == "E-mail addresses", "the cursor is at {:?}", ann.focus().await?);
        ann.press("ed").await?;
        let typed = ann.execute("return document.querySelector('.addresses textarea').value", Vec::new()).await?;
        ensure!(typed.json() == "half-typed", "{:?}", typed.json());
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
        listed(person, "members-list", "Lea Fournier").await?;
        listed(person, "invitations-list", "Nobody is waiting").await?;
        still_the_same_page(person).await?;
    }
    let news = ann.execute("return document.querySelector('[data-news]').textContent", Vec::new()).await?;
    ensure!(news.json() == "Updated: Lea Fournier", "{:?}", news.json());
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
    listed(&ann, "invitations-list", "lea@hollin.example").await?;
    for _ in 0..100 {
        if !ann.text().await?.contains("Connection lost") {
            return still_the_same_page(&ann).await;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    anyhow::bail!("the trouble is still told of")
}

async fn at_the_users_page(team: &Team) -> Result<Person> {
    let ann = team.ann_at_a_browser().await?;
    ann.open(&team.server.url("/w/hollin-ash/settings/users")).await?;
    ann.sees("Members").await?;
    ann.execute("window.untouched = true", Vec::new()).await?;
    Ok(ann)
}

/// Waits until a part of the page holds these words, whatever lies above it; gives its text.
async fn listed(ann: &Person, part: &str, words: &str) -> Result<String> {
    let mut text = Value::Null;
    for _ in 0..400 {
        let script = "return document.getElementById(arguments[0]).innerText";
        text = ann.execute(script, vec![json!(part)]).await?.json().clone();
        if text.as_str().is_some_and(|text| text.contains(words)) {
            return Ok(text.as_str().unwrap_or_default().to_owned());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    None.with_context(|| format!("{words:?} is not in {part}, but {text}"))
}

async fn still_the_same_page(ann: &Person) -> Result<()> {
    let untouched = ann.execute("return window.untouched === true", Vec::new()).await?;
    ensure!(untouched.json() == &json!(true), "the page was loaded anew");
    Ok(())
}
