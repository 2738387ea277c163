//! The server as a whole.

use domain::access::Role;
use store::server;

use crate::{bed::on_both_engines, house::House};

on_both_engines! { House:
    what_a_database_holds_is_counted
}

async fn what_a_database_holds_is_counted(house: House) {
    let holds = house.read(server::holds).await;
    assert_eq!(holds.to_string(), "people: 1, workspaces: 1, projects: 0, invitations: 0");
    assert!(!holds.is_nothing());
    house.member("Ann", Role::Tester).await;
    assert_eq!(house.read(server::holds).await.people, 2);
}
