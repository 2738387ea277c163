//! A tester's hour: folders and cases from the keyboard, steps from a spreadsheet, what was moved and taken back,
//! what was reviewed, and a version that comes again.

use anyhow::{Result, ensure};
use serde_json::json;
use testkit::browser::Look;
use thirtyfour::{By, Key};

use crate::kit::{Person, Team};

const CASES: &str = "/w/hollin-ash/p/WEB";
const CALL: &str = "/api/v1/workspaces/hollin-ash/projects/WEB/cases/1";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_testers_hour() -> Result<()> {
    let team = Team::copying_links()?;
    let tess = tess_at_a_browser(&team, Look::desktop()).await?;
    makes_a_folder_from_the_keyboard(&tess).await?;
    writes_titles_one_after_the_other(&tess).await?;
    pastes_steps_from_a_spreadsheet(&tess, &team).await?;
    moves_a_case_and_takes_it_back(&tess).await?;
    asks_for_a_review(&tess, &team).await?;
    ann_says_it_is_ready(&team).await?;
    brings_the_first_version_back(&tess, &team).await?;
    tess.leaves().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_core_of_it_without_scripts() -> Result<()> {
    let team = Team::copying_links()?;
    let tess = tess_at_a_browser(&team, Look::desktop().without_scripts()).await?;
    tess.click("Folder").await?;
    tess.fill("New folder in it", "Checkout").await?;
    tess.click("Make folder").await?;
    tess.sees("Folder Checkout made").await?;
    tess.fill("Title of a new case", "Redeem a gift card").await?;
    tess.click("Add").await?;
    tess.sees("WEB-1").await?;
    tess.click("Redeem a gift card").await?;
    tess.click("Edit").await?;
    tess.fill("Step 1", "Open the basket").await?;
    tess.fill("Expected after step 1", "The field is shown").await?;
    tess.finds_nothing_wrong("hour-edit-without-scripts").await?;
    tess.click("Save").await?;
    tess.sees("The field is shown").await?;
    tess.open(&team.server.url(CASES)).await?;
    tess.find(By::Css("td.pick input")).await?.click().await?;
    tess.click("Move").await?;
    tess.click("Checkout 0 cases").await?;
    tess.click("Move into Checkout").await?;
    tess.sees("1 case moved to Checkout").await?;
    tess.click("Undo").await?;
    tess.sees("1 case is as before").await?;
    tess.leaves().await
}

async fn tess_at_a_browser(team: &Team, look: Look) -> Result<Person> {
    let invited = team.invited("hollin-ash", "tess@hollin.example").await?;
    team.joins(&invited.link, "Tess Vogel").await?;
    let tess = Person::with(look).await?;
    tess.signs_in(&team.server.url("/sign-in"), "tess@hollin.example").await?;
    tess.arrives("/w/hollin-ash").await?;
    tess.click("Web shop").await?;
    tess.arrives(CASES).await?;
    Ok(tess)
}

async fn makes_a_folder_from_the_keyboard(tess: &Person) -> Result<()> {
    tess.press("f").await?;
    tess.is_at("New folder in it").await?;
    tess.press("Checkout").await?;
    tess.press(Key::Enter).await?;
    tess.sees("Folder Checkout made").await
}

async fn writes_titles_one_after_the_other(tess: &Person) -> Result<()> {
    tess.press("c").await?;
    for (n, title) in ["Redeem a gift card", "Pay the rest by card", "Refuse an expired card"].iter().enumerate() {
        tess.is_at("Title of a new case").await?;
        tess.holds("Title of a new case", "").await?;
        tess.press(*title).await?;
        tess.press(Key::Enter).await?;
        tess.sees(&format!("WEB-{}", n + 1)).await?;
    }
    tess.looks_well("hour-1-titles").await
}

async fn pastes_steps_from_a_spreadsheet(tess: &Person, team: &Team) -> Result<()> {
    tess.click("Redeem a gift card").await?;
    tess.arrives("/w/hollin-ash/p/WEB/cases/1").await?;
    tess.press("e").await?;
    tess.arrives("/w/hollin-ash/p/WEB/cases/1/edit").await?;
    tess.fill("Step 1", "").await?;
    tess.paste("Open the basket\tThe field is shown\nType the code\tThe sum is less\n").await?;
    tess.holds("Step 2", "Type the code").await?;
    tess.press(Key::Control + Key::Enter).await?;
    tess.is_at("Step 3").await?;
    tess.press("Pay").await?;
    team.ann.reads(CALL, "/steps/2/action", &json!("Pay")).await?;
    tess.sees("Saved").await?;
    tess.looks_well("hour-2-steps").await?;
    tess.click("Save").await?;
    tess.arrives("/w/hollin-ash/p/WEB/cases/1").await?;
    tess.looks_well("hour-3-case").await
}

async fn moves_a_case_and_takes_it_back(tess: &Person) -> Result<()> {
    tess.click("Web shop").await?;
    tess.arrives(CASES).await?;
    tess.press("j").await?;
    tess.press("x").await?;
    tess.click("Move").await?;
    tess.sees("Moving 1 case.").await?;
    tess.click("Checkout 0 cases").await?;
    tess.click("Move into Checkout").await?;
    tess.sees("1 case moved to Checkout").await?;
    tess.looks_well("hour-4-moved").await?;
    tess.click("Undo").await?;
    tess.sees("1 case is as before").await
}

async fn asks_for_a_review(tess: &Person, team: &Team) -> Result<()> {
    tess.open(&team.server.url(&format!("{CASES}/cases/1"))).await?;
    tess.choose("Who is to review it", "Ann Keller").await?;
    tess.click("Ask for review").await?;
    tess.sees("WEB-1 is in review").await
}

async fn ann_says_it_is_ready(team: &Team) -> Result<()> {
    let ann = team.ann_at_a_browser().await?;
    ann.sees("Tess Vogel asks for a review").await?;
    ann.click("Redeem a gift card").await?;
    ann.click("Mark as ready").await?;
    ann.sees("WEB-1 is ready").await?;
    ann.leaves().await
}

async fn brings_the_first_version_back(tess: &Person, team: &Team) -> Result<()> {
    tess.press("e").await?;
    tess.arrives("/w/hollin-ash/p/WEB/cases/1/edit").await?;
    tess.fill("Step 1", "Close the basket").await?;
    team.ann.reads(CALL, "/steps/0/action", &json!("Close the basket")).await?;
    tess.click("Save").await?;
    tess.arrives("/w/hollin-ash/p/WEB/cases/1").await?;
    tess.click("Versions 2").await?;
    tess.arrives("/w/hollin-ash/p/WEB/cases/1/versions").await?;
    tess.click("2").await?;
    tess.sees("Changes").await?;
    tess.looks_well("hour-5-changes").await?;
    tess.open(&team.server.url(&format!("{CASES}/cases/1/versions/1"))).await?;
    tess.click("Restore this version").await?;
    tess.sees("The case says again what it said in version 1").await?;
    let case = team.ann.get(CALL).await?.is(200).json();
    ensure!(case["steps"][0]["action"] == json!("Open the basket") && case["version"] == json!(3), "{case}");
    Ok(())
}
