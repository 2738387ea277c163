//! The repository of a project: folders, the list of cases, moving, deleting and restoring, by API and by pages alone.

use domain::access::Role;
use serde_json::{Value, json};

use crate::{kit::Actor, on_both_engines};

const PROJECT: &str = "/api/v1/workspaces/hollin-ash/projects/WEB";
const PAGE: &str = "/w/hollin-ash/p/WEB";

async fn folder(by: &Actor, name: &str, parent: Option<&str>) -> String {
    let made = by.post(&format!("{PROJECT}/folders"), json!({"name": name, "parent": parent})).await.is(201).json();
    made["id"].as_str().unwrap().to_owned()
}

async fn case(by: &Actor, title: &str, folder: Option<&str>) -> String {
    let made = by.post(&format!("{PROJECT}/cases"), json!({"title": title, "folder": folder})).await.is(201).json();
    made["id"].as_str().unwrap().to_owned()
}

async fn titles(by: &Actor, query: &str) -> Vec<String> {
    let list = by.get(&format!("{PROJECT}/cases?{query}")).await.is(200).json();
    list["items"].as_array().unwrap().iter().map(|case| case["title"].as_str().unwrap().to_owned()).collect()
}

fn outline(folders: &Value) -> Vec<String> {
    let line = |folder: &Value| format!("{} {} {}", folder["depth"], folder["name"].as_str().unwrap(), folder["total"]);
    folders["items"].as_array().unwrap().iter().map(line).collect()
}

