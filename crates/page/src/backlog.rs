//! Old incidents whose pages are still to be made. More of them may be named before the first ones are.

use std::collections::HashSet;

/// Puts those that are named now before those that wait; nobody waits twice, and nobody is forgotten.
pub(crate) fn queue(waiting: &mut Vec<i64>, named: Vec<i64>) {
    let fresh: HashSet<i64> = named.iter().copied().collect();
    waiting.retain(|id| !fresh.contains(id));
    waiting.splice(..0, named);
}

#[cfg(test)]
mod tests {
    use super::queue;

    #[test]
    fn what_waits_goes_on_waiting_behind_what_is_named_later() {
        let mut waiting = Vec::new();
        queue(&mut waiting, (1..=300).rev().collect());
        queue(&mut waiting, vec![400, 399, 2]);
        assert_eq!((&waiting[..4], waiting.len()), (&[400, 399, 2, 300][..], 302));
        assert_eq!(waiting.iter().filter(|id| **id == 2).count(), 1);
    }
}
