//! Where the component learns what to do and with which credentials.

/// What a name stands for: a variable, or a key of the host's store.
#[cfg(not(feature = "config-store"))]
pub(crate) fn value(name: &'static str) -> Option<String> {
    std::env::var(name).ok()
}

/// What a name stands for: a variable, or a key of the host's store. Some stores, Spin's among them,
/// know no capitals.
#[cfg(feature = "config-store")]
pub(crate) fn value(name: &'static str) -> Option<String> {
    use crate::bindings::wasi::config::store::get;
    let found = |name: &str| get(name).ok().flatten();
    found(name).or_else(|| found(&name.to_ascii_lowercase()))
}
