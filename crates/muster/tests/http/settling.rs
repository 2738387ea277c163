//! Properties, labels and fields, as scripts and pages meet them.

use domain::access::Role;
use http::Method;
use serde_json::{Value, json};

use crate::{kit::Actor, on_both_engines};

const WORKSPACE: &str = "/api/v1/workspaces/hollin-ash";
const WEB: &str = "/api/v1/workspaces/hollin-ash/projects/WEB";

async fn values(by: &Actor, scope: &str, property: &str) -> Vec<(String, bool, bool)> {
    let all = by.get(&format!("{scope}/properties")).await.is(200).json();
    let of = all["items"].as_array().unwrap().iter().filter(|value| value["property"] == property);
    of.map(|value| {
        let name = value["name"].as_str().unwrap().to_owned();
        (name, value["default"].as_bool().unwrap(), value["archived"].as_bool().unwrap())
    })
    .collect()
}

fn names(values: &[(String, bool, bool)]) -> Vec<&str> {
    values.iter().map(|value| value.0.as_str()).collect()
}

async fn case(by: &Actor, sets: Value) -> Value {
    by.post(&format!("{WEB}/cases"), sets).await.is(201).json()
}

async fn me(actor: &Actor) -> String {
    actor.get("/api/v1/me").await.is(200).json()["person"]["id"].as_str().unwrap().to_owned()
}

/// The ids of a choice and a number of the project.
async fn browser_and_sprint(by: &Actor) -> (String, String) {
    let made = async |new: Value| by.post(&format!("{WEB}/fields"), new).await.is(201).json()["id"].clone();
    let browser = made(json!({"name": "Browser", "kind": "select", "options": ["Chrome", "Firefox"]})).await;
    let sprint = made(json!({"name": "Sprint", "kind": "number"})).await;
    (browser.as_str().unwrap().to_owned(), sprint.as_str().unwrap().to_owned())
}

/// Posts twice under one key: a success, told again.
async fn twice(by: &Actor, path: &str, body: Value) -> Value {
    let key = format!("{path} {body}").replace(|c: char| !c.is_ascii_alphanumeric(), "-");
    let headers = [("idempotency-key", key.as_str()), ("content-type", "application/json")];
    let send = || by.send(Method::POST, path, (!body.is_null()).then(|| body.to_string()), &headers);
    let first = send().await;
    assert!(first.status.is_success(), "{path}: {}", first.text);
    let again = send().await;
    assert_eq!((again.status, &again.text), (first.status, &first.text), "{path}");
    first.json()
}

