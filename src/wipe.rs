//! Wiping what was a secret.

use zeroize::Zeroize;

/// Overwrites `secret` with zeros, in a way that the compiler may not leave out.
///
/// The one build that wipes nothing is the negative control of the test that searches the
/// component's memory; it is made with a `--cfg` that no cargo feature can set.
pub(crate) fn wipe(secret: &mut impl Zeroize) {
    if cfg!(not(eks_token_unwiped)) {
        secret.zeroize();
    }
}
