//! Every route is tried as everybody. What each demands stands in `routes.txt`; a route that is missing there fails.

use std::collections::{BTreeMap, BTreeSet};

use domain::access::{Right, Role};
use http::Method;
use serde_json::{Value, json};

use crate::{
    kit::{Actor, Answer, World},
    on_both_engines,
};

const TABLE: &str = include_str!("routes.txt");

/// Who a route is for.
#[derive(Clone, Debug)]
enum For {
    /// Anybody, for the reason given.
    Open,
    /// Anybody with a live session or key.
    SignedIn,
    /// Anybody with a live session; a key is refused.
    InPerson,
    /// Operators of the server.
    Operators,
    /// Every active member.
    Members,
    /// Active members but guests, who see only the people of their projects.
    Colleagues,
    /// Members with this right.
    Holders(Right),
    /// Who reads the project WEB, which is open: by a role in the workspace, all but guests.
    Readers,
    /// Members with this right in the project WEB.
    InProject(Right),
    /// Whose own thing it is, or members with this right. The walk's things are the owner's.
    OwnOr(Right),
}

#[derive(Clone, Debug)]
struct Route {
    method: Method,
    path: String,
    who: For,
    event: bool,
}

fn table() -> Vec<Route> {
    let lines = TABLE.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(route).collect()
}

fn route(line: &str) -> Route {
    let [what, who, event] = line.split('|').map(str::trim).collect::<Vec<_>>().try_into().expect(line);
    let (method, path) = what.split_once(' ').expect(line);
    let (who, reason) = who.split_once(':').unwrap_or((who, ""));
    let who = match who {
        "open" => {
            assert!(!reason.trim().is_empty(), "an open route needs a reason: {line}");
            For::Open
        }
        "signed in" => For::SignedIn,
        "in person" => For::InPerson,
        "operators" => For::Operators,
        "members" => For::Members,
        "colleagues" => For::Colleagues,
        "readers" => For::Readers,
        there if there.starts_with("in project ") => For::InProject(there["in project ".len()..].parse().expect(line)),
        own if own.starts_with("own or ") => For::OwnOr(own["own or ".len()..].parse().expect(line)),
        right => For::Holders(right.parse().expect(line)),
    };
    let silent = event.starts_with("silent:") && event.len() > "silent: ".len();
    assert!(event == "event" || event == "read" || silent, "event, read, or silent with a reason: {line}");
    let route = Route { method: method.parse().unwrap(), path: path.trim().to_owned(), who, event: event == "event" };
    assert_eq!(event == "read", route.method == Method::GET, "only GET reads: {line}");
    route
}

/// The routes the server has: the API's from its own description, the pages from their table.
fn served() -> BTreeSet<(String, String)> {
    let description = serde_json::to_value(web::routes::api().into_openapi()).unwrap();
    let paths = description["paths"].as_object().unwrap();
    let api = paths.iter().flat_map(|(path, methods)| {
        methods.as_object().unwrap().keys().map(move |method| (method.to_uppercase(), path.clone()))
    });
    let pages = web::routes::pages().into_iter().map(|(method, path, _)| (method.to_owned(), path.to_owned()));
    api.chain(pages).collect()
}

#[test]
fn every_route_stands_in_the_table_and_nothing_else_does() {
    let listed: BTreeSet<_> = table().into_iter().map(|route| (route.method.to_string(), route.path)).collect();
    let served = served();
    assert_eq!(served.difference(&listed).collect::<Vec<_>>(), Vec::<&(String, String)>::new(), "not in routes.txt");
    assert_eq!(listed.difference(&served).collect::<Vec<_>>(), Vec::<&(String, String)>::new(), "not served");
}

/// Somebody, and the role he has in the workspace, if any.
struct Somebody {
    name: &'static str,
    actor: Actor,
    role: Option<Role>,
    signed_in: bool,
    operator: bool,
    by_key: bool,
    limit: Option<Right>,
}

