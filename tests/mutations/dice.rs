//! Choices by a seeded generator.

use eks_token_signer::Partition;
use proptest::prelude::Rng;
use proptest::test_runner::TestRng;

pub(crate) struct Dice(TestRng);

impl Dice {
    pub(crate) const fn new(generator: TestRng) -> Self {
        Self(generator)
    }

    pub(crate) fn number_below(&mut self, end: u64) -> u64 {
        self.0.next_u64() % end
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).expect("a length");
        usize::try_from(self.number_below(end)).expect("a length")
    }

    pub(crate) fn one_in(&mut self, times: u64) -> bool {
        self.number_below(times) == 0
    }

    pub(crate) fn byte(&mut self) -> u8 {
        self.0.next_u64().to_le_bytes()[0]
    }

    pub(crate) fn pick<T: Copy>(&mut self, things: &[T]) -> T {
        things[self.below(things.len())]
    }

    pub(crate) fn position(&mut self, bytes: &[u8]) -> Option<usize> {
        (!bytes.is_empty()).then(|| self.below(bytes.len()))
    }

    pub(crate) fn base64(&mut self, length: usize) -> String {
        (0..length).map(|_| char::from(self.pick(BASE64))).collect()
    }

    /// Mostly the token's own.
    pub(crate) fn partition(&mut self, own: Partition) -> Option<Partition> {
        match self.below(10) {
            0..=5 => Some(own),
            6 | 7 => None,
            _ => Some(self.pick(&Partition::ALL)),
        }
    }

    /// Mostly within the 15 minutes.
    pub(crate) fn now(&mut self, signed_at: u64) -> u64 {
        match self.below(20) {
            0 => signed_at + 899 + self.number_below(4),
            1 => signed_at.saturating_sub(self.number_below(100_000)),
            2 => signed_at + self.number_below(100_000),
            3 => self.number_below(10_000_000_000),
            4 => self.pick(&[0, 1, 900, 901, u64::MAX]),
            _ => signed_at + self.number_below(901),
        }
    }
}

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