on_both_engines! {
    folders_are_made_renamed_moved_deleted_and_restored_by_the_api(world) {
        let (manager, _) = world.member("max", Role::Manager).await;
        let checkout = folder(&manager, "Checkout", None).await;
        let payment = folder(&manager, "Payment", Some(&checkout)).await;
        case(&manager, "Redeem", Some(&payment)).await;
        case(&manager, "Loose", None).await;
        let all = manager.get(&format!("{PROJECT}/folders")).await.is(200).json();
        assert_eq!(outline(&all), ["1 Checkout 1", "2 Payment 1"]);
        assert_eq!((&all["cases"], &all["total"]), (&json!(1), &json!(2)));
        let moved = manager.patch(&format!("{PROJECT}/folders/{payment}"), json!({"name": "Paying", "place": {"before": checkout}})).await;
        let moved = moved.is(200).json();
        assert_eq!((&moved["name"], &moved["parent"], &moved["depth"]), (&json!("Paying"), &Value::Null, &json!(1)));
        let all = manager.get(&format!("{PROJECT}/folders")).await.is(200).json();
        assert_eq!(outline(&all), ["1 Paying 1", "1 Checkout 0"]);
        let into_itself = manager.patch(&format!("{PROJECT}/folders/{payment}"), json!({"place": {"parent": payment}})).await;
        assert_eq!(into_itself.is(422).json()["errors"][0]["code"], "in_itself");
        let taken = manager.post(&format!("{PROJECT}/folders"), json!({"name": "checkout"})).await.is(422).json();
        assert_eq!((&taken["errors"][0]["field"], &taken["errors"][0]["code"]), (&json!("name"), &json!("taken")));
        let gone = manager.delete(&format!("{PROJECT}/folders/{payment}")).await.is(200).json();
        assert_eq!((&gone["name"], &gone["folders"], &gone["cases"]), (&json!("Paying"), &json!(1), &json!(1)));
        let trash = manager.get(&format!("{PROJECT}/trash")).await.is(200).json();
        assert_eq!((&trash["items"][0]["kind"], &trash["items"][0]["deleted_by"]), (&json!("folder"), &json!("max")));
        let act = format!("{PROJECT}/trash/{}/restoration", gone["id"].as_str().unwrap());
        manager.post(&act, json!({})).await.is(200);
        manager.post(&act, json!({})).await.is(404);
        let all = manager.get(&format!("{PROJECT}/folders")).await.is(200).json();
        assert_eq!(outline(&all), ["1 Checkout 0", "1 Paying 1"]);
    }

    cases_are_listed_filtered_moved_and_moved_back_by_the_api(world) {
        let (tester, _) = world.member("tess", Role::Tester).await;
        let (checkout, search) = (folder(&tester, "Checkout", None).await, folder(&tester, "Search", None).await);
        let card = folder(&tester, "Card", Some(&checkout)).await;
        let (pay, find) = (case(&tester, "Pay", Some(&card)).await, case(&tester, "Find", Some(&search)).await);
        case(&tester, "Basket", Some(&checkout)).await;
        assert_eq!(titles(&tester, "").await, ["Basket", "Pay", "Find"]);
        assert_eq!(titles(&tester, "sort=title").await, ["Basket", "Find", "Pay"]);
        assert_eq!(titles(&tester, "sort=-number").await, ["Basket", "Find", "Pay"]);
        assert_eq!(titles(&tester, &format!("folder={checkout}")).await, ["Basket", "Pay"]);
        assert_eq!(titles(&tester, &format!("folder={checkout}&below=no")).await, ["Basket"]);
        assert_eq!(titles(&tester, "q=FIN").await, ["Find"]);
        assert!(titles(&tester, "owner=me&priority=2,3").await.is_empty());
        for bad in ["sort=colour", "owner=somebody", "priority=high", "review=done", "label=lbl_none"] {
            tester.get(&format!("{PROJECT}/cases?{bad}")).await.is(422);
        }
        tester.get(&format!("{PROJECT}/cases?folder=fld_none")).await.is(404);
        let first = tester.get(&format!("{PROJECT}/cases?limit=2")).await.is(200).json();
        let rest = titles(&tester, &format!("limit=2&cursor={}", first["next_cursor"].as_str().unwrap())).await;
        assert_eq!(rest, ["Find"]);
        let moved = tester.post(&format!("{PROJECT}/cases/move"), json!({"cases": [find, pay], "folder": checkout})).await;
        let moved = moved.is(200).json();
        assert_eq!((&moved["moved"], &moved["skipped"]), (&json!(2), &json!(0)));
        assert_eq!(titles(&tester, &format!("folder={checkout}&below=no")).await, ["Basket", "Find", "Pay"]);
        let undo = format!("{PROJECT}/changes/{}/undo", moved["change"].as_str().unwrap());
        assert_eq!(tester.post(&undo, json!({})).await.is(200).json()["back"], 2);
        assert_eq!(titles(&tester, "").await, ["Basket", "Pay", "Find"]);
        assert_eq!(tester.post(&undo, json!({})).await.is(409).code(), "undone_already");
        tester.post(&format!("{PROJECT}/cases/deletion"), json!({"cases": [find]})).await.is(403);
    }

    a_list_is_saved_under_a_name_for_oneself_and_for_everybody(world) {
        let (tester, _) = world.member("tess", Role::Tester).await;
        let (reader, _) = world.member("rea", Role::ReadOnly).await;
        let (views, shared) = (format!("{PROJECT}/views"), format!("{PROJECT}/shared-views"));
        let own = json!({"name": "Mine", "query": {"priority": "4", "sort": "-changed"}});
        let made = reader.post(&views, own.clone()).await.is(201).json();
        assert_eq!((&made["query"], &made["shared"]), (&json!("sort=-changed&priority=4"), &json!(false)));
        reader.post(&shared, own).await.is(403);
        let all = tester.post(&shared, json!({"name": "Smoke", "query": {"q": "pay & go"}})).await.is(201).json();
        tester.post(&shared, json!({"name": "SMOKE", "query": {"q": "pay"}})).await.is(201);
        let seen = |body: Value| body["items"].as_array().unwrap().iter().map(|view| view["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
        assert_eq!(seen(reader.get(&views).await.is(200).json()), ["Mine", "SMOKE"]);
        assert_eq!(seen(tester.get(&views).await.is(200).json()), ["SMOKE"]);
        let page = reader.get(PAGE).await.is(200).text;
        assert!(page.contains("Mine") && page.contains("?q=pay\""), "{page}");
        assert!(!page.contains("Save for everybody"), "a reader saves for himself");
        tester.delete(&format!("{views}/{}", made["id"].as_str().unwrap())).await.is(404);
        reader.delete(&format!("{shared}/{}", all["id"].as_str().unwrap())).await.is(403);
        tester.delete(&format!("{shared}/{}", all["id"].as_str().unwrap())).await.is(204);
        reader.delete(&format!("{views}/{}", made["id"].as_str().unwrap())).await.is(204);
        assert!(seen(reader.get(&views).await.is(200).json()).is_empty());
        for (body, field) in [(json!({"name": " ", "query": {}}), "name"), (json!({"name": "Odd", "query": {"owner": "him"}}), "owner")] {
            assert_eq!(tester.post(&views, body).await.is(422).json()["errors"][0]["field"], field);
        }
        let browser = world.owners_browser().await;
        let here = format!("{PAGE}?priority=4");
        browser.form(&format!("{PAGE}/views"), &[("name", "High ones"), ("back", &here)]).await.is(303);
        let page = browser.get(&here).await.is(200).text;
        assert!(page.contains("View High ones saved") && page.contains("aria-current=\"page\">High ones"), "{page}");
    }

    many_cases_get_values_at_once_by_the_api_and_back(world) {
        let (tester, _) = world.member("tess", Role::Tester).await;
        let mut ids = Vec::new();
        for title in ["Basket", "Card", "Pay"] {
            ids.push(case(&tester, title, None).await);
        }
        let edit = format!("{PROJECT}/cases/edit");
        let some = json!({"cases": [&ids[0], &ids[1], "cas_00000000000000000000000000"], "set": {"priority": 4, "owner": null}});
        let done = tester.post(&edit, some).await.is(200).json();
        let figures = |body: &Value| ["changed", "same", "back", "skipped"].map(|name| body[name].as_i64().unwrap());
        assert_eq!((&done["phase"], &done["total"], figures(&done)), (&json!("done"), &json!(3), [2, 0, 0, 1]));
        let all = tester.post(&edit, json!({"matching": {"priority": "4"}, "set": {"status": 2, "priority": 4}})).await.is(200).json();
        assert_eq!((&all["total"], figures(&all)), (&json!(2), [2, 0, 0, 0]));
        let labelled = json!({"cases": &ids, "add_labels": ["smoke"]});
        assert_eq!(figures(&tester.post(&edit, labelled).await.is(200).json()), [3, 0, 0, 0]);
        let unlabelled = json!({"cases": &ids[2..], "remove_labels": ["Smoke"]});
        assert_eq!(figures(&tester.post(&edit, unlabelled).await.is(200).json()), [1, 0, 0, 0]);
        assert_eq!(tester.get(&format!("{PROJECT}/cases/1")).await.json()["labels"], json!(["smoke"]));
        let change = format!("{PROJECT}/changes/{}", done["id"].as_str().unwrap());
        assert_eq!(tester.get(&change).await.is(200).json(), done);
        world.owner.get(&change).await.is(404);
        tester.patch(&format!("{PROJECT}/cases/1"), json!({"revision": 4, "priority": 1})).await.is(200);
        let back = tester.post(&format!("{change}/undo"), json!({})).await.is(200).json();
        assert_eq!((&back["phase"], figures(&back)), (&json!("undone"), [0, 0, 1, 2]));
        assert_eq!((&back["passed_over"][0]["number"], &back["passed_over"][0]["why"]), (&json!(1), &json!("edited")));
        assert_eq!(tester.post(&format!("{change}/undo"), json!({})).await.is(409).code(), "undone_already");
        for (bad, code) in [
            (json!({"cases": [], "set": {"priority": 4}}), "required"),
            (json!({"cases": [&ids[0]], "set": {}}), "required"),
            (json!({"cases": [&ids[0]], "set": {"priority": 99}}), "unknown"),
            (json!({"cases": [&ids[0]], "set": {"steps": []}}), "own"),
            (json!({"cases": [&ids[0]], "set": {"colour": 1}}), "unknown"),
        ] {
            let refused = tester.post(&edit, bad.clone()).await.is(422).json();
            assert_eq!(refused["errors"][0]["code"], code, "{bad} {refused}");
        }
        let (reader, _) = world.member("rea", Role::ReadOnly).await;
        reader.post(&edit, json!({"matching": {}, "set": {"priority": 4}})).await.is(403);
    }

    cases_are_cloned_by_the_api_and_by_forms(world) {
        let id = case(&world.owner, "Pay", None).await;
        let made = world.owner.post(&format!("{PROJECT}/cases/clone"), json!({"cases": [&id]})).await.is(201).json();
        assert_eq!((&made["cases"][0]["number"], &made["cases"][0]["from"], &made["skipped"]), (&json!(2), &json!(1), &json!(0)));
        world.private_project("HID", "Hidden").await;
        let (tester, _) = world.member("tess", Role::Tester).await;
        let from = json!({"cases": [&id], "from": "HID"});
        assert_eq!(tester.post(&format!("{PROJECT}/cases/clone"), from).await.is(422).json()["errors"][0]["field"], "from");
        let browser = world.owners_browser().await;
        let form = browser.form(&format!("{PAGE}/cloning"), &[("case", &id), ("back", PAGE)]).await.is(200).text;
        assert!(form.contains("Clone 1 case<") && form.contains("Hidden"), "{form}");
        browser.form(&format!("{PAGE}/cases/clone"), &[("case", &id), ("project", "HID"), ("back", PAGE)]).await.is(303);
        let told = browser.get(PAGE).await.is(200).text;
        assert!(told.contains("1 case cloned to <a href=\"/w/hollin-ash/p/HID\">Hidden</a>"), "{told}");
        browser.form(&format!("{PAGE}/cloning"), &[("back", PAGE)]).await.is(303);
    }

    many_cases_get_values_at_once_by_forms_alone(world) {
        let browser = world.owners_browser().await;
        let ids = [case(&world.owner, "Basket", None).await, case(&world.owner, "Card", None).await];
        let none = browser.form(&format!("{PAGE}/editing"), &[("back", PAGE)]).await.is(303);
        assert!(browser.get(none.header("location")).await.is(200).text.contains("Select"));
        let form = browser.form(&format!("{PAGE}/editing"), &[("case", &ids[0]), ("case", &ids[1]), ("back", PAGE)]).await.is(200).text;
        assert!(form.contains("Edit 2 cases") && form.contains("Leave as it is") && form.contains(&ids[1]));
        let wrong = [("case", ids[0].as_str()), ("priority", "3"), ("estimate", "soon"), ("back", PAGE)];
        let wrong = browser.form(&format!("{PAGE}/cases/edit"), &wrong).await.is(422).text;
        assert!(wrong.contains("value=\"soon\"") && wrong.contains("Edit 1 case"), "what was typed stays: {wrong}");
        let nothing = browser.form(&format!("{PAGE}/cases/edit"), &[("case", &ids[0]), ("back", PAGE)]).await.is(422).text;
        assert!(nothing.contains("Say which field is to have which value."));
        let done = [("case", ids[0].as_str()), ("case", &ids[1]), ("priority", "4"), ("back", PAGE)];
        browser.form(&format!("{PAGE}/cases/edit"), &done).await.is(303);
        let page = browser.get(PAGE).await.is(200).text;
        assert!(page.contains("2 cases changed"), "{page}");
        let (_, undo) = page.split_once("/changes/").unwrap();
        let undo = format!("{PAGE}/changes/{}", undo.split_once('"').unwrap().0);
        let told = browser.get(undo.trim_end_matches("/undo")).await.is(200).text;
        assert!(told.contains("Priority of 2 cases") && told.contains("2 changed"), "{told}");
        let all = browser.get(&format!("{PAGE}/editing?priority=4")).await.is(200).text;
        assert!(all.contains("Edit 2 cases") && all.contains("priority&#61;4") || all.contains("value=\"priority=4\""), "{all}");
        let done = [("matching", "priority=4"), ("owner", "nobody"), ("status", "2"), ("back", PAGE)];
        browser.form(&format!("{PAGE}/cases/edit"), &done).await.is(303);
        assert!(browser.get(PAGE).await.text.contains("2 cases changed"));
        browser.form(&undo, &[("back", PAGE)]).await.is(303);
        assert!(browser.get(PAGE).await.is(200).text.contains("2 cases are as before"));
        browser.form(&undo, &[("back", PAGE)]).await.is(303);
        assert!(browser.get(PAGE).await.is(200).text.contains("taken back already"));
    }

    the_repository_works_by_forms_alone(world) {
        let browser = world.owners_browser().await;
        let empty = browser.get(PAGE).await.is(200).text;
        assert!(empty.contains("No cases here yet") && empty.contains("No folder yet"));
        browser.form(&format!("{PAGE}/folders"), &[("name", "Checkout & more"), ("back", PAGE)]).await.is(303);
        let page = browser.get(PAGE).await.is(200).text;
        assert!(page.contains("Folder Checkout &#38; more made"), "{page}");
        let all = world.owner.get(&format!("{PROJECT}/folders")).await.is(200).json();
        let checkout = all["items"][0]["id"].as_str().unwrap().to_owned();
        let in_it = format!("{PAGE}?folder={checkout}");
        for title in ["Redeem <b>a</b> card", "Pay the rest"] {
            let added = browser.form(&format!("{PAGE}/cases/line"), &[("title", title), ("folder", &checkout), ("back", &in_it)]).await;
            assert_eq!(added.is(303).header("location"), format!("{in_it}&added=1"));
        }
        let page = browser.get(&format!("{in_it}&added=1")).await.is(200).text;
        assert!(page.contains("Redeem &#60;b&#62;a&#60;/b&#62; card") && page.contains("autofocus") && page.contains("2 cases"));
        let wrong = browser.form(&format!("{PAGE}/cases/line"), &[("title", " "), ("back", &in_it)]).await.is(422);
        assert!(wrong.text.contains("Nothing to read in it."));
        let first = world.owner.get(&format!("{PROJECT}/cases")).await.json()["items"][0]["id"].as_str().unwrap().to_owned();
        let taken = browser.form(&format!("{PAGE}/cases/taking-up"), &[("case", &first), ("back", &in_it)]).await.is(303);
        let carrying = browser.get(taken.header("location")).await.is(200).text;
        assert!(carrying.contains("Moving 1 case."));
        let laid = browser.form(&format!("{PAGE}/cases/move"), &[("case", &first), ("into", ""), ("back", PAGE)]).await.is(303);
        let page = browser.get(laid.header("location")).await.is(200).text;
        assert!(page.contains("1 case moved out of folders") && page.contains("No folder"));
        let (_, undo) = page.split_once("/changes/").unwrap();
        let undo = format!("{PAGE}/changes/{}", undo.split_once('"').unwrap().0);
        browser.form(&undo, &[("back", PAGE)]).await.is(303);
        assert!(browser.get(PAGE).await.is(200).text.contains("1 case is as before"));
        browser.form(&format!("{PAGE}/cases/deletion"), &[("case", &first), ("back", PAGE)]).await.is(303);
        assert!(browser.get(PAGE).await.is(200).text.contains("1 case moved to the trash"));
        browser.form(&format!("{PAGE}/folders/{checkout}/deletion"), &[]).await.is(303);
        let trash = browser.get(&format!("{PAGE}/trash")).await.is(200).text;
        assert!(trash.contains("Folder with 1 case") && trash.contains("1 case<"), "{trash}");
        let trash = world.owner.get(&format!("{PROJECT}/trash")).await.is(200).json();
        let act = trash["items"].as_array().unwrap().iter().find(|act| act["kind"] == "cases").unwrap();
        let act = act["id"].as_str().unwrap();
        let stuck = browser.form(&format!("{PAGE}/trash/{act}/restoration"), &[]).await.is(409).text;
        assert!(stuck.contains("The folder this lay in is gone") && stuck.contains("Restore to the top"));
        browser.form(&format!("{PAGE}/trash/{act}/restoration"), &[("top", "yes")]).await.is(303);
        assert!(browser.get(PAGE).await.is(200).text.contains("1 case restored"));
    }

    a_private_project_shows_neither_folder_nor_case_to_others(world) {
        world.private_project("HID", "Hidden").await;
        let hidden = "/api/v1/workspaces/hollin-ash/projects/HID";
        let made = world.owner.post(&format!("{hidden}/folders"), json!({"name": "Secret"})).await.is(201).json();
        let written = world.owner.post(&format!("{hidden}/cases"), json!({"title": "Secret"})).await.is(201).json();
        let (manager, _) = world.member("max", Role::Manager).await;
        let (folder, case) = (made["id"].as_str().unwrap(), written["id"].as_str().unwrap());
        for path in [format!("{hidden}/folders"), format!("{hidden}/cases"), format!("{hidden}/trash"), "/w/hollin-ash/p/HID".into()] {
            manager.get(&path).await.is(404);
        }
        manager.patch(&format!("{PROJECT}/folders/{folder}"), json!({"name": "Mine"})).await.is(404);
        manager.delete(&format!("{PROJECT}/folders/{folder}")).await.is(404);
        manager.get(&format!("{PROJECT}/cases?folder={folder}")).await.is(404);
        manager.post(&format!("{PROJECT}/cases/move"), json!({"cases": [case]})).await.is(404);
        manager.post(&format!("{PROJECT}/cases/deletion"), json!({"cases": [case]})).await.is(404);
        let into = manager.post(&format!("{PROJECT}/folders"), json!({"name": "Mine", "parent": folder})).await.is(422);
        assert_eq!(into.json()["errors"][0]["code"], "unknown");
    }
}
