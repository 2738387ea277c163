//! I5: a secret stands in one answer or one mail and nowhere else.

use domain::{access::Membership, title::KeyName};

use crate::{
    bed::on_both_engines,
    world::{World, newcomer},
};

on_both_engines! { World:
    i5_no_table_holds_a_secret_in_plain_sight
    i5_debug_output_shows_no_secret
    i5_the_sealed_token_is_gone_once_the_invitation_has_ended
}

async fn i5_no_table_holds_a_secret_in_plain_sight(world: World) {
    let id = world.invite(world.owner, "ann@x.example").await;
    let (mailed, copied) = (world.mailed(id).await, world.copy(world.owner, id).await.unwrap());
    let may = world.may::<Membership>(world.owner).await;
    let key = world.write(move |tx, now| {
        let new = app::keys::NewKey { name: KeyName::parse("CI").unwrap(), rights: None, ends_at: None };
        app::keys::create(tx, &may, &new, now)
    });
    let (_, key) = key.await.unwrap();
    let (_, session) = world.browser(world.owner.who.person).await;
    let contents = world.bed.contents().await;
    assert!(contents.contains("ann@x.example"), "the search finds what is there");
    let code = world.code(id).await;
    assert!(!contents.contains(code.letters()) && !contents.contains(&code.reveal()));
    for secret in [mailed, copied, key, session] {
        let hex = data_encoding::HEXLOWER.encode(secret.reveal().as_bytes());
        assert!(!contents.contains(secret.reveal()) && !contents.contains(&hex));
    }
}

async fn i5_debug_output_shows_no_secret(world: World) {
    let id = world.invite(world.owner, "ann@x.example").await;
    let token = world.mailed(id).await;
    let joined = world.accept(&token, newcomer()).await.unwrap();
    assert!(!format!("{joined:?}").contains(joined.session.reveal()));
    let gone = world.accept(&token, newcomer()).await.unwrap_err();
    assert!(!format!("{gone:?} {gone}").contains(token.reveal()));
}

async fn i5_the_sealed_token_is_gone_once_the_invitation_has_ended(world: World) {
    let [accepted, revoked, declined] = [
        world.invite(world.owner, "ann@x.example").await,
        world.invite(world.owner, "bob@x.example").await,
        world.invite(world.owner, "cy@x.example").await,
    ];
    world.accept(&world.mailed(accepted).await, newcomer()).await.unwrap();
    world.revoke(world.owner, revoked).await.unwrap();
    world.decline(&world.mailed(declined).await).await.unwrap();
    assert_eq!(
        world.count("SELECT COUNT(*) AS n FROM message WHERE kind = 'invitation' AND secret IS NOT NULL").await,
        0
    );
}