async fn everybody(world: &World) -> Vec<Somebody> {
    let person = |name, actor, role| {
        let (signed_in, operator, by_key, limit) = (true, false, false, None);
        Somebody { name, actor, role, signed_in, operator, by_key, limit }
    };
    let mut all = vec![Somebody { signed_in: false, ..person("nobody", world.nobody(), None) }];
    for (name, role) in [
        ("owner", Role::Owner),
        ("admin", Role::Admin),
        ("manager", Role::Manager),
        ("tester", Role::Tester),
        ("reader", Role::ReadOnly),
        ("guest", Role::Guest),
    ] {
        all.push(person(name, world.member(name, role).await.0, Some(role)));
    }
    let (shut_out, id) = world.member("gone", Role::Admin).await;
    let path = format!("/api/v1/workspaces/hollin-ash/members/{id}/deactivation");
    world.owner.post(&path, json!({})).await.is(204);
    all.push(person("deactivated", shut_out, None));
    all.push(person("stranger", stranger(world, "stranger", false).await, None));
    all.push(Somebody { operator: true, ..person("operator elsewhere", stranger(world, "op", true).await, None) });
    let service = world.with_key(&world.service_account("robot", Role::Admin).await.1);
    all.push(Somebody { by_key: true, ..person("service account", service, Some(Role::Admin)) });
    let limited = json!({"name": "reads only", "rights": ["read"]});
    let key = world.owner.post("/api/v1/workspaces/hollin-ash/api-keys", limited).await.is(201).json();
    let limited = world.with_key(key["key"].as_str().unwrap());
    let limit = Some(Right::Read);
    all.push(Somebody { by_key: true, limit, ..person("limited key", limited, Some(Role::Owner)) });
    all
}

/// An account with a session and no workspace here: a member who was made one elsewhere.
async fn stranger(world: &World, name: &str, operator: bool) -> Actor {
    let (name, operator) = (name.to_owned(), operator);
    let session = world.app.write(None, move |tx, now| {
        let person = store::people::NewPerson {
            name: &name.parse().unwrap(),
            email: &format!("{name}@elsewhere.example").parse().unwrap(),
            password: None,
            verified: true,
            operator,
        };
        let id = store::people::insert(tx, &person, now)?.unwrap();
        Ok(store::sessions::open(tx, id, None, now)?)
    });
    world.with_session(&session.await.unwrap())
}

