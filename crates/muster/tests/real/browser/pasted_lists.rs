//! Lists as people paste them, with pieces that are no addresses.

use anyhow::{Result, ensure};
use serde_json::json;
use testkit::browser::Look;

use crate::kit::{Person, Team};

const MIXED: &str = "lea@hollin.example; Bo Lind <bo@hollin.example>\nLEA@hollin.example, ruth@hollin,example";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_bad_piece_is_named_while_typing_and_the_good_ones_go() -> Result<()> {
    let team = Team::copying_links()?;
    let ann = team.ann_at_a_browser().await?;
    opens_the_dialog(&ann, &team).await?;
    ann.paste(MIXED).await?;
    ann.sees("2 to invite, 1 to skip, 1 repeat merged.").await?;
    ann.sees("ruth@hollin,example").await?;
    ann.is_offered("Use ruth@hollin.example").await?;
    ann.is_offered("Invite 2, skip 1").await?;
    ann.finds("document.querySelectorAll('.addresses li').length >= 3", &json!(true)).await?;
    ann.finds_nothing_wrong("dialog-with-a-bad-piece").await?;
    ann.click("Invite 2, skip 1").await?;
    ann.sees("2 invited, 1 skipped").await?;
    for piece in ["lea@hollin.example", "Bo Lind <bo@hollin.example>", "LEA@hollin.example", "ruth@hollin,example"] {
        ann.sees(piece).await?;
    }
    ann.finds_nothing_wrong("batch-with-a-bad-piece").await?;
    ann.leaves().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_suggestion_is_taken_with_one_click() -> Result<()> {
    let team = Team::copying_links()?;
    let ann = team.ann_at_a_browser().await?;
    opens_the_dialog(&ann, &team).await?;
    ann.paste(MIXED).await?;
    ann.click("Use ruth@hollin.example").await?;
    ann.sees("3 to invite, 1 repeat merged.").await?;
    ann.click("Send Invite").await?;
    ann.sees("3 invited").await?;
    ensure!(!ann.text().await?.contains("skipped"));
    ann.leaves().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_list_without_any_good_piece_comes_back_as_it_was() -> Result<()> {
    let team = Team::copying_links()?;
    let ann = team.ann_at_a_browser().await?;
    opens_the_dialog(&ann, &team).await?;
    ann.paste("nonsense, ruth@hollin,example").await?;
    ann.sees("0 to invite, 2 to skip.").await?;
    ann.click("Send Invite").await?;
    ann.sees("None of these addresses could be invited. Each says why.").await?;
    ann.sees("Invite Team").await?;
    ann.sees("ruth@hollin,example").await?;
    ann.click("Edit as text").await?;
    ann.holds("E-mail addresses", "nonsense, ruth@hollin,example").await?;
    ann.finds_nothing_wrong("dialog-refused").await?;
    ann.fill("E-mail addresses", "ruth@hollin.example").await?;
    ann.click("Send Invite").await?;
    ann.sees("1 invited").await?;
    ann.leaves().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_scripts_the_list_comes_back_with_each_bad_piece_named() -> Result<()> {
    let team = Team::copying_links()?;
    let ann = Person::with(Look::desktop().without_scripts()).await?;
    team.is_signed_in(&ann).await?;
    ann.open(&team.server.url("/w/hollin-ash/settings/users/invite")).await?;
    ann.fill("E-mail addresses", "nonsense, ruth@hollin,example").await?;
    ann.choose("Role", "Manager").await?;
    ann.click("Send Invite").await?;
    ann.sees("None of these addresses could be invited. Each says why.").await?;
    ann.holds("E-mail addresses", "nonsense, ruth@hollin,example").await?;
    ann.has_chosen("Role", "Manager").await?;
    ann.sees("Did you mean ruth@hollin.example?").await?;
    ann.finds_nothing_wrong("page-refused").await?;
    ann.leaves().await
}

async fn opens_the_dialog(ann: &Person, team: &Team) -> Result<()> {
    ann.open(&team.server.url("/w/hollin-ash/settings/users")).await?;
    ann.click("Invite Users").await?;
    ann.sees("Invite Team").await?;
    ann.is_at("E-mail addresses").await
}
