//! Domains a workspace allows and blocks.

use domain::mail_domain::{MailDomain, MailDomains};
use store::mail_domains;

use crate::{bed::on_both_engines, house::House};

on_both_engines! { House:
    domains_are_read_as_they_were_written_down
    domains_of_another_workspace_are_its_own
}

fn domains(allowed: &[&str], blocked: &[&str]) -> MailDomains {
    let parse = |texts: &[&str]| texts.iter().map(|text| MailDomain::parse(text).unwrap()).collect();
    MailDomains { allowed: parse(allowed), blocked: parse(blocked) }
}

async fn replace(house: &House, wanted: &MailDomains) {
    let (owner, wanted) = (house.owner, wanted.clone());
    house
        .write(move |tx, _| {
            let still = owner.still(tx)?;
            Ok(mail_domains::replace(tx, &still, &wanted)?)
        })
        .await;
}

async fn domains_are_read_as_they_were_written_down(house: House) {
    let workspace = house.owner.workspace;
    let first = domains(&["zoo.example", "bücher.example"], &["ash.example"]);
    replace(&house, &first).await;
    assert_eq!(house.read(move |db| mail_domains::of(db, workspace)).await, first);
    let second = domains(&[], &["ash.example", "xn--bcher-kva.example"]);
    replace(&house, &second).await;
    assert_eq!(house.read(move |db| mail_domains::of(db, workspace)).await, second);
}

async fn domains_of_another_workspace_are_its_own(house: House) {
    let other = house.another().await.workspace;
    replace(&house, &domains(&["hollin.example"], &[])).await;
    assert_eq!(house.read(move |db| mail_domains::of(db, other)).await, MailDomains::default());
}