/// The path with real things in it, made afresh for each try.
async fn filled(world: &World, route: &Route, n: usize) -> String {
    let path = route.path.replace("{workspace}", "hollin-ash").replace("{name}", "none.css");
    let path = path.replace("{project}", "WEB").replace("{version}", "1");
    if path.contains("{group}") {
        let group = json!({"name": format!("Walked {n}"), "steps": [{"action": "Walk"}]});
        let group =
            world.owner.post("/api/v1/workspaces/hollin-ash/projects/WEB/step-groups", group).await.is(201).json();
        return path.replace("{group}", group["id"].as_str().unwrap());
    }
    if path.contains("{attachment}") {
        let case = json!({"title": format!("Walked {n}")});
        let case = world.owner.post("/api/v1/workspaces/hollin-ash/projects/WEB/cases", case).await.is(201).json();
        let files = format!("/api/v1/workspaces/hollin-ash/projects/WEB/cases/{}/attachments", case["number"]);
        let file = world.owner.post(&format!("{files}?name=walked.json"), json!({"n": n})).await.is(201).json();
        let file = file["id"].as_str().unwrap();
        if path.contains("/restoration") {
            let path = format!("/api/v1/workspaces/hollin-ash/projects/WEB/attachments/{file}");
            world.owner.delete(&path).await.is(204);
        }
        return path.replace("{attachment}", file);
    }
    if path.contains("{case}") {
        let case = json!({"title": format!("Walked {n}"), "steps": [{"action": "Walk"}]});
        let case = world.owner.post("/api/v1/workspaces/hollin-ash/projects/WEB/cases", case).await.is(201).json();
        return path.replace("{case}", &case["number"].to_string());
    }
    if let Some(settled) = settled(world, &path, n).await {
        return settled;
    }
    if path.contains("{token}") {
        return path.replace("{token}", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    }
    let id = if path.contains("/folders/{id}") || path.contains("/trash/{id}") {
        let folders = "/api/v1/workspaces/hollin-ash/projects/WEB/folders";
        let folder = world.owner.post(folders, json!({"name": format!("Walked {n}")})).await.is(201).json();
        let folder = folder["id"].as_str().expect("a folder has an id").to_owned();
        if path.contains("/trash/{id}") {
            let gone = world.owner.send(Method::DELETE, &format!("{folders}/{folder}"), None, &[]).await.is(200).json();
            gone["id"].as_str().expect("an act has an id").to_owned()
        } else {
            folder
        }
    } else if path.contains("/service-accounts/{id}") {
        world.service_account(&format!("robot{n}"), Role::ReadOnly).await.0
    } else if path.contains("/members/") {
        world.member(&format!("victim{n}"), Role::Tester).await.1
    } else if path.contains("/sponsorship") {
        world.invitation_on_hold(n).await
    } else if path.contains("/invitations/{id}") {
        world.invitation(&format!("invitee{n}@hollin.example"), Role::Tester).await.to_string()
    } else if path.contains("/addresses/{id}") {
        "adr_00000000000000000000000000".to_owned()
    } else if path.contains("/sessions/{id}") {
        "ses_00000000000000000000000000".to_owned()
    } else {
        "key_00000000000000000000000000".to_owned()
    };
    path.replace("{id}", &id)
}

/// A value, field, option or label where the path wants one.
async fn settled(world: &World, path: &str, n: usize) -> Option<String> {
    // Each kind has so many values at most.
    let kind = ["status", "priority", "type", "automation"][n % 4];
    let path = path.replace("{kind}", kind);
    let api = "/api/v1/workspaces/hollin-ash";
    let scope = if path.contains("/projects/WEB") { format!("{api}/projects/WEB") } else { api.to_owned() };
    if path.contains("{key}") {
        let value = json!({"name": format!("Walked {n}")});
        let made = world.owner.post(&format!("{scope}/properties/{kind}"), value).await.is(201).json();
        return Some(path.replace("{key}", &made["key"].to_string()));
    }
    if path.contains("/labels/{id}") {
        let label = json!({"name": format!("Walked {n}")});
        let made = world.owner.post(&format!("{scope}/labels"), label).await.is(201).json();
        return Some(path.replace("{id}", made["id"].as_str().unwrap()));
    }
    if path.contains("/fields/{id}") {
        let fields = world.owner.get(&format!("{scope}/fields")).await.is(200).json();
        let own = scope != api;
        let there = fields["items"]
            .as_array()
            .unwrap()
            .iter()
            .find(|field| field["own"] == own && field["options"] != json!([]));
        let field = if let Some(field) = there {
            field.clone()
        } else {
            let field = json!({"name": format!("Walked {n}"), "kind": "select", "options": ["A", "B"]});
            world.owner.post(&format!("{scope}/fields"), field).await.is(201).json()
        };
        let path = path.replace("{option}", field["options"][0]["id"].as_str().unwrap());
        return Some(path.replace("{id}", field["id"].as_str().unwrap()));
    }
    path.contains(kind).then_some(path)
}

/// What such a path is sent, by a call or a form.
fn about_settled(path: &str, n: usize) -> Option<Vec<(&'static str, String)>> {
    let name = || vec![("name", format!("Named {n}"))];
    let ends = |end: &str| path.ends_with(end);
    if ends("/properties/{kind}") || ends("/properties/{kind}/{key}") || ends("/labels") || ends("/labels/{id}") {
        return Some(name());
    }
    if ends("/fields") {
        return Some(vec![("name", format!("Named {n}")), ("kind", "text".into())]);
    }
    if ends("/fields/{id}") || ends("/fields/{id}/options") {
        return Some(name());
    }
    if ends("/options/{option}") {
        return Some(vec![("colour", "red".into())]);
    }
    ends("/labels/{id}/merging").then(|| vec![("into", "lbl_00000000000000000000000000".into())])
}

/// A body that the route takes.
fn body(route: &Route, n: usize) -> Value {
    let token = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    if let Some(fields) = about_settled(&route.path, n) {
        return fields
            .into_iter()
            .map(|(name, value)| (name.to_owned(), json!(value)))
            .collect::<serde_json::Map<_, _>>()
            .into();
    }
    match route.path.trim_start_matches("/api/v1").trim_start_matches("/workspaces/{workspace}") {
        "/sessions" => json!({"email": "nobody@hollin.example", "password": "wrong"}),
        "/password-resets" => json!({"email": "nobody@hollin.example"}),
        "/password-resets/completion" => json!({"token": token, "password": "four unrelated words"}),
        "/me" => json!({"name": "Second"}),
        "/me/addresses" => json!({"email": format!("more{n}@hollin.example")}),
        "/me/addresses/verification" => json!({"token": token}),
        "/me/addresses/cancellation" => json!({"email": "none@hollin.example"}),
        "/me/addresses/{id}/primary" | "/me/addresses/{id}/removal" => json!({"password": "wrong"}),
        "/me/deletion" => json!({"email": "second@hollin.example", "password": "wrong"}),
        "/me/password" => json!({"current": "wrong", "password": "four unrelated words"}),
        "/workspaces" => json!({"name": format!("Workspace {n}")}),
        "" => json!({"name": "Hollin & Ash"}),
        "/deletion" | "/projects/{project}/deletion" => json!({"confirm": "something else"}),
        "/invitation-domains" => json!({"blocked": [format!("d{n}.example")]}),
        "/operator/settings" => json!({"member_limit": 1000 + n}),
        "/projects" => json!({"name": format!("Project {n}"), "key": format!("P{n}")}),
        "/api-keys" | "/service-accounts/{id}/api-keys" => json!({"name": "a key"}),
        "/service-accounts" => json!({"name": "robot", "role": "read_only"}),
        "/members/{id}" | "/invitations/{id}" => json!({"role": "read_only"}),
        "/invitations/{id}/correction" => json!({"address": format!("right{n}@hollin.example")}),
        "/projects/{project}" => json!({"name": format!("Shop {n}")}),
        "/projects/{project}/members/{id}" => json!({"role": "manager"}),
        "/projects/{project}/markdown" | "/projects/{project}/pasted-steps" => json!({"text": "Open the *basket*"}),
        "/projects/{project}/step-groups" => json!({"name": format!("Made {n}"), "steps": [{"action": "Walk"}]}),
        "/projects/{project}/step-groups/{group}" => json!({"version": 1, "name": format!("Renamed {n}")}),
        "/projects/{project}/cases/{case}/step-group" => {
            json!({"revision": 1, "name": format!("Extracted {n}"), "first": 0, "count": 1})
        }
        "/projects/{project}/folders" => json!({"name": format!("Made {n}")}),
        "/projects/{project}/folders/{id}" => json!({"name": format!("Renamed {n}")}),
        "/projects/{project}/cases/move" | "/projects/{project}/cases/deletion" => {
            json!({"cases": ["cas_00000000000000000000000000"]})
        }
        "/projects/{project}/cases/clone" => json!({"cases": ["cas_00000000000000000000000000"]}),
        "/projects/{project}/views" | "/projects/{project}/shared-views" => {
            json!({"name": format!("View {n}"), "query": {"priority": "4"}})
        }
        "/projects/{project}/cases/edit" => json!({"matching": {}, "set": {"automation": 1 + n % 2}}),
        "/projects/{project}/cases" => json!({"title": format!("Walked {n}")}),
        "/projects/{project}/cases/{case}" => json!({"revision": 1, "priority": 4}),
        "/projects/{project}/cases/{case}/versions/{version}" => json!({"name": "As walked"}),
        "/projects/{project}/cases/{case}/review" if route.method == Method::PUT => json!({"revision": 1}),
        "/invitations" | "/invitations/preview" if !route.path.contains("lookup") => {
            json!({"recipients": format!("try{n}@hollin.example"), "role": "read_only"})
        }
        "/invitations/lookup" | "/invitations/acceptance" | "/invitations/refusal" | "/invitations/renewal" => {
            json!({"token": token})
        }
        _ => json!({}),
    }
}

/// The same for a page's form.
fn fields(route: &Route, n: usize) -> Vec<(&'static str, String)> {
    if let Some(fields) = about_settled(&route.path, n) {
        return fields;
    }
    match route.path.as_str() {
        "/forgot-password" => vec![("email", "nobody@hollin.example".into())],
        "/sign-in" => vec![("email", "nobody@hollin.example".into()), ("password", "wrong".into())],
        "/profile" => vec![("name", "Second".into())],
        "/profile/addresses" => {
            vec![("email", format!("more{n}@hollin.example")), ("current_password", "wrong".into())]
        }
        "/profile/addresses/link" | "/profile/addresses/cancellation" => {
            vec![("address", "none@hollin.example".into())]
        }
        "/profile/deletion" => {
            vec![("confirmation", "second@hollin.example".into()), ("password_again", "wrong".into())]
        }
        "/profile/password" => vec![("current", "wrong".into()), ("password", "four unrelated words".into())],
        "/setup" => ["name", "email", "password", "workspace"].map(|name| (name, String::new())).into(),
        "/w/{workspace}/projects" => vec![("name", format!("Project {n}")), ("key", format!("P{n}"))],
        "/w/{workspace}/settings/projects/{project}" => vec![("name", format!("Shop {n}"))],
        "/w/{workspace}/p/{project}/cases" => vec![("title", format!("Walked {n}"))],
        "/w/{workspace}/p/{project}/cases/{case}" => {
            vec![("revision", "1".into()), ("title", format!("Walked on {n}"))]
        }
        "/w/{workspace}/p/{project}/cases/{case}/versions/{version}/name" => vec![("name", "As walked".into())],
        "/w/{workspace}/p/{project}/folders" => vec![("name", format!("Made {n}"))],
        "/w/{workspace}/p/{project}/folders/{id}" => vec![("new_name", format!("Renamed {n}"))],
        "/w/{workspace}/p/{project}/views" | "/w/{workspace}/p/{project}/shared-views" => {
            vec![("name", format!("Seen {n}"))]
        }
        "/w/{workspace}/p/{project}/cases/edit" => {
            vec![("matching", String::new()), ("automation", (1 + n % 2).to_string())]
        }
        "/w/{workspace}/p/{project}/cases/line" => vec![("title", format!("Written {n}"))],
        "/w/{workspace}/p/{project}/attachments/{attachment}/removal"
        | "/w/{workspace}/p/{project}/attachments/{attachment}/restoration" => vec![("case", "1".into())],
        "/w/{workspace}/settings/general" => vec![("name", "Hollin & Ash".into())],
        "/w/{workspace}/invitations/{id}/correction" => vec![("address", format!("right{n}@hollin.example"))],
        "/w/{workspace}/invitations/{id}/editing" => vec![("role", "read_only".into()), ("scope", "all".into())],
        "/w/{workspace}/settings/domains" => vec![("blocked", format!("d{n}.example"))],
        "/operator/settings" => {
            vec![("per_workspace", "5000".into()), ("per_inviter", "2000".into()), ("per_server", "20000".into())]
        }
        "/w/{workspace}/api-keys" | "/w/{workspace}/service-accounts/{id}/api-keys" => vec![("name", "a key".into())],
        "/w/{workspace}/service-accounts" => vec![("name", "robot".into()), ("role", "read_only".into())],
        "/w/{workspace}/invitations" => vec![
            ("recipients", format!("try{n}@hollin.example")),
            ("role", "read_only".into()),
            ("scope", "all".into()),
        ],
        _ => Vec::new(),
    }
}

async fn ask(world: &World, somebody: &Somebody, route: &Route, n: usize) -> Answer {
    let path = filled(world, route, n).await;
    if route.method == Method::GET || route.method == Method::DELETE {
        return somebody.actor.send(route.method.clone(), &path, None, &[]).await;
    }
    if route.path.starts_with("/api/") {
        return somebody.actor.json(route.method.clone(), &path, body(route, n)).await;
    }
    let fields = fields(route, n);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    somebody.actor.form(&path, &fields).await
}

/// What the rules say: 401 not signed in, 404 if one may not know it exists, 403 if one may; `None` is a yes.
fn expected(route: &Route, somebody: &Somebody) -> Option<u16> {
    let in_workspace = route.path.contains("{workspace}");
    match &route.who {
        For::Open => None,
        _ if !somebody.signed_in => Some(401),
        For::SignedIn => None,
        For::InPerson => somebody.by_key.then_some(403),
        For::Operators => (!somebody.operator).then_some(403),
        _ if in_workspace && somebody.role.is_none() => Some(404),
        For::Members => None,
        For::Colleagues | For::Readers => (somebody.role == Some(Role::Guest)).then_some(404),
        For::InProject(right) => {
            let role = somebody.role.expect("checked above");
            let limited = somebody.limit.is_some_and(|limit| limit != *right);
            let refused = limited || !role.rights().contains(*right);
            refused.then_some(if role == Role::Guest { 404 } else { 403 })
        }
        For::OwnOr(right) => {
            let role = somebody.role.expect("checked above");
            let seen = role.rights().contains(Right::InviteMembers);
            // A key may look at its holder's own things whatever it is limited to; acting takes a right.
            let looks = route.method == Method::GET;
            let holds = (somebody.limit.is_none() || looks) && role.rights().contains(*right);
            (!holds).then_some(if seen { 403 } else { 404 })
        }
        For::Holders(right) => {
            let role = somebody.role.expect("checked above");
            let limited = somebody.limit.is_some_and(|limit| limit != *right);
            (limited || !role.rights().contains(*right)).then_some(403)
        }
    }
}

/// A page asked for without a session leads to sign-in instead of 401.
fn refusal(route: &Route, answer: &Answer) -> Option<u16> {
    let to_sign_in = answer.status.as_u16() == 303 && answer.header("location").starts_with("/sign-in?next");
    if to_sign_in && !route.path.starts_with("/api/") {
        return Some(401);
    }
    let status = answer.status.as_u16();
    matches!(status, 401 | 403 | 404).then_some(status)
}

/// Whether the API's description knows of this status; pages have none.
fn is_described(described: &Value, route: &Route, answer: &Answer) -> bool {
    let call = &described["paths"][&route.path][route.method.as_str().to_lowercase()];
    !route.path.starts_with("/api/") || call["responses"][answer.status.as_str()].is_object()
}

/// A session or membership that the route may end, in place of one that the walk still needs.
async fn fresh_session(world: &World, somebody: &Somebody, route: &Route, n: usize) -> Option<Somebody> {
    let ends = ["/api/v1/sessions/current", "/sign-out", "/join/sign-out"].contains(&route.path.as_str());
    let leaves = ["/members/me", "/leaving"].iter().any(|end| route.path.ends_with(end)) && somebody.role.is_some();
    if !leaves && (!ends || !somebody.signed_in) {
        return None;
    }
    let actor = world.member(&format!("leaver{n}"), Role::Tester).await.0;
    let (role, signed_in, operator, by_key, limit) = (Some(Role::Tester), true, false, false, None);
    Some(Somebody { name: "a leaver", actor, role, signed_in, operator, by_key, limit })
}

/// An own thing that is not there: "no such key of yours" is a yes to the route and a no to the thing.
fn no_such_thing(route: &Route, answer: &Answer) -> bool {
    let absent = [
        "/api-keys/{id}",
        "{name}",
        "/sessions/{id}",
        "/verification",
        "/cancellation",
        "/addresses/link",
        "/restoration",
        "/changes/{id}",
        "views/{id}",
        "/cases/move",
        "/cases/deletion",
        "/folders/move",
    ];
    answer.status.as_u16() == 404 && absent.iter().any(|part| route.path.contains(part))
}

on_both_engines! {
    every_route_answers_everybody_as_the_rules_say(world) {
        let everybody = everybody(&world).await;
        let described = world.nobody().get("/api/v1/openapi.json").await.is(200).json();
        let mut wrong = Vec::new();
        let mut n = 0;
        for route in table() {
            for somebody in &everybody {
                n += 1;
                let fresh = fresh_session(&world, somebody, &route, n).await;
                let somebody = fresh.as_ref().unwrap_or(somebody);
                let before = somebody.actor.jar_kept();
                let answer = ask(&world, somebody, &route, n).await;
                somebody.actor.put_back(before);
                let (expected, got) = (expected(&route, somebody), refusal(&route, &answer));
                assert!(!answer.status.is_server_error(), "{} {}: {}", route.method, route.path, answer.text);
                if !is_described(&described, &route, &answer) {
                    wrong.push(format!("{} {} answers {}, which openapi.json does not say", route.method, route.path, answer.status));
                }
                let open = matches!(route.who, For::Open) && route.path != "/";
                if expected != got && !open && !(expected.is_none() && no_such_thing(&route, &answer)) {
                    wrong.push(format!("{} {} as {}: expected {expected:?}, got {}", route.method, route.path, somebody.name, answer.status));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    every_call_that_changes_something_leaves_an_event(world) {
        let owner = Somebody {
            name: "owner", actor: world.member("second", Role::Owner).await.0, role: Some(Role::Owner),
            signed_in: true, operator: false, by_key: false, limit: None,
        };
        let mut silent = BTreeMap::new();
        for (n, route) in table().into_iter().enumerate().filter(|(_, route)| route.event) {
            let path = filled(&world, &route, n).await;
            let before = events(&world).await;
            let answer = if route.path.starts_with("/api/") {
                owner.actor.json(route.method.clone(), &path, body(&route, n)).await
            } else {
                let fields = fields(&route, n);
                let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
                owner.actor.form(&path, &fields).await
            };
            if events(&world).await == before {
                silent.insert(format!("{} {}", route.method, route.path), answer.status);
            }
        }
        assert!(silent.is_empty(), "no event: {silent:?}");
    }
}

async fn events(world: &World) -> usize {
    let workspace = world.workspace;
    let rows = world.app.read(move |db, _| {
        let text = "SELECT id FROM event WHERE workspace = ? OR workspace IS NULL";
        Ok(db.all::<db::Row>(db::sql!(text, uuid::Uuid::from(workspace)))?.len())
    });
    rows.await.unwrap()
}
