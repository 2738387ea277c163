//! What a day allows.

use std::time::Duration;

use domain::time::{Time, days};
use store::quotas;

use crate::{bed::on_both_engines, house::House};

on_both_engines! { House:
    a_day_allows_its_limit_and_says_what_is_left
    more_than_is_left_uses_nothing
    subjects_scopes_and_days_are_counted_apart
    what_is_used_is_told_of_each_subject_in_order
    earlier_days_are_forgotten
    what_is_given_back_can_be_spent_again
    a_window_moves_with_the_clock_and_says_when_the_next_is_free
    two_who_spend_the_last_of_a_window_at_once_do_not_both
}

async fn spend(house: &House, scope: &'static str, subject: &'static str, n: i64) -> Result<(), i64> {
    house.write(move |tx, now| Ok(quotas::spend(tx, now.at.day(), scope, subject, n, 10)?)).await
}

async fn a_day_allows_its_limit_and_says_what_is_left(house: House) {
    assert_eq!(spend(&house, "inviter", "ann", 7).await, Ok(()));
    assert_eq!(spend(&house, "inviter", "ann", 3).await, Ok(()));
    assert_eq!(spend(&house, "inviter", "ann", 1).await, Err(0));
}

async fn more_than_is_left_uses_nothing(house: House) {
    assert_eq!(spend(&house, "inviter", "ann", 11).await, Err(10));
    assert_eq!(spend(&house, "inviter", "ann", 8).await, Ok(()));
    assert_eq!(spend(&house, "inviter", "ann", 3).await, Err(2));
    assert_eq!(spend(&house, "inviter", "ann", 2).await, Ok(()));
}

async fn subjects_scopes_and_days_are_counted_apart(house: House) {
    for (scope, subject) in [("inviter", "ann"), ("inviter", "bob"), ("workspace", "ann")] {
        assert_eq!(spend(&house, scope, subject, 10).await, Ok(()));
    }
    house.pass(days(1));
    assert_eq!(spend(&house, "inviter", "ann", 10).await, Ok(()));
}

async fn what_is_used_is_told_of_each_subject_in_order(house: House) {
    assert_eq!(spend(&house, "inviter", "ann", 7).await, Ok(()));
    assert_eq!(spend(&house, "workspace", "ann", 2).await, Ok(()));
    let day = house.now().day();
    let used =
        |day| house.read(move |db| quotas::used(db, day, &[("workspace", "ann"), ("server", ""), ("inviter", "ann")]));
    assert_eq!(used(day).await, [2, 0, 7]);
    assert_eq!(used(day.next_day()).await, [0, 0, 0]);
}

async fn earlier_days_are_forgotten(house: House) {
    assert_eq!(spend(&house, "inviter", "ann", 10).await, Ok(()));
    house.pass(days(1));
    assert_eq!(spend(&house, "inviter", "ann", 10).await, Ok(()));
    house.write(|tx, now| Ok(quotas::forget(tx, now.at.day())?)).await;
    let left: Vec<db::Row> = house.read(|db| db.all(db::sql!("SELECT used FROM quota"))).await;
    assert_eq!(left.len(), 1);
    assert_eq!(spend(&house, "inviter", "ann", 1).await, Err(0), "today counts on");
}

async fn what_is_given_back_can_be_spent_again(house: House) {
    let give_back = || house.write(|tx, now| Ok(quotas::give_back(tx, now.at.day(), "inviter", "ann")?));
    assert_eq!(spend(&house, "inviter", "ann", 10).await, Ok(()));
    give_back().await;
    assert_eq!((spend(&house, "inviter", "ann", 1).await, spend(&house, "inviter", "ann", 1).await), (Ok(()), Err(0)));
    house.pass(days(1));
    give_back().await;
    assert_eq!(spend(&house, "inviter", "ann", 10).await, Ok(()), "nothing is owed");
}

const HOUR: Duration = Duration::from_hours(1);

async fn within(house: &House, subject: &'static str) -> Result<(), Time> {
    house.write(move |tx, now| Ok(quotas::spend_within(tx, "code", subject, now.at, HOUR, 2)?)).await
}

async fn a_window_moves_with_the_clock_and_says_when_the_next_is_free(house: House) {
    let first = house.now();
    assert_eq!(within(&house, "ann").await, Ok(()));
    house.pass(Duration::from_mins(50));
    assert_eq!((within(&house, "ann").await, within(&house, "bob").await), (Ok(()), Ok(())));
    house.pass(Duration::from_mins(9));
    assert_eq!(within(&house, "ann").await, Err(first + HOUR));
    house.pass(Duration::from_mins(1));
    assert_eq!(
        (within(&house, "ann").await, within(&house, "ann").await),
        (Ok(()), Err(first + Duration::from_mins(110)))
    );
    let now = house.now();
    house.write(move |tx, _| Ok(quotas::give_back(tx, now, "code", "ann")?)).await;
    assert_eq!(within(&house, "ann").await, Ok(()), "what was given back leaves room");
}

async fn two_who_spend_the_last_of_a_window_at_once_do_not_both(house: House) {
    for subject in ["a", "b", "c", "d", "e", "f"] {
        within(&house, subject).await.unwrap();
        let both = tokio::join!(within(&house, subject), within(&house, subject));
        assert_ne!(both.0.is_ok(), both.1.is_ok());
    }
}
