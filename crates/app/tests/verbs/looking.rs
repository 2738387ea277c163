//! What a link says before anybody decides. Looking changes nothing.

use app::invitations::{
    Needs,
    lookup::{self, lookup},
};
use domain::{access::SignedIn, invitation::State, secret::Token};

use crate::{
    bed::on_both_engines,
    joining::{ANN, mailed, unproved},
    world::{World, newcomer},
};

on_both_engines! { World:
    a_link_says_what_the_invitee_has_to_bring
    a_link_says_whether_somebody_else_is_signed_in
    looking_changes_nothing
    a_spent_link_tells_what_became_of_it
}

async fn needs(world: &World, token: &Token) -> Needs {
    let token = token.clone();
    world.read(move |db, now| lookup(db, &token, None, now)).await.needs
}

async fn a_link_says_what_the_invitee_has_to_bring(world: World) {
    let id = world.invite(world.owner, ANN).await;
    let (by_mail, by_hand) = (world.mailed(id).await, world.copy(world.owner, id).await.unwrap());
    assert_eq!((needs(&world, &by_mail).await, needs(&world, &by_hand).await), (Needs::Account, Needs::Account));
    unproved(&world).await;
    assert_eq!((needs(&world, &by_mail).await, needs(&world, &by_hand).await), (Needs::Account, Needs::SignIn));
    let account = world.account(ANN).await.unwrap().address;
    world.write(move |tx, now| Ok(store::people::verify(tx, account, now.at)?)).await.unwrap();
    assert_eq!((needs(&world, &by_mail).await, needs(&world, &by_hand).await), (Needs::SignIn, Needs::SignIn));
}

async fn a_link_says_whether_somebody_else_is_signed_in(world: World) {
    let token = mailed(&world).await;
    let look = |who: Option<SignedIn>| {
        let token = token.clone();
        world.read(move |db, now| lookup(db, &token, who.as_ref(), now))
    };
    let offer = look(Some(world.owner.who)).await;
    assert_eq!((offer.somebody_else, offer.masked.as_str()), (Some(true), "a••@x.example"));
    assert_eq!((offer.invitation.inviter.as_str(), offer.workspace.name.as_str()), ("Olga", "Hollin"));
    assert_eq!(look(None).await.somebody_else, None);
    let (_, by_key) = world.by_key(world.owner, None, None).await;
    assert_eq!(look(Some(by_key.who)).await.somebody_else, None, "a key does not join");
    let (ann, _) = unproved(&world).await;
    let (who, _) = world.browser(ann).await;
    assert_eq!(look(Some(who)).await.somebody_else, Some(false));
}

async fn looking_changes_nothing(world: World) {
    let token = mailed(&world).await;
    let events = world.events().await;
    for _ in 0..3 {
        needs(&world, &token).await;
    }
    assert_eq!(world.events().await, events);
    world.accept(&token, newcomer()).await.unwrap();
}

async fn a_spent_link_tells_what_became_of_it(world: World) {
    let id = world.invite(world.owner, ANN).await;
    let token = world.mailed(id).await;
    let spent = |token: &Token| {
        let token = token.clone();
        world.read(move |db, now| lookup::spent(db, &token, now))
    };
    assert!(spent(&token).await.is_none(), "it lives");
    world.revoke(world.owner, id).await.unwrap();
    let (invitation, workspace) = spent(&token).await.unwrap();
    assert_eq!((invitation.state, workspace.name.as_str()), (State::Revoked, "Hollin"));
    assert!(spent(&world.app.clock().now().token()).await.is_none());
}