on_both_engines! {
    values_are_renamed_moved_and_made_the_default(world) {
        let low = format!("{WORKSPACE}/properties/priority/1");
        let changed = world.owner.patch(&low, json!({"name": "Whenever", "colour": "teal", "place": 9, "default": true}));
        let changed = changed.await.is(200).json();
        assert_eq!((&changed["name"], &changed["colour"], &changed["default"]), (&json!("Whenever"), &json!("teal"), &json!(true)));
        let all = values(&world.owner, WEB, "priority").await;
        assert_eq!(names(&all), ["Medium", "High", "Critical", "Whenever"]);
        assert_eq!(all.iter().filter(|value| value.1).count(), 1);
        assert_eq!(case(&world.owner, json!({"title": "New"})).await["priority"], 1, "new cases have the default");
        let taken = world.owner.patch(&low, json!({"name": "HIGH"})).await.is(422).json();
        assert_eq!(taken["errors"][0]["code"], "taken");
        world.owner.patch(&low, json!({"colour": "pink"})).await.is(422);
        world.owner.patch(&format!("{WORKSPACE}/properties/priority/99"), json!({"name": "X"})).await.is(404);
        world.owner.patch(&format!("{WORKSPACE}/properties/mood/1"), json!({"name": "X"})).await.is(404);
    }

    a_project_has_values_of_its_own_and_leaves_those_of_the_workspace_alone(world) {
        let (lead, id) = world.member("lea", Role::Tester).await;
        world.owner.put(&format!("{WEB}/members/{id}"), json!({"role": "admin"})).await.is(204);
        lead.post(&format!("{WORKSPACE}/properties/type"), json!({"name": "Drill"})).await.is(403);
        let drill = lead.post(&format!("{WEB}/properties/type"), json!({"name": "Drill"})).await.is(201).json();
        assert_eq!((&drill["own"], &drill["key"]), (&json!(true), &json!(13)));
        lead.post(&format!("{WEB}/properties/type"), json!({"name": "smoke"})).await.is(422);
        lead.patch(&format!("{WEB}/properties/type/1"), json!({"name": "Mine"})).await.is(404);
        world.owner.post("/api/v1/workspaces/hollin-ash/projects", json!({"name": "App", "key": "APP"})).await.is(201);
        let other = values(&world.owner, &WEB.replace("WEB", "APP"), "type").await;
        assert!(!names(&other).contains(&"Drill") && names(&values(&lead, WEB, "type").await).contains(&"Drill"));
    }

    an_archived_value_stays_with_its_cases_or_gives_way_to_another(world) {
        let high = case(&world.owner, json!({"title": "One", "priority": 3})).await["number"].clone();
        let archive = format!("{WORKSPACE}/properties/priority/3/archive");
        assert_eq!(world.owner.put(&archive, json!({})).await.is(200).json()["cases"], 0);
        assert_eq!(world.owner.get(&format!("{WEB}/cases/{high}")).await.json()["priority"], 3);
        world.owner.delete(&archive).await.is(200);
        assert_eq!(world.owner.put(&archive, json!({"replacement": 3})).await.is(422).code(), "invalid");
        assert_eq!(world.owner.put(&archive, json!({"replacement": 4})).await.is(200).json()["cases"], 1);
        assert_eq!(world.owner.get(&format!("{WEB}/cases/{high}")).await.json()["priority"], 4);
        let default = format!("{WORKSPACE}/properties/priority/2/archive");
        assert_eq!(world.owner.put(&default, json!({})).await.is(409).code(), "is_default");
        assert!(values(&world.owner, WEB, "priority").await.contains(&("High".to_owned(), false, true)));
    }

    properties_are_settled_on_their_pages(world) {
        let (owner, _) = world.member("olga", Role::Owner).await;
        let path = "/w/hollin-ash/settings/properties";
        let script = "<script>alert(1)</script>";
        owner.form(&format!("{path}/priority"), &[("name", script), ("colour", "red")]).await.is(303);
        let page = owner.get(path).await.is(200).text;
        assert!(page.contains("&#60;script&#62;") && !page.contains(script), "{page}");
        assert!(owner.form(&format!("{path}/priority"), &[("name", "low")]).await.is(422).text.contains("There is Low already."));
        assert!(owner.get(&format!("{path}/priority/3")).await.is(200).text.contains("No case has it."));
        owner.form(&format!("{path}/priority/3"), &[("place", "0")]).await.is(303);
        owner.form(&format!("{path}/priority/3/archive"), &[]).await.is(303);
        let all = values(&world.owner, WORKSPACE, "priority").await;
        assert_eq!((all[0].0.as_str(), all[0].2), ("High", true));
        owner.form(&format!("{path}/priority/3/return"), &[]).await.is(303);
        let (tom, _) = world.member("tom", Role::Tester).await;
        let page = tom.get("/w/hollin-ash/settings/projects/WEB/properties").await.is(200).text;
        assert!(page.contains("Critical") && !page.contains("Another value"), "{page}");
    }

    labels_are_one_in_any_case_and_are_merged_and_deleted(world) {
        let (tom, _) = world.member("tom", Role::Tester).await;
        let labels = format!("{WEB}/labels");
        let smoke = tom.post(&labels, json!({"name": "smoke", "colour": "green"})).await.is(201).json()["id"].clone();
        let taken = tom.post(&labels, json!({"name": "SMOKE"})).await.is(422).json();
        assert_eq!(taken["errors"][0]["detail"], "There is the label smoke already.");
        let quick = tom.post(&labels, json!({"name": "quick"})).await.is(201).json()["id"].clone();
        let path = |id: &Value| format!("{labels}/{}", id.as_str().unwrap());
        assert!(tom.patch(&path(&quick), json!({"name": "Smoke"})).await.is(422).text.contains("Merge the two instead."));
        tom.patch(&path(&quick), json!({"name": "fast", "colour": "red"})).await.is(200);
        tom.post(&format!("{}/merging", path(&quick)), json!({"into": quick})).await.is(422);
        tom.post(&format!("{}/merging", path(&quick)), json!({"into": smoke})).await.is(200);
        let all = tom.get(&labels).await.is(200).json();
        assert_eq!(all["items"].as_array().unwrap().len(), 1);
        assert_eq!((&all["items"][0]["name"], &all["items"][0]["cases"]), (&json!("smoke"), &json!(0)));
        tom.delete(&path(&smoke)).await.is(200);
        tom.delete(&path(&smoke)).await.is(404);
    }

    a_retry_with_the_same_key_makes_nothing_twice(world) {
        let smoke = twice(&world.owner, &format!("{WEB}/labels"), json!({"name": "smoke"})).await;
        let fast = twice(&world.owner, &format!("{WEB}/labels"), json!({"name": "fast"})).await;
        let merging = format!("{WEB}/labels/{}/merging", fast["id"].as_str().unwrap());
        twice(&world.owner, &merging, json!({"into": smoke["id"]})).await;
        for scope in [WORKSPACE, WEB] {
            let name = &scope[scope.len() - 3..];
            twice(&world.owner, &format!("{scope}/properties/type"), json!({"name": name})).await;
            let new = json!({"name": name, "kind": "select", "options": ["Chrome"]});
            let field = twice(&world.owner, &format!("{scope}/fields"), new).await;
            let path = format!("{scope}/fields/{}", field["id"].as_str().unwrap());
            twice(&world.owner, &format!("{path}/options"), json!({"name": "Firefox"})).await;
            world.owner.delete(&path).await.is(200);
            twice(&world.owner, &format!("{path}/restoration"), Value::Null).await;
        }
    }

    labels_of_a_project_one_does_not_see_are_unknown(world) {
        world.private_project("SEC", "Secret").await;
        let secret = WEB.replace("WEB", "SEC");
        let label = world.owner.post(&format!("{secret}/labels"), json!({"name": "x"})).await.is(201).json()["id"].clone();
        let (tom, _) = world.member("tom", Role::Tester).await;
        tom.get(&format!("{secret}/labels")).await.is(404);
        tom.delete(&format!("{WEB}/labels/{}", label.as_str().unwrap())).await.is(404);
        tom.get(&format!("{secret}/fields")).await.is(404);
        tom.get(&format!("{secret}/properties")).await.is(404);
        tom.get("/w/hollin-ash/settings/projects/SEC/properties").await.is(404);
    }

    a_label_is_made_and_merged_on_its_page(world) {
        let (tom, _) = world.member("tom", Role::Tester).await;
        let path = "/w/hollin-ash/settings/projects/WEB/labels";
        for name in ["smoke", "quick"] {
            tom.form(path, &[("name", name), ("colour", "teal")]).await.is(303);
        }
        assert!(tom.form(path, &[("name", "Quick")]).await.is(422).text.contains("There is the label quick already."));
        let all = tom.get(&format!("{WEB}/labels")).await.json();
        let id = |n: usize| all["items"][n]["id"].as_str().unwrap().to_owned();
        let page = tom.get(&format!("{path}/{}", id(0))).await.is(200).text;
        assert!(page.contains("Merge quick") && page.contains("Delete quick"), "{page}");
        tom.form(&format!("{path}/{}/merging", id(0)), &[("into", &id(1))]).await.is(303);
        tom.form(&format!("{path}/{}", id(1)), &[("name", "Smoke"), ("colour", "red")]).await.is(303);
        let page = tom.get(path).await.is(200).text;
        assert!(page.contains("Smoke") && !page.contains("quick"), "{page}");
        let (reader, _) = world.member("rea", Role::ReadOnly).await;
        assert!(!reader.get(path).await.is(200).text.contains("Make label"));
    }

    a_field_is_made_changed_deleted_and_restored(world) {
        let fields = format!("{WORKSPACE}/fields");
        let new = json!({"name": "Browser", "kind": "select", "required": true, "options": ["Chrome", "Firefox"]});
        let field = world.owner.post(&fields, new).await.is(201).json();
        let path = format!("{fields}/{}", field["id"].as_str().unwrap());
        assert_eq!((&field["options"][1]["name"], &field["own"]), (&json!("Firefox"), &json!(false)));
        let changed = json!({"name": "Browsers", "required": false, "default": {"value": "firefox"}});
        let changed = world.owner.patch(&path, changed).await.is(200).json();
        assert_eq!(changed["default"], json!([field["options"][1]["id"]]));
        let bad = world.owner.patch(&path, json!({"default": {"value": "Opera"}})).await.is(422).json();
        assert_eq!((&bad["errors"][0]["field"], &bad["errors"][0]["code"]), (&json!("default"), &json!("unknown_option")));
        let option = world.owner.post(&format!("{path}/options"), json!({"name": "Safari"})).await.is(201).json();
        world.owner.post(&format!("{path}/options"), json!({"name": "SAFARI"})).await.is(422);
        let one = format!("{path}/options/{}", option["id"].as_str().unwrap());
        world.owner.patch(&one, json!({"place": 0, "archived": true})).await.is(200);
        let listed = world.owner.get(&format!("{WEB}/fields")).await.is(200).json();
        assert_eq!(listed["items"][0]["options"][0]["name"], "Safari");
        assert_eq!(world.owner.delete(&path).await.is(200).json()["cases"], 0);
        world.owner.patch(&path, json!({"required": true})).await.is(404);
        let listed = world.owner.get(&fields).await.json();
        assert_eq!((&listed["items"], &listed["trash"][0]["name"]), (&json!([]), &json!("Browsers")));
        world.owner.post(&format!("{path}/restoration"), json!({})).await.is(200);
        world.owner.post(&format!("{path}/restoration"), json!({})).await.is(404);
    }

    a_field_whose_name_was_given_away_is_not_restored_under_it(world) {
        let fields = format!("{WEB}/fields");
        let made = async || {
            let field = world.owner.post(&fields, json!({"name": "Story", "kind": "url"})).await.is(201).json();
            format!("{fields}/{}", field["id"].as_str().unwrap())
        };
        let first = made().await;
        let doubled = world.owner.post(&fields, json!({"name": "STORY", "kind": "text"})).await.is(422).json();
        assert_eq!(doubled["errors"][0]["code"], "taken");
        world.owner.delete(&first).await.is(200);
        made().await;
        world.owner.post(&format!("{first}/restoration"), json!({})).await.is(422);
        world.owner.post(&fields, json!({"name": "Mood", "kind": "smell"})).await.is(422);
        world.owner.post(&fields, json!({"name": "Mood", "kind": "text", "options": ["A"]})).await.is(422);
    }

    fields_are_settled_on_their_pages(world) {
        let (owner, _) = world.member("olga", Role::Owner).await;
        let path = "/w/hollin-ash/settings/projects/WEB/fields";
        let form = [("name", "Browser"), ("kind", "multi_select"), ("options", "Chrome\r\nFirefox\r\n")];
        owner.form(path, &form).await.is(303);
        let page = owner.form(path, &[("name", "Browser"), ("kind", "text")]).await.is(422).text;
        assert!(page.contains("There is the field Browser already."), "{page}");
        let field = world.owner.get(&format!("{WEB}/fields")).await.json()["items"][0].clone();
        let one = format!("{path}/{}", field["id"].as_str().unwrap());
        let form = [("whole", "true"), ("name", "Browsers"), ("default", "firefox, chrome"), ("required", "true")];
        owner.form(&one, &form).await.is(303);
        assert!(owner.get(&one).await.is(200).text.contains("Firefox, Chrome"));
        assert!(owner.form(&one, &[("whole", "true"), ("name", "B"), ("default", "Opera")]).await.is(422).text.contains("Opera is no option"));
        owner.form(&format!("{one}/options"), &[("name", "Safari"), ("colour", "blue")]).await.is(303);
        let option = format!("{one}/options/{}", field["options"][0]["id"].as_str().unwrap());
        owner.form(&option, &[("archived", "true")]).await.is(303);
        owner.form(&option, &[("place", "2")]).await.is(303);
        assert!(owner.form(&option, &[("name", "safari")]).await.is(422).text.contains("has the option safari already"));
        owner.form(&format!("{one}/deletion"), &[]).await.is(303);
        let page = owner.get(path).await.is(200).text;
        assert!(page.contains("Restore Browsers") && page.contains("is in the trash"), "{page}");
        owner.form(&format!("{one}/restoration"), &[]).await.is(303);
    }

    a_case_has_labels_and_fields_of_its_project(world) {
        let (browser, sprint) = browser_and_sprint(&world.owner).await;
        let fields = json!({&browser: "firefox", &sprint: 7});
        let made = case(&world.owner, json!({"title": "One", "labels": ["smoke", "SMOKE"], "fields": fields})).await;
        assert_eq!((&made["labels"], &made["fields"][&sprint]), (&json!(["smoke"]), &json!(7)));
        let path = format!("{WEB}/cases/{}", made["number"]);
        let bad = json!({"revision": 1, "labels": ["a\u{202e}"], "fields": {&sprint: "many"}});
        assert_eq!(world.owner.patch(&path, bad).await.is(422).json()["errors"][0]["field"], "labels");
        let bad = world.owner.patch(&path, json!({"revision": 1, "fields": {&sprint: "many", "fie_x": 1}})).await.is(422).json();
        assert_eq!(bad["errors"].as_array().unwrap().len(), 2);
        let change = json!({"revision": 1, "labels": ["quick"], "fields": {&browser: null}});
        let saved = world.owner.patch(&path, change).await.is(200).json();
        assert_eq!((&saved["labels"], &saved["fields"]), (&json!(["quick"]), &json!({&sprint: 7})));
        let late = json!({"revision": 1, "labels": ["slow"], "fields": {&browser: "Chrome"}});
        let told = world.owner.patch(&path, late).await.is(409).json();
        assert_eq!(told["conflicts"][0], json!({"field": "labels", "theirs": ["quick"], "yours": ["slow"]}));
        let other = &told["conflicts"][1];
        assert_eq!((&other["field"], &other["theirs"]), (&json!(format!("fields.{browser}")), &json!(null)));
        let first = world.owner.get(&format!("{path}/versions/1")).await.is(200).json();
        assert_eq!(first["labels"], json!(["quick"]), "saves of one person within ten minutes are one version");
    }

    a_service_account_in_a_conflict_has_its_own_id(world) {
        let accounts = format!("{WORKSPACE}/service-accounts");
        let account = world.owner.post(&accounts, json!({"name": "CI", "role": "tester"})).await.is(201).json()["id"].clone();
        assert!(account.as_str().unwrap().starts_with("svc_"), "{account}");
        let path = format!("{WEB}/cases/{}", case(&world.owner, json!({"title": "One"})).await["number"]);
        world.owner.patch(&path, json!({"revision": 1, "owner": account})).await.is(200);
        let told = world.owner.patch(&path, json!({"revision": 1, "owner": me(&world.owner).await})).await.is(409).json();
        assert_eq!(told["conflicts"][0]["theirs"], account);
    }

    cases_are_filtered_by_label_and_field_and_what_was_deleted_is_told(world) {
        let (browser, sprint) = browser_and_sprint(&world.owner).await;
        let one = |title: &str, labels: Value, fields: Value| json!({"title": title, "labels": labels, "fields": fields});
        case(&world.owner, one("A", json!(["smoke"]), json!({&browser: "Firefox", &sprint: 7}))).await;
        case(&world.owner, one("B", json!(["smoke"]), json!({&browser: "Chrome", &sprint: 8}))).await;
        case(&world.owner, one("C", json!([]), json!({}))).await;
        let label = world.owner.get(&format!("{WEB}/labels")).await.json()["items"][0]["id"].as_str().unwrap().to_owned();
        let titles = async |query: &str| {
            let all = world.owner.get(&format!("{WEB}/cases?{query}")).await.is(200).json();
            let titles: Vec<String> =
                all["items"].as_array().unwrap().iter().map(|case| case["title"].as_str().unwrap().to_owned()).collect();
            titles.concat()
        };
        for (query, found) in [
            (format!("label={label}"), "AB"),
            (format!("fields.{browser}=firefox"), "A"),
            (format!("fields.{browser}=Firefox,chrome&label={label}"), "AB"),
            (format!("fields.{browser}=none"), "C"),
            (format!("fields.{sprint}.from=8"), "B"),
            (format!("fields.{sprint}.to=7.5&fields.{browser}=any"), "A"),
            (format!("fields.{sprint}=&label="), "ABC"),
        ] {
            assert_eq!(titles(&query).await, found, "{query}");
        }
        let query = format!("fields.{browser}=Opera");
        assert_eq!(world.owner.get(&format!("{WEB}/cases?{query}")).await.is(422).json()["errors"][0]["code"], "unknown_option");
        let page = "/w/hollin-ash/p/WEB";
        let (browsing, _) = world.member("bea", Role::Tester).await;
        let query = format!("fields.{browser}=none&label={label}");
        let shown = browsing.get(&format!("{page}?{query}")).await.is(200).text;
        assert!(shown.contains("Browser: <b>has none</b>") && shown.contains("Label: <b>smoke</b>"), "{shown}");
        world.owner.delete(&format!("{WEB}/fields/{browser}")).await.is(200);
        world.owner.delete(&format!("{WEB}/labels/{label}")).await.is(200);
        let told = world.owner.get(&format!("{WEB}/cases?fields.{browser}=none")).await.is(422).json();
        assert_eq!(told["errors"][0]["code"], "field_deleted");
        assert_eq!(world.owner.get(&format!("{WEB}/cases?label={label}")).await.is(422).json()["errors"][0]["code"], "label_deleted");
        let shown = browsing.get(&format!("{page}?{query}&priority=2")).await.is(200).text;
        assert!(shown.contains("The field Browser was deleted.") && shown.contains("This label was deleted"), "{shown}");
        assert!(shown.contains(r#"href="/w/hollin-ash/p/WEB/cases/3""#), "the other filters hold");
    }

    a_case_is_written_with_labels_and_fields_without_scripts(world) {
        let (browser, sprint) = browser_and_sprint(&world.owner).await;
        let several = json!({"name": "Systems", "kind": "multi_select", "options": ["Linux", "macOS"]});
        let several = world.owner.post(&format!("{WEB}/fields"), several).await.is(201).json();
        let (systems, linux) = (several["id"].as_str().unwrap(), several["options"][0]["id"].as_str().unwrap());
        let macos = several["options"][1]["id"].as_str().unwrap();
        let (tom, _) = world.member("tom", Role::Tester).await;
        let script = "<script>alert(1)</script>";
        let (browser, sprint, systems) = (format!("fields.{browser}"), format!("fields.{sprint}"), format!("fields.{systems}"));
        let form = [("title", "One"), ("labels", "smoke, <script>alert(1)</script>"), (&browser, "Firefox"), (&sprint, "x")];
        let wrong = tom.form("/w/hollin-ash/p/WEB/cases", &form).await.is(422).text;
        assert!(wrong.contains("Sprint: A number") && wrong.contains(r#"value="smoke, "#) && !wrong.contains(script), "{wrong}");
        let form = [
            ("title", "One"), ("labels", "smoke, <script>alert(1)</script>"), (&browser, ""), (&sprint, "7,5"), (&systems, ""),
            (&systems, linux), (&systems, macos),
        ];
        tom.form("/w/hollin-ash/p/WEB/cases", &form).await.is(303);
        let page = tom.get("/w/hollin-ash/p/WEB/cases/1").await.is(200).text;
        assert!(page.contains("7.5") && page.contains(">Linux</span>") && page.contains(">smoke</span>") && !page.contains(script));
        let edit = tom.get("/w/hollin-ash/p/WEB/cases/1/edit").await.is(200).text;
        let marks = edit.split(r#"name="marks" value=""#).nth(1).unwrap().split('"').next().unwrap();
        world.owner.patch(&format!("{WEB}/cases/1"), json!({"revision": 1, "labels": ["money"]})).await.is(200);
        let form = [
            ("title", "One"), ("revision", "1"), ("marks", marks), ("labels", "<script>alert(1)</script>, smoke"), (&sprint, "7.5"),
            (&systems, ""), (&systems, macos),
        ];
        tom.form("/w/hollin-ash/p/WEB/cases/1", &form).await.is(303);
        let now = tom.get(&format!("{WEB}/cases/1")).await.json();
        assert_eq!(now["labels"], json!(["money"]), "what was sent as it was shown changes nothing");
        assert_eq!(now["fields"][&systems["fields.".len()..]], json!([macos]));
        let form = [("title", "One"), ("revision", "1"), ("marks", marks), ("labels", "slow")];
        let both = tom.form("/w/hollin-ash/p/WEB/cases/1", &form).await.is(422).text;
        assert!(both.contains(r#"name="keep_labels""#) && both.contains("money"), "{both}");
        let versions = tom.get("/w/hollin-ash/p/WEB/cases/1/versions/3").await.is(200).text;
        assert!(versions.contains("Systems") && versions.contains("Linux"), "{versions}");
    }

    a_field_that_must_have_a_value_stops_the_quick_line_and_says_so(world) {
        world.owner.post(&format!("{WEB}/fields"), json!({"name": "Sprint", "kind": "number", "required": true})).await.is(201);
        let (tom, _) = world.member("tom", Role::Tester).await;
        let line = [("title", "Quick"), ("back", "/w/hollin-ash/p/WEB")];
        let told = tom.form("/w/hollin-ash/p/WEB/cases/line", &line).await.is(422).text;
        assert!(told.contains("Sprint must be filled in.") && told.contains("Whole form"), "{told}");
    }

    a_project_without_reviews_shows_none(world) {
        let (tom, _) = world.member("tom", Role::Tester).await;
        let path = format!("{WEB}/cases/{}", case(&world.owner, json!({"title": "One"})).await["number"]);
        let page = "/w/hollin-ash/p/WEB/cases/1";
        assert!(tom.get(page).await.is(200).text.contains("Ask for review"));
        world.owner.patch(WEB, json!({"review": false})).await.is(200);
        assert!(!tom.get(page).await.is(200).text.contains("Ask for review"));
        assert!(!tom.get("/w/hollin-ash/p/WEB").await.is(200).text.contains(r#"name="review""#));
        let asked = tom.post(&format!("{path}/review"), json!({"reviewer": me(&world.owner).await})).await.is(409);
        assert_eq!(asked.code(), "review_off");
    }

    an_archived_projects_settings_rest(world) {
        let field = world.owner.post(&format!("{WEB}/fields"), json!({"name": "Story", "kind": "url"})).await.is(201).json();
        world.owner.put(&format!("{WEB}/archive"), json!({})).await.is(200);
        let late = world.owner.post(&format!("{WEB}/labels"), json!({"name": "late"})).await.is(409);
        assert_eq!(late.code(), "project_archived");
        let path = format!("{WEB}/fields/{}", field["id"].as_str().unwrap());
        assert_eq!(world.owner.delete(&path).await.is(409).code(), "project_archived");
        world.owner.post(&format!("{WEB}/cases"), json!({"title": "late"})).await.is(409);
        world.owner.get(&format!("{WEB}/fields")).await.is(200);
    }
}
