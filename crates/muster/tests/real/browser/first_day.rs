//! The lead's first day: from a messy list to a team, with everything that goes wrong on the way.

use std::{fs, time::Duration};

use anyhow::{Context, Result, ensure};
use serde_json::json;
use tempfile::TempDir;
use testkit::smtp::{Mail, Peer, Reply, Script, Stage};
use thirtyfour::By;

use crate::kit::{PASSWORD, Person, Place, Server, Team, code};

const PATIENCE: Duration = Duration::from_secs(20);
const USERS: &str = "/w/hollin-ash/settings/users";

/// Eight pieces as people paste them; 22 plain addresses follow.
const MESSY: &str = "Mia Berg <mia@hollin.example>, \"Lind, Tom\" <tom@hollin.example>; mailto:lea@hollin.example\n\
    ann@hollin.example ruth@hollin,example\tMIA@HOLLIN.example; joe@gmial.com; nobody@hollin.example;\n";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_leads_first_day() -> Result<()> {
    let refusing = Reply::refuse(550, "5.1.1 no such user here");
    let peer = Peer::start(Script::accepting().at(Stage::Rcpt("nobody@hollin.example"), refusing)).await;
    let team = Team::on(Server::mailing(Place::sqlite()?, &peer.url())?)?;
    let ann = team.ann_at_a_browser().await?;
    pastes_thirty_and_mends_two(&ann).await?;
    adds_a_file_of_ten(&ann).await?;
    sends(&ann).await?;
    corrects_the_refused_one(&ann, &team).await?;
    resends_and_revokes(&ann, &team).await?;
    let mails = Post(peer.wait_for(38, PATIENCE).await);
    let lea = three_join_each_in_another_way(&ann, &team, &mails).await?;
    mia_becomes_a_manager(&ann, &team).await?;
    lea_is_removed_while_she_works(&ann, lea).await?;
    ann.leaves().await
}

async fn pastes_thirty_and_mends_two(ann: &Person) -> Result<()> {
    ann.click("Invite Users").await?;
    ann.arrives(USERS).await?;
    ann.click("Invite Users").await?;
    ann.is_at("E-mail addresses").await?;
    let plain: Vec<_> = (0..22).map(|n| format!("p{n:02}@hollin.example")).collect();
    ann.paste(&format!("{MESSY}{}", plain.join("; "))).await?;
    ann.sees("27 to invite, 2 to skip, 1 repeat merged.").await?;
    ann.looks_well("day-1-pasted").await?;
    ann.click("Use ruth@hollin.example").await?;
    ann.sees("28 to invite, 1 to skip, 1 repeat merged.").await?;
    ann.click("Use joe@gmail.com").await?;
    ann.loses("Use joe@gmail.com").await
}

async fn adds_a_file_of_ten(ann: &Person) -> Result<()> {
    let rows = (0..9).map(|n| {
        let (role, on) = (["manager", ""][usize::from(n % 5 > 0)], ["", "WEB:tester"][usize::from(n == 3)]);
        format!("c{n:02}@hollin.example;Carla {n};{role};{on};14\r\n")
    });
    let table = format!("address;name;role;projects;expires_in_days\r\n{}bad@;;;;\r\n", rows.collect::<String>());
    let folder = TempDir::new()?;
    let file = folder.path().join("more.csv");
    fs::write(&file, table)?;
    ann.find(By::Css("dialog:modal input[type=file]")).await?.send_keys(file.to_string_lossy()).await?;
    ann.sees("37 to invite, 2 to skip, 1 repeat merged.").await?;
    ann.looks_well("day-2-with-a-file").await
}

async fn sends(ann: &Person) -> Result<()> {
    ann.click("Invite 37, skip 2").await?;
    ann.sees("37 invited, 2 skipped").await?;
    ann.looks_well("day-3-invited").await
}

/// The server refuses one for good: the inviter reads its words and mends the address in place.
async fn corrects_the_refused_one(ann: &Person, team: &Team) -> Result<()> {
    ann.open(&team.server.url(&format!("{USERS}?q=nobody"))).await?;
    ann.sees("550 5.1.1 no such user here").await?;
    ann.looks_well("day-4-refused").await?;
    ann.click("Correct the address nobody@hollin.example").await?;
    ann.sees("The mail server said of nobody@hollin.example").await?;
    ann.fill("Right address", "nora@hollin.example").await?;
    ann.looks_well("day-5-correcting").await?;
    ann.click("Invite this address instead").await?;
    ann.sees("nora@hollin.example is invited in place of nobody@hollin.example").await
}

