//! Tokens of invitations.

use db::{Row, Rule, sql};
use domain::{access::TokenKind, id::InvitationId, secret::TokenHash};
use store::{Lost, tokens};

use crate::{bed::on_both_engines, house::House};

on_both_engines! { House:
    one_token_of_a_kind_lives
    replacing_ends_tokens_of_the_same_kind_and_invitation_only
    many_invitations_get_their_tokens_at_once
    a_table_holds_the_hash_and_no_token
}

async fn replace(house: &House, id: InvitationId, kind: TokenKind) -> TokenHash {
    let by = house.owner;
    house
        .write(move |tx, now| {
            let (still, hash) = (by.still(tx)?, now.token().hash());
            tokens::replace(tx, &still, id, kind, &hash, now.at)?;
            Ok(hash)
        })
        .await
}

async fn one_token_of_a_kind_lives(house: House) {
    let (by, id) = (house.owner, house.invite(house.owner, "ann@x.example").await);
    let add = || {
        house.try_write(move |tx, now| {
            let (still, hash) = (by.still(tx)?, now.token().hash());
            Ok(tokens::add(tx, &still, id, TokenKind::Mailed, &hash, now.at)?)
        })
    };
    add().await.unwrap();
    let broken = add().await.unwrap_err();
    assert!(matches!(broken, Lost::Db(db::Error::Constraint { rule: Rule::Unique, .. })), "{broken}");
}

async fn replacing_ends_tokens_of_the_same_kind_and_invitation_only(house: House) {
    let (ann, bob) =
        (house.invite(house.owner, "ann@x.example").await, house.invite(house.owner, "bob@x.example").await);
    let old = replace(&house, ann, TokenKind::Copied).await;
    let others = [replace(&house, ann, TokenKind::Mailed).await, replace(&house, bob, TokenKind::Copied).await];
    let new = replace(&house, ann, TokenKind::Copied).await;
    let rows = house.read(|db| db.all::<Row>(sql!("SELECT hash FROM invitation_token WHERE ended_at IS NULL"))).await;
    let live: Vec<Vec<u8>> = rows.into_iter().map(|mut row| row.get("hash").unwrap()).collect();
    assert_eq!(live.len(), 3);
    assert!([others[0], others[1], new].iter().all(|hash| live.contains(&hash.bytes().to_vec())));
    assert!(!live.contains(&old.bytes().to_vec()));
}

async fn many_invitations_get_their_tokens_at_once(house: House) {
    let by = house.owner;
    let (ann, bob) = (house.invite(by, "ann@x.example").await, house.invite(by, "bob@x.example").await);
    house
        .write(move |tx, now| {
            let tokens = [ann, bob].map(|invited| (invited, TokenKind::Mailed, now.token().hash()));
            let still = by.still(tx)?;
            Ok(tokens::add_all(tx, &still, &tokens, now.at)?)
        })
        .await;
    let held = house.read(|db| db.all::<Row>(sql!("SELECT DISTINCT invitation FROM invitation_token"))).await;
    assert_eq!(held.len(), 2);
}

async fn a_table_holds_the_hash_and_no_token(house: House) {
    let (by, id) = (house.owner, house.invite(house.owner, "ann@x.example").await);
    let token = house
        .write(move |tx, now| {
            let (still, token) = (by.still(tx)?, now.token());
            tokens::add(tx, &still, id, TokenKind::Mailed, &token.hash(), now.at)?;
            Ok(token)
        })
        .await;
    let contents = house.contents().await;
    assert!(contents.contains("ann@x.example") && !contents.contains(token.reveal()));
    let mut row: Row = house.read(|db| db.one(sql!("SELECT hash FROM invitation_token"))).await;
    assert_eq!(row.get::<Vec<u8>>("hash").unwrap(), token.hash().bytes());
}
