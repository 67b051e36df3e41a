//! A bar as 20 cells.
//!
//! 5 of 14 routes covered, 3 doubled and 1 reached from a fixture are `███████▓▓▓▓▒░░░░░░░░`.

use crate::coverage::audit::Bar;

/// Cells of one bar.
pub(crate) const CELLS: usize = 20;

/// How many cells of each kind; together [`CELLS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cells {
    pub covered: usize,
    pub doubled: usize,
    pub setup: usize,
    pub empty: usize,
}

impl Cells {
    pub(crate) fn of_bar(bar: &Bar) -> Cells {
        Cells::share([bar.covered, bar.doubled, bar.setup], bar.total)
    }

    pub(crate) fn of_percent(percent: f64) -> Cells {
        // Tenths, so that 99.9 is no full bar.
        Cells::share([(percent * 10.0).floor() as usize, 0, 0], 1000)
    }

    /// What is there has at least one cell, and so has what is missing: only 100% is a full bar, only 0% an empty one.
    pub(crate) fn share(parts: [usize; 3], total: usize) -> Cells {
        let mut shares = parts.map(|part| match part {
            0 => 0,
            _ => ((part * CELLS * 2 + total) / (total * 2)).max(1),
        });
        let is_complete = parts.iter().sum::<usize>() >= total && total > 0;
        let most = if is_complete { CELLS } else { CELLS - 1 };
        while shares.iter().sum::<usize>() > most {
            let largest = (0..3).max_by_key(|&at| shares[at]).unwrap_or(0);
            shares[largest] -= 1;
        }
        while is_complete && shares.iter().sum::<usize>() < CELLS {
            let largest = (0..3).max_by_key(|&at| shares[at]).unwrap_or(0);
            shares[largest] += 1;
        }
        let [covered, doubled, setup] = shares;
        Cells {
            covered,
            doubled,
            setup,
            empty: CELLS - covered - doubled - setup,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_shared_out_honestly() {
        let case = |parts, total, expected: [usize; 4]| {
            let Cells {
                covered,
                doubled,
                setup,
                empty,
            } = Cells::share(parts, total);
            assert_eq!(
                [covered, doubled, setup, empty],
                expected,
                "{parts:?} of {total}"
            );
        };
        case([0, 0, 0], 0, [0, 0, 0, 20]);
        case([0, 0, 0], 7, [0, 0, 0, 20]);
        case([7, 0, 0], 7, [20, 0, 0, 0]);
        case([999, 0, 0], 1000, [19, 0, 0, 1]);
        case([1, 0, 0], 1000, [1, 0, 0, 19]);
        case([5, 3, 1], 14, [7, 4, 1, 8]);
        case([998, 1, 1], 1000, [18, 1, 1, 0]);
        case([1, 1, 1], 1000, [1, 1, 1, 17]);
        case([1, 1, 1], 3, [7, 7, 6, 0]);
    }
}
