//! The audit log from outside: what it answers, how it narrows, how it is taken out.

use domain::access::Role;
use serde_json::{Value, json};

use crate::{kit::World, on_both_engines};

const AUDIT: &str = "/api/v1/workspaces/hollin-ash/audit";

fn events(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|event| event["event"].as_str().unwrap()).collect()
}

async fn rename(world: &World, name: &str) {
    world.owner.json(http::Method::PATCH, "/api/v1/workspaces/hollin-ash", json!({ "name": name })).await.is(200);
}

on_both_engines! {
    an_event_says_who_did_what_to_what_with_old_and_new_values(world) {
        rename(&world, "Ash & Hollin").await;
        let newest = world.owner.get(&format!("{AUDIT}?limit=1")).await.is(200).json();
        let event = &newest["items"][0];
        assert_eq!(event["event"], "workspace.renamed");
        assert_eq!(event["actor"]["name"], "Ann Keller");
        assert!(event["actor"]["id"].as_str().unwrap().starts_with("per_"));
        assert_eq!(event["changes"], json!({"name": ["Hollin & Ash", "Ash & Hollin"]}));
        assert_eq!(event["target"]["kind"], "workspace");
        assert_eq!(event["target"]["label"], "Hollin & Ash");
        assert_eq!(event["words"], "Ann Keller renamed the workspace from Hollin & Ash to Ash & Hollin");
        assert_eq!(event["at"], "2026-12-01T10:40:00Z");
    }

    the_log_pages_by_cursor_to_its_very_beginning(world) {
        for n in 0..5 {
            rename(&world, &format!("Name {n}")).await;
        }
        let (mut seen, mut next) = (Vec::new(), String::new());
        loop {
            let page = world.owner.get(&format!("{AUDIT}?limit=2{next}")).await.is(200).json();
            seen.extend(page["items"].as_array().unwrap().iter().map(|event| event["id"].as_i64().unwrap()));
            match page["next_cursor"].as_str() {
                Some(cursor) => next = format!("&cursor={cursor}"),
                None => break,
            }
        }
        assert!(seen.len() > 7 && seen.is_sorted_by(|newer, older| newer > older), "{seen:?}");
    }

    the_log_narrows_by_event_person_and_days(world) {
        let (admin, _) = world.member("priya", Role::Admin).await;
        admin.json(http::Method::PATCH, "/api/v1/workspaces/hollin-ash", json!({"name": "Priya's"})).await.is(200);
        let me = admin.get("/api/v1/me").await.json()["person"]["id"].as_str().unwrap().to_owned();
        let mine = world.owner.get(&format!("{AUDIT}?actor={me}&event=workspace")).await.is(200).json();
        assert_eq!(events(&mine), ["workspace.renamed"]);
        let joined = world.owner.get(&format!("{AUDIT}?event=member.joined")).await.is(200).json();
        assert_eq!(events(&joined), ["member.joined", "member.joined"]);
        let whole_day = world.owner.get(&format!("{AUDIT}?from=2026-12-01&to=2026-12-01")).await.is(200).json();
        assert!(events(&whole_day).len() > 5);
        let later = world.owner.get(&format!("{AUDIT}?from=2026-12-02T00:00:00Z")).await.is(200).json();
        assert!(events(&later).is_empty());
    }

    a_filter_that_cannot_be_read_is_named(world) {
        for (query, field) in [("event=eaten", "event"), ("actor=ann", "actor"), ("project=NONE", "project"), ("from=now", "from")] {
            let refused = world.owner.get(&format!("{AUDIT}?{query}")).await.is(422);
            assert_eq!(refused.json()["errors"][0]["field"], field);
            let page = world.owner.get(&format!("/w/hollin-ash/settings/audit?{query}")).await.is(422);
            assert!(page.text.contains("role=\"alert\""), "{}", page.text);
        }
    }

    a_refused_attempt_stands_in_the_log(world) {
        let (tester, _) = world.member("tess", Role::Tester).await;
        tester.json(http::Method::PATCH, "/api/v1/workspaces/hollin-ash", json!({"name": "Mine"})).await.is(403);
        let refused = world.owner.get(&format!("{AUDIT}?event=refused")).await.is(200).json();
        assert_eq!(events(&refused), ["workspace.refused"]);
        assert_eq!(refused["items"][0]["actor"]["name"], "tess");
    }

    the_page_tells_it_in_words_and_keeps_its_filters_in_its_links(world) {
        for n in 0..60 {
            rename(&world, &format!("Name {n}")).await;
        }
        let page = world.owner.get("/w/hollin-ash/settings/audit?event=workspace.renamed").await.is(200).text;
        assert!(page.contains(" renamed the workspace from ") && page.contains("<b>Name 59</b>"), "{page}");
        assert!(page.contains("event=workspace.renamed&#38;cursor=") || page.contains("event=workspace.renamed&amp;cursor="), "{page}");
        assert!(page.contains("name=\"event\" value=\"workspace.renamed\""));
        let tester = world.member("tess", Role::Tester).await.0;
        tester.get("/w/hollin-ash/settings/audit").await.is(403);
    }

    the_filtered_log_leaves_as_a_table_and_that_is_an_event(world) {
        rename(&world, "=cmd, \"Ash\"").await;
        world.pass(std::time::Duration::from_secs(1));
        let taken = world.owner.post(&format!("{AUDIT}/exports?event=workspace.renamed"), json!({})).await.is(200);
        assert_eq!(taken.header("content-type"), "text/csv; charset=utf-8");
        assert_eq!(taken.header("content-disposition"), "attachment; filename=\"audit-hollin-ash-2026-12-01.csv\"");
        let lines: Vec<&str> = taken.text.lines().collect();
        assert_eq!(lines.len(), 2, "{}", taken.text);
        assert!(lines[0].starts_with("id,at,event,") && lines[1].contains("workspace.renamed"), "{}", taken.text);
        let newest = world.owner.get(&format!("{AUDIT}?limit=1")).await.json();
        assert_eq!(newest["items"][0]["event"], "audit.exported");
        assert_eq!(newest["items"][0]["changes"], json!({"format": [null, "csv"], "event": [null, "workspace.renamed"]}));
    }

    a_log_longer_than_a_piece_leaves_whole_as_lines_of_json(world) {
        let workspace = world.workspace;
        let written = world.app.write(None, move |tx, now| {
            for n in 0..2_345 {
                let event = domain::event::Event::new(domain::event::What::WorkspaceRenamed, "workspace", n, "");
                store::events::add(tx, Some(workspace), None, &event, now)?;
            }
            Ok(())
        });
        written.await.unwrap();
        world.pass(std::time::Duration::from_secs(1));
        let fields = [("format", "jsonl"), ("event", "workspace.renamed")];
        let taken = world.owner.form("/w/hollin-ash/audit/exports", &fields).await.is(200);
        assert_eq!(taken.header("content-type"), "application/x-ndjson");
        let ids: std::collections::BTreeSet<i64> = taken
            .text
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap()["id"].as_i64().unwrap())
            .collect();
        assert_eq!((taken.text.lines().count(), ids.len()), (2_345, 2_345));
    }
}
