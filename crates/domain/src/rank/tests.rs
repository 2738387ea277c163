use proptest::prelude::*;

use super::*;

fn in_order(ranks: &[Rank]) -> bool {
    ranks.is_sorted_by(|one, other| one < other)
}

fn readable(rank: &Rank) -> bool {
    rank.as_str().parse::<Rank>().as_ref() == Ok(rank)
}

#[test]
fn a_list_written_from_top_to_bottom_keeps_short_ranks() {
    let ranks = Rank::many(None, None, 100_000).unwrap();
    assert!(in_order(&ranks));
    assert!(ranks.iter().all(|rank| rank.as_str().len() <= 4));
}

#[test]
fn a_list_written_from_bottom_to_top_keeps_short_ranks() {
    let ranks = Rank::many(None, Some(&Rank::first()), 100_000).unwrap();
    assert!(in_order(&ranks));
    assert!(ranks.iter().all(|rank| rank.as_str().len() <= 4 && readable(rank)));
}

#[test]
fn putting_between_the_same_neighbours_says_in_time_that_it_grows_long() {
    let (low, mut high) = (Rank::first(), Rank::first().next());
    let mut put = 0;
    while !high.is_long() {
        high = Rank::between(Some(&low), Some(&high)).unwrap();
        put += 1;
    }
    assert!(put > 150, "after {put}");
    assert!(high.as_str().len() < LONGEST);
}

#[test]
fn a_thousand_between_two_neighbours_are_hardly_longer_than_they() {
    let ranks = Rank::many(Some(&Rank::first()), Some(&Rank::first().next()), 1000).unwrap();
    assert!(in_order(&ranks) && ranks.len() == 1000);
    assert!(ranks.iter().all(|rank| rank.as_str().len() <= 5), "{:?}", ranks.iter().max_by_key(|it| it.0.len()));
}

#[test]
fn neighbours_that_are_equal_or_turned_round_leave_no_room() {
    let (one, two) = (Rank::first(), Rank::first().next());
    assert_eq!(Rank::between(Some(&one), Some(&one)), None);
    assert_eq!(Rank::between(Some(&two), Some(&one)), None);
    assert_eq!(Rank::many(Some(&two), Some(&one), 3), None);
}

#[test]
fn beyond_the_last_and_before_the_first_number_there_is_room() {
    let last: Rank = "zzzzzzzzzzzzzzzzzzzzzzzzzzz".parse().unwrap();
    assert!(last.next() > last && readable(&last.next()));
    let first: Rank = "A00000000000000000000000001".parse().unwrap();
    assert!(first.previous() < first && readable(&first.previous()), "{}", first.previous());
    assert!(first.previous().previous() < first.previous() && readable(&first.previous().previous()));
    assert_eq!(first.previous().next(), first);
}

#[test]
fn other_texts_are_no_ranks() {
    for text in ["", "0", "a", "b0", "a00", "a0 ", "ä0", "a0-", "A00000000000000000000000000", &"z".repeat(200)] {
        assert_eq!(text.parse::<Rank>(), Err(NoRank), "{text}");
    }
}

proptest! {
    #[test]
    fn any_insertions_keep_the_order(places in prop::collection::vec((any::<prop::sample::Index>(), 1_usize..4), 1..120)) {
        let mut list: Vec<Rank> = Vec::new();
        for (place, count) in places {
            let at = place.index(list.len() + 1);
            let after = at.checked_sub(1).map(|before| list[before].clone());
            let new = Rank::many(after.as_ref(), list.get(at), count).unwrap();
            prop_assert_eq!(new.len(), count);
            list.splice(at..at, new);
            prop_assert!(in_order(&list));
        }
        prop_assert!(list.iter().all(readable));
    }
}
