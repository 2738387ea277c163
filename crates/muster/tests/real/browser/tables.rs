//! Tables of recipients: a file chosen or dropped, a thousand rows, and all of it without scripts.

use std::fs;

use anyhow::{Result, ensure};
use serde_json::json;
use tempfile::TempDir;
use testkit::browser::Look;
use thirtyfour::By;

use crate::kit::{Person, Team};

const TABLE: &str = "address;name;role;expires_in_days\r\n\
    lea@hollin.example;Lea Fournier;Manager;14\r\n\
    bo@hollin.example;;;\r\n\
    ruth@hollin,example;;;\r\n\
    kim@hollin.example;;boss;\r\n";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dropped_file_shows_each_row_with_its_own_values_and_what_is_wrong_by_row() -> Result<()> {
    let team = Team::copying_links()?;
    let ann = team.ann_at_a_browser().await?;
    opens_the_dialog(&ann, &team).await?;
    drops(&ann, TABLE).await?;
    ann.sees("2 to invite, 2 to skip.").await?;
    for words in
        ["Lea Fournier", "Manager", "14 days", "Row 4: A comma where a dot should be", "Row 5: There is no role"]
    {
        ann.sees(words).await?;
    }
    ann.finds_nothing_wrong("dialog-with-a-table").await?;
    ann.click("Use ruth@hollin.example").await?;
    ann.sees("3 to invite, 1 to skip.").await?;
    ann.click("Leave out kim@hollin.example").await?;
    ann.sees("3 to invite.").await?;
    ann.click("Send Invite").await?;
    ann.sees("3 invited").await?;
    ann.sees("Lea Fournier").await?;
    ann.leaves().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_address_typed_beside_a_table_stays_out_of_it() -> Result<()> {
    let team = Team::copying_links()?;
    let ann = team.ann_at_a_browser().await?;
    opens_the_dialog(&ann, &team).await?;
    drops(&ann, "name,address\nLea,lea@hollin.example\n").await?;
    ann.sees("1 to invite.").await?;
    ann.press("zoe@hollin.example ").await?;
    ann.sees("2 to invite.").await?;
    ann.leaves().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_is_no_text_says_so() -> Result<()> {
    let team = Team::copying_links()?;
    let ann = team.ann_at_a_browser().await?;
    opens_the_dialog(&ann, &team).await?;
    drops(&ann, "PK\u{0}\u{3}").await?;
    ann.sees("team.csv is no text. Save it as CSV first.").await?;
    ann.leaves().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_rows_are_a_calm_summary_and_a_folded_result() -> Result<()> {
    let team = Team::copying_links()?;
    let ann = team.ann_at_a_browser().await?;
    opens_the_dialog(&ann, &team).await?;
    let rows = (0..980).map(|n| format!("p{n}@hollin.example,Person {n}\n"));
    let bad = (0..20).map(|n| format!("odd{n}@hollin,\n"));
    drops(&ann, &format!("address,name\n{}{}", rows.collect::<String>(), bad.collect::<String>())).await?;
    ann.sees("980 to invite, 20 to skip.").await?;
    ann.sees("980 will be invited").await?;
    ann.finds("document.querySelectorAll('.addresses .chip').length", &json!(0)).await?;
    ann.finds_nothing_wrong("dialog-with-a-thousand").await?;
    ann.fill("Find among the 20 to look at", "odd17").await?;
    ann.sees("odd17@hollin").await?;
    ann.loses("odd16@hollin").await?;
    ann.click("Invite 980, skip 20").await?;
    ann.sees("980 invited, 20 skipped").await?;
    eprintln!("980 invited, 20 skipped: answered after {:.0} ms", took(&ann, "/w/hollin-ash/invitations").await?);
    ann.click("All 980 addresses").await?;
    ann.fill("Find among those invited", "p979@").await?;
    ann.sees("p979@hollin.example").await?;
    ann.finds_nothing_wrong("batch-of-a-thousand").await?;
    ann.leaves().await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_scripts_a_file_is_checked_and_sent_and_all_links_are_copied() -> Result<()> {
    let team = Team::copying_links()?;
    let ann = Person::with(Look::desktop().without_scripts()).await?;
    team.is_signed_in(&ann).await?;
    let folder = TempDir::new()?;
    let file = folder.path().join("team.csv");
    fs::write(&file, TABLE)?;
    ann.open(&team.server.url("/w/hollin-ash/settings/users/invite")).await?;
    ann.fill("E-mail addresses", "zoe@hollin.example").await?;
    ann.find(By::Css("input[type=file]")).await?.send_keys(file.to_string_lossy()).await?;
    ann.click("Check").await?;
    ann.sees("3 to invite, 2 to skip.").await?;
    ann.sees("Row 5: There is no role").await?;
    ann.finds_nothing_wrong("page-checked").await?;
    ann.click("Invite 3, skip 2").await?;
    ann.sees("3 invited, 2 skipped").await?;
    ann.finds_nothing_wrong("batch-without-scripts").await?;
    ann.click("Copy all links").await?;
    ann.sees("3 links").await?;
    let links = ann.reads("Address and link, one line each").await?;
    ensure!(links.lines().count() == 3 && links.starts_with("zoe@hollin.example\t"), "{links}");
    for link in links.lines() {
        team.server.secret(link.rsplit('/').next().unwrap_or_default());
    }
    ann.finds_nothing_wrong("copied-links-page").await?;
    ann.click("Back to users").await?;
    ann.arrives("/w/hollin-ash/settings/users").await?;
    ann.leaves().await
}

async fn opens_the_dialog(ann: &Person, team: &Team) -> Result<()> {
    ann.open(&team.server.url("/w/hollin-ash/settings/users")).await?;
    ann.click("Invite Users").await?;
    ann.sees("Invite Team").await?;
    ann.is_at("E-mail addresses").await
}

/// Drops a file with this text onto the dialog.
async fn drops(ann: &Person, text: &str) -> Result<()> {
    let script = "const data = new DataTransfer(); data.items.add(new File([arguments[0]], 'team.csv', { type: 'text/csv' })); \
        const drop = new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }); \
        document.querySelector('dialog:modal .content').dispatchEvent(drop)";
    ann.execute(script, vec![json!(text)]).await?;
    Ok(())
}

/// How long the last answer from this path took until it led on, in milliseconds.
async fn took(ann: &Person, path: &str) -> Result<f64> {
    let script = "const all = performance.getEntriesByType('resource'); \
        const last = all.findLast((e) => e.name.endsWith(arguments[0]) && e.redirectEnd > 0); \
        return last ? last.redirectEnd - last.redirectStart : 1e9";
    Ok(ann.execute(script, vec![json!(path)]).await?.json().as_f64().unwrap_or(1e9))
}