async fn resends_and_revokes(ann: &Person, team: &Team) -> Result<()> {
    ann.open(&team.server.url(&format!("{USERS}?q=p05"))).await?;
    ann.click("More for p05@hollin.example").await?;
    ann.click("Resend").await?;
    ann.sees("A new mail goes to p05@hollin.example").await?;
    ann.open(&team.server.url(&format!("{USERS}?q=p06"))).await?;
    ann.click("More for p06@hollin.example").await?;
    ann.click("Revoke invitation of p06@hollin.example").await?;
    ann.looks_well("day-6-revoking").await?;
    ann.click("Revoke invitation").await?;
    ann.sees("Invitation of p06@hollin.example revoked").await
}

/// Mia by the link of her mail, Tom by its code, Lea by a link that Ann copies for her.
async fn three_join_each_in_another_way(ann: &Person, team: &Team, mails: &Post) -> Result<Person> {
    let mia = Person::new().await?;
    mia.open(&team.server.link_in(mails.to("mia@hollin.example")?)?).await?;
    mia.arrives("/join").await?;
    mia.looks_well("day-7-joining").await?;
    mia.holds("Your name", "Mia Berg").await?;
    joins(&mia).await?;
    mia.leaves().await?;
    let tom = Person::new().await?;
    tom.open(&team.server.url("/join")).await?;
    tom.fill("Your e-mail address", "tom@hollin.example").await?;
    tom.fill("Code", team.server.secret(&code(mails.to("tom@hollin.example")?)?)).await?;
    tom.looks_well("day-8-code").await?;
    tom.click("Continue").await?;
    tom.sees("Join Hollin & Ash").await?;
    joins(&tom).await?;
    tom.leaves().await?;
    ann.open(&team.server.url(&format!("{USERS}?q=lea"))).await?;
    ann.click("More for lea@hollin.example").await?;
    ann.click("Show a link to copy").await?;
    ann.sees("Pass this link on to lea@hollin.example").await?;
    let link = ann.reads("Link").await?;
    team.server.secret(link.rsplit('/').next().unwrap_or_default());
    let lea = Person::new().await?;
    lea.open(&link).await?;
    lea.fill("Your name", "Lea Fournier").await?;
    joins(&lea).await?;
    lea.looks_well("day-9-joined").await?;
    Ok(lea)
}

async fn joins(person: &Person) -> Result<()> {
    person.fill("Password", PASSWORD).await?;
    person.click("Create account and join").await?;
    person.sees("You are a member of Hollin & Ash").await
}

async fn mia_becomes_a_manager(ann: &Person, team: &Team) -> Result<()> {
    ann.open(&team.server.url(USERS)).await?;
    ann.looks_well("day-10-members").await?;
    ann.click("Mia Berg").await?;
    ann.choose("Role of Mia Berg", "Manager").await?;
    ann.looks_well("day-11-member").await?;
    ann.click("Review change").await?;
    ann.sees("Role Tester becomes Manager").await?;
    ann.looks_well("day-12-review").await?;
    ann.click("Change to Manager").await?;
    ann.sees("Mia Berg has another role").await?;
    let mia = team.ann.get("/api/v1/workspaces/hollin-ash/members?q=mia").await?.is(200).json();
    ensure!(mia["items"][0]["role"] == json!("manager"), "{mia}");
    Ok(())
}

/// Her page says that it follows no more, and her next click ends where one signs in or learns why.
async fn lea_is_removed_while_she_works(ann: &Person, lea: Person) -> Result<()> {
    ann.click("Users").await?;
    ann.arrives(USERS).await?;
    ann.click("Lea Fournier").await?;
    ann.click("Remove").await?;
    ann.sees("Is no member any more from the next request on.").await?;
    ann.click("Remove Lea Fournier").await?;
    ann.sees("Lea Fournier is removed").await?;
    ann.looks_well("day-13-removed").await?;
    lea.sees("you are signed out, or no longer a member").await?;
    lea.click("Settings").await?;
    lea.sees("Nothing here").await?;
    lea.looks_well("day-14-removed-herself").await?;
    lea.leaves().await
}

/// What came by mail.
struct Post(Vec<Mail>);

impl Post {
    fn to(&self, address: &str) -> Result<&[u8]> {
        let mail = self.0.iter().find(|mail| mail.to == [address]);
        Ok(&mail.with_context(|| format!("no mail to {address}"))?.data)
    }
}
