//! One way to put texts together.

use alloc::string::String;

/// All parts in one text that is allocated once, so that no secret is moved about while it grows.
///
/// Never inlined: every `push_str` that is costs the component a hundred bytes.
#[inline(never)]
pub(crate) fn concat(parts: &[&str]) -> String {
    let mut text = String::with_capacity(parts.iter().map(|part| part.len()).sum());
    for part in parts {
        text.push_str(part);
    }
    text
}
