//! Typing into the dialog: keys among the addresses, and that nothing typed is lost.

use anyhow::{Result, ensure};
use serde_json::json;
use thirtyfour::Key;

use crate::kit::{Person, Team};

const DRAFTS: &str = "Object.keys(localStorage).filter((key) => key.startsWith('muster:draft:')).length";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn arrows_walk_through_the_addresses_enter_edits_and_backspace_takes_out() -> Result<()> {
    let team = Team::copying_links()?;
    let ann = team.ann_at_a_browser().await?;
    opens_the_dialog(&ann, &team).await?;
    ann.paste("lea@hollin.example, bo@hollin.example, kim@hollin.example").await?;
    ann.sees("3 to invite.").await?;
    ann.press(Key::Left).await?;
    ann.is_at("kim@hollin.example").await?;
    ann.press(Key::Left).await?;
    ann.press(Key::Backspace).await?;
    ann.sees("2 to invite.").await?;
    ann.is_at("kim@hollin.example").await?;
    ann.press(Key::Home).await?;
    ann.press(Key::Enter).await?;
    ann.is_at("E-mail addresses").await?;
    ann.press(".au ").await?;
    ann.sees("lea@hollin.example.au").await?;
    ann.sees("2 to invite.").await?;
    ann.finds_nothing_wrong("dialog-edited").await?;
    ann.leaves().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_bad_character_is_marked_and_a_slip_is_offered_its_mending() -> Result<()> {
    let team = Team::copying_links()?;
    let ann = team.ann_at_a_browser().await?;
    opens_the_dialog(&ann, &team).await?;
    ann.paste("ruth@hollin,example kim@gmial.com").await?;
    ann.sees("1 to invite, 1 to skip.").await?;
    ann.finds("document.querySelector('.chip mark')?.textContent", &json!(",")).await?;
    ann.click("Use kim@gmail.com").await?;
    ann.sees("kim@gmail.com").await?;
    ann.loses("Use kim@gmail.com").await?;
    ann.leaves().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_click_counts_while_the_last_address_is_still_being_typed() -> Result<()> {
    let team = Team::copying_links()?;
    let ann = team.ann_at_a_browser().await?;
    opens_the_dialog(&ann, &team).await?;
    ann.press("kim@gmial.com").await?;
    ann.sees("Looks like a slip of the finger.").await?;
    ann.click("Use kim@gmail.com").await?;
    ann.sees("1 to invite.").await?;
    ann.loses("Use kim@gmail.com").await?;
    ann.leaves().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deactivated_member_is_let_in_again_from_the_list() -> Result<()> {
    let team = Team::copying_links()?;
    let lea = team.invited("hollin-ash", "lea@hollin.example").await?;
    team.joins(&lea.link, "Lea Fournier").await?;
    let members = team.ann.get("/api/v1/workspaces/hollin-ash/members").await?.is(200).json();
    let items = members["items"].as_array().cloned().unwrap_or_default();
    let lea = items.iter().find(|row| row["email"] == "lea@hollin.example").map(|row| row["id"].clone());
    let path =
        format!("/api/v1/workspaces/hollin-ash/members/{}", lea.unwrap_or_default().as_str().unwrap_or_default());
    team.ann.post(&format!("{path}/deactivation"), json!({})).await?.is(204);
    let ann = team.ann_at_a_browser().await?;
    opens_the_dialog(&ann, &team).await?;
    ann.paste("lea@hollin.example").await?;
    ann.sees("A deactivated member. Reactivate instead.").await?;
    ann.click("Reactivate lea@hollin.example").await?;
    ann.sees("Already a member.").await?;
    team.ann.reads(&path, "/status", &json!("active")).await?;
    ann.leaves().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_typed_survives_a_reload_and_a_sign_out_and_ends_with_sending() -> Result<()> {
    let team = Team::copying_links()?;
    let ann = team.ann_at_a_browser().await?;
    opens_the_dialog(&ann, &team).await?;
    fills_everything(&ann).await?;
    ann.refresh().await?;
    ann.press("i").await?;
    shows_everything(&ann).await?;
    ann.press(Key::Escape).await?;
    ann.click("AK Ann Keller").await?;
    ann.click("Sign out").await?;
    ann.sees("You are signed out").await?;
    team.is_signed_in(&ann).await?;
    opens_the_dialog(&ann, &team).await?;
    shows_everything(&ann).await?;
    ann.finds_nothing_wrong("dialog-restored").await?;
    ann.click("Send Invite").await?;
    ann.sees("1 invited").await?;
    ann.refresh().await?;
    ann.press("i").await?;
    ann.sees("Invite Team").await?;
    ann.holds("Message optional", "").await?;
    ensure!(!ann.text().await?.contains("lea@hollin.example"));
    ann.leaves().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_else_finds_the_draft_and_who_signs_out_erases_those_of_others() -> Result<()> {
    let team = Team::copying_links()?;
    let lea = team.invited_as("manager", "hollin-ash", "lea@hollin.example").await?;
    team.joins(&lea.link, "Lea Fournier").await?;
    let ann = team.ann_at_a_browser().await?;
    opens_the_dialog(&ann, &team).await?;
    ann.paste("secret.hire@hollin.example").await?;
    ann.sees("1 to invite.").await?;
    ann.press(Key::Escape).await?;
    ann.click("AK Ann Keller").await?;
    ann.click("Sign out").await?;
    ann.sees("You are signed out").await?;
    ann.signs_in(&team.server.url("/sign-in"), "lea@hollin.example").await?;
    ann.arrives("/w/hollin-ash").await?;
    opens_the_dialog(&ann, &team).await?;
    ensure!(!ann.text().await?.contains("secret.hire"));
    ann.press(Key::Escape).await?;
    ann.finds(DRAFTS, &json!(1)).await?;
    ann.click("LF Lea Fournier").await?;
    ann.click("Sign out").await?;
    ann.sees("You are signed out").await?;
    ann.finds(DRAFTS, &json!(0)).await?;
    ann.leaves().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_double_click_sends_once() -> Result<()> {
    let team = Team::copying_links()?;
    let ann = team.ann_at_a_browser().await?;
    opens_the_dialog(&ann, &team).await?;
    ann.paste("lea@hollin.example").await?;
    ann.sees("1 to invite.").await?;
    let twice = "const send = document.querySelector('dialog:modal [data-send]'); send.click(); send.click();";
    ann.execute(twice, Vec::new()).await?;
    ann.sees("1 invited").await?;
    ensure!(!ann.text().await?.contains("skipped"));
    let open = team.ann.get("/api/v1/workspaces/hollin-ash/invitations?state=open").await?.is(200).json();
    ensure!(open["items"].as_array().map(Vec::len) == Some(1));
    ann.leaves().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_role_on_a_project_that_adds_nothing_is_told() -> Result<()> {
    let team = Team::copying_links()?;
    let ann = team.ann_at_a_browser().await?;
    opens_the_dialog(&ann, &team).await?;
    ann.paste("lea@hollin.example").await?;
    ann.click("All, and more in some").await?;
    ann.click("WEB Web shop").await?;
    ann.sees("Tester on WEB: adds nothing to the role above.").await?;
    ann.choose("Role in Web shop", "Manager").await?;
    ann.loses("adds nothing").await?;
    ann.leaves().await
}

async fn fills_everything(ann: &Person) -> Result<()> {
    ann.paste("lea@hollin.example").await?;
    ann.sees("1 to invite.").await?;
    ann.fill("Message optional", "Start with the web shop.").await?;
    ann.choose("Role", "Manager").await?;
    ann.fill("Link valid", "30").await?;
    ann.click("Only these").await?;
    ann.click("WEB Web shop").await?;
    ann.choose("Role in Web shop", "Read Only").await
}

async fn shows_everything(ann: &Person) -> Result<()> {
    ann.sees("lea@hollin.example").await?;
    ann.holds("Message optional", "Start with the web shop.").await?;
    ann.has_chosen("Role", "Manager").await?;
    ann.holds("Link valid", "30").await?;
    ann.has_chosen("Role in Web shop", "Read Only").await?;
    ann.sees("1 to invite.").await
}

async fn opens_the_dialog(ann: &Person, team: &Team) -> Result<()> {
    ann.open(&team.server.url("/w/hollin-ash/settings/users")).await?;
    ann.press("i").await?;
    ann.sees("Invite Team").await?;
    ann.is_at("E-mail addresses").await
}
