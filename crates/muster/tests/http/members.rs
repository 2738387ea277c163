//! Members, as outsiders rely on them.

use std::time::Duration;

use domain::access::Role;
use serde_json::{Value, json};

use crate::on_both_engines;

const MEMBERS: &str = "/api/v1/workspaces/hollin-ash/members";

/// The names of a list.
fn names(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap()).collect()
}

on_both_engines! {
    a_removed_member_is_out_at_the_next_request_with_his_keys_for_good(world) {
        let (tom, id) = world.member("tom", Role::Tester).await;
        let key = tom.post("/api/v1/workspaces/hollin-ash/api-keys", json!({"name": "ci"})).await.is(201).json();
        let ci = world.with_key(key["key"].as_str().unwrap());
        ci.get("/api/v1/me").await.is(200);
        world.owner.delete(&format!("{MEMBERS}/{id}")).await.is(204);
        ci.get("/api/v1/me").await.is(401);
        tom.get("/api/v1/workspaces/hollin-ash").await.is(404);
        assert_eq!(tom.get("/api/v1/me").await.is(200).json()["memberships"], json!([]));
        world.owner.delete(&format!("{MEMBERS}/{id}")).await.is(404);
        world.owner.get(&format!("{MEMBERS}/{id}")).await.is(404);
        world.invitation("tom@hollin.example", Role::Guest).await;
    }

    anybody_leaves_but_the_last_owner(world) {
        let (tom, id) = world.member("tom", Role::Guest).await;
        tom.delete(&format!("{MEMBERS}/{id}")).await.is(403);
        tom.delete(&format!("{MEMBERS}/me")).await.is(204);
        tom.get(MEMBERS).await.is(404);
        assert_eq!(world.owner.delete(&format!("{MEMBERS}/me")).await.is(409).code(), "last_owner");
        let (admin, _) = world.member("ada", Role::Admin).await;
        let owners = world.owner.get(&format!("{MEMBERS}?role=owner")).await.is(200).json();
        let owner = owners["items"][0]["id"].as_str().unwrap().to_owned();
        assert_eq!(admin.delete(&format!("{MEMBERS}/{owner}")).await.is(403).code(), "target_above_you");
    }

    sessions_shut_out_find_the_workspace_closed_until_the_member_signs_in_anew(world) {
        let (tom, id) = world.member("tom", Role::Tester).await;
        world.pass(Duration::from_hours(1));
        world.owner.delete(&format!("{MEMBERS}/{id}/sessions")).await.is(204);
        assert_eq!(tom.get(MEMBERS).await.is(401).code(), "signed_out_here");
        let page = tom.get("/w/hollin-ash").await.is(303);
        assert_eq!(page.header("location"), "/sign-in?next=%2Fw%2Fhollin-ash");
        tom.get("/api/v1/me").await.is(200);
    }

    members_are_searched_filtered_and_sorted(world) {
        world.member("Bea.Lang", Role::Tester).await;
        world.member("Al.Lang", Role::Manager).await;
        let (cy, cys) = world.member("Cy", Role::ReadOnly).await;
        world.owner.post(&format!("{MEMBERS}/{cys}/deactivation"), json!({})).await.is(204);
        let list = async |query: &str| world.owner.get(&format!("{MEMBERS}?{query}")).await.is(200).json();
        assert_eq!(names(&list("q=LANG").await), ["Al.Lang", "Bea.Lang"]);
        assert_eq!(names(&list("q=lang&role=tester").await), ["Bea.Lang"]);
        assert_eq!(names(&list("q=cy%40hollin").await), ["Cy"]);
        assert_eq!(names(&list("status=deactivated").await), ["Cy"]);
        assert_eq!(names(&list("sort=-name&role=").await), ["Cy", "Bea.Lang", "Ann Keller", "Al.Lang"]);
        assert_eq!(names(&list("sort=role").await), ["Ann Keller", "Al.Lang", "Bea.Lang", "Cy"]);
        assert_eq!(names(&list("project=web").await), ["Ann Keller"]);
        let first = list("sort=-role&limit=3").await;
        let second = list(&format!("sort=-role&limit=3&cursor={}", first["next_cursor"].as_str().unwrap())).await;
        assert_eq!((names(&first), names(&second)), (vec!["Cy", "Bea.Lang", "Al.Lang"], vec!["Ann Keller"]));
        for bad in ["role=wizard", "status=x", "seen=x", "sort=x", "project=NOPE", "project=%00", "q=%00"] {
            world.owner.get(&format!("{MEMBERS}?{bad}")).await.is(422);
        }
        cy.get(MEMBERS).await.is(404);
    }

    who_sees_names_only_neither_searches_nor_sorts_by_what_is_hidden(world) {
        let (tom, _) = world.member("tom", Role::Tester).await;
        let list = tom.get(&format!("{MEMBERS}?q=hollin")).await.is(200).json();
        assert_eq!(list["items"], json!([]));
        let list = tom.get(&format!("{MEMBERS}?q=ann")).await.is(200).json();
        assert_eq!((names(&list), &list["items"][0]["email"]), (vec!["Ann Keller"], &Value::Null));
        for hidden in ["seen=never", "sort=seen", "sort=-seen"] {
            assert_eq!(tom.get(&format!("{MEMBERS}?{hidden}")).await.is(403).code(), "right_missing");
        }
    }
}
