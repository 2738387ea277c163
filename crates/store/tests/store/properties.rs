//! Values of properties.

use domain::{access::Read, property::Kind};
use store::properties;

use crate::{bed::on_both_engines, house::House};

on_both_engines! { House:
    a_workspace_begins_with_values_of_every_property
}

async fn a_workspace_begins_with_values_of_every_property(house: House) {
    let (owner, web) = (house.owner, house.project("WEB", false).await);
    house.another().await;
    let values = house
        .read(move |db| {
            let may = owner.may_in::<Read>(db, &web).expect("an owner reads everything");
            properties::in_project(db, &may)
        })
        .await;
    for kind in Kind::ALL {
        let names: Vec<&str> =
            values.iter().filter(|value| value.kind == kind).map(|value| value.name.as_str()).collect();
        let first: Vec<&str> = kind.first_values().iter().map(|value| value.name).collect();
        assert_eq!(names, first, "{kind}");
    }
    assert!(values.iter().filter(|value| value.is_default).all(|value| !value.archived && value.key > 0));
    assert_eq!(values.iter().filter(|value| value.is_default).count(), 4);
}
