//! How far somebody has read: kept on the server, only ever forward.

use std::collections::BTreeMap;

/// The end of the text, per mille.
pub const END: i32 = 1_000;

/// More seconds than anybody spends on one part; what a browser reports is bounded by it.
const MOST_SECONDS: u32 = 24 * 3_600;

/// The furthest point, and the seconds each part was on the screen.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Reading {
    /// Per mille of the text.
    pub furthest: i32,
    /// Number of the part (from 1) → seconds on the screen.
    #[serde(default)]
    pub parts: BTreeMap<u32, u32>,
}

impl Reading {
    /// This and what was reported: whichever is further, of a text with so many parts. The same report twice changes nothing.
    #[must_use]
    pub fn with(&self, reported: &Self, parts: usize) -> Self {
        let mut sum = self.clone();
        sum.furthest = sum.furthest.max(reported.furthest.clamp(0, END));
        for (part, seconds) in &reported.parts {
            if (1..=parts).contains(&(*part as usize)) {
                let known = sum.parts.entry(*part).or_default();
                *known = (*known).max((*seconds).min(MOST_SECONDS));
            }
        }
        sum
    }

    pub fn at_end(&self) -> bool {
        self.furthest >= END
    }

    pub fn percent(&self) -> i32 {
        self.furthest / 10
    }

    pub fn seconds(&self) -> u32 {
        self.parts.values().fold(0, |sum, seconds| sum.saturating_add(*seconds))
    }

    /// `4 min 12 s`
    pub fn time_words(&self) -> String {
        let seconds = self.seconds();
        if seconds < 60 { format!("{seconds} s") } else { format!("{} min {} s", seconds / 60, seconds % 60) }
    }

    /// The quarters passed between `before` and this: 25, 50, 75, 100.
    pub fn milestones(&self, before: &Self) -> impl Iterator<Item = i32> {
        let (from, to) = (before.furthest, self.furthest);
        [250, 500, 750, END].into_iter().filter(move |mark| from < *mark && *mark <= to).map(|mark| mark / 10)
    }
}

#[cfg(test)]
mod tests {
    use super::Reading;

    fn reading(furthest: i32, parts: &[(u32, u32)]) -> Reading {
        Reading { furthest, parts: parts.iter().copied().collect() }
    }

    #[test]
    fn reading_only_moves_forward_and_the_same_report_twice_changes_nothing() {
        let known = reading(400, &[(1, 30), (2, 10)]);
        let sum = known.with(&reading(200, &[(2, 5), (3, 7)]), 4);
        assert_eq!(sum, reading(400, &[(1, 30), (2, 10), (3, 7)]));
        assert_eq!(sum.with(&reading(200, &[(2, 5), (3, 7)]), 4), sum);
    }

    #[test]
    fn what_a_browser_invents_is_bounded() {
        let sum = Reading::default().with(&reading(9_999, &[(0, 1), (5, 1), (2, u32::MAX)]), 4);
        assert_eq!(sum, reading(1_000, &[(2, 86_400)]));
        assert!(sum.at_end());
    }

    #[test]
    fn each_quarter_is_passed_once() {
        let passed: Vec<i32> = reading(760, &[]).milestones(&reading(250, &[])).collect();
        assert_eq!(passed, [50, 75]);
        assert_eq!(reading(760, &[]).milestones(&reading(760, &[])).count(), 0);
    }
}
