//! Who has the server in hand, and what its command line decides.

use std::{
    io::Write,
    process::{Command, Output, Stdio},
};

use anyhow::{Context, Result, ensure};
use serde_json::json;

use crate::{
    kit::{PASSWORD, Place, Server, Team, muster},
    on_both_engines,
};

on_both_engines! {
    operators_are_made_and_ended_beside_a_running_server(place) {
        let team = Team::on(Server::start(place, &[])?)?;
        let lea = team.invited("hollin-ash", "lea@hollin.example").await?;
        team.joins(&lea.link, "Lea Fournier").await?;
        ensure!(said(&operator(team.server.place(), &["list"])?) == "Ann Keller <ann@hollin.example>");
        let last = operator(team.server.place(), &["remove", "ann@hollin.example"])?;
        ensure!(!last.status.success() && said(&last).contains("last operator"), "{}", said(&last));
        ensure!(said(&operator(team.server.place(), &["add", "Lea@hollin.example"])?).contains("is an operator now"));
        let names = said(&operator(team.server.place(), &["list"])?);
        ensure!(names.lines().count() == 2 && names.contains("Lea Fournier"), "{names}");
        team.ann.get("/api/v1/operator/settings").await?.is(200);
        ensure!(operator(team.server.place(), &["remove", "ann@hollin.example"])?.status.success());
        team.ann.get("/api/v1/operator/settings").await?.is(403);
        let unknown = operator(team.server.place(), &["add", "nobody@hollin.example"])?;
        ensure!(!unknown.status.success() && said(&unknown).contains("Nobody here"), "{}", said(&unknown));
        Ok(())
    }

    what_the_command_line_says_holds_until_a_start_without_it(place) {
        let flags = ["--member-limit", "1", "--invites-per-day", "inviter=3"];
        let mut team = Team::on(Server::start(place, &flags)?)?;
        let settings = team.ann.get("/api/v1/operator/settings").await?.is(200).json();
        ensure!(settings["member_limit"] == json!({"value": 1, "fixed": true}), "{settings}");
        ensure!(settings["invites_per_day"]["inviter"] == json!({"value": 3, "fixed": true}), "{settings}");
        ensure!(settings["invites_per_day"]["server"] == json!({"value": 20_000, "fixed": false}), "{settings}");
        let body = json!({"recipients": "lea@hollin.example", "role": "tester"});
        let full = team.ann.post("/api/v1/workspaces/hollin-ash/invitations", body).await?.is(409);
        ensure!(full.json()["code"] == "member_limit", "{}", full.text);
        team.server.stop()?;
        team.server.resume_without(&flags)?;
        let settings = team.ann.get("/api/v1/operator/settings").await?.is(200).json();
        ensure!(settings["member_limit"] == json!({"value": null, "fixed": false}), "{settings}");
        Ok(())
    }
}

fn operator(place: &Place, words: &[&str]) -> Result<Output> {
    let mut all = vec!["operator".to_owned()];
    all.extend(words.iter().map(|&word| word.to_owned()).chain(place.arguments()));
    muster(&all)
}

fn said(output: &Output) -> String {
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    text.lines().filter(|line| !line.starts_with('{')).collect::<Vec<_>>().join("\n")
}

on_both_engines! {
    somebody_who_is_locked_out_gets_another_password(place) {
        let team = Team::on(Server::start(place, &[])?)?;
        let signs_in = async |password: &str| {
            let pair = json!({"email": "ann@hollin.example", "password": password});
            Ok::<_, anyhow::Error>(team.server.nobody()?.post("/api/v1/sessions", pair).await?.status)
        };
        ensure!(signs_in(PASSWORD).await? == 201);
        let weak = reset(team.server.place(), "ann@hollin.example", "password12")?;
        ensure!(!weak.status.success() && said(&weak).contains("guess"), "{}", said(&weak));
        let done = reset(team.server.place(), "ANN@hollin.example", "seven quiet red bicycles")?;
        ensure!(done.status.success() && said(&done).contains("Sessions ended: 2"), "{}", said(&done));
        ensure!(signs_in(PASSWORD).await? == 401 && signs_in("seven quiet red bicycles").await? == 201);
        team.ann.get("/api/v1/me").await?.is(200);
        let unknown = reset(team.server.place(), "nobody@hollin.example", "seven quiet red bicycles")?;
        ensure!(!unknown.status.success() && said(&unknown).contains("Nobody here"), "{}", said(&unknown));
        Ok(())
    }
}

/// Runs `muster person reset` with this password.
fn reset(place: &Place, address: &str, password: &str) -> Result<Output> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_muster"));
    command.args(["person", "reset", "--email", address, "--password-stdin"]).args(place.arguments());
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let mut stdin = child.stdin.take().context("no way in")?;
    writeln!(stdin, "{password}")?;
    drop(stdin);
    Ok(child.wait_with_output()?)
}
