//! Finding people, pages and actions by a few letters.

use anyhow::{Result, ensure};
use serde_json::json;
use testkit::browser::Look;
use thirtyfour::Key;

use crate::kit::{Person, Team};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_person_is_found_and_opened_without_a_mouse_and_stands_first_next_time() -> Result<()> {
    let team = Team::copying_links()?;
    let lea = team.invited("hollin-ash", "lea@hollin.example").await?;
    team.joins(&lea.link, "Lea Fournier").await?;
    let ann = team.ann_at_a_browser().await?;
    asks(&ann, "Pages and actions").await?;
    ann.finds_nothing_wrong("palette").await?;
    ann.press("fou le").await?;
    ann.sees("lea@hollin.example").await?;
    ann.finds_nothing_wrong("palette-found").await?;
    let found = team.ann.get("/api/v1/workspaces/hollin-ash/search?q=fou").await?.is(200).json();
    ann.press(Key::Enter).await?;
    let member = format!("/w/hollin-ash/members/{}", found["items"][0]["id"].as_str().unwrap_or_default());
    ensure!(ann.arrives(&member).await?.contains("Lea Fournier"));
    asks(&ann, "Recent").await?;
    ann.press("dashb").await?;
    ann.sees("1 found").await?;
    ann.press(Key::Enter).await?;
    ann.arrives("/w/hollin-ash").await?;
    asks(&ann, "Recent").await?;
    ann.press(Key::Escape).await?;
    ann.click("AK Ann Keller").await?;
    ann.click("Sign out").await?;
    ann.arrives("/sign-in").await?;
    ann.finds("Object.keys(localStorage).filter((key) => key.includes('recent'))", &json!([])).await?;
    ann.leaves().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_theme_is_chosen_and_stays_over_pages_and_visits() -> Result<()> {
    let team = Team::copying_links()?;
    let ann = team.ann_at_a_browser().await?;
    asks(&ann, "Pages and actions").await?;
    ann.press("dark").await?;
    ann.sees("Dark theme").await?;
    ann.press(Key::Enter).await?;
    ann.shows_theme("dark").await?;
    ann.open(&team.server.url("/w/hollin-ash/settings/users")).await?;
    ann.shows_theme("dark").await?;
    ann.open(&team.server.url("/w/hollin-ash")).await?;
    ann.click("AK Ann Keller").await?;
    ann.finds_nothing_wrong("theme-menu").await?;
    ann.click("System").await?;
    ann.shows_theme("system").await?;
    ann.leaves().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_scripts_search_is_a_page() -> Result<()> {
    let team = Team::copying_links()?;
    let ann = Person::with(Look::desktop().without_scripts()).await?;
    team.is_signed_in(&ann).await?;
    ann.click("Search").await?;
    ensure!(ann.arrives("/w/hollin-ash/search").await? == "Search");
    ann.fill("Search", "web").await?;
    ann.press(Key::Enter).await?;
    ann.sees("Web shop").await?;
    ann.finds_nothing_wrong("search").await?;
    ann.leaves().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_phone_the_palette_is_the_screen() -> Result<()> {
    let team = Team::copying_links()?;
    let ann = Person::with(Look::phone().dark()).await?;
    team.is_signed_in(&ann).await?;
    ann.click("Open navigation").await?;
    ann.click("Search").await?;
    ann.sees("Pages and actions").await?;
    ann.finds_nothing_wrong("palette-phone").await?;
    ann.click("Close").await?;
    ann.leaves().await
}

/// Opens the palette, which begins with these words.
async fn asks(ann: &Person, words: &str) -> Result<()> {
    ann.press(Key::Control + "k").await?;
    ann.sees(words).await?;
    ann.is_at("Search cases, people, projects and settings").await
}
