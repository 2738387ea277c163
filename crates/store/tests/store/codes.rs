//! Tries at typed codes.

use domain::{access::System, id::InvitationId, time::days};
use store::codes;

use crate::{
    bed::on_both_engines,
    house::{House, email},
};

on_both_engines! { House:
    a_try_counts_against_every_open_invitation_of_the_address
    none_is_tried_more_often_than_it_may_be
    a_forgiven_try_does_not_count
    what_is_past_its_end_is_not_tried
}

async fn count_try(house: &House, address: &'static str, most: i64) -> Vec<InvitationId> {
    let mut tried = house
        .write(move |tx, now| {
            let system = System::because("a test");
            Ok(codes::count_try(tx, &system, &email(address), most, now.at)?)
        })
        .await;
    tried.sort_unstable();
    tried
}

async fn a_try_counts_against_every_open_invitation_of_the_address(house: House) {
    let there = house.another().await;
    let both = [house.invite(house.owner, "ann@x.example").await, house.invite(there, "ann@x.example").await];
    house.invite(house.owner, "bob@x.example").await;
    assert_eq!(count_try(&house, "Ann@X.example", 5).await, both);
    assert_eq!(count_try(&house, "nobody@x.example", 5).await, []);
}

async fn none_is_tried_more_often_than_it_may_be(house: House) {
    let id = house.invite(house.owner, "ann@x.example").await;
    for _ in 0..2 {
        assert_eq!(count_try(&house, "ann@x.example", 2).await, [id]);
    }
    assert_eq!(count_try(&house, "ann@x.example", 2).await, []);
}

async fn a_forgiven_try_does_not_count(house: House) {
    let id = house.invite(house.owner, "ann@x.example").await;
    for _ in 0..3 {
        let tried = count_try(&house, "ann@x.example", 1).await;
        assert_eq!(tried, [id]);
        house.write(move |tx, _| Ok(codes::forgive(tx, &System::because("a test"), &tried)?)).await;
    }
}

async fn what_is_past_its_end_is_not_tried(house: House) {
    house.invite(house.owner, "ann@x.example").await;
    house.pass(days(12));
    assert_eq!(count_try(&house, "ann@x.example", 5).await, []);
}
