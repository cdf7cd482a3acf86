//! What a defect of this program says of itself: where it is, and nothing of what was at hand.

use std::panic::{self, PanicHookInfo};

use crate::output::print_note;

/// From now on a panic's own message, which might hold anything, is not shown.
pub(crate) fn silence() {
    panic::set_hook(Box::new(|info| print_note("error", &describe(info))));
}

fn describe(info: &PanicHookInfo<'_>) -> String {
    let place = info.location().map_or_else(
        || "at an unknown place".to_owned(),
        |location| format!("at {}:{}", location.file(), location.line()),
    );
    format!("a defect of eks-token, {place}; please report it, with the command but no credentials")
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[test]
    fn shows_the_place_alone() {
        let shown = Arc::new(Mutex::new(String::new()));
        let keep = Arc::clone(&shown);
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            *keep.lock().expect("no panic") = describe(info);
        }));
        let outcome = panic::catch_unwind(|| panic!("{}", ["geh", "eim"].concat()));
        panic::set_hook(before);
        assert!(outcome.is_err());
        let shown = shown.lock().expect("no panic");
        assert!(shown.contains("panics.rs:") && !shown.contains("geheim"), "{shown}");
    }
}
