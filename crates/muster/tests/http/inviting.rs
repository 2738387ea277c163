//! Invite Team: lists and tables, by the API and by the page, with and without scripts.

use domain::access::Role;
use http::Method;
use serde_json::{Value, json};

use crate::{
    kit::{Actor, Answer},
    on_both_engines,
};

const INVITATIONS: &str = "/api/v1/workspaces/hollin-ash/invitations";
const PREVIEW: &str = "/api/v1/workspaces/hollin-ash/invitations/preview";
const PAGE: &str = "/w/hollin-ash/invitations";

const TABLE: &str = "address;name;role;projects;groups;expires_in_days\r\n\
    ann@x.example;Ann Lee;Manager;;;14\r\n\
    bo@x.example;;guest;WEB:tester;;\r\n\
    cy@x.example;;tester;;QA;\r\n\
    dee@x.example;;boss;;;\r\n\
    eve@x.example;;;NONE:tester;;\r\n\
    fay@x.example;;;;;91\r\n\
    nobody;;;;;\r\n";

fn column(results: &Value, name: &str) -> Vec<Value> {
    results["results"].as_array().unwrap().iter().map(|row| row[name].clone()).collect()
}

/// A form as a browser sends it once it has a field for files.
async fn upload(actor: &Actor, fields: &[(&str, &str)], file: &[u8]) -> Answer {
    let field = |(name, value): (&str, &str)| {
        format!("--xx\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let mut body: String = fields.iter().copied().map(field).collect();
    body += "--xx\r\nContent-Disposition: form-data; name=\"file\"; filename=\"team.csv\"\r\nContent-Type: text/csv\r\n\r\n";
    body += str::from_utf8(file).unwrap();
    body += "\r\n--xx--\r\n";
    let kind = [("content-type", "multipart/form-data; boundary=xx"), ("sec-fetch-site", "same-origin")];
    actor.send(Method::POST, PAGE, Some(body), &kind).await
}

on_both_engines! {
    a_table_gives_each_row_its_own_values_and_says_what_is_wrong_by_row(world) {
        let sent = world.owner.post(INVITATIONS, json!({"recipients": TABLE, "role": "tester"})).await.is(201).json();
        let outcomes = column(&sent, "outcome");
        assert_eq!(outcomes, ["invited", "invited", "invalid", "invalid", "invalid", "invalid", "invalid"]);
        assert_eq!(column(&sent, "row"), [2, 3, 4, 5, 6, 7, 8]);
        let reasons = column(&sent, "reason");
        assert_eq!(reasons[2..], ["unsupported", "unknown_role", "unknown_project", "out_of_range", "no_at"]);
        assert_eq!(sent["results"][3]["detail"], "Row 5: There is no role \"boss\".");
        let items = world.owner.get(INVITATIONS).await.json()["items"].clone();
        let of = |address: &str| items.as_array().unwrap().iter().find(|row| row["address"] == address).unwrap().clone();
        assert_eq!((&of("ann@x.example")["role"], &of("ann@x.example")["name"]), (&json!("manager"), &json!("Ann Lee")));
        assert_eq!(of("ann@x.example")["expires_at"], "2026-12-20T10:40:00Z");
        assert_eq!(of("bo@x.example")["projects"], json!([{"project": "WEB", "role": "tester"}]));
    }

    a_table_and_a_list_of_objects_are_judged_alike(world) {
        let rows = json!([
            {"address": "ann@x.example", "name": "Ann Lee", "role": "manager", "expires_in_days": 14},
            {"address": "bo@x.example", "role": "guest", "projects": [{"project": "WEB", "role": "tester"}]},
            {"address": "cy@x.example", "role": "tester", "groups": ["QA"]},
            {"address": "dee@x.example", "role": "boss"},
            {"address": "eve@x.example", "projects": [{"project": "NONE", "role": "tester"}]},
            {"address": "fay@x.example", "expires_in_days": 91},
            {"address": "nobody"},
        ]);
        let by = async |recipients: Value| {
            world.owner.post(PREVIEW, json!({"recipients": recipients, "role": "tester"})).await.is(200).json()
        };
        let (table, list) = (by(json!(TABLE)).await, by(rows).await);
        for field in ["input", "address", "outcome", "reason", "name", "role", "projects", "expires_in_days"] {
            assert_eq!(column(&table, field), column(&list, field), "{field}");
        }
    }

    a_dry_run_says_where_what_and_who_stands_in_the_way(world) {
        let (_, gone) = world.member("gone", Role::Tester).await;
        world.owner.post(&format!("/api/v1/workspaces/hollin-ash/members/{gone}/deactivation"), json!({})).await.is(204);
        let open = world.invitation("open@x.example", Role::Tester).await;
        let list = "ruth@hollin,example gone@hollin.example open@x.example kim@gmial.com";
        let body = json!({"recipients": list, "role": "tester", "projects": [{"project": "WEB", "role": "read_only"}]});
        let seen = world.owner.post(PREVIEW, body).await.is(200).json();
        assert_eq!((&seen["results"][0]["at"], &seen["results"][0]["suggestion"]), (&json!(11), &json!("ruth@hollin.example")));
        assert_eq!((&seen["results"][1]["member"], &seen["results"][1]["reason"]), (&json!(gone), &json!("deactivated")));
        assert_eq!(seen["results"][2]["invitation"], open.to_string());
        let slip = &seen["results"][3];
        assert_eq!((&slip["outcome"], &slip["suggestion"]), (&json!("invited"), &json!("kim@gmail.com")));
        assert_eq!(seen["idle"], json!([{"project": "WEB", "role": "read_only"}]));
    }

    the_page_takes_a_list_and_a_file_together(world) {
        let ann = world.member("lead", Role::Owner).await.0;
        let fields = [("recipients", "zoe@x.example"), ("role", "tester"), ("scope", "all"), ("idempotency_key", "k1")];
        let answer = upload(&ann, &fields, TABLE.as_bytes()).await.is(303);
        assert_eq!(answer.header("location"), "/w/hollin-ash/settings/users?batch=k1");
        let page = ann.get(answer.header("location")).await.is(200).text;
        for input in ["zoe@x.example", "ann@x.example", "bo@x.example", "cy@x.example", "nobody"] {
            assert!(page.contains(input), "{input} is named");
        }
        assert!(page.contains("3 invited, 5 skipped") && page.contains("Row 5: There is no role"));
        assert_eq!(upload(&ann, &fields, TABLE.as_bytes()).await.is(303).header("location"), answer.header("location"));
        assert_eq!(world.owner.get(&format!("{INVITATIONS}?state=open")).await.json()["items"].as_array().unwrap().len(), 3);
    }

    the_page_checks_without_sending_and_keeps_what_was_typed(world) {
        let ann = world.member("lead", Role::Owner).await.0;
        let fields = [
            ("recipients", "zoe@x.example, nobody"), ("role", "manager"), ("scope", "only"), ("project", "WEB"),
            ("message", "Hello <there>"), ("expires_in_days", "30"), ("check", "true"), ("origin", "page"),
        ];
        let page = ann.form(PAGE, &fields).await.is(200).text;
        for kept in ["1 to invite, 1 to skip.", "Invite 1, skip 1", "zoe@x.example, nobody", "Hello &#60;there&#62;", "value=\"30\""] {
            assert!(page.contains(kept), "{kept}");
        }
        assert_eq!(world.owner.get(&format!("{INVITATIONS}?state=open")).await.json()["items"], json!([]));
    }

    each_field_says_what_is_wrong_with_it_and_nothing_is_lost(world) {
        let ann = world.member("lead", Role::Manager).await.0;
        let long = "x".repeat(1001);
        let with = |name: &'static str, value: &'static str| {
            let mut fields = vec![("recipients", "zoe@x.example"), ("role", "tester"), ("scope", "all")];
            fields.retain(|(field, _)| *field != name);
            fields.push((name, value));
            fields
        };
        for (fields, words) in [
            (with("expires_in_days", "91"), "validity must be 1 to 90 days."),
            (with("expires_in_days", "soon"), "validity must be 1 to 90 days."),
            (with("scope", "only"), "Choose at least one project"),
            (with("role", "admin"), "holds rights that you do not"),
            (with("role", "nobody"), "There is no role"),
            (with("recipients", ""), "Enter at least one address."),
        ] {
            let page = ann.form(PAGE, &fields).await.is(422).text;
            assert!(page.contains(words), "{words}");
        }
        let page = ann.form(PAGE, &[("recipients", "zoe@x.example"), ("role", "tester"), ("message", &long)]).await.is(422);
        assert!(page.text.contains("At most 1000 characters.") && page.text.contains(&long) && page.text.contains("zoe@x.example"));
    }

    an_over_limit_batch_is_refused_whole_with_the_limit_named(world) {
        let ann = world.member("lead", Role::Owner).await.0;
        let rows = (0..1001).map(|n| format!("p{n}@x.example")).collect::<Vec<_>>().join("\n");
        let page = ann.form(PAGE, &[("recipients", &rows), ("role", "tester")]).await.is(422).text;
        assert!(page.contains("At most 1000 addresses go at once. Nothing was sent.") && page.contains("p1000@x.example"));
        let table = format!("address,name\n{rows}");
        let body = json!({"recipients": table, "role": "tester"});
        assert_eq!(world.owner.post(PREVIEW, body).await.is(422).code(), "too_many");
    }

    all_links_of_a_batch_are_copied_at_once_and_work(world) {
        let ann = world.member("lead", Role::Owner).await.0;
        let fields = [("recipients", "zoe@x.example, yan@x.example"), ("role", "tester"), ("idempotency_key", "k1")];
        ann.form(PAGE, &fields).await.is(303);
        let page = ann.form("/w/hollin-ash/invitations/links", &[("batch", "k1")]).await.is(200).text;
        let links: Vec<&str> = page.split("http://localhost:8080/join/").skip(1).collect();
        assert_eq!(links.len(), 2);
        for link in links {
            let token = link.split(|c: char| !c.is_ascii_alphanumeric() && !"-_".contains(c)).next().unwrap();
            let body = json!({"token": token});
            world.nobody().post("/api/v1/invitations/lookup", body).await.is(200);
        }
        let other = world.member("other", Role::Owner).await.0;
        let theirs = other.form("/w/hollin-ash/invitations/links", &[("batch", "k1")]).await.is(303);
        assert_eq!(theirs.header("location"), "/w/hollin-ash/settings/users", "a batch is its sender's");
    }

    what_was_wrong_in_a_batch_can_be_corrected_and_sent(world) {
        let ann = world.member("lead", Role::Owner).await.0;
        let fields = [("recipients", "zoe@x.example, ruth@hollin,example"), ("role", "tester"), ("idempotency_key", "k1")];
        ann.form(PAGE, &fields).await.is(303);
        let page = ann.get("/w/hollin-ash/settings/users/invite?batch=k1").await.is(200).text;
        let text = page.split("name=\"recipients\"").nth(1).unwrap().split("</textarea>").next().unwrap();
        assert!(text.ends_with(">ruth@hollin,example"), "{text}");
    }

    the_template_is_a_head_and_nobody(world) {
        let answer = world.nobody().get("/invite-team.csv").await.is(200);
        assert_eq!(answer.text, "address,name,role,projects,groups,expires_in_days,ends_at\r\n");
        assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
        let nobody = world.owner.post(PREVIEW, json!({"recipients": answer.text, "role": "tester"})).await.is(422);
        assert_eq!(nobody.json()["errors"][0]["code"], "required");
    }
}
