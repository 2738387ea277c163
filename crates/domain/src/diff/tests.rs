use proptest::prelude::*;

use super::{Fate, Line, Pair, Piece, inline, pairs, sides};

const LETTERS: &[u8; 26] = b"abcdefghijklmnopqrstuvwxyz";

/// `kept [-gone-]{+new+}`.
fn marked<'t>(pieces: impl IntoIterator<Item = Piece<'t>>) -> String {
    let mark = |piece: Piece| match piece.fate {
        Fate::Kept => piece.text.to_owned(),
        Fate::Gone => format!("[-{}-]", piece.text),
        Fate::New => format!("{{+{}+}}", piece.text),
    };
    pieces.into_iter().map(mark).collect()
}

fn text(pieces: &[Piece], but: Fate) -> String {
    pieces.iter().filter(|piece| piece.fate != but).map(|piece| piece.text).collect()
}

#[test]
fn words_that_changed_are_marked_and_no_others() {
    for (before, after, marks) in [
        ("Pay by card.", "Pay by card.", "Pay by card."),
        ("Pay by card.", "Pay by cash.", "Pay by [-card-]{+cash+}."),
        ("Pay by card", "Pay the rest by card", "Pay {+the rest +}by card"),
        ("a red cat sat", "a blue dog sat", "a [-red cat-]{+blue dog+} sat"),
        ("25.00 left", "164.00 left", "[-25-]{+164+}.00 left"),
        ("one\ntwo\n", "one\n2\nthree\n", "one\n[-two-]{+2\nthree+}\n"),
        ("", "new", "{+new+}"),
        ("gone", "", "[-gone-]"),
        ("打开购物车", "打开购物篮", "打开购物[-车-]{+篮+}"),
        ("naïve", "naive", "[-naïve-]{+naive+}"),
    ] {
        assert_eq!(marked(inline(before, after)), marks, "{before:?} {after:?}");
    }
}

#[test]
fn lines_stand_beside_what_they_became() {
    let before = "Open the basket\nPay by card\nSign out";
    let after = "Open the basket\nChoose a gift card\nPay by card or cash\nSign out";
    let lines: Vec<(Option<String>, Option<String>)> =
        sides(before, after).into_iter().map(|line| (line.before.map(marked), line.after.map(marked))).collect();
    let both = |text: &str| (Some(text.to_owned()), Some(text.to_owned()));
    assert_eq!(lines[0], both("Open the basket"));
    assert_eq!(lines[1], (None, Some("{+Choose a gift card+}".to_owned())));
    assert_eq!(lines[2], (Some("Pay by card".to_owned()), Some("Pay by card{+ or cash+}".to_owned())));
    assert_eq!(lines[3], both("Sign out"));
    assert!(sides("a\r\nb", "a\nb\n").iter().all(Line::is_kept));
    assert!(!sides("a", "a\n\n").iter().all(Line::is_kept));
}

#[test]
fn steps_are_paired_by_what_they_say() {
    let before = ["Sign in", "Open the basket and look at it", "Pay by card", "Sign out"];
    let after = ["Sign in", "Choose a gift", "Open the basket and look", "Sign out", "Close the browser"];
    let found: Vec<_> = pairs(&before, &after).into_iter().map(|pair| (pair.before, pair.after, pair.same)).collect();
    let wanted = [
        (Some(0), Some(0), true),
        (None, Some(1), false),
        (Some(1), Some(2), false),
        (Some(2), None, false),
        (Some(3), Some(3), true),
        (None, Some(4), false),
    ];
    assert_eq!(found, wanted);
}

#[test]
fn long_texts_without_order_are_compared_in_bounded_time() {
    let numbers = |from: usize| (from..from + 50_000).map(|n| n.to_string()).collect::<Vec<_>>().join(" ");
    let letters = |by: usize| (0..50_000).map(|n| char::from(LETTERS[n * by % 26])).flat_map(|c| [c, ' ']).collect();
    // Quadratic, this would be billions of comparisons.
    let texts: [(String, String); 6] = [
        (numbers(0), numbers(1_000_000)),
        (letters(7), letters(11)),
        (letters(7).replace(' ', "\n"), letters(11).replace(' ', "\n")),
        ("a".repeat(1_000_000), "b".repeat(1_000_000)),
        ("a b ".repeat(50_000), "b a ".repeat(50_000)),
        (numbers(0).replace(' ', "\n"), letters(3).replace(' ', "\n")),
    ];
    for (before, after) in &texts {
        let pieces = inline(before, after);
        assert_eq!((&text(&pieces, Fate::New), &text(&pieces, Fate::Gone)), (before, after));
        assert!(!sides(before, after).is_empty());
    }
}

proptest! {
    #[test]
    fn both_texts_can_be_read_from_the_pieces(before in "[ab c.\n测]{0,40}", after in "[ab c.\n测]{0,40}") {
        let pieces = inline(&before, &after);
        prop_assert_eq!(text(&pieces, Fate::New), before.as_str());
        prop_assert_eq!(text(&pieces, Fate::Gone), after.as_str());
    }

    #[test]
    fn both_texts_can_be_read_from_the_sides(before in "[ab c.\n]{0,40}", after in "[ab c.\n]{0,40}") {
        let lines = sides(&before, &after);
        let side = |of: fn(&Line) -> Option<String>| lines.iter().filter_map(of).collect::<Vec<_>>();
        prop_assert_eq!(side(|line| plain(line.before.as_deref())), before.lines().collect::<Vec<_>>());
        prop_assert_eq!(side(|line| plain(line.after.as_deref())), after.lines().collect::<Vec<_>>());
    }

    #[test]
    fn every_place_is_paired_once_and_in_order(before in prop::collection::vec("[abc ]{0,6}", 0..12), after in prop::collection::vec("[abc ]{0,6}", 0..12)) {
        let (old, new): (Vec<&str>, Vec<&str>) = (before.iter().map(String::as_str).collect(), after.iter().map(String::as_str).collect());
        let found = pairs(&old, &new);
        prop_assert!(found.iter().filter_map(|pair| pair.before).eq(0..old.len()));
        prop_assert!(found.iter().filter_map(|pair| pair.after).eq(0..new.len()));
        let alike = |pair: &Pair| pair.before.map(|at| old[at]) == pair.after.map(|at| new[at]);
        prop_assert!(found.iter().all(|pair| pair.same == alike(pair)));
    }
}

fn plain(pieces: Option<&[Piece]>) -> Option<String> {
    pieces.map(|line| line.iter().map(|piece| piece.text).collect())
}
