//! What hostile or broken requests meet.

use domain::access::Role;
use http::Method;
use serde_json::json;

use crate::on_both_engines;

on_both_engines! {
    a_form_from_another_site_is_refused_signed_in_or_not(world) {
        for site in ["cross-site", "same-site"] {
            let headers = [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", site)];
            for path in ["/sign-in", "/setup", "/join/acceptance", "/api/v1/sessions", "/w/hollin-ash/projects"] {
                let body = Some("name=x&email=a%40b.example&password=x".to_owned());
                world.nobody().send(Method::POST, path, body, &headers).await.is(403);
            }
        }
        let foreign = [("content-type", "application/json"), ("origin", "https://evil.example")];
        let body = json!({"email": "a@b.example", "password": "x"}).to_string();
        world.nobody().send(Method::POST, "/api/v1/sessions", Some(body.clone()), &foreign).await.is(403);
        let own = [("content-type", "application/json"), ("origin", "http://localhost:8080")];
        world.nobody().send(Method::POST, "/api/v1/sessions", Some(body), &own).await.is(401);
    }

    with_a_key_the_cookie_is_ignored_and_other_sites_may_call(world) {
        let headers = [("content-type", "application/json"), ("origin", "https://elsewhere.example"), ("sec-fetch-site", "cross-site")];
        let body = json!({"name": "From CI"}).to_string();
        world.owner.send(Method::POST, "/api/v1/workspaces/hollin-ash/projects", Some(body), &headers).await.is(201);
        let (tester, _) = world.member("tom", Role::Tester).await;
        let bad_key = [("authorization", "Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")];
        tester.send(Method::GET, "/api/v1/me", None, &bad_key).await.is(401);
    }

    ten_megabytes_are_too_many(world) {
        let body = json!({"recipients": "x".repeat(11 * 1024 * 1024), "role": "tester"}).to_string();
        let headers = [("content-type", "application/json")];
        let path = "/api/v1/workspaces/hollin-ash/invitations";
        let answer = world.owner.send(Method::POST, path, Some(body), &headers).await.is(413);
        assert_eq!(answer.header("content-type"), "application/problem+json");
        let form = [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "same-origin")];
        let body = format!("recipients={}", "x".repeat(11 * 1024 * 1024));
        let (owner, _) = world.member("olga", Role::Owner).await;
        owner.send(Method::POST, "/w/hollin-ash/invitations", Some(body), &form).await.is(413);
    }

    a_paste_of_more_than_a_megabyte_is_refused_unread(world) {
        for recipients in [json!(",".repeat(1_000_001)), json!(["x".repeat(600_000), "y".repeat(600_000)])] {
            let body = json!({"recipients": recipients, "role": "tester"});
            let answer = world.owner.post("/api/v1/workspaces/hollin-ash/invitations/preview", body).await.is(422).json();
            assert_eq!(answer["errors"][0]["code"], "too_long", "{answer}");
        }
    }

    a_filter_that_cannot_be_read_is_named_and_answered_alike_by_every_list(world) {
        for list in ["search", "members", "invitations", "projects", "audit", "api-keys", "mail"] {
            let twice = "limit=1&limit=2&q=a&q=b&state=a&state=b&kinds=a&kinds=b&event=a&event=b&all=a&all=b&sort=a&sort=b";
            let path = format!("/api/v1/workspaces/hollin-ash/{list}?{twice}");
            assert_eq!(world.owner.get(&path).await.is(422).code(), "invalid", "{list}");
        }
        let huge = "/api/v1/workspaces/hollin-ash/search?limit=9223372036854775808";
        assert_eq!(world.owner.get(huge).await.is(422).code(), "invalid");
    }

    garbage_of_every_kind_is_named_and_changes_nothing(world) {
        let path = "/api/v1/workspaces/hollin-ash/invitations";
        let headers = [("content-type", "application/json")];
        for garbage in ["", "{", "[]", "null", "\u{0}", r#"{"recipients":7,"role":"tester"}"#, r#"{"role":"tester"}"#] {
            let answer = world.owner.send(Method::POST, path, Some(garbage.to_owned()), &headers).await.is(422);
            assert!(answer.json()["errors"][0]["field"].is_string(), "{}", answer.text);
        }
        let controls = json!({"recipients": [
            "a\u{0}b@x.example", "a\r\nbcc: b@x.example", {"address": "ok@x.example", "name": "Eve\r\nBcc: x@x.example"},
            "a\u{202e}b@x.example",
        ], "role": "tester"});
        let answer = world.owner.post(path, controls).await.is(422).json();
        assert!(answer["results"].as_array().unwrap().iter().all(|row| row["outcome"] == "invalid"), "{answer}");
        for name in ["", "a\nb", "\u{202e}evil", &"x".repeat(81)] {
            world.owner.post("/api/v1/workspaces/hollin-ash/projects", json!({"name": name})).await.is(422);
        }
        assert_eq!(world.owner.get(path).await.json()["items"], json!([]));
    }

    a_nul_anywhere_is_refused_and_breaks_nothing(world) {
        let (owner, _) = world.member("olga", Role::Owner).await;
        owner.get("/w/a%00b").await.is(404);
        owner.get("/api/v1/workspaces/a%00b/members").await.is(404);
        owner.get("/w/hollin-ash/settings/users?batch=%00").await.is(200);
        let batch = json!({"recipients": "a@x.example", "role": "tester", "projects": [{"project": "A\u{0}", "role": "tester"}]});
        world.owner.post("/api/v1/workspaces/hollin-ash/invitations", batch).await.is(422);
        let cursor = data_encoding::BASE64URL_NOPAD.encode(br#"["a\u0000", "mem_00000000000000000000000000"]"#);
        world.owner.get(&format!("/api/v1/workspaces/hollin-ash/members?cursor={cursor}")).await.is(422);
    }

    a_misspelt_field_is_refused_and_not_ignored(world) {
        let keys = "/api/v1/workspaces/hollin-ash/api-keys";
        world.owner.post(keys, json!({"name": "ci", "right": ["read"]})).await.is(422);
        world.owner.post(keys, json!({"name": "ci", "rights": []})).await.is(422);
        let project = json!({"name": "Shop", "privat": true});
        world.owner.post("/api/v1/workspaces/hollin-ash/projects", project).await.is(422);
    }

    foreign_ids_are_unknown(world) {
        let other = world.owner.post("/api/v1/workspaces", json!({"name": "Other"})).await.is(201).json();
        let there = world.with_key(other["api_key"].as_str().unwrap());
        let (_, member) = world.member("tom", Role::Tester).await;
        let invitation = world.invitation("lea@hollin.example", Role::Tester).await;
        for path in [format!("members/{member}"), format!("invitations/{invitation}")] {
            there.get(&format!("/api/v1/workspaces/other/{path}")).await.is(404);
            there.get(&format!("/api/v1/workspaces/hollin-ash/{path}")).await.is(404);
        }
        there.post(&format!("/api/v1/workspaces/other/members/{member}/deactivation"), json!({})).await.is(404);
        there.post(&format!("/api/v1/workspaces/other/invitations/{invitation}/revocation"), json!({})).await.is(404);
        there.post(&format!("/api/v1/workspaces/other/invitations/{invitation}/link"), json!({})).await.is(404);
    }

    every_page_carries_the_headers_that_keep_it_safe(world) {
        let (owner, _) = world.member("olga", Role::Owner).await;
        for path in ["/w/hollin-ash", "/w/hollin-ash/settings/users", "/sign-in", "/join", "/nowhere"] {
            let answer = owner.get(path).await;
            assert!(answer.header("content-security-policy").starts_with("default-src 'none'"), "{path}");
            assert_eq!(answer.header("cache-control"), "no-store", "{path}");
            assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
            assert!(!answer.text.contains("style=\"") && !answer.text.contains("<script>"), "{path}");
        }
    }

    sign_in_leads_back_only_to_this_server(world) {
        let pair = |next| [("email", "ann@hollin.example"), ("password", crate::kit::PASSWORD), ("next", next)];
        for (next, to) in [("/w/hollin-ash", "/w/hollin-ash"), ("//evil.example", "/"), ("https://evil.example", "/"), ("/\\evil", "/"), ("/\t/evil.example", "/")] {
            assert_eq!(world.nobody().form("/sign-in", &pair(next)).await.is(303).header("location"), to);
        }
    }

    a_deactivated_member_is_out_at_the_next_request_with_his_keys(world) {
        let (tester, id) = world.member("tom", Role::Tester).await;
        let key = tester.post("/api/v1/workspaces/hollin-ash/api-keys", json!({"name": "ci"})).await.is(201).json();
        let ci = world.with_key(key["key"].as_str().unwrap());
        ci.get("/api/v1/me").await.is(200);
        let out = format!("/api/v1/workspaces/hollin-ash/members/{id}/deactivation");
        world.owner.post(&out, json!({})).await.is(204);
        ci.get("/api/v1/me").await.is(401);
        tester.get("/api/v1/workspaces/hollin-ash").await.is(404);
        tester.get("/w/hollin-ash").await.is(404);
        world.owner.delete(&out).await.is(204);
        tester.get("/w/hollin-ash").await.is(200);
    }

    pages_show_names_as_text_and_never_as_markup(world) {
        let name = "<script>alert(1)</script> & \"Söhne\"";
        world.owner.patch("/api/v1/workspaces/hollin-ash", json!({"name": name})).await.is(200);
        let (owner, _) = world.member("olga", Role::Owner).await;
        for path in ["/w/hollin-ash", "/w/hollin-ash/settings/general"] {
            assert!(!owner.get(path).await.is(200).text.contains("<script>alert"), "{path}");
        }
    }
}
