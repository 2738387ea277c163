//! The invitee's side: links, acceptance in every variant, and what scanners cannot do.

use std::time::Duration;

use domain::access::Role;
use http::Method;
use serde_json::json;

use crate::on_both_engines;

const NEW: &[(&str, &str)] = &[("name", "Lea Fournier"), ("password", "four unrelated words here")];

on_both_engines! {
    a_new_person_opens_the_link_and_is_in(world) {
        let token = world.token(world.invitation("lea@hollin.example", Role::Tester).await).await;
        let lea = world.nobody();
        let opened = lea.get(&format!("/join/{}", token.reveal())).await.is(303);
        assert_eq!(opened.header("location"), "/join");
        let page = lea.get("/join").await.is(200).text;
        assert!(page.contains("Hollin &#38; Ash") && page.contains("lea@hollin.example"), "{page}");
        let joined = lea.form("/join/acceptance", NEW).await.is(303);
        assert_eq!(joined.header("location"), "/w/hollin-ash");
        lea.get("/w/hollin-ash").await.is(200);
        assert_eq!(lea.get("/api/v1/me").await.json()["memberships"][0]["role"], "tester");
        assert!(lea.cookie("muster-join").is_none());
    }

    looking_changes_nothing_however_often_and_by_whatever_method(world) {
        let id = world.invitation("lea@hollin.example", Role::Tester).await;
        let path = format!("/join/{}", world.token(id).await.reveal());
        for method in [Method::GET, Method::HEAD, Method::GET, Method::OPTIONS] {
            let answer = world.nobody().send(method, &path, None, &[]).await;
            assert!(answer.status.as_u16() < 400 || answer.status.as_u16() == 405);
        }
        let invitation = world.owner.get(&format!("/api/v1/workspaces/hollin-ash/invitations/{id}")).await.json();
        assert_eq!(invitation["state"], "pending");
    }

    a_link_is_remembered_for_a_quarter_of_an_hour_where_no_script_reads_it_and_every_view_counts_anew(world) {
        let id = world.invitation("lea@hollin.example", Role::Tester).await;
        let lea = world.nobody();
        let path = format!("/join/{}", world.token(id).await.reveal());
        for path in [path.as_str(), "/join"] {
            let answer = lea.get(path).await;
            let cookie = answer.header("set-cookie").to_owned();
            assert!(cookie.starts_with("muster-join=") && cookie.contains("HttpOnly") && cookie.contains("Max-Age=900"), "{path}: {cookie}");
        }
        let page = world.nobody().get("/join").await.is(200).text;
        assert!(page.contains("in a cookie") && page.contains("quarter of an hour") && page.contains("code"), "{page}");
    }

    links_are_made_of_the_base_url_whatever_the_host_of_a_request_says(world) {
        let id = world.invitation("lea@hollin.example", Role::Tester).await;
        let path = format!("/api/v1/workspaces/hollin-ash/invitations/{id}/link");
        let headers = [("host", "evil.example"), ("x-forwarded-host", "evil.example"), ("forwarded", "host=evil.example")];
        let link = world.owner.send(Method::POST, &path, None, &headers).await.is(200);
        assert!(!link.text.contains("evil.example") && link.text.contains("/join/"), "{}", link.text);
        let page = world.nobody().send(Method::GET, "/sign-in", None, &headers).await.is(200);
        assert!(!page.text.contains("evil.example"), "{}", page.text);
    }

    a_link_survives_the_punctuation_that_mail_programs_add(world) {
        let token = world.token(world.invitation("lea@hollin.example", Role::Tester).await).await;
        for tail in [".", "%3E", ").", "=", "%22"] {
            world.nobody().get(&format!("/join/{}{tail}", token.reveal())).await.is(303);
        }
    }

    each_dead_link_says_why_and_offers_one_way_on(world) {
        let dead = async |path: &str, status: u16| world.nobody().get(path).await.is(status).text;
        assert!(dead("/join/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 404).await.contains("<h1>"));
        let id = world.invitation("lea@hollin.example", Role::Tester).await;
        let (old, new) = (world.token(id).await, world.token(id).await);
        dead(&format!("/join/{}", old.reveal()), 410).await;
        world.nobody().get(&format!("/join/{}", new.reveal())).await.is(303);
        world.owner.post(&format!("/api/v1/workspaces/hollin-ash/invitations/{id}/revocation"), json!({})).await.is(204);
        let text = dead(&format!("/join/{}", new.reveal()), 410).await;
        assert!(text.contains("Ann Keller"), "{text}");
        let late = world.token(world.invitation("late@hollin.example", Role::Tester).await).await;
        world.pass(Duration::from_hours(24 * 7));
        let text = dead(&format!("/join/{}", late.reveal()), 410).await;
        assert!(text.contains("expired"), "{text}");
        let body = json!({"token": late.reveal(), "name": "Lea", "password": crate::kit::PASSWORD});
        let answer = world.nobody().post("/api/v1/invitations/acceptance", body).await.is(410);
        assert_eq!(answer.code(), "invitation_expired");
    }

    a_used_link_is_gone_and_makes_no_second_member(world) {
        let token = world.token(world.invitation("lea@hollin.example", Role::Tester).await).await;
        let body = json!({"token": token.reveal(), "name": "Lea", "password": crate::kit::PASSWORD});
        world.nobody().post("/api/v1/invitations/acceptance", body.clone()).await.is(201);
        assert_eq!(world.nobody().post("/api/v1/invitations/acceptance", body).await.is(410).code(), "invitation_used");
        world.nobody().get(&format!("/join/{}", token.reveal())).await.is(410);
    }

    an_address_with_an_account_signs_in_and_nothing_replaces_its_password(world) {
        let other = world.owner.post("/api/v1/workspaces", json!({"name": "Other"})).await.is(201).json();
        let there = world.with_key(other["api_key"].as_str().unwrap());
        there.post("/api/v1/workspaces/other/projects", json!({"name": "Other shop"})).await.is(201);
        let (mia, _) = world.member("mia", Role::Tester).await;
        let sent = json!({"recipients": "mia@hollin.example", "role": "tester"});
        let sent = there.post("/api/v1/workspaces/other/invitations", sent).await.is(201).json();
        let path = format!("/api/v1/workspaces/other/invitations/{}/link", sent["results"][0]["invitation"].as_str().unwrap());
        let url = there.post(&path, json!({})).await.is(200).json()["url"].as_str().unwrap().to_owned();
        let token = url.rsplit('/').next().unwrap();
        let lookup = world.nobody().post("/api/v1/invitations/lookup", json!({"token": token})).await.is(200).json();
        assert_eq!(lookup["needs"], "sign_in");
        let body = json!({"token": token, "name": "Mallory", "password": "another good long password"});
        let refused = world.nobody().post("/api/v1/invitations/acceptance", body.clone()).await.is(401);
        assert_eq!(refused.code(), "sign_in_required");
        let (tom, _) = world.member("tom", Role::Tester).await;
        assert_eq!(tom.post("/api/v1/invitations/acceptance", body.clone()).await.is(403).code(), "wrong_account");
        let before = mia.cookie("muster");
        mia.post("/api/v1/invitations/acceptance", json!({"token": token})).await.is(201);
        assert_ne!(mia.cookie("muster"), before, "the session changes on acceptance");
        assert_eq!(mia.get("/api/v1/me").await.json()["memberships"].as_array().unwrap().len(), 2);
    }

    an_api_key_is_ignored_when_joining(world) {
        let token = world.token(world.invitation("lea@hollin.example", Role::Tester).await).await;
        let body = json!({"token": token.reveal(), "name": "Lea", "password": crate::kit::PASSWORD});
        world.owner.post("/api/v1/invitations/acceptance", body).await.is(201);
        let members = world.owner.get("/api/v1/workspaces/hollin-ash/members").await.json();
        let names: Vec<_> = members["items"].as_array().unwrap().iter().map(|member| member["name"].clone()).collect();
        assert_eq!(names, ["Ann Keller", "Lea"]);
    }

    somebody_else_is_told_for_whom_it_is_with_most_letters_hidden(world) {
        let (tom, _) = world.member("tom", Role::Tester).await;
        let token = world.token(world.invitation("amelie.roth@hollin.example", Role::Tester).await).await;
        tom.get(&format!("/join/{}", token.reveal())).await.is(303);
        let page = tom.get("/join").await.is(200).text;
        assert!(page.contains("a•••••.r•••@hollin.example") && !page.contains("amelie"), "{page}");
        tom.form("/join/acceptance", NEW).await;
        assert_eq!(tom.get("/api/v1/me").await.json()["memberships"].as_array().unwrap().len(), 1);
        tom.form("/join/sign-out", &[]).await.is(303);
        assert!(tom.get("/join").await.is(200).text.contains("amelie.roth@hollin.example"));
    }

    a_weak_password_is_refused_and_the_name_is_kept(world) {
        let token = world.token(world.invitation("lea@hollin.example", Role::Tester).await).await;
        let lea = world.nobody();
        lea.get(&format!("/join/{}", token.reveal())).await.is(303);
        for weak in ["", "short", "password1", "hollin ash"] {
            let page = lea.form("/join/acceptance", &[("name", "Lea Fournier"), ("password", weak)]).await.is(422).text;
            assert!(page.contains("Lea Fournier"), "{page}");
        }
        lea.form("/join/acceptance", NEW).await.is(303);
    }

    an_inviter_who_lost_the_right_puts_his_invitations_on_hold(world) {
        let (manager, id) = world.member("max", Role::Manager).await;
        let path = "/api/v1/workspaces/hollin-ash/invitations";
        let sent = manager.post(path, json!({"recipients": "lea@hollin.example", "role": "tester"})).await.is(201).json();
        let invitation = sent["results"][0]["invitation"].as_str().unwrap().to_owned();
        let url = manager.post(&format!("{path}/{invitation}/link"), json!({})).await.is(200).json();
        let token = url["url"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        let member = format!("/api/v1/workspaces/hollin-ash/members/{id}");
        let state = async || world.owner.get(&format!("{path}/{invitation}")).await.json()["state"].clone();
        world.owner.patch(&member, json!({"role": "tester"})).await.is(200);
        assert_eq!(state().await, "on_hold");
        let body = json!({"token": token, "name": "Lea", "password": crate::kit::PASSWORD});
        let held = world.nobody().post("/api/v1/invitations/acceptance", body.clone()).await.is(409);
        assert_eq!(held.code(), "invitation_on_hold");
        world.nobody().get(&format!("/join/{token}")).await.is(303);
        world.owner.patch(&member, json!({"role": "manager"})).await.is(200);
        assert_eq!(state().await, "pending");
        world.nobody().post("/api/v1/invitations/acceptance", body).await.is(201);
    }

    a_form_acts_only_on_the_invitation_it_shows(world) {
        let (first, second) = (world.invitation("lea@hollin.example", Role::Tester).await, world.invitation("mia@hollin.example", Role::Tester).await);
        let lea = world.nobody();
        for id in [first, second] {
            lea.get(&format!("/join/{}", world.token(id).await.reveal())).await.is(303);
        }
        let shown = first.to_string();
        let form = [("invitation", shown.as_str()), ("name", "Lea"), ("password", crate::kit::PASSWORD)];
        assert_eq!(lea.form("/join/acceptance", &form).await.is(303).header("location"), "/join");
        assert!(lea.get("/join").await.is(200).text.contains("another invitation"));
        lea.form("/join/refusal", &form[..1]).await.is(303);
        for id in [first, second] {
            let path = format!("/api/v1/workspaces/hollin-ash/invitations/{id}");
            assert_eq!(world.owner.get(&path).await.json()["state"], "pending");
        }
    }

    a_role_on_a_private_project_is_granted_though_the_workspace_role_is_the_same(world) {
        let private = json!({"name": "Secret", "key": "SEC", "private": true});
        world.owner.post("/api/v1/workspaces/hollin-ash/projects", private).await.is(201);
        let (owner, _) = world.member("olga", Role::Owner).await;
        let form = [
            ("recipients", "lea@hollin.example"), ("role", "tester"), ("scope", "more"), ("project", "SEC"), ("project_role", "SEC:"),
        ];
        owner.form("/w/hollin-ash/invitations", &form).await.is(303);
        let sent = world.owner.get("/api/v1/workspaces/hollin-ash/invitations?state=pending").await.json();
        assert_eq!(sent["items"][0]["projects"], json!([{"project": "SEC", "role": "tester"}]));
    }

    declining_is_for_good(world) {
        let token = world.token(world.invitation("lea@hollin.example", Role::Tester).await).await;
        let lea = world.nobody();
        lea.get(&format!("/join/{}", token.reveal())).await.is(303);
        lea.form("/join/refusal", &[]).await.is(303);
        assert!(lea.get("/join").await.is(410).text.contains("This invitation was declined"));
        let body = json!({"token": token.reveal(), "name": "Lea", "password": crate::kit::PASSWORD});
        assert_eq!(world.nobody().post("/api/v1/invitations/acceptance", body).await.is(410).code(), "invitation_declined");
    }

    fifty_at_once_with_one_token_make_one_member(world) {
        let token = world.token(world.invitation("lea@hollin.example", Role::Tester).await).await;
        let tries = (0..50).map(|_| {
            let (somebody, token) = (world.nobody(), token.reveal().to_owned());
            tokio::spawn(async move {
                let body = json!({"token": token, "name": "Lea", "password": crate::kit::PASSWORD});
                somebody.post("/api/v1/invitations/acceptance", body).await.status.as_u16()
            })
        });
        let mut statuses = Vec::new();
        for attempt in tries.collect::<Vec<_>>() {
            statuses.push(attempt.await.unwrap());
        }
        assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 1, "{statuses:?}");
        assert!(statuses.iter().all(|status| [201, 410, 401, 409].contains(status)), "{statuses:?}");
        let members = world.owner.get("/api/v1/workspaces/hollin-ash/members").await.json();
        assert_eq!(members["items"].as_array().unwrap().len(), 2);
    }
}
