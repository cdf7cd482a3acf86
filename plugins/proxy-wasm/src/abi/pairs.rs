//! Headers on their way to the proxy and back: a count, the two sizes of each, then all texts with a
//! zero byte behind each. Numbers have four bytes, the least first.

use alloc::vec::Vec;

/// Reads headers. What does not fit the form ends the list.
pub(crate) struct Pairs<'a> {
    sizes: &'a [u8],
    texts: &'a [u8],
}

impl<'a> Pairs<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        let parts = || {
            let (count, rest) = bytes.split_first_chunk()?;
            let count = usize::try_from(u32::from_le_bytes(*count)).ok()?;
            rest.split_at_checked(count.checked_mul(8)?)
        };
        let (sizes, texts) = parts().unwrap_or_default();
        Self { sizes, texts }
    }

    fn text(&mut self) -> Option<&'a [u8]> {
        let (size, sizes) = self.sizes.split_first_chunk()?;
        let (text, rest) = self.texts.split_at_checked(u32::from_le_bytes(*size) as usize)?;
        self.sizes = sizes;
        self.texts = rest.get(1..)?;
        Some(text)
    }
}

impl<'a> Iterator for Pairs<'a> {
    type Item = (&'a [u8], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        // Both sizes of a pair stand before those of the next.
        Some((self.text()?, self.text()?))
    }
}

/// Writes headers. None is near four gigabytes.
#[allow(clippy::cast_possible_truncation)]
pub(super) fn serialise(pairs: &[(&str, &str)]) -> Vec<u8> {
    let texts = || pairs.iter().flat_map(|(name, value)| [name, value]);
    let mut bytes = Vec::with_capacity(4 + texts().map(|text| text.len() + 5).sum::<usize>());
    bytes.extend_from_slice(&(pairs.len() as u32).to_le_bytes());
    for text in texts() {
        bytes.extend_from_slice(&(text.len() as u32).to_le_bytes());
    }
    for text in texts() {
        bytes.extend_from_slice(text.as_bytes());
        bytes.push(0);
    }
    bytes
}
