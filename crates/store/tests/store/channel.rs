//! The mail channel: one row for the server.

use std::time::Duration;

use domain::access::System;
use store::channel;

use crate::{bed::on_both_engines, house::House};

on_both_engines! { House:
    mail_flows_at_first
    a_pause_is_one_alarm_however_often_it_is_told
    one_caller_takes_a_probe_when_it_is_due
    a_probe_that_fails_waits_longer_and_one_that_succeeds_ends_the_pause
    resuming_forgets_the_trouble
    equal_refusals_add_up_and_others_begin_anew
    a_message_that_went_through_ends_the_row_of_refusals
}

const WAIT: Duration = Duration::from_secs(10);

fn system() -> System {
    System::because("a test")
}

async fn pause(house: &House, reason: &'static str) -> bool {
    house.write(move |tx, now| Ok(channel::pause(tx, &system(), reason, now.at + WAIT, now.at)?)).await
}

async fn mail_flows_at_first(house: House) {
    let channel = house.read(channel::get).await;
    assert_eq!((channel.paused_at, channel.reason, channel.probe_at), (None, None, None));
    assert_eq!((channel.probes, channel.refusals, channel.refusal), (0, 0, None));
}

async fn a_pause_is_one_alarm_however_often_it_is_told(house: House) {
    let since = house.now();
    assert!(pause(&house, "421 closing").await);
    house.pass(WAIT);
    assert!(!pause(&house, "no route").await);
    let channel = house.read(channel::get).await;
    assert_eq!((channel.paused_at, channel.probe_at), (Some(since), Some(since + WAIT)));
    assert_eq!((channel.reason.as_deref(), channel.probes), (Some("421 closing"), 0));
}

async fn a_probe_that_fails_waits_longer_and_one_that_succeeds_ends_the_pause(house: House) {
    pause(&house, "421 closing").await;
    let next = house.now() + WAIT * 2;
    house.write(move |tx, _| Ok(channel::probe_failed(tx, &system(), "no route", next)?)).await;
    let channel = house.write(|tx, _| Ok(channel::lock(tx)?)).await;
    assert_eq!((channel.reason.as_deref(), channel.probe_at, channel.probes), (Some("no route"), Some(next), 1));
    let sooner = house.now();
    house.write(move |tx, _| Ok(channel::probe_at(tx, &system(), sooner)?)).await;
    assert_eq!(house.read(channel::get).await.probe_at, Some(sooner));
    let succeed = || house.write(|tx, _| Ok(channel::probe_succeeded(tx, &system())?));
    assert_eq!((succeed().await, succeed().await), (true, false));
    mail_flows_at_first(house).await;
}

async fn one_caller_takes_a_probe_when_it_is_due(house: House) {
    let take = || house.write(|tx, now| Ok(channel::take_probe(tx, &system(), now.at + WAIT, now.at)?));
    assert!(!take().await, "nothing to probe while mail flows");
    pause(&house, "421 closing").await;
    assert!(!take().await, "not yet due");
    house.pass(WAIT);
    assert_eq!((take().await, take().await), (true, false));
}

async fn resuming_forgets_the_trouble(house: House) {
    pause(&house, "421 closing").await;
    house.write(|tx, _| Ok(channel::refused(tx, &system(), "554 no")?)).await;
    house.write(|tx, _| Ok(channel::resume(tx, &system())?)).await;
    mail_flows_at_first(house).await;
}

async fn equal_refusals_add_up_and_others_begin_anew(house: House) {
    let refuse = |words: &'static str| house.write(move |tx, _| Ok(channel::refused(tx, &system(), words)?));
    assert_eq!((refuse("554 no").await, refuse("554 no").await, refuse("552 full").await), (1, 2, 1));
}

async fn a_message_that_went_through_ends_the_row_of_refusals(house: House) {
    house.write(|tx, _| Ok(channel::refused(tx, &system(), "554 no")?)).await;
    house.write(|tx, _| Ok(channel::accepted(tx, &system())?)).await;
    mail_flows_at_first(house).await;
}
