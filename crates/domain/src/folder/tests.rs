use proptest::prelude::*;
use uuid::Uuid;

use super::*;

fn id(number: u128) -> FolderId {
    FolderId::from(Uuid::from_u128(number))
}

fn row(number: u128, parent: impl Into<Option<u128>>, cases: i64) -> Row {
    Row { id: id(number), parent: parent.into().map(id), name: format!("F{number}"), cases }
}

/// The project with Account (1) and Checkout (2), in which Payment (3) with Card (4) and Wallets (5) lies.
fn shop() -> Tree {
    Tree::of(vec![row(0, None, 6), row(1, 0, 142), row(2, 0, 3), row(3, 2, 5), row(4, 3, 52), row(5, 3, 35)])
}

fn names<'a>(folders: impl IntoIterator<Item = &'a Folder>) -> Vec<&'a str> {
    folders.into_iter().map(|folder| folder.row.name.as_str()).collect()
}

#[test]
fn counts_include_everything_below() {
    let tree = shop();
    let totals: Vec<i64> = tree.folders().iter().map(|folder| folder.total).collect();
    assert_eq!(totals, [243, 142, 95, 92, 52, 35]);
    assert_eq!(tree.root().unwrap().below, 5);
}

#[test]
fn a_folder_comes_before_those_in_it_and_siblings_as_their_ranks_say() {
    let tree = Tree::of(vec![row(2, 0, 0), row(0, None, 0), row(4, 2, 0), row(1, 0, 0), row(3, 2, 0)]);
    assert_eq!(names(tree.folders()), ["F0", "F2", "F4", "F3", "F1"]);
    assert_eq!(names(tree.children(id(0))), ["F2", "F1"]);
    assert_eq!(names(tree.children(id(2))), ["F4", "F3"]);
    assert_eq!(names(tree.subtree(id(2))), ["F2", "F4", "F3"]);
    assert!(tree.children(id(9)).next().is_none() && tree.subtree(id(9)).is_empty());
}

#[test]
fn the_way_to_a_folder_leaves_out_the_root_and_itself() {
    assert_eq!(names(shop().path(id(4))), ["F2", "F3"]);
    assert!(shop().path(id(2)).is_empty() && shop().path(id(0)).is_empty());
}

#[test]
fn a_folder_cannot_be_moved_into_itself_or_below_itself() {
    let tree = shop();
    for into in [2, 3, 4, 5] {
        assert_eq!(tree.may_move(id(2), id(into)), Err(Misplaced::InItself));
    }
    assert_eq!(tree.may_move(id(3), id(1)), Ok(()));
    assert_eq!(tree.may_move(id(4), id(0)), Ok(()));
    assert_eq!(tree.may_move(id(0), id(1)), Err(Misplaced::Root));
    assert_eq!(tree.may_move(id(9), id(1)), Err(Misplaced::Unknown));
    assert_eq!(tree.may_move(id(1), id(9)), Err(Misplaced::Unknown));
}

#[test]
fn folders_lie_twenty_deep_and_no_deeper() {
    let chain = |length: u128| {
        let below = (1..=length).map(|number| row(number, number - 1, 0));
        Tree::of(std::iter::once(row(0, None, 0)).chain(below).chain([row(100, 0, 0), row(101, 100, 0)]).collect())
    };
    assert_eq!(chain(19).may_hold(id(19)), Ok(()));
    assert_eq!(chain(20).may_hold(id(20)), Err(Misplaced::TooDeep(21)));
    assert_eq!(chain(18).may_move(id(100), id(18)), Ok(()));
    assert_eq!(chain(19).may_move(id(100), id(19)), Err(Misplaced::TooDeep(21)));
}

#[test]
fn rows_that_lead_in_a_circle_or_nowhere_are_left_out() {
    let tree = Tree::of(vec![row(0, None, 1), row(1, 2, 1), row(2, 1, 1), row(3, 3, 1), row(4, 9, 1), row(5, 0, 1)]);
    assert_eq!(names(tree.folders()), ["F0", "F5"]);
    assert!(Tree::of(Vec::new()).root().is_none());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]
    #[test]
    fn every_move_that_is_allowed_leaves_a_tree_with_everything_in_it(
        parents in prop::collection::vec(any::<prop::sample::Index>(), 1..60),
        moves in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 1..40),
    ) {
        let mut rows = vec![row(0, None, 1)];
        for (at, parent) in parents.iter().enumerate() {
            let number = u128::try_from(at).unwrap() + 1;
            rows.push(Row { parent: Some(rows[parent.index(rows.len())].id), ..row(number, None, 1) });
        }
        for (moved, into) in moves {
            let (moved, into) = (moved.index(rows.len()), into.index(rows.len()));
            let tree = Tree::of(rows.clone());
            if tree.may_move(rows[moved].id, rows[into].id).is_ok() {
                rows[moved].parent = Some(rows[into].id);
            }
            let after = Tree::of(rows.clone());
            prop_assert_eq!(after.folders().len(), rows.len());
            prop_assert_eq!(after.root().map(|root| root.total), i64::try_from(rows.len()).ok());
        }
    }
}
