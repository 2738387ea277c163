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

    what_a_change_would_do_is_shown_before_it_is_done_and_taken_back_after(world) {
        let (owner, _) = world.member("olga", Role::Owner).await;
        let (lead, id) = world.member("max", Role::Manager).await;
        lead.post("/api/v1/workspaces/hollin-ash/invitations", json!({"recipients": "a@x.example", "role": "tester"})).await.is(201);
        let page = owner.get(&format!("/w/hollin-ash/members/{id}")).await.is(200);
        assert!(page.text.contains("max@hollin.example") && page.text.contains("Review change"), "{}", page.text);
        let review = owner.get(&format!("/w/hollin-ash/members/review?do=role&role=tester&member={id}")).await.is(200);
        assert!(review.text.contains("Loses: Invite members") && review.text.contains("a@x.example"), "{}", review.text);
        assert_eq!(world.owner.get(&format!("{MEMBERS}/{id}")).await.json()["role"], "manager", "looking changes nothing");
        let token = format!("{id} manager active");
        assert!(review.text.contains(&format!("value=\"{token}\"")), "{}", review.text);
        let form = [("do", "role"), ("role", "tester"), ("member", token.as_str())];
        let done = owner.form("/w/hollin-ash/members/deeds", &form).await.is(303);
        assert_eq!(done.header("location"), format!("/w/hollin-ash/members/{id}"));
        let told = owner.get(done.header("location")).await.is(200);
        assert!(told.text.contains("max has another role") && told.text.contains("Undo"), "{}", told.text);
        let undo = [("do", "role"), ("role", "manager"), ("member", &format!("{id} tester active"))];
        owner.form("/w/hollin-ash/members/deeds", &undo).await.is(303);
        assert_eq!(world.owner.get(&format!("{MEMBERS}/{id}")).await.json()["role"], "manager");
        let late = owner.form("/w/hollin-ash/members/deeds", &undo).await.is(409);
        assert!(late.text.contains("the role went from Tester to Manager"), "{}", late.text);
    }

    several_change_at_once_and_who_cannot_be_changed_is_skipped(world) {
        let (admin, _) = world.member("ada", Role::Admin).await;
        let (_, a) = world.member("a", Role::Tester).await;
        let (_, b) = world.member("b", Role::Tester).await;
        let (_, top) = world.member("top", Role::Owner).await;
        let review = admin.get(&format!("/w/hollin-ash/members/review?do=role&role=guest&member={a}&member={b}&member={top}")).await.is(200);
        assert!(review.text.contains("2 members") && review.text.contains("Only owners change owners"), "{}", review.text);
        let form = [("do", "role"), ("role", "guest"), ("member", a.as_str()), ("member", &b), ("member", &top)];
        admin.form("/w/hollin-ash/members/deeds", &form).await.is(303);
        let told = admin.get("/w/hollin-ash/settings/users").await.is(200);
        assert!(told.text.contains("2 members have another role, 1 skipped"), "{}", told.text);
        assert_eq!(names(&world.owner.get(&format!("{MEMBERS}?role=guest")).await.json()), ["a", "b"]);
        for bad in ["do=role&role=guest", "do=fly&member=mem_x", "do=role&role=wizard&member="] {
            let refused = admin.get(&format!("/w/hollin-ash/members/review?{bad}")).await;
            assert!(refused.status.is_client_error(), "{bad}");
        }
    }

    a_change_with_an_old_tag_is_refused(world) {
        let (_, id) = world.member("tom", Role::Tester).await;
        let path = format!("{MEMBERS}/{id}");
        let tag = world.owner.get(&path).await.is(200).header("etag").to_owned();
        let patch = async |role: &str| {
            let headers = [("content-type", "application/json"), ("if-match", tag.as_str())];
            world.owner.send(http::Method::PATCH, &path, Some(json!({"role": role}).to_string()), &headers).await
        };
        assert_ne!(patch("manager").await.is(200).header("etag"), tag);
        assert_eq!(patch("guest").await.is(412).code(), "changed_meanwhile");
        assert_eq!(world.owner.get(&path).await.json()["role"], "manager");
    }

    colleagues_see_names_and_roles_on_a_members_page_and_no_deeds(world) {
        let (tom, _) = world.member("tom", Role::Tester).await;
        let (_, id) = world.member("max", Role::Manager).await;
        let page = tom.get(&format!("/w/hollin-ash/members/{id}")).await.is(200).text;
        assert!(page.contains("Manager") && !page.contains("max@hollin") && !page.contains("Review change"), "{page}");
        tom.get(&format!("/w/hollin-ash/members/review?do=remove&member={id}")).await.is(403);
        tom.form("/w/hollin-ash/members/deeds", &[("do", "remove"), ("member", &id)]).await.is(403);
    }

    the_matrix_shows_every_right_and_who_holds_each_role(world) {
        let (tom, _) = world.member("tom", Role::Tester).await;
        let page = tom.get("/w/hollin-ash/settings/roles").await.is(200).text;
        for right in domain::access::Right::ALL {
            assert!(page.contains(right.words()) && page.contains(right.meaning().split('\'').next().unwrap()), "{right}");
        }
        let roles = tom.get("/api/v1/workspaces/hollin-ash/roles").await.is(200).json();
        let counts: Vec<_> = roles["items"].as_array().unwrap().iter().map(|role| role["members"].as_i64().unwrap()).collect();
        assert_eq!(counts, [1, 0, 0, 1, 0, 0]);
    }
}
