//! Everything without a mouse.

use anyhow::{Result, ensure};
use thirtyfour::Key;

use crate::kit::{Person, Team};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_people_are_invited_without_a_mouse() -> Result<()> {
    let team = Team::copying_links()?;
    let ann = team.ann_at_a_browser().await?;
    ann.press("i").await?;
    ann.arrives("/w/hollin-ash/settings/users").await?;
    ann.press("i").await?;
    ann.sees("Invite Team").await?;
    ann.is_at("E-mail addresses").await?;
    ann.paste("lea@hollin.example, bo@hollin.example, kim@hollin.example").await?;
    ann.sees("3 to invite").await?;
    ann.press(Key::Control + Key::Enter).await?;
    ann.sees("3 invited").await?;
    ann.leaves().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tab_walks_through_the_dialog_in_the_order_one_reads() -> Result<()> {
    let team = Team::copying_links()?;
    let ann = team.ann_at_a_browser().await?;
    opens_the_dialog(&ann, &team).await?;
    let order = [
        "Add a CSV file",
        "Template",
        "Columns",
        "Message optional",
        "Role",
        "What each role can do",
        "All open projects",
        "Link valid",
        "Cancel",
        "Send Invite",
    ];
    for label in order {
        ann.tab().await?;
        ann.is_at(label).await?;
    }
    ann.leaves().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn escape_closes_gives_the_focus_back_and_loses_nothing() -> Result<()> {
    let team = Team::copying_links()?;
    let ann = team.ann_at_a_browser().await?;
    opens_the_dialog(&ann, &team).await?;
    ann.press("lea@hollin.example, half-typ").await?;
    ann.press(Key::Escape).await?;
    ann.sees("Members").await?;
    ann.is_at("Invite Users").await?;
    ann.refresh().await?;
    ann.press("i").await?;
    ann.sees("lea@hollin.example").await?;
    ann.sees("half-typ").await?;
    ann.leaves().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_keys_are_listed_and_can_be_switched_off() -> Result<()> {
    let team = Team::copying_links()?;
    let ann = team.ann_at_a_browser().await?;
    ann.press("?").await?;
    ann.sees("Keyboard shortcuts").await?;
    ann.finds_nothing_wrong("keys").await?;
    ann.click("Letters act as shortcuts when you are not typing").await?;
    ann.press(Key::Escape).await?;
    ann.press("i").await?;
    ann.press(Key::Control + "k").await?;
    ann.sees("Pages and actions").await?;
    ensure!(ann.arrives("/w/hollin-ash").await? == "Dashboard");
    ann.leaves().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn letters_lead_to_pages_and_through_the_rows_of_a_table() -> Result<()> {
    let team = Team::copying_links()?;
    let lea = team.invited("hollin-ash", "lea@hollin.example").await?;
    team.joins(&lea.link, "Lea Fournier").await?;
    let ann = team.ann_at_a_browser().await?;
    ann.press("gp").await?;
    ensure!(ann.arrives("/w/hollin-ash/settings/projects").await? == "Projects");
    ann.press("gs").await?;
    ensure!(ann.arrives("/w/hollin-ash/settings/users").await? == "Users");
    ann.press("j").await?;
    ann.is_at("Ann Keller").await?;
    ann.press(Key::Down).await?;
    ann.is_at("Lea Fournier").await?;
    ann.press("k").await?;
    ann.is_at("Ann Keller").await?;
    ann.press("gd").await?;
    ensure!(ann.arrives("/w/hollin-ash").await? == "Dashboard");
    ann.leaves().await
}

async fn opens_the_dialog(ann: &Person, team: &Team) -> Result<()> {
    ann.open(&team.server.url("/w/hollin-ash/settings/users")).await?;
    ann.press("i").await?;
    ann.sees("Invite Team").await?;
    ann.is_at("E-mail addresses").await
}
