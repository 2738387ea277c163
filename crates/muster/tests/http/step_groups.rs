//! Steps written once for many cases.

use domain::access::Role;
use serde_json::{Value, json};

use crate::{kit::Actor, on_both_engines};

const PROJECT: &str = "/api/v1/workspaces/hollin-ash/projects/WEB";

async fn group(by: &Actor, name: &str) -> Value {
    let group = json!({"name": name, "steps": [{"action": "Open /login"}, {"action": "Sign in", "expected": "Home"}]});
    by.post(&format!("{PROJECT}/step-groups"), group).await.is(201).json()
}

async fn case(by: &Actor, steps: Value) -> Value {
    by.post(&format!("{PROJECT}/cases"), json!({"title": "Pay", "steps": steps})).await.is(201).json()
}

fn actions(steps: &Value) -> Vec<&str> {
    steps.as_array().unwrap().iter().map(|step| step["action"].as_str().unwrap_or("group")).collect()
}

on_both_engines! {
    a_group_is_written_once_used_in_many_cases_and_changed_for_all(world) {
        let made = group(&world.owner, "Sign in").await;
        let id = made["id"].as_str().unwrap();
        assert_eq!((&made["version"], &made["cases"]), (&json!(1), &json!(0)));
        for _ in 0..2 {
            case(&world.owner, json!([{"group": id}, {"action": "Pay"}])).await;
        }
        let one = format!("{PROJECT}/step-groups/{id}");
        let changed = json!({"version": 1, "steps": [{"action": "Come in"}]});
        let changed = world.owner.patch(&one, changed).await.is(200).json();
        assert_eq!((actions(&changed["steps"]), &changed["version"], &changed["cases"]), (vec!["Come in"], &json!(2), &json!(2)));
        let read = world.owner.get(&format!("{PROJECT}/cases/1")).await.json();
        assert_eq!((&read["version"], &read["revision"]), (&json!(1), &json!(1)));
        let users = world.owner.get(&format!("{one}/cases")).await.is(200).json();
        assert_eq!(users["items"].as_array().unwrap().iter().map(|case| case["number"].as_i64().unwrap()).collect::<Vec<_>>(), [1, 2]);
        let late = json!({"version": 1, "name": "Late"});
        assert_eq!(world.owner.patch(&one, late).await.is(409).json()["code"], "edited_meanwhile");
    }

    a_group_that_is_deleted_leaves_its_steps_in_the_cases(world) {
        let id = group(&world.owner, "Sign in").await["id"].as_str().unwrap().to_owned();
        case(&world.owner, json!([{"action": "Before"}, {"group": id}, {"action": "After"}])).await;
        let gone = world.owner.delete(&format!("{PROJECT}/step-groups/{id}")).await.is(200).json();
        assert_eq!(gone, json!({"cases": 1}));
        let read = world.owner.get(&format!("{PROJECT}/cases/1")).await.json();
        assert_eq!(actions(&read["steps"]), ["Before", "Open /login", "Sign in", "After"]);
        world.owner.get(&format!("{PROJECT}/step-groups/{id}")).await.is(404);
        let again = json!({"revision": 2, "steps": [{"group": id}]});
        let answer = world.owner.patch(&format!("{PROJECT}/cases/1"), again).await.is(422).json();
        assert_eq!(answer["errors"][0]["code"], "unknown");
        group(&world.owner, "Sign in").await;
    }

    some_steps_of_a_case_become_a_group(world) {
        case(&world.owner, json!([{"action": "a"}, {"action": "b"}, {"action": "c"}])).await;
        let call = format!("{PROJECT}/cases/1/step-group");
        let made = json!({"revision": 1, "name": "Middle", "first": 1, "count": 2});
        let made = world.owner.post(&call, made).await.is(201).json();
        assert_eq!((actions(&made["steps"]), &made["cases"]), (vec!["b", "c"], &json!(1)));
        let read = world.owner.get(&format!("{PROJECT}/cases/1")).await.json();
        assert_eq!((actions(&read["steps"]), &read["revision"]), (vec!["a", "group"], &json!(2)));
        for (body, status) in [
            (json!({"revision": 1, "name": "X", "first": 0, "count": 1}), 409),
            (json!({"revision": 2, "name": "X", "first": 1, "count": 1}), 422),
            (json!({"revision": 2, "name": "X", "first": 5, "count": 1}), 422),
            (json!({"revision": 2, "name": "middle", "first": 0, "count": 1}), 422),
        ] {
            world.owner.post(&call, body).await.is(status);
        }
    }

    what_cannot_be_a_group_is_said(world) {
        let id = group(&world.owner, "Sign in").await["id"].as_str().unwrap().to_owned();
        for (body, code) in [
            (json!({"name": "sign IN", "steps": [{"action": "a"}]}), "taken"),
            (json!({"name": "Empty", "steps": []}), "blank"),
            (json!({"name": "Nested", "steps": [{"action": "a"}, {"group": id}]}), "nested_group"),
        ] {
            let answer = world.owner.post(&format!("{PROJECT}/step-groups"), body).await.is(422).json();
            assert_eq!(answer["errors"][0]["code"], code);
        }
        let (reader, _) = world.member("rea", Role::ReadOnly).await;
        reader.get(&format!("{PROJECT}/step-groups/{id}")).await.is(200);
        reader.delete(&format!("{PROJECT}/step-groups/{id}")).await.is(403);
    }
}
