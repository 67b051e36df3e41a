//! Room: how many steps there must be, or may be at most, for a run to be what it was.
//!
//! A call that took 40 of 1,000 steps does the same with 100. One whose first statement may take half of what is left, and took 40,
//! does it with 80. One that was cut off after 1,000 is cut off elsewhere with 1,001.

/// Steps that a part of a run may take.
#[derive(Debug, Clone, Copy)]
pub struct Bound {
    /// This many, ...
    least: u64,
    /// ... or this many of so many that are left, where that is more.
    times: u64,
    of: u64,
}

impl Bound {
    /// `times` of each `of` that are left.
    pub const fn share(times: u64, of: u64) -> Bound {
        Bound {
            least: 0,
            times,
            of,
        }
    }

    pub fn at_least(self, least: u64) -> Bound {
        Bound { least, ..self }
    }

    /// The steps, where so many are left.
    pub fn when(self, left: u64) -> u64 {
        let share = (left / self.of).saturating_mul(self.times);
        left.min(share.max(self.least))
    }

    /// How many may be left if the part needs this room.
    fn around(self, room: Room) -> Room {
        let least = if self.least >= room.least {
            room.least
        } else {
            let times = room.least.div_ceil(self.times.max(1));
            room.least.max(times.saturating_mul(self.of))
        };
        let most = match room.most.checked_div(self.times) {
            _ if self.least > room.most => room.most,
            None => u64::MAX,
            Some(share) => {
                let share = share.saturating_mul(self.of);
                room.most.max(share.saturating_add(self.of - 1))
            }
        };
        Room { least, most }
    }
}

impl From<u64> for Bound {
    fn from(steps: u64) -> Bound {
        Bound {
            least: steps,
            times: 0,
            of: 1,
        }
    }
}

/// Steps that may be left, both ends among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    pub least: u64,
    pub most: u64,
}

impl Room {
    pub const ANY: Room = Room {
        least: 0,
        most: u64::MAX,
    };

    pub fn exactly(steps: u64) -> Room {
        Room {
            least: steps,
            most: steps,
        }
    }

    pub fn at_least(steps: u64) -> Room {
        Room {
            least: steps,
            most: u64::MAX,
        }
    }

    pub fn at_most(steps: u64) -> Room {
        Room {
            least: 0,
            most: steps,
        }
    }

    pub fn and(self, other: Room) -> Room {
        Room {
            least: self.least.max(other.least),
            most: self.most.min(other.most),
        }
    }

    pub fn holds(self, steps: u64) -> bool {
        self.least <= steps && steps <= self.most
    }

    /// The room where so many steps have been taken before.
    pub fn after(self, steps: u64) -> Room {
        Room {
            least: self.least.saturating_add(steps),
            most: self.most.saturating_add(steps),
        }
    }

    /// The room where so many of the steps have been taken.
    pub fn before(self, steps: u64) -> Room {
        let most = match self.most {
            u64::MAX => u64::MAX,
            most => most.saturating_sub(steps),
        };
        Room {
            least: self.least.saturating_sub(steps),
            most,
        }
    }

    /// The room around a part that this was the room of.
    pub fn under(self, bound: Bound) -> Room {
        bound.around(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With as many steps as the room says, and only with so many, the part has a number of steps that fits.
    #[test]
    fn the_room_around_a_part() {
        let bounds = [
            Bound::from(10),
            Bound::share(1, 2),
            Bound::share(31, 32),
            Bound::share(1, 12).at_least(10),
        ];
        for bound in bounds {
            for (least, most) in [
                (0, 5),
                (3, 7),
                (7, 7),
                (0, u64::MAX),
                (12, 20),
                (10, 10),
                (33, 65),
            ] {
                let inner = Room { least, most };
                let outer = inner.under(bound);
                let fitting: Vec<u64> = (0..900)
                    .filter(|left| inner.holds(bound.when(*left)))
                    .collect();
                // A part that has run did have room.
                if !fitting.is_empty() {
                    let held: Vec<u64> = (0..900).filter(|left| outer.holds(*left)).collect();
                    assert_eq!(held, fitting, "{bound:?} {inner:?} {outer:?}");
                }
            }
        }
    }
}
